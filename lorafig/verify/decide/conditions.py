"""When a claim holds: what decides it, as a condition on the sizes of the figure.

The value of a condition at the sizes that the figure has is the verdict on the claim; at other sizes it is
what the verdict would be there. Numbers in its terms have both: what they are, and what they are made of.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction
from typing import TypeAlias, assert_never

from msgspec import Struct

from lorafig.errors import LorafigError
from lorafig.notation.numbers import shown as numbers
from lorafig.notation.tree import Number
from lorafig.verify.decide import applied, exact
from lorafig.verify.meaning import terms
from lorafig.verify.meaning.terms import Term, Undecidable
from lorafig.verify.meaning.values import Values

MUCH = 8  # ≪ and ≫ mean a factor of at least this
NEAR = Fraction(1, 2**200)  # of a root and of what it is equal to: both are known to within 2^-256

Sizes: TypeAlias = Mapping[str, Fraction]  # the values of d, k, r, α, and of what is counted, by name


class Fixed(Struct, frozen=True):
    """By names alone: the same at all sizes."""

    holds: bool


class AtStart(Struct, frozen=True):
    """Computed at the sizes of the figure, and unknown at any other: a norm, steps that are run."""

    holds: bool


class Open(Struct, frozen=True):
    """Nobody can decide it, whatever the sizes."""


class Shown(Struct, frozen=True):
    """A number that is computed and shown in a form of `\\num`, with a sign behind it if that is its unit."""

    value: Term
    form: str
    sign: str = ""


class Reads(Struct, frozen=True):
    """A number shown is a value, at the digits shown; with ≈ (`loose`) zeros may stand for digits."""

    value: Term
    number: Number | Shown
    rounding: numbers.Rounding
    kilo: int
    loose: bool = False


class Compares(Struct, frozen=True):
    """Two numbers in an order."""

    left: Term
    op: str
    right: Term


class Same(Struct, frozen=True):
    """Two terms are equal, whatever the entries of their matrices. What is not the same exactly, a norm in it
    being any function, may be so in float64 if it is `measured`, at `dimensions`."""

    left: Term
    right: Term
    seed: str
    measured: bool = False
    dimensions: Mapping[str, int | None] = {}


class All(Struct, frozen=True):
    parts: tuple[Condition, ...]


class Either(Struct, frozen=True):
    parts: tuple[Condition, ...]


class Not(Struct, frozen=True):
    part: Condition


Condition: TypeAlias = Fixed | AtStart | Open | Reads | Compares | Same | All | Either | Not
HOLDS, FAILS = Fixed(True), Fixed(False)


def every(parts: Iterable[Condition]) -> Condition:
    parts = tuple(parts)
    return parts[0] if len(parts) == 1 else All(parts)


COMPARE: Mapping[str, Callable[[Fraction, Fraction], bool]] = {
    "<": lambda one, two: one < two,
    ">": lambda one, two: one > two,
    "≤": lambda one, two: one <= two,
    "≥": lambda one, two: one >= two,
    "≠": lambda one, two: one != two,
    "≪": lambda one, two: one >= 0 and MUCH * one <= two,
    "≫": lambda one, two: two >= 0 and MUCH * two <= one,
}  # and any other is =


def holds(condition: Condition, at: Sizes | None = None) -> bool | None:
    """Whether it holds at these sizes, at those of the figure unless given; None if nobody can tell."""
    match condition:
        case Fixed(verdict):
            return verdict
        case AtStart(verdict):
            return verdict if at is None else None
        case Open():
            return None
        case Reads():
            return _reads(condition, at)
        case Compares():
            return _compares(condition, at)
        case Same():
            try:
                return _same(condition, at)
            except Undecidable:
                return None
        case All(parts):
            known = {holds(part, at) for part in parts}
            return False if False in known else None if None in known else True
        case Either(parts):
            known = {holds(part, at) for part in parts}
            return True if True in known else None if None in known else False
        case Not(part):
            inner = holds(part, at)
            return None if inner is None else not inner
        case _:
            assert_never(condition)


def _reads(condition: Reads, at: Sizes | None) -> bool | None:
    values = Values(at)
    value, number = values.of(condition.value), condition.number
    if isinstance(number, Shown):
        inner = values.of(number.value)
        if inner is None:
            return None
        try:
            plain = numbers.shown_number(inner, number.form, condition.rounding, condition.kilo)
        except LorafigError:
            return None
        number = plain if number.sign == "" else Number(plain.digits, number.sign)
    if value is None:
        return None
    return numbers.reads(value, number, condition.rounding, condition.kilo, round_zeros=condition.loose)


def _compares(condition: Compares, at: Sizes | None) -> bool | None:
    values = Values(at)
    one, two = values.of(condition.left), values.of(condition.right)
    if one is None or two is None:
        return None
    if rooted(condition) and abs(one - two) <= NEAR * max(abs(one), abs(two)):
        two = one
    return COMPARE.get(condition.op, Fraction.__eq__)(one, two)


def rooted(condition: Compares) -> bool:
    """Whether there is a root in what is compared, whose value is not exact."""
    return terms.has_functions(*map(_whole, (condition.left, condition.right)))


def _whole(term: Term) -> Term:
    return terms.rebuilt(term, opened)


def opened(part: Term) -> Term | None:
    """What a number is made of: see `terms.rebuilt`."""
    return part.of if isinstance(part, terms.Constant) else None


def _same(condition: Same, at: Sizes | None) -> bool | None:
    left, right, dimensions = condition.left, condition.right, condition.dimensions
    if at is not None:
        values = Values(at)

        def valued(part: Term) -> Term | None:
            if not isinstance(part, terms.Constant) or part.of is None:
                return None
            value = values.of(part.of)
            if value is None:
                raise Undecidable("a number in it has no value")
            return terms.number(value)

        left, right = terms.rebuilt(left, valued), terms.rebuilt(right, valued)
        dimensions = {name: int(at[name]) if name in at else size for name, size in dimensions.items()}
    if exact.same(left, right, condition.seed).equal:
        return True
    if terms.applied(left, right):
        away = applied.apart(left, right, dimensions, condition.seed)
        return None if away is not None and not away.differs else False
    if not condition.measured or not terms.has_functions(left, right):
        return False
    from lorafig.verify.decide import sampled

    return sampled.compare(left, right, dimensions, condition.seed).within
