"""The exact value of an expression over numbers that have names: `2dr`, `d^2 / (2dr)`, `⌊0.01 dk/(d + k)⌋`.

It serves `\\num{…}`, so that nobody types a number that can be computed. Integers and fractions only.
What an expression is made of is read in one place, `compute`, whatever it is computed with: `evaluate` gives
values, program.py the same expression for a page.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from math import ceil, floor
from typing import Literal, Protocol, TypeAlias, TypeVar, assert_never

from msgspec import Struct

from lorafig.errors import LorafigError, Problem
from lorafig.notation import tree
from lorafig.notation.canonical import key
from lorafig.notation.numbers.shown import exact
from lorafig.notation.read.commands import FUNCTIONS
from lorafig.notation.write.plain import to_plain

LARGEST_POWER = 64
LARGEST_BITS = 4_000
_HINT = "use + - × / powers, min and max of the dimensions, ⌊ ⌋ and ⌈ ⌉"

# The first three are of one value, the others of two.
Operation: TypeAlias = Literal["neg", "floor", "ceil", "+", "-", "*", "/", "min", "max"]
_EXTREMES: dict[str | None, Operation] = {"min": "min", "max": "max"}
Value = TypeVar("Value")


class Arithmetic(Protocol[Value]):
    """What an expression is computed with. The node is what an operation is written as, for its error."""

    def number(self, number: tree.Number) -> Value: ...
    def symbol(self, name: str) -> Value: ...
    def power(self, base: Value, exponent: int) -> Value: ...
    def apply(self, operation: Operation, node: tree.Node, *values: Value) -> Value: ...


def evaluate(node: tree.Node, values: Mapping[str, Fraction], kilo: int = 1000) -> Fraction:
    """The value of `node`, its symbols looked up in `values` by their names; K, M, … are powers of `kilo`.

    Errors: LorafigError naming the symbol or the expression that has no value.
    """
    return compute(node, _Exact(values, kilo))


def compute(node: tree.Node, using: Arithmetic[Value]) -> Value:
    """What `node` comes to in the arithmetic `using`.

    Errors: LorafigError naming the part that is not arithmetic; those of `using`.
    """
    name = key(node)
    if name is not None:
        return using.symbol(name)
    match node:
        case tree.Number():
            return using.number(node)
        case tree.Styled(_, body) | tree.Fenced("(" | "[" | "{", _, body):
            return compute(body, using)
        case tree.Fenced("⌊", "⌋", body):
            return using.apply("floor", node, compute(body, using))
        case tree.Fenced("⌈", "⌉", body):
            return using.apply("ceil", node, compute(body, using))
        case tree.Sum(terms, signs) if "±" not in signs:
            total = compute(terms[0], using)
            if signs[0] == "-":
                total = using.apply("neg", node, total)
            for term, sign in zip(terms[1:], signs[1:], strict=True):
                total = using.apply("-" if sign == "-" else "+", node, total, compute(term, using))
            return total
        case tree.Product(factors, ops) if all(op in ("", "·", "×", "*", "/") for op in ops):
            result = compute(factors[0], using)
            for factor, op in zip(factors[1:], ops, strict=True):
                result = using.apply("/" if op == "/" else "*", node, result, compute(factor, using))
            return result
        case tree.Fraction(above, below):
            return using.apply("/", node, compute(above, using), compute(below, using))
        case tree.Script(base, None, tree.Number() as power, 0):
            exponent = exact(power)
            if exponent.denominator == 1 and 0 <= exponent <= LARGEST_POWER:
                return using.power(compute(base, using), int(exponent))
        case tree.Apply(function, arguments) if len(arguments) > 0:
            called = key(function)
            if called in _EXTREMES:
                result, *others = (compute(argument, using) for argument in _listed(arguments))
                for other in others:
                    result = using.apply(_EXTREMES[called], node, result, other)
                return result
            if called is not None and called not in FUNCTIONS and len(arguments) == 1:
                return using.apply("*", node, using.symbol(called), compute(arguments[0], using))  # r(d + k)
    raise LorafigError(Problem(f"'{to_plain(node)}' cannot be computed", None, _HINT, code="number-form"))


def _listed(arguments: tuple[tree.Node, ...]) -> tuple[tree.Node, ...]:
    """What an extreme is of: `min(d, k)` and `min\\{d, k\\}`."""
    match arguments:
        case (tree.Fenced("{" | "(", _, tree.Listing(items)),):
            return items
        case _:
            return arguments


class _Exact(Struct, frozen=True):
    values: Mapping[str, Fraction]
    kilo: int

    def number(self, number: tree.Number) -> Fraction:
        return exact(number, self.kilo)

    def symbol(self, name: str) -> Fraction:
        if name not in self.values:
            known = ", ".join(self.values)
            raise LorafigError(
                Problem(f"'{name}' has no value on this figure", None, f"known: {known}", code="number-form")
            )
        return self.values[name]

    def power(self, base: Fraction, exponent: int) -> Fraction:
        return _sized(base, exponent) ** exponent

    def apply(self, operation: Operation, node: tree.Node, *values: Fraction) -> Fraction:
        left, right = values[0], values[-1]
        match operation:
            case "neg":
                return -left
            case "floor":
                return Fraction(floor(left))
            case "ceil":
                return Fraction(ceil(left))
            case "+":
                return left + right
            case "-":
                return left - right
            case "*":
                return _sized(left) * _sized(right)
            case "/":
                if right == 0:
                    raise LorafigError(Problem(f"'{to_plain(node)}' divides by zero", code="number-form"))
                return _sized(left) / _sized(right)
            case "min":
                return min(left, right)
            case "max":
                return max(left, right)
            case _:
                assert_never(operation)


def _sized(value: Fraction, power: int = 1) -> Fraction:
    """The value, where its power is of a size that anybody could want on a figure."""
    if power * max(value.numerator.bit_length(), value.denominator.bit_length()) > LARGEST_BITS:
        raise LorafigError(
            Problem("a number of more than 1,200 digits", None, "write smaller numbers", code="number-form")
        )
    return value
