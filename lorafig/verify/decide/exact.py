"""Whether two terms are the same, decided over a prime field.

Both sides are rational functions of their entries with integer coefficients. At entries drawn
uniformly from GF(p), a difference that is not zero modulo p vanishes with a probability of at most
D / p, where D is the degree of its numerator (Schwartz 1980, Zippel 1979). It is zero modulo p without
being zero only if p divides all its coefficients; so p is chosen above their sum, which is bounded
along with D. A true identity is never refused.

What is the same for every function that a norm or a root could be (see `field`) is the same. If it is not,
the sides may still be equal, and `sampled` decides.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import lgamma, log, log2

from msgspec import Struct
from msgspec.structs import replace

from lorafig.verify.meaning import terms
from lorafig.verify.meaning.algebra import Algebra
from lorafig.verify.meaning.field import MERSENNE, Dimensions, Field, largest
from lorafig.verify.meaning.terms import Term, Undecidable

MOST_ENTRIES = 2**16  # of a matrix; dimensions are small here, and products of them, ⊗, are not
ACCEPT = 60  # a false identity is taken for true with a probability below 2 to minus this


class Outcome(Struct, frozen=True):
    """`error` bounds the probability of taking two different terms for the same: 2 to minus this."""

    equal: bool
    error: float


class Comparer:
    """Decides whether terms are the same, pair after pair: what they share is evaluated once."""

    def __init__(self, seed: str) -> None:
        self.seed = seed
        self.dimensions = Dimensions()
        self.sizes: dict[str, int] = {}
        self.bound = _Bound({})
        self.fields: dict[int, Field] = {}

    def same(self, left: Term, right: Term) -> Outcome:
        self.dimensions.add(left, right)
        sizes = self.dimensions.sizes()
        if sizes != self.sizes:
            self.sizes, self.bound, self.fields = sizes, _Bound(sizes), {}
        if max(sizes.values()) ** 2 > MOST_ENTRIES and largest((left, right), sizes) > MOST_ENTRIES:
            raise Undecidable("a matrix in it is too large to be decided", "write fewer factors of ⊗")
        exponent, error = _room(self.bound, left, right)
        field = self.fields.get(exponent)
        if field is None:
            field = self.fields[exponent] = Field((1 << exponent) - 1, sizes, self.seed)
        return Outcome(field.of(left) == field.of(right), error)


def same(left: Term, right: Term, seed: str) -> Outcome:
    """Whether two terms of one shape are the same.

    Raises Undecidable for what is not a rational function, or of a size beyond the largest prime.
    """
    return Comparer(seed).same(left, right)


def settled_apart(left: Term, right: Term, seed: str) -> bool:
    """Whether two terms that are not the same differ whatever the functions are of which nothing is known: by
    the same, with functions of one kind and with those of another."""
    dimensions = Dimensions(left, right)
    sizes = dimensions.sizes()
    exponent, _ = _room(_Bound(sizes), left, right)
    p, differences = (1 << exponent) - 1, []
    for functions in ("one", "other"):
        field = Field(p, sizes, seed, functions)
        pairs = zip(field.of(left), field.of(right), strict=True)
        differences.append([(a - b) % p for row, more in pairs for a, b in zip(row, more, strict=True)])
    return differences[0] == differences[1] and any(differences[0])


def _room(bound: _Bound, left: Term, right: Term) -> tuple[int, float]:
    """The exponent of the least prime at which two terms can be told apart, and the error there."""
    difference = _added(bound.of(left), bound.of(right))
    degree = log2(max(difference.degree, 1))
    for exponent in MERSENNE:
        if difference.coefficients < exponent - 1 and degree < exponent - 1 - ACCEPT:
            return exponent, exponent - 1 - degree
    raise _too_large()


def _too_large() -> Undecidable:
    what = "its degree or its numbers are too large to be decided"
    return Undecidable(what, "write smaller powers and numbers")


# Degrees and coefficients ---------------------------------------------------------------------


class _Size(Struct, frozen=True, gc=False):
    """Of a quotient of polynomials with integer coefficients, each entry of a matrix: the larger degree,
    and log2 of a bound of the sums of absolute coefficients, above and below."""

    degree: int
    coefficients: float
    below_degree: int = 0
    below: float = 0.0


def _added(one: _Size, other: _Size) -> _Size:
    """a/b + c/d = (ad + cb) / bd."""
    return _Size(
        max(one.degree + other.below_degree, other.degree + one.below_degree),
        max(one.coefficients + other.below, other.coefficients + one.below) + 1,
        one.below_degree + other.below_degree,
        one.below + other.below,
    )


def _multiplied(one: _Size, other: _Size, inner: int = 1) -> _Size:
    """The entries of a sum over the inner dimension have one denominator: that of numbers alone, for no entry
    of a matrix stands below a line."""
    return _checked(
        one.degree + other.degree,
        one.coefficients + other.coefficients + log2(inner),
        one.below_degree + other.below_degree,
        one.below + other.below,
    )


def _checked(degree: int, coefficients: float, below_degree: int, below: float) -> _Size:
    if degree + below_degree > 1 << 4_096 or coefficients + below > MERSENNE[-1]:
        raise _too_large()
    return _Size(degree, coefficients, below_degree, below)


class _Bound(Algebra[_Size]):
    def __init__(self, sizes: Mapping[str, int]) -> None:
        super().__init__()
        self.sizes = sizes

    def constant(self, term: terms.Constant) -> _Size:
        value = term.value
        below = value.denominator.bit_length() if value.denominator != 1 else 0
        return _Size(0, float(value.numerator.bit_length()), 0, float(below))

    def zero(self, term: terms.Zero) -> _Size:
        return _Size(0, 0.0)

    def variable(self, term: terms.Variable) -> _Size:
        return _Size(1, 0.0)

    def identity(self, term: terms.Identity) -> _Size:
        return _Size(0, 0.0)

    def transpose(self, term: terms.Transpose, body: _Size) -> _Size:
        return body

    def sum(self, term: terms.Add, values: Sequence[_Size]) -> _Size:
        # Pair by pair: one after the other, each of many terms would cost a bit of the bound.
        sizes = list(values)
        while len(sizes) > 1:
            pairs = [_added(a, b) for a, b in zip(sizes[::2], sizes[1::2], strict=False)]
            sizes = pairs + sizes[len(pairs) * 2 :]
        total = sizes[0]
        return _checked(total.degree, total.coefficients, total.below_degree, total.below)

    def scaled(self, term: terms.Multiply, number: _Size, value: _Size) -> _Size:
        return _multiplied(number, value)

    def product(self, term: terms.Multiply, left: _Size, right: _Size) -> _Size:
        return _multiplied(left, right, self.sizes[term.left.type.columns])

    def entrywise(self, term: terms.Entrywise, left: _Size, right: _Size) -> _Size:
        return _multiplied(left, right)

    def kronecker(self, term: terms.Kronecker, left: _Size, right: _Size) -> _Size:
        return _multiplied(left, right)

    def quotient(self, term: terms.Divide, left: _Size, right: _Size) -> _Size:
        return _multiplied(left, _Size(right.below_degree, right.below, right.degree, right.coefficients))

    def quotients(self, term: terms.Quotients, left: _Size, right: _Size) -> _Size:
        # One denominator for all: the product of all that divides.
        count = self.sizes[term.type.rows] * self.sizes[term.type.columns]
        turned = _Size(
            right.below_degree + (count - 1) * right.degree,
            right.below + (count - 1) * right.coefficients,
            count * right.degree,
            count * right.coefficients,
        )
        return _multiplied(left, turned)

    def diagonal(self, term: terms.Diagonal, body: _Size) -> _Size:
        return body

    def spread(self, term: terms.Spread, body: _Size) -> _Size:
        return body

    def slice(self, term: terms.Slice, body: _Size) -> _Size:
        return body

    def cut(self, term: terms.Cut, body: _Size) -> _Size:
        return body

    def inverse(self, term: terms.Inverse, body: _Size) -> _Size:
        # The adjugate over the determinant.
        n = self.sizes[term.type.rows]
        return _checked(
            body.below_degree + (n - 1) * body.degree,
            body.below + (n - 1) * body.coefficients + lgamma(n) / log(2),
            n * body.degree,
            n * body.coefficients + lgamma(n + 1) / log(2),
        )

    def function(self, term: terms.Function, body: _Size) -> _Size:
        if term.name == "trace":
            return replace(body, coefficients=body.coefficients + log2(self.sizes[term.body.type.rows]))
        return _Size(1, 0.0)

    def applied(self, term: terms.Applied, values: Sequence[_Size]) -> _Size:
        # Its entries are free; two of them are the same only where the arguments are.
        return _checked(
            1 + 2 * sum(value.degree + value.below_degree for value in values),
            1 + 2 * sum(value.coefficients + value.below for value in values),
            0,
            0.0,
        )

    def extreme(self, term: terms.Extreme, values: Sequence[_Size]) -> _Size:
        raise Undecidable(f"{term.of} of symbols without a value", "give these symbols values")
