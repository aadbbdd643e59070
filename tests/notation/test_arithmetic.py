from fractions import Fraction

import pytest

from lorafig.errors import LorafigError
from lorafig.notation.arithmetic import evaluate
from lorafig.notation.parse import parse_math

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
    ],
)
def test_what_has_no_value_is_named(source, message):
    with pytest.raises(LorafigError) as caught:
        evaluate(parse_math(source), VALUES)
    assert message in str(caught.value)
