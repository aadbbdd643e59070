"""Bits per parameter of QLoRA's weight, of its entries and of its constants."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lorafig.verify import decide_claim
from lorafig.verify.decide.quantized import TWICE


@pytest.mark.parametrize(
    ("claim", "verdict"),
    [
        ("32/64 = 0.5 bits per parameter", "holds"),
        ("4 + 32/64 = 4.5 bits per parameter", "holds"),
        ("8/64 + 32/(64·256) = 0.127 bits per parameter", "holds"),
        ("8/64 + 32/(64·256) = 0.137 bits per parameter", "fails"),
        ("Double quantization saves 0.373 bits per parameter", "holds"),
        ("Double quantization saves 0.5 bits per parameter", "fails"),
        ("Double quantization reduces the overhead from 0.5 to 0.127 bits per parameter", "holds"),
        ("Double quantization reduces the overhead from 0.127 to 0.5 bits per parameter", "fails"),
        ("Double quantization cuts the footprint from 4.5 to 4.127 bits per parameter", "holds"),
        ("Double quantization cuts the overhead from 4.5 to 4.127 bits per parameter", "fails"),
        ("4.5 bits per parameter without double quantization", "holds"),
        ("4.5 bits per parameter with double quantization", "fails"),
        ("The quantization constants add 0.5 bits per parameter.", "holds"),
        ("Double quantization does not save 0.373 bits per parameter", "undetermined"),
        ("4 bits = 16 levels", "holds"),
        ("4 bits = 15 levels", "fails"),
    ],
)
def test_the_constants_of_a_quantized_weight(claim: str, verdict: str) -> None:
    assert decide_claim(claim, adapter="qlora").verdict == verdict


def test_a_method_that_quantizes_nothing_has_no_constants() -> None:
    claim = "4.5 bits per parameter without double quantization"
    assert decide_claim(claim).verdict == "undetermined"


@given(st.integers(1, 99_999))
def test_one_number_of_bits_is_right(thousandths: int) -> None:
    """As the core keeps W: 64 entries share a constant, and 256 of these another."""
    shown = Fraction(thousandths, 1000)
    verdict = decide_claim(
        f"With double quantization the constants take {float(shown):.3f} bits per parameter.", adapter="qlora"
    ).verdict
    assert (verdict == "holds") == (abs(shown - TWICE) <= Fraction(1, 2000))
