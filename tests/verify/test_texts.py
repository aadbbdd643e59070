"""Words beside a formula: what in them is a claim."""

from __future__ import annotations

import pytest

from lorafig.verify.read.texts import claimed

SILENT = [
    "after Hu et al., 2021",
    "Hu et al. (2021), figure 1",
    "see Figure 2, Table A1 and sections 4.1 and 4.2",
    "eq. (3) of Hu and Wallis (2021a)",
    "arXiv:2106.09685v2",
    "published in 2021",
    "GPT-3 and Llama-2",
    "ICLR 2022",
    "© 2021, CC BY 4.0",
    "1. During training",
    "Step 2: merge",
    "LoRA (low-rank adaptation)",
    "[12, 13]",
    "LoRA+",
]
LOUD = [
    "99 % fewer parameters",
    "10,000× fewer",
    "with 2021 parameters",
    "rank 8",
    "h = Wx + BAx",
    "W + BA",
    "d × d",
    "r ≪ d",
    "GPT-3 175B",
    "a 4-bit base",
    "d²",
]


@pytest.mark.parametrize("words", SILENT)
def test_names_and_years_claim_nothing(words: str) -> None:
    assert claimed(words) is None


@pytest.mark.parametrize("words", LOUD)
def test_numbers_and_signs_claim_something(words: str) -> None:
    assert claimed(words) == words
