"""Both sides of an equation in float64 at the figure's own dimensions, in blocks of rows.

The bound is derived, not guessed. With unit roundoff u = 2^-53 and γ(n) = n u / (1 - n u), every entry
that is computed from sums and products is off by at most γ(n) times the same expression with absolute
values, n being the number of roundings on the longest way from an entry to the result: a product over an
inner dimension m adds m to it, a sum of t terms t - 1, a factor 1 (Higham 2002, Accuracy and Stability of
Numerical Algorithms, lemma 3.1 and section 3.5; it holds in any order of summation). Entries are drawn
from [-1/2, 1/2), so that the expression with absolute values is at most what the dimensions make of halves.

A weight of 16,384 × 16,384 is never formed: it is drawn in square tiles that fit the cache, and each is
multiplied by all that it meets on both sides before the next is drawn.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import nullcontext
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from lorafig.verify.decide.blocks import TILE, Blocks, one_thread
from lorafig.verify.meaning.terms import (
    ONE,
    Add,
    Constant,
    Defined,
    Divide,
    Entrywise,
    Extreme,
    Multiply,
    Term,
    Transpose,
    Type,
    Undecidable,
    Variable,
    Zero,
    is_plain,
    parts,
    transposed,
)

if TYPE_CHECKING:
    from lorafig.verify.decide.blocks import Array, Tile

LONGEST = 10_000  # terms of a side, written out
MANY_OPERATIONS = 2**30  # multiply-adds; beyond it threads are set
MOST_OPERATIONS = 10**12  # multiply-adds; beyond it an evaluation takes minutes
LEAST, MOST = Fraction(1, 2**900), Fraction(2**900)  # what neither underflows nor overflows on the way
ROUNDOFF = Fraction(1, 2**53)
ENTRY = Fraction(1, 2)  # no entry that is drawn is larger


@dataclass(frozen=True, slots=True)
class Residual:
    """The largest difference of an entry, and what rounding alone can make it; `where` says at which
    dimensions, where they are not the figure's."""

    residual: float
    bound: float
    where: str = ""


class _Sizes(dict[str, int]):
    """Dimensions by name; one that is a number is its own size."""

    def __missing__(self, name: str) -> int:
        if name.isdecimal():
            return int(name)
        raise Undecidable(f"{name} has no value")


class Floating:
    """Evaluates at one set of dimensions; symbols keep their entries from one equation to the next."""

    def __init__(self, sizes: Mapping[str, int], seed: str) -> None:
        self.sizes = _Sizes({**sizes, ONE: 1})
        self.seed = seed
        self.kept: dict[Tile, Array] = {}

    def compare(self, left: Term, right: Term) -> Residual:
        """Two terms of one shape. Raises Undecidable where this takes too much, or has no bound."""
        if not is_plain(left, right):
            raise Undecidable("it is more than sums and products")
        turn = left.type.rows == ONE and left.type.columns != ONE
        left, right = _Plain().of(left, turn), _Plain().of(right, turn)
        measure = _Measure(self.sizes)
        one, other = measure.of(left), measure.of(right)
        if measure.operations > MOST_OPERATIONS:
            raise Undecidable(f"{float(measure.operations):.1g} multiply-adds in float64 are too many")
        bound = one.bound() + other.bound()
        if left == right:  # written out the same: so are all roundings
            return Residual(0.0, float(bound))
        limits = one_thread() if measure.operations > MANY_OPERATIONS else None
        with nullcontext() if limits is None else limits:
            return Residual(self._worst(left, right, limits is None), float(bound))

    def _worst(self, left: Term, right: Term, cut: bool) -> float:
        import numpy as np

        values = Blocks(self.sizes, self.seed, self.kept, cut)
        rows = self.sizes[left.type.rows]
        worst = 0.0
        columns = self.sizes[left.type.columns]
        for start in range(0, rows, TILE):
            stop = min(start + TILE, rows)
            values.enter((left, right), start, stop)
            for first in range(0, columns, TILE):
                place = (start, stop, first, min(first + TILE, columns))
                values.next_tile()
                difference = values.block(left, *place) - values.block(right, *place)
                worst = max(worst, float(np.max(difference)), -float(np.min(difference)))
        return worst


class _Plain:
    """The term, or its transpose, with transposes at variables alone and without the names of definitions.

    What is shared stays shared: written out, a chain of definitions may be exponentially long.
    """

    def __init__(self) -> None:
        self.known: dict[tuple[int, bool], tuple[Term, Term]] = {}

    def of(self, term: Term, turn: bool = False) -> Term:
        found = self.known.get((id(term), turn))
        if found is None:
            found = self.known[id(term), turn] = (term, self._of(term, turn))
        return found[1]

    def _of(self, term: Term, turn: bool) -> Term:
        match term:
            case Constant():
                return term
            case Zero(kind):
                return Zero(Type(kind.columns, kind.rows)) if turn else term
            case Variable():
                return transposed(term) if turn and not term.type.is_scalar else term
            case Defined(body=body):
                return self.of(body, turn)
            case Transpose(body):
                return self.of(body, not turn)
            case Add(terms=terms, signs=signs):
                turned = tuple(self.of(one, turn) for one in terms)
                return Add(turned, signs, turned[0].type)
            case Multiply(left, right):
                one, two = self.of(left, turn), self.of(right, turn)
                kind = (
                    Type(term.type.columns, term.type.rows)
                    if turn
                    else Type(term.type.rows, term.type.columns)
                )
                if turn and not (left.type.is_scalar or right.type.is_scalar):
                    one, two = two, one
                return Multiply(one, two, kind)
            case Divide(left, right):
                one = self.of(left, turn)
                return Divide(one, self.of(right, False), one.type)
            case Entrywise(left, right):
                one = self.of(left, turn)
                return Entrywise(one, self.of(right, turn), one.type)
            case Extreme():
                return term
            case _:
                raise Undecidable("it is more than sums and products")


# The bound -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Error:
    roundings: int
    magnitude: Fraction  # of the largest entry, with absolute values
    length: int = 1  # terms, written out

    def bound(self) -> Fraction:
        n = (self.roundings + 1) * ROUNDOFF  # one more for the subtraction of the sides
        if n >= Fraction(1, 2) or self.magnitude > MOST:
            raise Undecidable("its values are out of the range of float64")
        return n / (1 - n) * self.magnitude


class _Measure:
    def __init__(self, sizes: Mapping[str, int]) -> None:
        self.sizes = sizes
        self.operations = 0
        self.known: dict[int, _Error] = {}

    def of(self, term: Term) -> _Error:
        found = self.known.get(id(term))
        if found is None:
            error = self._of(term)
            found = _Error(
                error.roundings, error.magnitude, 1 + sum(self.of(one).length for one in parts(term))
            )
            if found.length > LONGEST:
                raise Undecidable("written out, its definitions are too long for float64")
            self.known[id(term)] = found
        return found

    def _of(self, term: Term) -> _Error:
        match term:
            case Constant(value):
                if value != 0 and not LEAST < abs(value) < MOST:
                    raise Undecidable("a number in it is out of the range of float64")
                return _Error(1, abs(value))
            case Zero():
                return _Error(0, Fraction(0))
            case Variable() | Transpose():
                return _Error(0, ENTRY)
            case Add(terms=terms):
                errors = [self.of(one) for one in terms]
                roundings = max(error.roundings for error in errors) + len(errors) - 1
                self.operations += len(terms) * self._entries(term)
                return _Error(roundings, sum((error.magnitude for error in errors), Fraction(0)))
            case Multiply(left, right):
                one, two = self.of(left), self.of(right)
                inner = 1
                if not (left.type.is_scalar or right.type.is_scalar):
                    inner = self.sizes[left.type.columns]
                self.operations += inner * self._entries(term)
                return _Error(one.roundings + two.roundings + inner, inner * one.magnitude * two.magnitude)
            case Entrywise(left, right):
                one, two = self.of(left), self.of(right)
                return _Error(one.roundings + two.roundings + 1, one.magnitude * two.magnitude)
            case Divide(left, right):
                one = self.of(left)
                if not isinstance(right, Constant):
                    raise Undecidable("a quotient by a symbol without a value has no bound in float64")
                return _Error(one.roundings + 2, one.magnitude / abs(right.value))
            case _:
                raise Undecidable("it has no bound in float64")

    def _entries(self, term: Term) -> int:
        return self.sizes[term.type.rows] * self.sizes[term.type.columns]
