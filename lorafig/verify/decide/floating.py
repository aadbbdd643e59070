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

from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from fractions import Fraction

from msgspec import Struct
from msgspec.structs import replace

from lorafig.verify.meaning import terms
from lorafig.verify.meaning.algebra import Algebra
from lorafig.verify.meaning.terms import ONE, Term, Type, Undecidable

LONGEST = 10_000  # terms of a side, written out
MANY_OPERATIONS = 2**30  # multiply-adds; beyond it threads are set
MOST_OPERATIONS = 10**12  # multiply-adds; beyond it an evaluation takes minutes
LEAST, MOST = Fraction(1, 2**900), Fraction(2**900)  # what neither underflows nor overflows on the way
ROUNDOFF = Fraction(1, 2**53)
ENTRY = Fraction(1, 2)  # no entry that is drawn is larger


class Residual(Struct, frozen=True):
    """The largest difference of an entry, and what rounding alone can make it."""

    residual: float
    bound: float


class _Sizes(dict[str, int]):
    """Dimensions by name; one that is a number is its own size."""

    def __missing__(self, name: str) -> int:
        if name.isdecimal():
            return int(name)
        raise Undecidable(f"{name} has no value")


class Floating:
    """Evaluates at one set of dimensions; symbols keep their entries from one equation to the next, and from
    one figure to another of its name."""

    def __init__(self, sizes: Mapping[str, int], seed: str) -> None:
        self.sizes = _Sizes({**sizes, ONE: 1})
        self.seed = seed

    def compare(self, left: Term, right: Term) -> Residual:
        """Two terms of one shape. Raises Undecidable where this takes too much, or has no bound."""
        if not terms.is_plain(left, right):
            raise Undecidable("it is more than sums and products")
        measure = _Measure(self.sizes)
        one, other = measure.of(left), measure.of(right)
        turn = left.type.rows == ONE and left.type.columns != ONE
        left, right = _Plain().of(left, turn), _Plain().of(right, turn)
        if measure.operations > MOST_OPERATIONS:
            raise Undecidable(f"{float(measure.operations):.1g} multiply-adds in float64 are too many")
        bound = float(one.bound() + other.bound())
        if left == right:  # written out the same: so are all roundings
            return Residual(0.0, bound)
        from lorafig.verify.decide.blocks import held
        from lorafig.verify.decide.products import one_thread, roomy

        held((left, right), self.sizes)
        roomy()
        limits = one_thread() if measure.operations > MANY_OPERATIONS else None
        with nullcontext() if limits is None else limits:
            return Residual(self._worst(left, right, limits is None), bound)

    def _worst(self, left: Term, right: Term, cut: bool) -> float:
        import numpy as np

        from lorafig.verify.decide.blocks import KEPT, TILE, Blocks

        values = Blocks(self.sizes, self.seed, KEPT, cut)
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
    """The term, or its transpose, with transposes at variables alone, without the names of definitions and
    without factors of 1, which round nothing.

    What is shared stays shared: written out, a chain of definitions may be exponentially long.
    """

    def __init__(self) -> None:
        # With the term, so that its id is given to no other.
        self.known: dict[tuple[int, bool], tuple[Term, Term]] = {}

    def of(self, term: Term, turn: bool = False) -> Term:
        known = self.known.get((id(term), turn))
        if known is None:
            known = self.known[id(term), turn] = (term, self._of(term, turn))
        return known[1]

    def _of(self, term: Term, turn: bool) -> Term:
        rows, columns = term.type.rows, term.type.columns
        kind = Type(columns, rows) if turn else Type(rows, columns)
        match term:
            case terms.Constant():
                return terms.Constant(term.value)  # whatever it is made of
            case terms.Zero():
                return terms.Zero(kind) if turn else term
            case terms.Variable() | terms.Extreme():
                return terms.transposed(term) if turn and not term.type.is_scalar else term
            case terms.Defined(body=body):
                return self.of(body, turn)
            case terms.Transpose(body):
                return self.of(body, not turn)
            case terms.Add():
                summands = tuple(self.of(part, turn) for part in term.terms)
                return terms.Add(summands, term.signs, summands[0].type)
            case terms.Multiply(left, right):
                scales = left.type.is_scalar or right.type.is_scalar
                number, value = (left, right) if left.type.is_scalar else (right, left)
                if scales and self.of(number) == terms.number(1):
                    return self.of(value, turn)
                first, last = (right, left) if turn and not scales else (left, right)
                return terms.Multiply(self.of(first, turn), self.of(last, turn), kind)
            case terms.Entrywise(left, right):
                first = self.of(left, turn)
                return terms.Entrywise(first, self.of(right, turn), first.type)
            case terms.Cut(body):
                axis = ("columns" if term.axis == "rows" else "rows") if turn else term.axis
                return _cut(self.of(body, turn), replace(term, type=kind, axis=axis))
            case terms.Divide(left, right):
                above = self.of(left, turn)
                return terms.Divide(above, self.of(right), above.type)
            case _:
                raise Undecidable("it is more than sums and products")


def _cut(term: Term, cut: terms.Cut) -> Term:
    """What `cut` says, of a term that is plain: of its variables."""

    def kind(part: Term) -> Type:
        rows, columns = part.type.sizes
        return Type(cut.type.rows, columns) if cut.axis == "rows" else Type(rows, cut.type.columns)

    match term:
        case terms.Zero():
            return terms.Zero(kind(term))
        case terms.Add():
            return replace(term, terms=tuple(_cut(part, cut) for part in term.terms), type=kind(term))
        case terms.Multiply(left, right):
            first = right.type.is_scalar or (cut.axis == "rows" and not left.type.is_scalar)
            if first:
                return replace(term, left=_cut(left, cut), type=kind(term))
            return replace(term, right=_cut(right, cut), type=kind(term))
        case terms.Entrywise(left, right):
            return replace(term, left=_cut(left, cut), right=_cut(right, cut), type=kind(term))
        case terms.Divide(left):
            return replace(term, left=_cut(left, cut), type=kind(term))
        case _:
            return replace(cut, body=term, type=kind(term))


# The bound -----------------------------------------------------------------------------------


class _Error(Struct, frozen=True, gc=False):
    roundings: int
    magnitude: Fraction  # of the largest entry, with absolute values
    length: int = 1  # terms, written out

    def bound(self) -> Fraction:
        n = (self.roundings + 1) * ROUNDOFF  # one more for the subtraction of the sides
        if n >= Fraction(1, 2) or self.magnitude > MOST:
            raise Undecidable("its values are out of the range of float64")
        return n / (1 - n) * self.magnitude


class _Measure(Algebra[_Error]):
    def __init__(self, sizes: Mapping[str, int]) -> None:
        super().__init__()
        self.sizes = sizes
        self.operations = 0

    def beyond(self, term: Term) -> _Error:
        raise Undecidable("it has no bound in float64")

    def _made(self, roundings: int, magnitude: Fraction, *parts: _Error) -> _Error:
        length = 1 + sum(part.length for part in parts)
        if length > LONGEST:
            raise Undecidable("written out, its definitions are too long for float64")
        return _Error(roundings, magnitude, length)

    def _entries(self, term: Term) -> int:
        return self.sizes[term.type.rows] * self.sizes[term.type.columns]

    def constant(self, term: terms.Constant) -> _Error:
        value = term.value
        if value != 0 and not LEAST < abs(value) < MOST:
            raise Undecidable("a number in it is out of the range of float64")
        return _Error(1, abs(value))

    def zero(self, term: terms.Zero) -> _Error:
        return _Error(0, Fraction(0))

    def variable(self, term: terms.Variable) -> _Error:
        return _Error(0, ENTRY)

    def transpose(self, term: terms.Transpose, body: _Error) -> _Error:
        return body

    def cut(self, term: terms.Cut, body: _Error) -> _Error:
        return body

    def sum(self, term: terms.Add, values: Sequence[_Error]) -> _Error:
        self.operations += len(values) * self._entries(term)
        roundings = max(value.roundings for value in values) + len(values) - 1
        return self._made(roundings, sum((value.magnitude for value in values), Fraction(0)), *values)

    def scaled(self, term: terms.Multiply, number: _Error, value: _Error) -> _Error:
        return self._multiplied(term, number, value, 1)

    def product(self, term: terms.Multiply, left: _Error, right: _Error) -> _Error:
        return self._multiplied(term, left, right, self.sizes[term.left.type.columns])

    def _multiplied(self, term: terms.Multiply, left: _Error, right: _Error, inner: int) -> _Error:
        self.operations += inner * self._entries(term)
        roundings = left.roundings + right.roundings + inner
        return self._made(roundings, inner * left.magnitude * right.magnitude, left, right)

    def entrywise(self, term: terms.Entrywise, left: _Error, right: _Error) -> _Error:
        roundings = left.roundings + right.roundings + 1
        return self._made(roundings, left.magnitude * right.magnitude, left, right)

    def quotient(self, term: terms.Divide, left: _Error, right: _Error) -> _Error:
        if not isinstance(term.right, terms.Constant):
            raise Undecidable("a quotient by a symbol without a value has no bound in float64")
        return self._made(left.roundings + 2, left.magnitude / abs(term.right.value), left, right)
