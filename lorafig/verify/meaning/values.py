"""The exact value of a number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from math import ceil, floor, isqrt

from lorafig.verify.meaning import terms
from lorafig.verify.meaning.algebra import Algebra
from lorafig.verify.meaning.terms import Term

BITS = 256  # of a root


def closed(term: Term) -> Fraction | None:
    """The value of a number without symbols, a root to within 2^-256 of it; None for anything else."""
    return Values(None).of(term)


class Values(Algebra[Fraction | None]):
    """`given` are the values of the symbols, by their names; None for what constants are at the sizes of the
    figure."""

    def __init__(self, given: Mapping[str, Fraction] | None) -> None:
        super().__init__()
        self.given = given

    def beyond(self, term: Term) -> Fraction | None:
        return None

    def constant(self, term: terms.Constant) -> Fraction | None:
        return term.value if self.given is None or term.of is None else self.of(term.of)

    def variable(self, term: terms.Variable) -> Fraction | None:
        return None if self.given is None else self.given.get(term.name)

    def sum(self, term: terms.Add, values: Sequence[Fraction | None]) -> Fraction | None:
        total = Fraction(0)
        for sign, value in zip(term.signs, values, strict=True):
            if value is None:
                return None
            total += sign * value
        return total

    def scaled(
        self, term: terms.Multiply, number: Fraction | None, value: Fraction | None
    ) -> Fraction | None:
        return None if number is None or value is None else number * value

    def quotient(self, term: terms.Divide, left: Fraction | None, right: Fraction | None) -> Fraction | None:
        return None if left is None or right is None or right == 0 else left / right

    def extreme(self, term: terms.Extreme, values: Sequence[Fraction | None]) -> Fraction | None:
        known = [value for value in values if value is not None]
        if len(known) < len(values):
            return None
        return min(known) if term.of == "min" else max(known)

    def function(self, term: terms.Function, body: Fraction | None) -> Fraction | None:
        if body is None:
            return None
        match term.name:
            case "floor":
                return Fraction(floor(body))
            case "ceiling":
                return Fraction(ceil(body))
            case "sqrt" if body >= 0:
                scaled = body.numerator * body.denominator << 2 * BITS
                return Fraction(isqrt(scaled), body.denominator << BITS)
            case _:
                return None
