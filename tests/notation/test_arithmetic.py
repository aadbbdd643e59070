from fractions import Fraction

import pytest

from lorafig.errors import LorafigError
from lorafig.notation.numbers.arithmetic import evaluate
from lorafig.notation.read.parse import parse_math

VALUES = {"d": Fraction(256), "k": Fraction(128), "r": Fraction(4), "α": Fraction(16)}


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("d^2", 65536),
        ("2dr", 2048),
        ("d^2 / (2dr)", 32),
        (r"\frac{d^2}{2dr}", 32),
        ("r(d+k)", 1536),
        ("r(d + k) / (dk)", Fraction(3, 64)),
        (r"\frac{\alpha}{r}", 4),
        (r"\min(d, k)", 128),
        (r"2 \cdot d \cdot r", 2048),
        ("d - k", 128),
        ("(d + k)^2", 147456),
        ("65{,}536 / d", 256),
        (r"\lfloor d/3 \rfloor", 85),
        (r"\left\lceil \frac{d}{3} \right\rceil", 86),
        (r"\lfloor -d/3 \rfloor", -86),
        (r"\lceil \lfloor d/3 \rfloor^2 / r \rceil", 1807),
        (r"\lfloor 0.01 dk/(d + k) \rfloor", 0),
        (r"\min\{d, k\} + \max\{r, \alpha\}", 144),
    ],
)
def test_an_expression_has_its_exact_value(source, value):
    assert evaluate(parse_math(source), VALUES) == value


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("q^2", "'q' has no value on this figure\n  hint: known: d, k, r, α"),
        ("d / (r - 4)", "'d/(r − 4)' divides by zero"),
        ("d^{0.5}", "cannot be computed"),
        (r"\sqrt{d}", "cannot be computed"),
        (r"|r - d|", "'|r − d|' cannot be computed"),
        (r"\|d\|", "'‖d‖' cannot be computed"),
        (r"\mathrm{rank}(d)", "'rank(d)' cannot be computed"),
    ],
)
def test_what_has_no_value_is_named(source, message):
    with pytest.raises(LorafigError) as caught:
        evaluate(parse_math(source), VALUES)
    assert message in str(caught.value)


def test_a_thousand_may_be_1024() -> None:
    assert evaluate(parse_math("2K"), {}, 1024) == 2048


@pytest.mark.parametrize("label", [10 * "d^{64} ", "(d^{64})^{64}", "d^{64} / d^{64} / (1 / (d^{64})^9)"])
def test_a_number_that_nobody_wants_is_refused(label: str) -> None:
    with pytest.raises(LorafigError, match="a number of more than 1,200 digits"):
        evaluate(parse_math(label), VALUES)
