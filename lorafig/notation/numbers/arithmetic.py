"""The exact value of an expression over numbers that have names: `2dr`, `d^2 / (2dr)`, `⌊0.01 dk/(d + k)⌋`.

It serves `\\num{…}`, so that nobody types a number that can be computed. Integers and fractions only.
What an expression is made of is read in one place, `compute`, whatever it is computed with: `evaluate` gives
values, program.py the same expression for a page.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor
from typing import Protocol, TypeVar

from lorafig.errors import LorafigError, Problem
from lorafig.notation.canonical import key
from lorafig.notation.numbers.shown import exact
from lorafig.notation.read.commands import FUNCTIONS
from lorafig.notation.tree import Apply, Fenced, Listing, Node, Number, Product, Script, Styled, Sum
from lorafig.notation.tree import Fraction as Quotient
from lorafig.notation.write.plain import to_plain

LARGEST_POWER = 64
LARGEST_BITS = 4_000
EXTREMES = ("min", "max")
_HINT = "use + - × / powers, min and max of the dimensions, ⌊ ⌋ and ⌈ ⌉"

Value = TypeVar("Value")


class Arithmetic(Protocol[Value]):
    """What an expression is computed with. The node is what a quotient is written as, for its error."""

    def number(self, number: Number) -> Value: ...
    def symbol(self, name: str) -> Value: ...
    def negative(self, value: Value) -> Value: ...
    def plus(self, one: Value, other: Value) -> Value: ...
    def minus(self, one: Value, other: Value) -> Value: ...
    def times(self, one: Value, other: Value) -> Value: ...
    def over(self, above: Value, below: Value, node: Node) -> Value: ...
    def power(self, base: Value, exponent: int) -> Value: ...
    def extreme(self, which: str, values: Sequence[Value]) -> Value: ...
    def floor(self, value: Value) -> Value: ...
    def ceiling(self, value: Value) -> Value: ...


def evaluate(node: Node, values: Mapping[str, Fraction], kilo: int = 1000) -> Fraction:
    """The value of `node`, its symbols looked up in `values` by their names; K, M, … are powers of `kilo`.

    Errors: LorafigError naming the symbol or the expression that has no value.
    """
    return compute(node, _Exact(values, kilo))


def compute(node: Node, using: Arithmetic[Value]) -> Value:
    """What `node` comes to in the arithmetic `using`.

    Errors: LorafigError naming the part that is no arithmetic; those of `using`.
    """
    name = key(node)
    if name is not None:
        return using.symbol(name)
    match node:
        case Number():
            return using.number(node)
        case Styled(_, body) | Fenced("(" | "[" | "{", _, body):
            return compute(body, using)
        case Fenced("⌊", "⌋", body):
            return using.floor(compute(body, using))
        case Fenced("⌈", "⌉", body):
            return using.ceiling(compute(body, using))
        case Sum(terms, signs) if "±" not in signs:
            total = compute(terms[0], using)
            if signs[0] == "-":
                total = using.negative(total)
            for term, sign in zip(terms[1:], signs[1:], strict=True):
                value = compute(term, using)
                total = using.minus(total, value) if sign == "-" else using.plus(total, value)
            return total
        case Product(factors, ops) if all(op in ("", "·", "×", "*", "/") for op in ops):
            result = compute(factors[0], using)
            for factor, op in zip(factors[1:], ops, strict=True):
                value = compute(factor, using)
                result = using.over(result, value, node) if op == "/" else using.times(result, value)
            return result
        case Quotient(above, below):
            return using.over(compute(above, using), compute(below, using), node)
        case Script(base, None, Number() as power, 0):
            exponent = exact(power)
            if exponent.denominator == 1 and 0 <= exponent <= LARGEST_POWER:
                return using.power(compute(base, using), int(exponent))
        case Apply(function, arguments) if len(arguments) > 0:
            called = key(function)
            if called in EXTREMES:
                return using.extreme(called, [compute(one, using) for one in _listed(arguments)])
            if (
                called is not None and called not in FUNCTIONS and len(arguments) == 1
            ):  # r(d + k) is a product
                return using.times(using.symbol(called), compute(arguments[0], using))
    raise LorafigError(Problem(f"'{to_plain(node)}' cannot be computed", None, _HINT))


def _listed(arguments: tuple[Node, ...]) -> tuple[Node, ...]:
    """What an extreme is of: `min(d, k)` and `min\\{d, k\\}`."""
    match arguments:
        case (Fenced("{" | "(", _, Listing(items)),):
            return items
        case _:
            return arguments


@dataclass(frozen=True, slots=True)
class _Exact:
    values: Mapping[str, Fraction]
    kilo: int

    def number(self, number: Number) -> Fraction:
        return exact(number, self.kilo)

    def symbol(self, name: str) -> Fraction:
        if name not in self.values:
            known = ", ".join(self.values)
            raise LorafigError(Problem(f"'{name}' has no value on this figure", None, f"known: {known}"))
        return self.values[name]

    def negative(self, value: Fraction) -> Fraction:
        return -value

    def plus(self, one: Fraction, other: Fraction) -> Fraction:
        return one + other

    def minus(self, one: Fraction, other: Fraction) -> Fraction:
        return one - other

    def times(self, one: Fraction, other: Fraction) -> Fraction:
        return _sized(one) * _sized(other)

    def over(self, above: Fraction, below: Fraction, node: Node) -> Fraction:
        if below == 0:
            raise LorafigError(Problem(f"'{to_plain(node)}' divides by zero"))
        return _sized(above) / _sized(below)

    def power(self, base: Fraction, exponent: int) -> Fraction:
        return _sized(base, exponent) ** exponent

    def extreme(self, which: str, values: Sequence[Fraction]) -> Fraction:
        return min(values) if which == "min" else max(values)

    def floor(self, value: Fraction) -> Fraction:
        return Fraction(floor(value))

    def ceiling(self, value: Fraction) -> Fraction:
        return Fraction(ceil(value))


def _sized(value: Fraction, power: int = 1) -> Fraction:
    """The value, where its power is of a size that anybody could want on a figure."""
    if power * max(value.numerator.bit_length(), value.denominator.bit_length()) > LARGEST_BITS:
        raise LorafigError(Problem("a number of more than 1,200 digits", None, "write smaller numbers"))
    return value
