"""The exact value of an expression over numbers that have names: `2dr`, `d^2 / (2dr)`, `r(d+k)`.

It serves `\\num{…}`, so that nobody types a number that can be computed. Integers and fractions only.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction

from lorafig.errors import LorafigError, Problem
from lorafig.notation.canonical import key
from lorafig.notation.numbers import exact
from lorafig.notation.plain import to_plain
from lorafig.notation.tree import (
    Apply,
    Fenced,
    Node,
    Number,
    Product,
    Script,
    Styled,
    Sum,
)
from lorafig.notation.tree import (
    Fraction as Quotient,
)

LARGEST_POWER = 64
LARGEST_BITS = 4_000
FUNCTIONS: Mapping[str, Callable[..., Fraction]] = {"min": min, "max": max}


def evaluate(node: Node, values: Mapping[str, Fraction]) -> Fraction:
    """The value of `node`, its symbols looked up in `values` by their names.

    Errors: LorafigError naming the symbol or the expression that has no value.
    """
    name = key(node)
    if name is not None:
        if name not in values:
            known = ", ".join(values)
            raise LorafigError(Problem(f"'{name}' has no value on this figure", None, f"known: {known}"))
        return values[name]
    match node:
        case Number():
            return exact(node)
        case Styled(_, body) | Fenced(_, _, body):
            return evaluate(body, values)
        case Sum(terms, signs):
            total = Fraction(0)
            for term, sign in zip(terms, signs, strict=True):
                if sign == "±":
                    break
                total += -evaluate(term, values) if sign == "-" else evaluate(term, values)
            else:
                return total
        case Product(factors, ops):
            result = evaluate(factors[0], values)
            for factor, op in zip(factors[1:], ops, strict=True):
                if op == "/":
                    result = _divide(result, evaluate(factor, values), node)
                elif op in ("", "·", "×", "*"):
                    result = _sized(result) * _sized(evaluate(factor, values))
                else:
                    break
            else:
                return result
        case Quotient(above, below):
            return _divide(evaluate(above, values), evaluate(below, values), node)
        case Script(base, None, Number() as power, 0):
            exponent = exact(power)
            if exponent.denominator == 1 and 0 <= exponent <= LARGEST_POWER:
                root = evaluate(base, values)
                return _sized(root, int(exponent)) ** int(exponent)
        case Apply(function, arguments) if len(arguments) > 0:
            called = key(function)
            if called is not None and called in FUNCTIONS:
                return FUNCTIONS[called](*(evaluate(argument, values) for argument in arguments))
            if called is not None and called in values and len(arguments) == 1:  # r(d + k) is a product
                return values[called] * evaluate(arguments[0], values)
    raise LorafigError(
        Problem(
            f"'{to_plain(node)}' cannot be computed",
            None,
            "use + - × / powers, min and max of the dimensions",
        )
    )


def _sized(value: Fraction, power: int = 1) -> Fraction:
    """The value, where its power is of a size that anybody could want on a figure."""
    if power * max(value.numerator.bit_length(), value.denominator.bit_length()) > LARGEST_BITS:
        raise LorafigError(Problem("a number of more than 1,200 digits", None, "write smaller numbers"))
    return value


def _divide(above: Fraction, below: Fraction, node: Node) -> Fraction:
    if below == 0:
        raise LorafigError(Problem(f"'{to_plain(node)}' divides by zero"))
    return above / below
