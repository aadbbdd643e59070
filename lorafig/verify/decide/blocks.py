"""Terms as arrays of float64, in blocks of rows; what is large is drawn tile by tile and never whole."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from threading import Lock
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from lorafig.hashes import shake_256
from lorafig.verify.decide.products import times
from lorafig.verify.meaning import terms
from lorafig.verify.meaning.terms import ONE, Multiply, Term, Undecidable, Variable

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lorafig.core.arrays import Array

# Of which seed and variable, from which row and column, and how many of them.
Tile: TypeAlias = tuple[str, str, int, int, tuple[int, int]]

TILE = 256  # rows and columns drawn from one seed: two such tiles are 1 MiB and lie in a core's own cache
KEPT_ENTRIES = 3 * 2**20  # of tiles that are drawn once for all equations and figures, 24 MiB
MOST_ENTRIES = 6 * 2**20  # of a matrix that is kept whole, 48 MiB
MOST_TILES = 2**18  # of a variable: to draw more takes minutes
MOST_KEPT = 2**24  # of all that is kept, 128 MiB
WIDE, THIN = 31, 20  # bits of an entry, and a sign: two thin matrices have a product without a rounding


class Kept:
    """Tiles that have been drawn, up to KEPT_ENTRIES. Those of another seed make room, the oldest first.
    Nobody writes into them."""

    def __init__(self) -> None:
        self.tiles: dict[Tile, Array] = {}
        self.entries = 0
        self.lock = Lock()

    def keep(self, place: Tile, drawn: Array) -> bool:
        """Whether there is room for a tile, which then is kept."""
        with self.lock:
            while self.entries + drawn.size > KEPT_ENTRIES:
                oldest = next(iter(self.tiles))
                if oldest[0] == place[0]:
                    return False
                self.entries -= self.tiles.pop(oldest).size
            self.entries += drawn.size
            self.tiles[place] = drawn
            return True


KEPT = Kept()


class Blocks:
    """Terms in blocks of at most TILE rows. What is large is drawn a tile at a time and used at once, for all
    that is asked in this place, while it lies in the cache: W is drawn once for both sides.

    `tiles` holds what was drawn for the present tile, `strips` the left factors of products and `sums` the
    products with a vector for the present block of rows; `whole` what is small and used again and again.
    """

    def __init__(
        self, sizes: Mapping[str, int], seed: str, kept: Kept | None = None, cut: bool = True
    ) -> None:
        """`cut`: BLAS may have more than one thread, so that products are to be cut into small ones."""
        self.sizes, self.seed, self.cut = sizes, seed, cut
        self.kept = Kept() if kept is None else kept
        self.tiles: dict[Tile, Array] = {}
        self.spare: list[Array] = []  # memory of tiles that are done with: new memory costs as much as a sum
        self.strips: dict[int, tuple[Term, Array]] = {}
        self.sums: dict[int, tuple[Term, Array]] = {}
        self.whole: dict[int, tuple[Term, Array]] = {}
        self.chains: dict[int, tuple[Term, Term, Term]] = {}
        self.bits: np.random.SFC64 | None = None

    def enter(self, sides: Sequence[Term], start: int, stop: int) -> None:
        """Goes to a block of rows: all products with a vector in `sides` are summed up in one sweep over the
        columns, so that what they share is drawn once."""
        self.next_tile()
        self.strips.clear()
        self.sums.clear()
        products = [self._chain(product) for side in sides for product in _vector_products(side)]
        widest = max((self.sizes[first.type.columns] for _, first, _ in products), default=0)
        vectors = [self._all(vector) for _, _, vector in products]
        for left in range(0, widest, TILE):
            self.next_tile()
            for (term, first, _), vector in zip(products, vectors, strict=True):
                right = min(left + TILE, vector.shape[0])
                if left >= right:
                    continue
                part = times(self.block(first, start, stop, left, right), vector[left:right])
                self.sums[id(term)] = (term, part if left == 0 else self.sums[id(term)][1] + part)
        self.next_tile()

    def next_tile(self) -> None:
        """Forgets what was drawn for a tile. No part of it may be in use."""
        self.spare += self.tiles.values()
        self.tiles.clear()

    def rows(self, term: Term, start: int, stop: int) -> Array:
        """Rows `start` to `stop` of a term without definitions, by itself."""
        self.enter((term,), start, stop)
        return self.block(term, start, stop, 0, self.sizes[term.type.columns])

    def block(self, term: Term, start: int, stop: int, left: int, right: int) -> Array:
        """A part of a term, after `enter` at these rows. What it returns may be kept: never write into it."""
        match term:
            case terms.Constant(value):
                return np.array([[float(value)]])
            case terms.Zero():
                return np.zeros((stop - start, right - left))
            case Variable():
                return self._drawn(term, False, start, stop, left, right)
            case terms.Transpose(Variable() as body):
                return self._drawn(body, True, start, stop, left, right)
            case terms.Cut(body):
                before = sum(map(self.sizes.__getitem__, term.after))
                if term.axis == "rows":
                    return self.block(body, start + before, stop + before, left, right)
                return self.block(body, start, stop, left + before, right + before)
            case terms.Add(terms=summands, signs=signs):
                total = self.block(summands[0], start, stop, left, right)
                if signs[0] < 0:
                    total = -total
                own = signs[0] < 0 or _is_new(summands[0])
                for sign, other in zip(signs[1:], summands[1:], strict=True):
                    more = self.block(other, start, stop, left, right)
                    operation = np.add if sign > 0 else np.subtract
                    # A block is as large as a cache: a new array for every sum would cost more than the sum.
                    out = more if _is_new(other) else total if own else None
                    total, own = operation(total, more, out=out), True
                return total
            case Multiply(one, other):
                if one.type.is_scalar or other.type.is_scalar:
                    scalar, matrix = (one, other) if one.type.is_scalar else (other, one)
                    if matrix.type.is_scalar:
                        return self._all(scalar) * self._all(matrix)
                    return float(self._all(scalar)[0, 0]) * self.block(matrix, start, stop, left, right)
                if term.type.columns == ONE:
                    if id(term) not in self.sums:
                        self._alone(term, start, stop)
                    return self.sums[id(term)][1].copy()
                *others, last = _factors(term)
                known = self._bits(others[0]) if len(others) == 1 else None
                bits = (known, self._bits(last))
                return times(self._strip(term, start, stop), self._all(last)[:, left:right], bits, self.cut)
            case terms.Entrywise(one, other):
                return self.block(one, start, stop, left, right) * self.block(other, start, stop, left, right)
            case terms.Divide(one, other):
                return self.block(one, start, stop, left, right) / float(self._all(other)[0, 0])
            case _:
                raise Undecidable("it cannot be computed in float64")

    def _beside(self) -> Blocks:
        """Another place to evaluate at, which shares what is kept."""
        other = Blocks(self.sizes, self.seed, self.kept, self.cut)
        other.whole, other.chains, other.bits = self.whole, self.chains, self.bits
        return other

    def _alone(self, term: Multiply, start: int, stop: int) -> None:
        """A product with a vector that the sweep did not foresee."""
        inner = self._beside()
        inner.enter((term,), start, stop)
        self.sums[id(term)] = inner.sums[id(term)]

    def _chain(self, term: Term) -> tuple[Term, Term, Term]:
        """A product with a vector as its first matrix, and the vector that this is multiplied with."""
        if id(term) not in self.chains:
            first, *others = _factors(term)
            self.chains[id(term)] = (term, first, _product(others))
        return self.chains[id(term)]

    def _strip(self, term: Term, start: int, stop: int) -> Array:
        """Rows of all factors of a product but the last."""
        if id(term) not in self.strips:
            first, *others = _factors(term)[:-1]
            result = self.block(first, start, stop, 0, self.sizes[first.type.columns])
            if not _is_new(first):
                result = result.copy()  # it outlives its tile
            known = self._bits(first)
            for other in others:
                result = times(result, self._all(other), (known, self._bits(other)), self.cut)
                known = None
            self.strips[id(term)] = (term, result)
        return self.strips[id(term)][1]

    def _all(self, term: Term) -> Array:
        """A whole term, kept: a vector, or a matrix that is small."""
        if id(term) not in self.whole:
            count = self.sizes[term.type.rows]
            inner = self._beside()
            pieces = [
                inner.rows(term, start, min(start + TILE, count)).copy() for start in range(0, count, TILE)
            ]
            self.whole[id(term)] = (term, np.concatenate(pieces))
        return self.whole[id(term)][1]

    def _drawn(self, term: Variable, turned: bool, start: int, stop: int, left: int, right: int) -> Array:
        """A part of a variable, or of its transpose."""
        top, first = start - start % TILE, left - left % TILE
        if (top, first) != (start, left):
            return self._drawn(term, turned, top, stop, first, right)[start - top :, left - first :]
        if stop - start <= TILE and right - left <= TILE:
            if turned:
                return self._tile(term, left, start)[: right - left, : stop - start].T
            return self._tile(term, start, left)[: stop - start, : right - left]
        array = np.empty((stop - start, right - left))
        for top in range(start, stop, TILE):
            for first in range(left, right, TILE):
                below, beyond = min(top + TILE, stop), min(first + TILE, right)
                part = self._drawn(term, turned, top, below, first, beyond)
                array[top - start : below - start, first - left : beyond - left] = part
        return array

    def _bits(self, term: Term) -> int | None:
        """How many bits its entries have; None if that is not known."""
        if not isinstance(term, (Variable, terms.Transpose)):
            return None
        return THIN if min(self.sizes[term.type.rows], self.sizes[term.type.columns]) <= TILE else WIDE

    def _tile(self, term: Variable, top: int, left: int) -> Array:
        """A square of entries, uniform in [-1/2, 1/2). Always whole, so that they do not depend on what is
        asked of it."""
        rows, columns = self.sizes[term.type.rows], self.sizes[term.type.columns]
        shape = (min(TILE, rows - top), min(TILE, columns - left))
        place = (self.seed, term.name, top, left, shape)
        known = self.kept.tiles.get(place, self.tiles.get(place))
        if known is not None:
            return known
        spare = self.spare.pop() if self.spare and self.spare[-1].shape == shape else None
        drawn = np.empty(shape) if spare is None else spare
        # Half of a word is random enough for an entry, and words are what takes the time.
        words = self._random(
            f"{self.seed}\0{term.name}\0{top // TILE}\0{left // TILE}", (drawn.size + 1) // 2
        )
        bits = THIN if min(rows, columns) <= TILE else WIDE
        whole = words.view("<i4")[: drawn.size].reshape(shape) >> (WIDE - bits)
        np.multiply(whole, 2.0 ** -(bits + 1), out=drawn)
        if rows * columns > KEPT_ENTRIES or not self.kept.keep(place, drawn):
            self.tiles[place] = drawn
        return drawn

    def _random(self, seed: str, count: int) -> NDArray[np.uint64]:
        """Words of the fastest generator that NumPy has. Its state is set at once: to seed it takes as long
        as to draw 3,000 entries."""
        bits = np.random.SFC64(0) if self.bits is None else self.bits
        self.bits = bits
        state = np.frombuffer(shake_256(seed.encode()).digest(32), dtype="<u8").astype(np.uint64)
        inner: Any = {"state": state}
        bits.state = {"bit_generator": "SFC64", "state": inner, "has_uint32": 0, "uinteger": 0}
        words: NDArray[np.uint64] = bits.random_raw(count)
        return words.astype("<u8", copy=False)


def held(sides: Sequence[Term], sizes: Mapping[str, int]) -> None:
    """Raises Undecidable if the products in the terms would keep more entries than there is room for, or a
    variable would be drawn for minutes, before any of them is made: the right factors are kept whole, and a
    block of rows of the others."""

    def parts(term: Term) -> Sequence[Term]:
        factors = _factors(term)
        return factors if len(factors) > 1 else terms.parts(term)

    total = 0
    for term in terms.below(*sides, parts=parts):
        less, most = sorted((term.type.rows, term.type.columns), key=sizes.__getitem__)
        if -(-sizes[less] // TILE) * -(-sizes[most] // TILE) > MOST_TILES:
            raise Undecidable(f"{most} = {sizes[most]:,} takes minutes to evaluate")
        factors = _factors(term)
        # Of a product with a vector, A(Bx), the vectors alone are kept.
        vector = term.type.columns == ONE
        kept = [(factor.type.rows, ONE if vector else factor.type.columns) for factor in factors[1:]]
        strips = [] if vector else [(str(TILE), factor.type.columns) for factor in factors[:-1]]
        for names in (*kept, *strips):
            less, most = sorted(names, key=sizes.__getitem__)
            total += sizes[less] * sizes[most]
            if sizes[less] * sizes[most] > MOST_ENTRIES:
                size = f"{most} = {sizes[most]:,} is too large to keep in memory"
                room = f"up to {MOST_ENTRIES // sizes[less]:,} is evaluated"
                raise Undecidable(f"a product of two large matrices: {size}, {room}")
    if total > MOST_KEPT:
        raise Undecidable("its products take too much memory")


def _vector_products(term: Term) -> Iterator[Multiply]:
    """The products with a vector that a block of the term asks for."""
    match term:
        case Multiply(left, right) if left.type.is_scalar or right.type.is_scalar:
            yield from _vector_products(right if left.type.is_scalar else left)
        case Multiply() if term.type.columns == ONE:
            yield term
        case terms.Add() | terms.Entrywise():
            for part in terms.parts(term):
                yield from _vector_products(part)
        case terms.Divide(left):
            yield from _vector_products(left)
        case _:
            pass


def _is_new(term: Term) -> bool:
    """Whether its rows are an array that nothing else holds."""
    return isinstance(term, (terms.Add, Multiply, terms.Divide, terms.Entrywise))


def _factors(term: Term) -> list[Term]:
    """The matrices of a product of matrices, in order."""
    if isinstance(term, Multiply) and not (term.left.type.is_scalar or term.right.type.is_scalar):
        return [*_factors(term.left), *_factors(term.right)]
    return [term]


def _product(factors: Sequence[Term]) -> Term:
    if len(factors) == 1:
        return factors[0]
    result = factors[-1]
    for factor in reversed(factors[:-1]):
        result = Multiply(factor, result, terms.Type(factor.type.rows, result.type.columns))
    return result
