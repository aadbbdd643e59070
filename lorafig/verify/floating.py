"""Both sides of an equation in float64 at the figure's own dimensions, in blocks of rows.

The bound is derived, not guessed. With unit roundoff u = 2^-53 and γ(n) = n u / (1 - n u), every entry
that is computed from sums and products is off by at most γ(n) times the same expression with absolute
values, n being the number of roundings on the longest way from an entry to the result: a product over an
inner dimension m adds m to it, a sum of t terms t - 1, a factor 1 (Higham 2002, Accuracy and Stability of
Numerical Algorithms, lemma 3.1 and section 3.5; it holds in any order of summation). Entries are drawn
from [-1, 1), so that the expression with absolute values is at most what the dimensions make of ones.

A weight of 16,384 × 16,384 is never formed: it is drawn in square tiles, a block of rows at a time.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, TypeAlias

from lorafig.verify.terms import (
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
    parts,
    transposed,
)

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Array: TypeAlias = NDArray[np.float64]

TILE = 256  # rows and columns drawn from one seed
LONGEST = 10_000  # terms of a side, written out
MOST_OPERATIONS = 10**12  # multiply-adds; beyond it an evaluation takes minutes
KEPT_ENTRIES = 2 * 2**20  # of symbols that are drawn once for all equations, 16 MiB
MOST_ENTRIES = 6 * 2**20  # of a matrix that is kept whole, 48 MiB
ONE_THREAD, ONE_THREAD_VECTOR = 2**18, 9_000  # multiply-adds that OpenBLAS leaves to one thread
WORTH_THREADS = 2**26
LEAST, MOST = Fraction(1, 2**900), Fraction(2**900)  # what neither underflows nor overflows on the way
ROUNDOFF = Fraction(1, 2**53)


@dataclass(frozen=True, slots=True)
class Residual:
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
    """Evaluates at one set of dimensions; symbols keep their entries from one equation to the next."""

    def __init__(self, sizes: Mapping[str, int], seed: str) -> None:
        self.sizes = _Sizes({**sizes, ONE: 1})
        self.seed = seed
        self.kept: dict[tuple[str, bool, int, int], Array] = {}

    def compare(self, left: Term, right: Term) -> Residual:
        """Two terms of one shape. Raises Undecidable where this takes too much, or has no bound."""
        import numpy as np

        turn = left.type.rows == ONE and left.type.columns != ONE
        left, right = _Plain().of(left, turn), _Plain().of(right, turn)
        measure = _Measure(self.sizes)
        one, other = measure.of(left), measure.of(right)
        if measure.operations > MOST_OPERATIONS:
            raise Undecidable(f"{float(measure.operations):.1g} multiply-adds in float64 are too many")
        bound = one.bound() + other.bound()
        if left == right:  # written out the same: so are all roundings
            return Residual(0.0, float(bound))
        values = _Values(self.sizes, self.seed, self.kept)
        rows = self.sizes[left.type.rows]
        worst = 0.0
        for start in range(0, rows, TILE):
            stop = min(start + TILE, rows)
            values.block.clear()
            difference = values.rows(left, start, stop) - values.rows(right, start, stop)
            worst = max(worst, float(np.max(difference)), -float(np.min(difference)))
        return Residual(worst, float(bound))


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
                return _Error(0, Fraction(1))
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


# The values ----------------------------------------------------------------------------------


class _Values:
    """`block` holds what was drawn for the present block of rows: W is drawn once for both sides."""

    def __init__(
        self, sizes: Mapping[str, int], seed: str, kept: dict[tuple[str, bool, int, int], Array]
    ) -> None:
        self.sizes, self.seed, self.kept = sizes, seed, kept
        self.block: dict[tuple[str, bool, int, int], Array] = {}
        self.whole: dict[int, tuple[Term, Array]] = {}

    def rows(self, term: Term, start: int, stop: int) -> Array:
        """Rows `start` to `stop` of a term without definitions. What it returns may be kept: never write
        into it."""
        import numpy as np

        match term:
            case Constant(value):
                return np.array([[float(value)]])
            case Zero(kind):
                return np.zeros((stop - start, self.sizes[kind.columns]))
            case Variable():
                return self._drawn(term, False, start, stop)
            case Transpose(Variable() as body):
                return self._drawn(body, True, start, stop)
            case Add(terms=terms, signs=signs):
                total = self.rows(terms[0], start, stop)
                if signs[0] < 0:
                    total = -total
                own = signs[0] < 0 or _is_new(terms[0])
                for sign, other in zip(signs[1:], terms[1:], strict=True):
                    more = self.rows(other, start, stop)
                    operation = np.add if sign > 0 else np.subtract
                    # A block is as large as a cache: a new array for every sum would cost more than the sum.
                    out = more if _is_new(other) else total if own else None
                    total, own = operation(total, more, out=out), True
                return total
            case Multiply(left, right):
                if left.type.is_scalar or right.type.is_scalar:
                    scalar, matrix = (left, right) if left.type.is_scalar else (right, left)
                    if matrix.type.is_scalar:
                        return self.rows(scalar, 0, 1) * self.rows(matrix, 0, 1)
                    return float(self.rows(scalar, 0, 1)[0, 0]) * self.rows(matrix, start, stop)
                first, *others = _chain(term)
                if others[-1].type.columns == ONE:  # from the right, with a vector all the way
                    return _times(self.rows(first, start, stop), self._all(_product(others)))
                result = self.rows(first, start, stop)
                for other in others:
                    result = _times(result, self._all(other))
                return result
            case Entrywise(left, right):
                return self.rows(left, start, stop) * self.rows(right, start, stop)
            case Divide(left, right):
                return self.rows(left, start, stop) / float(self.rows(right, 0, 1)[0, 0])
            case _:
                raise Undecidable("it cannot be computed in float64")

    def _all(self, term: Term) -> Array:
        """A whole term, kept: a vector, or a matrix that is small."""
        import numpy as np

        found = self.whole.get(id(term))
        if found is None:
            count = self.sizes[term.type.rows]
            if count * self.sizes[term.type.columns] > MOST_ENTRIES:
                raise Undecidable("a product of two large matrices is too much for float64 in blocks")
            kept, self.block = self.block, {}
            pieces = []
            for start in range(0, count, TILE):
                self.block.clear()
                pieces.append(self.rows(term, start, min(start + TILE, count)))
            self.block = kept
            found = self.whole[id(term)] = (term, np.concatenate(pieces) if len(pieces) > 1 else pieces[0])
        return found[1]

    def _drawn(self, term: Variable, turned: bool, start: int, stop: int) -> Array:
        """Rows of a variable, or of its transpose. `start` is a multiple of TILE."""
        import numpy as np

        place = (term.name, turned, start, stop)
        if place in self.kept:
            return self.kept[place]
        if place not in self.block:
            width = self.sizes[term.type.rows if turned else term.type.columns]
            array = np.empty((stop - start, width))
            for left in range(0, width, TILE):
                right = min(left + TILE, width)
                tile = (left, start) if turned else (start, left)
                # Every tile is drawn whole, so that its entries do not depend on what is asked of it.
                drawn = self._tile(term, *tile)
                part = array[:, left:right]
                np.multiply(drawn.T if turned else drawn, 2.0, out=part)
                np.subtract(part, 1.0, out=part)
            self.block[place] = array
            if sum(one.size for one in self.kept.values()) + array.size <= KEPT_ENTRIES:
                self.kept[place] = array
        return self.block[place]

    def _tile(self, term: Variable, top: int, left: int) -> Array:
        """Uniform in [0, 1)."""
        from zlib import crc32

        import numpy as np

        rows, columns = self.sizes[term.type.rows], self.sizes[term.type.columns]
        shape = (min(TILE, rows - top), min(TILE, columns - left))
        seed = [crc32(f"{self.seed}\0{term.name}".encode()), top // TILE, left // TILE]
        return np.random.Generator(np.random.SFC64(seed)).random(shape)


def _is_new(term: Term) -> bool:
    """Whether its rows are an array that nothing else holds."""
    return isinstance(term, (Add, Multiply, Divide, Entrywise))


def _times(left: Array, right: Array) -> Array:
    """A matrix product. A small one is cut into pieces that BLAS does not share out among threads: to wake
    them takes longer than the product, much longer where the machine is busy."""
    import numpy as np

    inner, columns = right.shape
    rows = left.shape[0]
    limit = ONE_THREAD_VECTOR // inner if columns == 1 else ONE_THREAD // (inner * columns)
    if rows * inner * columns > WORTH_THREADS or limit < 1 or limit >= rows:
        product: Array = np.matmul(left, right)
        return product
    whole = rows // limit * limit
    result = np.empty((rows, columns))
    np.matmul(left[:whole].reshape(-1, limit, inner), right, out=result[:whole].reshape(-1, limit, columns))
    np.matmul(left[whole:], right, out=result[whole:])
    return result


def _chain(term: Term) -> list[Term]:
    """The matrices of a product of matrices, in order."""
    if isinstance(term, Multiply) and not (term.left.type.is_scalar or term.right.type.is_scalar):
        return [*_chain(term.left), *_chain(term.right)]
    return [term]


def _product(factors: Sequence[Term]) -> Term:
    if len(factors) == 1:
        return factors[0]
    result = factors[-1]
    for factor in reversed(factors[:-1]):
        result = Multiply(factor, result, Type(factor.type.rows, result.type.columns))
    return result
