"""A condition without entries of matrices: over the sizes of a figure alone, as a page can decide it.

Whether two terms are equal for all entries is decided with the numbers in them left open. If they are not,
there may be sizes at which they are: those where the scaling is 1, say. Over a prime field, at entries at
random, the difference is a function of the numbers: each is set to 1, to every other, and, as long as it is
linear in the number, to where it vanishes.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import assert_never

from lorafig.hashes import shake_256
from lorafig.verify.decide import applied, conditions
from lorafig.verify.decide.conditions import (
    FAILS,
    HOLDS,
    All,
    AtStart,
    Compares,
    Condition,
    Either,
    Fixed,
    Not,
    Reads,
    Same,
    Shown,
    holds,
    opened,
)
from lorafig.verify.meaning import terms
from lorafig.verify.meaning.field import Field, Matrix, fraction, sizes_of
from lorafig.verify.meaning.terms import SCALAR, Term, Undecidable, number

_P = (1 << 521) - 1


def settled(condition: Condition, known: frozenset[str]) -> Condition:
    """The same condition without `Same`, as short as it gets, for sizes that are given: those of the `known`
    names. What depends on others is left as it is at the figure's own."""
    match condition:
        case Fixed() | AtStart() | conditions.Open():
            return condition
        case Same():
            return _settled_same(condition, known)
        case Reads() | Compares():
            names = _names(condition)
            if names:
                return condition if names <= known else _at_start(condition)
            return Fixed(holds(condition) is True)
        case All():
            return _joined(condition, known, HOLDS, FAILS)
        case Either():
            return _joined(condition, known, FAILS, HOLDS)
        case Not(part):
            inner = settled(part, known)
            return Fixed(not inner.holds) if isinstance(inner, Fixed) else Not(inner)
        case _:
            assert_never(condition)


def _joined(condition: All | Either, known: frozenset[str], neutral: Fixed, certain: Fixed) -> Condition:
    parts = dict.fromkeys(settled(part, known) for part in condition.parts)
    if certain in parts:
        return certain
    if conditions.Open() in parts and isinstance(condition, All):
        return conditions.Open()
    left = tuple(part for part in parts if part != neutral)
    return neutral if not left else left[0] if len(left) == 1 else type(condition)(left)


def _at_start(condition: Condition) -> Condition:
    verdict = holds(condition)
    return conditions.Open() if verdict is None else AtStart(verdict)


def symbolic(term: Term) -> Term:
    """A term with what its numbers are made of in their place."""
    return terms.rebuilt(term, opened)


def _names(condition: Reads | Compares) -> frozenset[str]:
    """The sizes that a condition depends on."""
    match condition:
        case Compares(left, _, right):
            parts = [left, right]
        case Reads(value, number):
            parts = [value, number.value] if isinstance(number, Shown) else [value]
    return frozenset().union(*(terms.variables(symbolic(part)) for part in parts))


# Equal for all entries -----------------------------------------------------------------------


def _settled_same(same: Same, known: frozenset[str]) -> Condition:
    try:
        relation = _relation(symbolic(same.left), symbolic(same.right), same)
    except Undecidable:
        return _at_start(same)
    return relation if isinstance(relation, (Fixed, conditions.Open)) else settled(relation, known)


def _relation(left: Term, right: Term, same: Same) -> Condition:
    numbers = _Numbers(left, right, same.seed)
    if numbers.equal({}):
        return HOLDS
    functions = bool(terms.applied(left, right))
    if same.measured and not functions and terms.has_functions(left, right):
        from lorafig.verify.decide import sampled

        if sampled.compare(left, right, dict.fromkeys(same.dimensions), same.seed).within:
            return HOLDS
    for value, term in numbers.classes.items():
        if terms.variables(term):
            others = [other for known, other in numbers.classes.items() if known != value]
            for other in (*map(number, numbers.solutions(value)), *others):
                if numbers.equal({value: numbers.value(other)}):
                    return Compares(term, "=", other)
    if functions:
        away = applied.apart(left, right, dict.fromkeys(same.dimensions), same.seed)
        return conditions.Open() if away is not None and not away.differs else FAILS
    return FAILS


class _Numbers:
    """Two terms over a prime field, as functions of the numbers in them. `classes` are their largest parts
    that are numbers without entries, by their value at sizes at random: what has one value is one number."""

    def __init__(self, left: Term, right: Term, seed: str) -> None:
        self.field = _Open(_P, sizes_of((left, right)), seed)
        self.classes: dict[int, Term] = {}
        self.sides = tuple(terms.rebuilt(side, self._named) for side in (left, right))

    def value(self, term: Term) -> int:
        return self.field.of(term)[0][0]

    def _named(self, part: Term) -> Term | None:
        if not part.type.is_scalar or not all(inner.type.is_scalar for inner in terms.below(part)):
            return None
        value = self.value(part)
        self.classes.setdefault(value, part)
        return terms.Variable(f"# {value}", SCALAR)

    def difference(self, changed: dict[int, int]) -> list[int]:
        """Entry by entry, with other values for some of the numbers."""
        field = _Open(_P, self.field.sizes, self.field.seed)
        for value in self.classes:
            field.drawn[f"# {value}"] = [[changed.get(value, value)]]
        left, right = (field.of(side) for side in self.sides)
        pairs = zip(left, right, strict=True)
        return [(a - b) % _P for row, other in pairs for a, b in zip(row, other, strict=True)]

    def equal(self, changed: dict[int, int]) -> bool:
        try:
            return not any(self.difference(changed))
        except Undecidable:  # it divides by zero there
            return False

    def solutions(self, value: int) -> list[Fraction]:
        """What to set a number to: 1, and the fraction at which the difference vanishes, if it is linear."""
        try:
            zero, one = (self.difference({value: at}) for at in (0, 1))
        except Undecidable:
            return [Fraction(1)]
        for a, b in zip(zero, one, strict=True):
            if a != b:
                solution = fraction(a * pow(a - b, -1, _P) % _P, _P)
                return [Fraction(1)] if solution is None else [Fraction(1), solution]
        return [Fraction(1)]


class _Open(Field):
    """With the least and the greatest as functions of which nothing is known."""

    def extreme(self, term: terms.Extreme, values: Sequence[Matrix]) -> Matrix:
        text = f"{self.seed}\0{term.of}\0{sorted(value[0][0] for value in values)}"
        return [[int.from_bytes(shake_256(text.encode()).digest(80), "big") % self.p]]
