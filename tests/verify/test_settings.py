"""Sizes that a claim gives itself: what it says is decided of a model with these."""

from __future__ import annotations

from fractions import Fraction

import pytest

from lorafig.verify import decide_claim

SIZES = {"d": 4096, "r": 8}
ALPHA = {"alpha": Fraction(16)}


@pytest.mark.parametrize(
    ("true", "false"),
    [
        ("for r = 8, 16: 2dr = 65,536, 131,072", "for r = 8, 16: 2dr = 65,536, 131,073"),
        (
            "At r = 2048 LoRA trains as many parameters as W has.",
            "At r = 1024 LoRA trains as many parameters as W has.",
        ),
        ("If alpha equals r, the scaling factor is 1.", "If alpha equals r, the scaling factor is 2."),
        ("With r = 16, the scaling is 1.", "With r = 16, the scaling is 2."),
        ("LoRA trains 131,072 parameters at rank 16.", "LoRA trains 65,536 parameters at rank 16."),
        ("r=1: 8,192; r=64: 524,288", "r=1: 8,192; r=64: 524,289"),
        ("r = 16 → α/r = 1", "r = 16 → α/r = 2"),
        ("With alpha set to twice the rank, s = 2.", "With alpha set to half of the rank, s = 2."),
        ("The scaling is 1 if α = r.", "The scaling is 2 if α = r."),
        ("If B = 0 then h = Wx.", "If B = 0 then h = BAx."),
        (
            "At r = 16, A has 65,536 entries and B has 65,536.",
            "At r = 16, A has 65,536 entries and B has 32,768.",
        ),
    ],
)
def test_with_other_sizes(true: str, false: str) -> None:
    assert decide_claim(true, dims=SIZES, scalars=ALPHA).verdict == "holds"
    assert decide_claim(false, dims=SIZES, scalars=ALPHA).verdict == "fails"


@pytest.mark.parametrize(
    "lie",
    [
        r"h = \underbrace{W_0 x}_{\text{frozen}} + \underbrace{BAx}_{\text{frozen}}",
        r"(W_0 + BA)x = W_0 x + B(A x), \text{ so merging changes everything}",
        r"12{,}288 \ll 589{,}824 \quad (48\times \text{more})",
        r"\frac{\partial L}{\partial W_0} \text{ is not needed: } W_0 \text{ is trained}",
        "No gradient is needed: W is trained.",
        "Nothing but W gets an optimizer state.",
        "A ∈ ℝ^{8×768} takes the input, B ∈ ℝ^{768×8} gives the input.",
        "A and B are not trained, W is.",
        "(d × r)(r × k) = d × r",
        "12,288 × 4 bytes = 24.6 kB",
        "z = Ax, h = Wx + zB",
        "P_{full} = 12{,}288, P_{LoRA} = 589{,}824",
        r"BA = \sum_{i=1}^{r} b_i b_i^\top",
    ],
)
def test_words_beside_a_formula_are_not_dropped(lie: str) -> None:
    assert decide_claim(lie, dims={"d": 768, "r": 8}).verdict != "holds"


@pytest.mark.parametrize(
    "lie",
    [
        "W_k is 4096 × 4096",
        "W_k has 16,777,216 parameters",
        "W_v has the same shape as W_q",
        "B_v is 4096 × 8",
    ],
)
def test_a_projection_has_its_own_shape(lie: str) -> None:
    assert decide_claim(lie, network="mistral-7b", targets=("q_proj",), dims={"r": 8}).verdict != "holds"
