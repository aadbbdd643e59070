"""What is no polynomial, norms, roots, ranks, inverses: in float64, at draws of the entries.

Every array is computed together with a bound of its error, entry by entry (running error analysis, Higham
2002, section 3.3). With unit roundoff u and γ(n) = n u / (1 - n u), a product over an inner dimension m is
off by at most |A| E_B + E_A |B| + E_A E_B + γ(m) |A| |B|, and likewise the rest; a norm of n entries by the
norm of their errors and γ(n + 2) of itself, for it is no longer than what changes it; singular values by
the norm of the error (Weyl) and p u of the largest, with p = 8 (m + n) for what LAPACK's rounding is
bounded by (LAPACK Users' Guide, section 4.9). The bounds are doubled for their own rounding.

A rank counts the singular values that are certainly not 0; those that are not, lie below the bound and are
taken for 0. Dimensions are those of the figure, up to a cap: what they are is told.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, TypeAlias

from lorafig.verify.decide.blocks import one_thread
from lorafig.verify.decide.exact import RANK
from lorafig.verify.meaning.terms import (
    ONE,
    TIMES,
    Add,
    Constant,
    Defined,
    Diagonal,
    Divide,
    Entrywise,
    Extreme,
    Function,
    Identity,
    Inverse,
    Kronecker,
    Multiply,
    Quotients,
    Singular,
    Spread,
    Term,
    Transpose,
    Undecidable,
    Variable,
    Zero,
    below,
)

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Array: TypeAlias = NDArray[np.float64]

UNIT = 2.0**-53
DRAWS = 6
LARGEST = 96  # of a dimension, where nothing is ranked
LARGEST_RANKED = 1_024
OPEN = (3, 5, 7, 11, 13, 17)  # of dimensions without a value: all different, the rank the smallest


@dataclass(frozen=True, slots=True)
class Found:
    """How far the left side is above the right one at most and at least, over all draws and entries, with the
    bound of their error; `where` says at what dimensions."""

    above: float
    below: float
    bound: float
    where: str


def compare(left: Term, right: Term, dimensions: Mapping[str, int | None], seed: str) -> Found:
    """Two terms of one shape. Raises Undecidable for what cannot be computed."""
    import numpy as np

    sizes, where = sizes_of((left, right), dimensions)
    above, least, bound = float("-inf"), float("inf"), 0.0
    for draw in range(DRAWS):
        values = _Values(sizes, f"{seed}\0{draw}", dimensions)
        # Small matrices: several threads would only wait for each other.
        with one_thread():
            one, error = values.of(left)
            other, other_error = values.of(right)
        difference = one - other
        above = max(above, float(np.max(difference)))
        least = min(least, float(np.min(difference)))
        margin = 2 * (error + other_error) + 2 * UNIT * (np.abs(one) + np.abs(other))
        bound = max(bound, float(np.max(margin)))
    if not np.isfinite([above, least, bound]).all():
        raise Undecidable("its values are out of the range of float64")
    return Found(above, least, bound, where)


def sizes_of(terms: tuple[Term, ...], dimensions: Mapping[str, int | None]) -> tuple[dict[str, int], str]:
    """The sizes to compute at, and how to say so."""
    names: set[str] = set()
    products: dict[str, tuple[str, str]] = {}
    ranked = False
    for term in below(*terms):
        names |= {term.type.rows, term.type.columns}
        ranked = ranked or (isinstance(term, Function) and term.name == "rank")
        if isinstance(term, Variable) and term.type.is_scalar and term.name in dimensions:
            names.add(term.name)
        if isinstance(term, Kronecker):
            for whole, one, other in (
                (term.type.rows, term.left.type.rows, term.right.type.rows),
                (term.type.columns, term.left.type.columns, term.right.type.columns),
            ):
                if whole not in (one, other):
                    products[whole] = (one, other)
    simple = sorted(names - {ONE} - set(products), key=lambda name: (name != RANK, name))
    largest = LARGEST_RANKED if ranked else LARGEST
    sizes, told = {ONE: 1}, []
    for place, name in enumerate(simple):
        value = dimensions.get(name)
        if value is None and name.isdecimal():
            value = int(name)
        if value is None:
            sizes[name] = OPEN[min(place, len(OPEN) - 1)] + max(0, place - len(OPEN) + 1)
        elif value <= largest:
            sizes[name] = value
        elif ranked:
            raise Undecidable(f"{name} = {value:,} is too large to rank", f"up to {largest:,} is computed")
        else:
            sizes[name] = largest + place  # different dimensions stay different
        told.append(f"{name} = {sizes[name]}")
    for _ in range(len(products)):
        for whole, (one, other) in products.items():
            if one in sizes and other in sizes:
                sizes[whole] = sizes[one] * sizes[other]
    for name in names:
        if name not in sizes:
            parts = name.split(TIMES)
            if not all(part in sizes for part in parts):
                raise Undecidable(f"the size of {name} is not known")
            size = 1
            for part in parts:
                size *= sizes[part]
            sizes[name] = size
    return sizes, ", ".join(told)


class _Values:
    """Terms as arrays with bounds of their errors."""

    def __init__(self, sizes: Mapping[str, int], seed: str, dimensions: Mapping[str, int | None]) -> None:
        self.sizes, self.seed, self.dimensions = sizes, seed, dimensions
        self.known: dict[int, tuple[Array, Array]] = {}
        self.drawn: dict[str, Array] = {}

    def of(self, term: Term) -> tuple[Array, Array]:
        found = self.known.get(id(term))
        if found is None:
            found = self.known[id(term)] = self._of(term)
        return found

    def _of(self, term: Term) -> tuple[Array, Array]:
        import numpy as np

        match term:
            case Constant(exact):
                if exact != 0 and not Fraction(1, 2**500) < abs(exact) < 2**500:
                    raise Undecidable("a number in it is out of the range of float64")
                array = np.array([[float(exact)]])
                return array, UNIT * np.abs(array)
            case Zero(kind):
                array = np.zeros((self.sizes[kind.rows], self.sizes[kind.columns]))
                return array, array
            case Identity(kind):
                return _exactly(np.eye(self.sizes[kind.rows]))
            case Variable():
                return _exactly(self._draw(term))
            case Defined(body=body):
                value, error = self.of(body)
                rows = self.sizes[term.type.rows]
                return (value, error) if value.shape[0] == rows else (value.T, error.T)
            case Transpose(body=body):
                value, error = self.of(body)
                return value.T, error.T
            case Add(terms=terms, signs=signs):
                values = [self.of(one) for one in terms]
                total = sum(sign * value for sign, (value, _) in zip(signs, values, strict=True))
                size = sum(np.abs(value) for value, _ in values)
                errors = sum(error for _, error in values)
                return np.asarray(total), np.asarray(errors + _gamma(len(terms)) * size)
            case Multiply(left, right):
                (one, of_one), (two, of_two) = self.of(left), self.of(right)
                if left.type.is_scalar or right.type.is_scalar:
                    return _by_entries(one, of_one, two, of_two)
                size = np.abs(one) @ np.abs(two)
                error = np.abs(one) @ of_two + of_one @ np.abs(two) + of_one @ of_two
                return one @ two, error + _gamma(one.shape[1]) * size
            case Entrywise(left, right):
                return _by_entries(*self.of(left), *self.of(right))
            case Kronecker(left, right):
                (one, of_one), (two, of_two) = self.of(left), self.of(right)
                error = np.kron(np.abs(one), of_two) + np.kron(of_one, np.abs(two) + of_two)
                product: Array = np.asarray(np.kron(one, two), dtype=np.float64)
                return product, error + UNIT * np.abs(product)
            case Divide(left, right) | Quotients(left, right):
                return _divided(*self.of(left), *self.of(right))
            case Diagonal(body=body):
                value, error = self.of(body)
                return np.diag(value.ravel()), np.diag(error.ravel())
            case Spread(body=body, type=kind):
                value, error = self.of(body)
                shape = (self.sizes[kind.rows], self.sizes[kind.columns])
                return np.broadcast_to(value.ravel(), shape), np.broadcast_to(error.ravel(), shape)
            case Inverse(body=body):
                return _inverted(*self.of(body))
            case Extreme(of=which, terms=terms):
                values = [self.of(one) for one in terms]
                choose = min if which == "min" else max
                chosen = choose(float(value[0, 0]) for value, _ in values)
                return np.array([[chosen]]), np.array([[max(float(error[0, 0]) for _, error in values)]])
            case Function(name, body):
                return _function(name, *self.of(body))

    def _draw(self, term: Variable) -> Array:
        """Entries from [-1, 1); a number that is a size is that, another one above 0."""
        from hashlib import shake_256

        import numpy as np

        found = self.drawn.get(term.name)
        if found is None:
            if term.type.is_scalar and term.name in self.sizes:
                found = np.array([[float(self.sizes[term.name])]])
            else:
                seed = int.from_bytes(shake_256(f"{self.seed}\0{term.name}".encode()).digest(16), "big")
                generator = np.random.Generator(np.random.SFC64(seed))
                shape = (self.sizes[term.type.rows], self.sizes[term.type.columns])
                found = (
                    generator.random(shape) + 0.5 if term.type.is_scalar else 2 * generator.random(shape) - 1
                )
            self.drawn[term.name] = found
        return found


def _gamma(n: int) -> float:
    return n * UNIT / (1 - n * UNIT)


def _exactly(array: Array) -> tuple[Array, Array]:
    import numpy as np

    return array, np.zeros_like(array)


def _by_entries(one: Array, of_one: Array, two: Array, of_two: Array) -> tuple[Array, Array]:
    import numpy as np

    value: Array = one * two
    error: Array = np.abs(one) * of_two + of_one * np.abs(two) + of_one * of_two + UNIT * np.abs(value)
    return value, error


def _divided(one: Array, of_one: Array, two: Array, of_two: Array) -> tuple[Array, Array]:
    """|a/b − a'/b'| is at most (E_a + |a/b| E_b) / (|b| − E_b)."""
    import numpy as np

    least = np.abs(two) - of_two
    if not np.all(least > 0):
        raise Undecidable("it divides by what may be zero")
    value: Array = one / two
    error: Array = (of_one + np.abs(value) * of_two) / least + UNIT * np.abs(value)
    return value, error


def _inverted(value: Array, error: Array) -> tuple[Array, Array]:
    """With R the computed inverse and ‖I − R A‖ ≤ e < 1 over all A within the error, the inverse is off by
    at most e / (1 − e) ‖R‖ (Higham 2002, section 14.1), here in the norm of Frobenius."""
    import numpy as np

    try:
        found: Array = np.asarray(np.linalg.inv(value), dtype=np.float64)
    except np.linalg.LinAlgError:
        raise Singular("a matrix in it has no inverse", "its rank is too low") from None
    n = value.shape[0]
    rest = np.abs(np.eye(n) - found @ value) + np.abs(found) @ error
    rest += _gamma(n + 1) * (np.abs(found) @ np.abs(value))
    e = float(np.linalg.norm(rest))
    if not e < 0.5:
        raise Undecidable("a matrix in it has no inverse that float64 can tell", "its rank is too low")
    return found, np.full_like(found, 2 * e / (1 - e) * float(np.linalg.norm(found)))


def _function(name: str, value: Array, error: Array) -> tuple[Array, Array]:
    import numpy as np

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
        norm = float(np.linalg.norm(value))
        return np.array([[norm]]), np.array([[off + _gamma(value.size + 2) * norm]])
    singular = np.linalg.svd(value, compute_uv=False)
    limit = off + 8 * sum(value.shape) * UNIT * float(singular[0])
    if name == "rank":
        # A singular value that is not 0 is far from the bound, or nobody can tell.
        doubtful = np.count_nonzero((singular > limit) & (singular < 1e3 * limit))
        if doubtful:
            raise Undecidable(f"{doubtful} singular values are too small to tell from 0 in float64")
        return _exactly(np.array([[float(np.count_nonzero(singular > limit))]]))
    if name == "nuclear":
        total = float(np.sum(singular))
        return np.array([[total]]), np.array([[len(singular) * limit + _gamma(len(singular)) * total]])
    return np.array([[float(singular[0])]]), np.array([[limit]])
