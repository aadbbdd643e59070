"""What is not a polynomial, norms, roots, ranks, inverses: in float64, at draws of the entries.

Every array is computed together with a bound of its error, entry by entry (running error analysis, Higham
2002, section 3.3). With unit roundoff u and γ(n) = n u / (1 - n u), a product over an inner dimension m is
off by at most |A| E_B + E_A |B| + E_A E_B + γ(m) |A| |B|, and likewise the rest; a norm of n entries by the
norm of their errors and γ(n + 2) of itself, for it is no longer than what changes it; singular values by
the norm of the error (Weyl) and p u of the largest, with p = 8 (m + n) for what LAPACK's rounding is
bounded by (LAPACK Users' Guide, section 4.9). The bounds are doubled for their own rounding.

Values are the same on every processor: products are those of `products`, and singular values, which LAPACK
computes, are rounded to 2^-30 of the largest, a part of their error. Bounds are rounded up to three digits,
which the order of a sum does not reach.

A rank counts the singular values that are certainly not 0; those that are not, lie below the bound and are
taken for 0. Dimensions are those of the figure, up to a cap: what they are is told.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import ROUND_UP, Context
from fractions import Fraction
from math import prod
from typing import TYPE_CHECKING

import numpy as np
from msgspec import Struct

from lorafig.core.functions import FUNCTIONS, OutOfDomain
from lorafig.hashes import shake_256
from lorafig.verify.decide.products import one_thread, times
from lorafig.verify.meaning import terms
from lorafig.verify.meaning.algebra import Algebra
from lorafig.verify.meaning.field import acting, composed, fitted, largest, named, ordered
from lorafig.verify.meaning.terms import Singular, Term, Undecidable

if TYPE_CHECKING:
    from lorafig.core.arrays import Array

UNIT = 2.0**-53
BITS = 20  # of an entry that is drawn, and a sign
SINGULAR = 2.0**-30  # what singular values are rounded to, as a part of the largest
DRAWS, DRAWS_OF_LARGE = 6, 2
LARGE = 2**16  # entries of a matrix: so many are as different from each other as several draws
LARGEST = 96  # of a dimension, where nothing is ranked
LARGEST_RANKED = 1_024
LARGEST_WHOLE = 4_096
LARGEST_FACTOR = 16  # of a dimension, where Kronecker products of larger ones have too many entries
MOST_ENTRIES = 2**20  # of a matrix
MOST_WORK = 2**32  # multiplications of entries, in all products
OPEN = (3, 5, 7, 11, 13, 17)  # of dimensions without a value: all different, the rank the smallest


class Distance(Struct, frozen=True):
    """How far the left side is above the right one at most and at least, over all draws and entries, with the
    bound of their error; `how` says at how many draws, and at what dimensions."""

    above: float
    below: float
    bound: float
    how: str

    @property
    def apart(self) -> float:
        return max(abs(self.above), abs(self.below))

    @property
    def within(self) -> bool:
        return self.apart <= self.bound


def compare(left: Term, right: Term, dimensions: Mapping[str, int | None], seed: str) -> Distance:
    """Two terms of one shape. Raises Undecidable for what cannot be computed."""
    sizes, where = sizes_of((left, right), dimensions)
    above, least, bound = float("-inf"), float("inf"), 0.0
    draws = DRAWS if largest((left, right), sizes) <= LARGE else DRAWS_OF_LARGE
    for draw in range(draws):
        values = _Values(sizes, f"{seed}\0{draw}")
        # Small matrices: several threads would only wait for each other.
        with one_thread():
            one, other = values.of(left), values.of(right)
        difference = one.value - other.value
        above = max(above, float(np.max(difference)))
        least = min(least, float(np.min(difference)))
        margin = 2 * (one.error + other.error) + 2 * UNIT * (np.abs(one.value) + np.abs(other.value))
        bound = max(bound, float(np.max(margin)))
    if not np.isfinite([above, least, bound]).all():
        raise Undecidable("its values are out of the range of float64")
    how = f"in float64 at {draws} draws of the entries" + (f", with {where}" if where else "")
    return Distance(above, least, _rounded_up(bound), how)


def _rounded_up(bound: float) -> float:
    return float(Context(prec=3, rounding=ROUND_UP).create_decimal(bound))


def sizes_of(sides: tuple[Term, ...], dimensions: Mapping[str, int | None]) -> tuple[dict[str, int], str]:
    """The sizes to compute at, and how to say so."""
    ranked = any(isinstance(part, terms.Function) and part.name == "rank" for part in terms.below(*sides))
    whole = any(acting(part) == "whole" for part in terms.applied(*sides))  # whose sizes belong together
    caps = (LARGEST_RANKED,) if ranked else (LARGEST_WHOLE,) if whole else (LARGEST, LARGEST_FACTOR)
    for most in caps:
        sizes, where = _capped(sides, dimensions, most, ranked)
        if largest(sides, sizes) <= MOST_ENTRIES and _multiplications(sides, sizes) <= MOST_WORK:
            return sizes, where
    raise Undecidable("it is too large for float64", "write smaller products, or fewer of them")


def _multiplications(sides: tuple[Term, ...], sizes: Mapping[str, int]) -> int:
    """How many of entries its products of matrices take."""

    def sized(*names: str) -> int:
        return prod(int(name) if name.isdecimal() else sizes.get(name, 1) for name in names)

    products = (part for part in terms.below(*sides) if isinstance(part, terms.Multiply))
    return sum(sized(*part.left.type.sizes, part.right.type.columns) for part in products)


def _capped(
    sides: tuple[Term, ...], dimensions: Mapping[str, int | None], most: int, ranked: bool
) -> tuple[dict[str, int], str]:
    names, products = named(sides)
    below = terms.below(*sides)
    numbers = {part.name for part in below if isinstance(part, terms.Variable) and part.type.is_scalar}
    fixed = {part.dimension for part in terms.below(*sides) if isinstance(part, terms.Slice)}
    sizes: dict[str, int] = {}
    told = []
    for place, name in enumerate(ordered(names | (numbers & dimensions.keys()))):
        value = dimensions.get(name)
        if value is None and name.isdecimal():
            value = int(name)
        if value is None:
            sizes[name] = OPEN[min(place, len(OPEN) - 1)] + max(0, place - len(OPEN) + 1)
        elif value <= most:
            sizes[name] = value
        elif name in fixed:
            raise Undecidable(f"{name} = {value:,} is too large for a sum over an index in float64")
        elif ranked:
            raise Undecidable(f"{name} = {value:,} is too large to rank", f"up to {most:,} is computed")
        else:
            sizes[name] = most + place  # different dimensions stay different
        if not name.isdecimal():
            told.append(f"{name} = {sizes[name]}")
    cut = [part for part in terms.below(*sides) if isinstance(part, terms.Cut)]
    return fitted(composed(sizes, products), cut, fixed), ", ".join(told)


class _Measured(Struct, frozen=True):
    """An array, and the bound of the error of each of its entries."""

    value: Array
    error: Array


class _Values(Algebra[_Measured]):
    def __init__(self, sizes: Mapping[str, int], seed: str) -> None:
        super().__init__()
        self.sizes, self.seed = sizes, seed
        self.drawn: dict[str, _Measured] = {}

    def constant(self, term: terms.Constant) -> _Measured:
        if term.value != 0 and not Fraction(1, 2**500) < abs(term.value) < 2**500:
            raise Undecidable("a number in it is out of the range of float64")
        array = np.array([[float(term.value)]])
        return _Measured(array, UNIT * np.abs(array))

    def zero(self, term: terms.Zero) -> _Measured:
        return _exactly(np.zeros((self.sizes[term.type.rows], self.sizes[term.type.columns])))

    def identity(self, term: terms.Identity) -> _Measured:
        return _exactly(np.eye(self.sizes[term.type.rows], self.sizes[term.type.columns]))

    def variable(self, term: terms.Variable) -> _Measured:
        """Entries from [-1, 1); a number that is a size is that, another one above 0."""
        if term.name not in self.drawn:
            self.drawn[term.name] = _exactly(self._draw(term))
        return self.drawn[term.name]

    def _draw(self, term: terms.Variable) -> Array:
        if term.type.is_scalar and term.name in self.sizes:
            return np.array([[float(self.sizes[term.name])]])
        seed = int.from_bytes(shake_256(f"{self.seed}\0{term.name}".encode()).digest(16), "big")
        generator = np.random.Generator(np.random.SFC64(seed))
        drawn = generator.random((self.sizes[term.type.rows], self.sizes[term.type.columns]))
        return drawn + 0.5 if term.type.is_scalar else np.floor(drawn * 2 ** (BITS + 1)) * 2.0**-BITS - 1

    def defined(self, term: terms.Defined, body: _Measured) -> _Measured:
        if body.value.shape[0] == self.sizes[term.type.rows]:
            return body
        return _Measured(body.value.T, body.error.T)

    def transpose(self, term: terms.Transpose, body: _Measured) -> _Measured:
        return _Measured(body.value.T, body.error.T)

    def sum(self, term: terms.Add, values: Sequence[_Measured]) -> _Measured:
        total = sum(sign * value.value for sign, value in zip(term.signs, values, strict=True))
        size = sum(np.abs(value.value) for value in values)
        errors = sum(value.error for value in values)
        return _Measured(np.asarray(total), np.asarray(errors + _gamma(len(values)) * size))

    def scaled(self, term: terms.Multiply, number: _Measured, value: _Measured) -> _Measured:
        return _by_entries(number, value)

    def product(self, term: terms.Multiply, left: _Measured, right: _Measured) -> _Measured:
        one, two = np.abs(left.value), np.abs(right.value)
        error = one @ right.error + left.error @ two + left.error @ right.error
        bits = [BITS if isinstance(side, terms.Variable) else None for side in (term.left, term.right)]
        value = times(left.value, right.value, (bits[0], bits[1]))
        return _Measured(value, error + _gamma(one.shape[1]) * (one @ two))

    def entrywise(self, term: terms.Entrywise, left: _Measured, right: _Measured) -> _Measured:
        return _by_entries(left, right)

    def kronecker(self, term: terms.Kronecker, left: _Measured, right: _Measured) -> _Measured:
        error = np.kron(np.abs(left.value), right.error) + np.kron(
            left.error, np.abs(right.value) + right.error
        )
        product: Array = np.asarray(np.kron(left.value, right.value), dtype=np.float64)
        return _Measured(product, error + UNIT * np.abs(product))

    def quotient(self, term: terms.Divide, left: _Measured, right: _Measured) -> _Measured:
        return _divided(left, right)

    def quotients(self, term: terms.Quotients, left: _Measured, right: _Measured) -> _Measured:
        return _divided(left, right)

    def diagonal(self, term: terms.Diagonal, body: _Measured) -> _Measured:
        return _Measured(np.diag(body.value.ravel()), np.diag(body.error.ravel()))

    def spread(self, term: terms.Spread, body: _Measured) -> _Measured:
        shape = (self.sizes[term.type.rows], self.sizes[term.type.columns])
        return _Measured(*(np.broadcast_to(array.ravel(), shape) for array in (body.value, body.error)))

    def slice(self, term: terms.Slice, body: _Measured) -> _Measured:
        at = term.index - 1
        arrays = (body.value, body.error)
        if term.axis == "rows":
            return _Measured(*(array[at, :][:, None] for array in arrays))
        return _Measured(*(array[:, at][:, None] for array in arrays))

    def cut(self, term: terms.Cut, body: _Measured) -> _Measured:
        start = sum(map(self.sizes.__getitem__, term.after))
        own = slice(start, start + self.sizes[term.extent])
        place = own if term.axis == "rows" else (slice(None), own)
        return _Measured(body.value[place], body.error[place])

    def inverse(self, term: terms.Inverse, body: _Measured) -> _Measured:
        return _Measured(*_inverted(body.value, body.error))

    def extreme(self, term: terms.Extreme, values: Sequence[_Measured]) -> _Measured:
        choose = min if term.of == "min" else max
        chosen = choose(float(value.value[0, 0]) for value in values)
        return _Measured(
            np.array([[chosen]]), np.array([[max(float(value.error[0, 0]) for value in values)]])
        )

    def applied(self, term: terms.Applied, values: Sequence[_Measured]) -> _Measured:
        if term.known != "core":
            raise Undecidable(f"nothing is known of {term.name} but that it is a function")
        row = FUNCTIONS[term.name]
        assert row.evaluate is not None
        turned = acting(term) == "columns" and term.by == "rows"
        sides = [side.T if turned else side for value in values for side in (value.value, value.error)]
        try:
            pair = row.evaluate(*sides)
        except OutOfDomain as doubt:
            raise Undecidable(f"{term.name}: {doubt}") from None
        value, error = (side.T if turned else side for side in pair)
        shape = (self.sizes[term.type.rows], self.sizes[term.type.columns])
        if value.size != shape[0] * shape[1]:
            raise Undecidable(f"the parts of {term.name} are too large to be computed")
        if value.shape != shape:
            value, error = (side.reshape(shape, order="F") for side in (value, error))
        return _Measured(value, error)

    def function(self, term: terms.Function, body: _Measured) -> _Measured:
        return _Measured(*_function(term.name, body.value, body.error))


def _gamma(n: int) -> float:
    return n * UNIT / (1 - n * UNIT)


def _exactly(array: Array) -> _Measured:
    return _Measured(array, np.zeros_like(array))


def _by_entries(one: _Measured, two: _Measured) -> _Measured:
    value: Array = one.value * two.value
    error: Array = np.abs(one.value) * two.error + one.error * np.abs(two.value)
    return _Measured(value, error + one.error * two.error + UNIT * np.abs(value))


def _divided(one: _Measured, two: _Measured) -> _Measured:
    """|a/b − a'/b'| is at most (E_a + |a/b| E_b) / (|b| − E_b)."""
    least = np.abs(two.value) - two.error
    if not np.all(least > 0):
        raise Undecidable("it divides by what may be zero")
    value: Array = one.value / two.value
    error: Array = (one.error + np.abs(value) * two.error) / least + UNIT * np.abs(value)
    return _Measured(value, error)


def _inverted(value: Array, error: Array) -> tuple[Array, Array]:
    """With R the computed inverse and ‖I − R A‖ ≤ e < 1 over all A within the error, the inverse is off by
    at most e / (1 − e) ‖R‖ (Higham 2002, section 14.1), here in the norm of Frobenius."""
    n = value.shape[0]
    rows = np.hstack([value, np.eye(n)])
    for i in range(n):  # Gauss and Jordan
        pivot = i + int(np.argmax(np.abs(rows[i:, i])))
        if rows[pivot, i] == 0:
            raise Singular("a matrix in it has no inverse", "its rank is too low")
        rows[[i, pivot]] = rows[[pivot, i]]
        rows[i] /= rows[i, i]
        factors = rows[:, i : i + 1].copy()
        factors[i] = 0
        rows -= factors * rows[i]
    inverse: Array = rows[:, n:]
    rest = np.abs(np.eye(n) - times(inverse, value)) + np.abs(inverse) @ error
    rest += _gamma(n + 1) * (np.abs(inverse) @ np.abs(value))
    e = float(np.linalg.norm(rest))
    if not e < 0.5:
        raise Undecidable("a matrix in it has no inverse that float64 can tell", "its rank is too low")
    return inverse, np.full_like(inverse, 2 * e / (1 - e) * _length(inverse))


def _length(array: Array) -> float:
    return float(np.sqrt(np.sum(array * array)))


def _function(name: str, value: Array, error: Array) -> tuple[Array, Array]:
    if name in ("floor", "ceiling"):
        raise Undecidable(f"the {name} of what has no value cannot be computed")
    if name == "sqrt":
        if not np.all(value - error > 0):
            raise Undecidable("it takes the root of what may be 0 or less")
        result: Array = np.sqrt(value)
        return result, error / np.sqrt(value - error) + UNIT * result
    if name == "trace":
        total, size = np.trace(value), np.trace(np.abs(value))
        return np.array([[total]]), np.array([[np.trace(error) + _gamma(len(value)) * size]])
    if name == "columns":
        norms = np.sqrt(np.sum(value * value, axis=0))[:, None]
        errors = np.sqrt(np.sum(error * error, axis=0))[:, None]
        return norms, errors + _gamma(value.shape[0] + 2) * norms
    off = float(np.linalg.norm(error))
    if name == "frobenius":
        norm = _length(value)
        return np.array([[norm]]), np.array([[off + _gamma(value.size + 2) * norm]])
    singular = np.linalg.svd(value, compute_uv=False)
    limit = off + 8 * sum(value.shape) * UNIT * float(singular[0])
    grid = np.exp2(np.ceil(np.log2(max(float(singular[0]), np.finfo(float).tiny)))) * SINGULAR
    if name == "rank":
        # A singular value that is not 0 is far from the bound, or nobody can tell.
        doubtful = np.count_nonzero((singular > limit) & (singular < 1e3 * limit))
        if doubtful:
            raise Undecidable(f"{doubtful} singular values are too small to tell from 0 in float64")
        return np.array([[float(np.count_nonzero(singular > limit))]]), np.zeros((1, 1))
    singular, limit = np.round(singular / grid) * grid, limit + float(grid)
    if name == "nuclear":
        total = float(np.sum(singular))
        return np.array([[total]]), np.array([[len(singular) * limit + _gamma(len(singular)) * total]])
    return np.array([[float(singular[0])]]), np.array([[limit]])
