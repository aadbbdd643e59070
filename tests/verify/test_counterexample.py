"""The smallest case of a false equation: it is one, and it is small."""

from __future__ import annotations

from fractions import Fraction

import pytest

from lorafig.verify import decide_claim


@pytest.mark.parametrize(
    ("claim", "case"),
    [
        ("h = Wx - BAx", "with d = 1, k = 1, r = 1: W = 0, x = 1, B = 1, A = 1: h = 1, Wx − BAx = −1"),
        ("h = BAx", "with d = 1, k = 1, r = 1: B = 0, A = 0, x = 1, W = 1: h = 1, B A x = 0"),
        ("d^2 / (2dr) = d / r", "with d = 1, r = 1: d²/(2dr) = 1/2, d/r = 1"),
        ("Wx = xW^T + x", None),  # holds, or its shapes differ: no case of it
    ],
)
def test_a_false_equation_has_its_smallest_case(claim: str, case: str | None) -> None:
    assert decide_claim(claim).counterexample == case


def test_dimensions_grow_until_order_matters() -> None:
    square = {"W": ("d", "d"), "V": ("d", "d")}
    case = decide_claim("WV = VW", shapes=square).counterexample
    assert case == "with d = 2: V = [1 0; 0 0], W = [1 2; 3 4]: W V = [1 0; 3 0], V W = [1 2; 0 0]"


def test_what_holds_and_what_is_no_polynomial_has_none() -> None:
    assert decide_claim("h = Wx + BAx").counterexample is None
    assert decide_claim(r"\|BA\|_F = \|B\|_F \|A\|_F").counterexample is None


def test_numbers_of_the_figure_stay() -> None:
    found = decide_claim("h = Wx + 3 BAx", dims={"d": 64, "r": 8}, scalars={"alpha": Fraction(16)})
    assert found.counterexample == "with d = 1, r = 1: W = 0, x = 1, B = 1, A = 1: h = 2, Wx + 3BAx = 3"
