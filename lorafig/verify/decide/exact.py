"""Whether two terms are the same, decided over a prime field.

Both sides are rational functions of their entries with integer coefficients. At entries drawn
uniformly from GF(p), a difference that is not zero modulo p vanishes with a probability of at most
D / p, where D is the degree of its numerator (Schwartz 1980, Zippel 1979). It is zero modulo p without
being zero only if p divides all its coefficients; so p is chosen above their sum, which is bounded
along with D. A true identity is never refused. The entries come from SHAKE-256 of the claim, at small
dimensions that are different for different names.

What is no polynomial, a norm or a root, stands in it as a function of which nothing is known but that
equal arguments have equal values: what is the same for every such function is the same. Where it is not,
the sides may still be equal, and `sampled` decides.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import shake_256
from math import lgamma, log, log2

from lorafig.verify.meaning.terms import (
    ONE,
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

MERSENNE = (127, 521, 1279, 4423)  # exponents e of primes 2^e - 1
RANK = "r"  # the dimension that is small
ACCEPT = 60  # a false identity is taken for true with a probability below 2 to minus this

Matrix = list[list[int]]


@dataclass(frozen=True, slots=True)
class Outcome:
    """`error` bounds the probability of taking two different terms for the same: 2 to minus this."""

    equal: bool
    error: float


def sizes_of(terms: Sequence[Term]) -> dict[str, int]:
    """A small size for each dimension: 2, 3, 4, … in the order of their names, the rank first, and of a
    Kronecker product what its factors make."""
    simple, products = named(terms)
    ordered = sorted(simple, key=lambda name: (name != RANK, name))
    return composed({name: size for size, name in enumerate(ordered, 2)}, products)


def named(terms: Sequence[Term]) -> tuple[frozenset[str], dict[str, tuple[str, str]]]:
    """The dimensions, and those that a Kronecker product makes, with their factors."""
    names: set[str] = set()
    products: dict[str, tuple[str, str]] = {}
    for term in below(*terms):
        names |= {term.type.rows, term.type.columns}
        if isinstance(term, Kronecker):
            for whole, *sides in (
                (term.type.rows, term.left.type.rows, term.right.type.rows),
                (term.type.columns, term.left.type.columns, term.right.type.columns),
            ):
                known = products.setdefault(whole, (sides[0], sides[1])) if whole not in sides else sides
                if sorted(known) != sorted(sides):
                    raise Undecidable(f"{whole} is split up in two ways")
    return frozenset(names - {ONE} - set(products)), products


def composed(simple: Mapping[str, int], products: Mapping[str, tuple[str, str]]) -> dict[str, int]:
    """All sizes, with those of the products."""
    sizes = {ONE: 1} | dict(simple)
    left = dict(products)
    while left:
        known = [whole for whole, sides in left.items() if all(side in sizes for side in sides)]
        if not known:
            raise Undecidable("a Kronecker product of what is its own factor")
        for whole in known:
            one, other = left.pop(whole)
            sizes[whole] = sizes[one] * sizes[other]
    return sizes


def same(left: Term, right: Term, seed: str) -> Outcome:
    """Whether two terms of one shape are the same.

    Raises Undecidable for what is no rational function, or of a size beyond the largest prime.
    """
    sizes = sizes_of((left, right))
    bound = _Bound(sizes)
    one, other = bound.of(left), bound.of(right)
    difference = _added(one, other)
    degree, coefficients = max(difference.degree, 1), difference.coefficients
    for exponent in MERSENNE:
        if coefficients < exponent - 1 and log2(degree) < exponent - 1 - ACCEPT:
            field = Field((1 << exponent) - 1, sizes, seed)
            equal = field.of(left) == field.of(right)
            return Outcome(equal, exponent - 1 - log2(degree))
    raise Undecidable(
        "its degree or its numbers are too large to be decided", "write smaller powers and numbers"
    )


# Degrees and coefficients ---------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Size:
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


class _Bound:
    """Every term is measured once: a chain of definitions may be exponentially long when written out."""

    def __init__(self, sizes: dict[str, int]) -> None:
        self.sizes = sizes
        self.known: dict[int, _Size] = {}

    def of(self, term: Term) -> _Size:
        found = self.known.get(id(term))
        if found is None:
            found = self.known[id(term)] = self._of(term)
        return found

    def _of(self, term: Term) -> _Size:
        match term:
            case Constant(value):
                top, bottom = value.numerator.bit_length(), value.denominator.bit_length()
                return _Size(0, float(top), 0, float(bottom if value.denominator != 1 else 0))
            case Zero():
                return _Size(0, 0.0)
            case Variable():
                return _Size(1, 0.0)
            case Defined(body=body) | Transpose(body=body):
                return self.of(body)
            case Add(terms=terms):
                # Pair by pair: one after the other, each of many terms would cost a bit of the bound.
                sizes = [self.of(one) for one in terms]
                while len(sizes) > 1:
                    pairs = [_added(a, b) for a, b in zip(sizes[::2], sizes[1::2], strict=False)]
                    sizes = pairs + sizes[len(pairs) * 2 :]
                return _checked(sizes[0])
            case Multiply(left, right) | Entrywise(left, right):
                one, two = self.of(left), self.of(right)
                inner = 1
                if not (left.type.is_scalar or right.type.is_scalar or isinstance(term, Entrywise)):
                    inner = self.sizes[left.type.columns]
                # The entries of a sum over the inner dimension have one denominator: that of numbers alone,
                # for no entry of a matrix stands below a line.
                return _checked(
                    _Size(
                        one.degree + two.degree,
                        one.coefficients + two.coefficients + log2(inner),
                        one.below_degree + two.below_degree,
                        one.below + two.below,
                    )
                )
            case Divide(left, right):
                one, two = self.of(left), self.of(right)
                return _checked(
                    _Size(
                        one.degree + two.below_degree,
                        one.coefficients + two.below,
                        one.below_degree + two.degree,
                        one.below + two.coefficients,
                    )
                )
            case Kronecker(left, right):
                one, two = self.of(left), self.of(right)
                return _checked(_multiplied(one, two))
            case Identity():
                return _Size(0, 0.0)
            case Diagonal(body=body) | Spread(body=body):
                return self.of(body)
            case Quotients(left, right):
                # One denominator for all: the product of all that divides.
                one, two = self.of(left), self.of(right)
                count = self.sizes[term.type.rows] * self.sizes[term.type.columns]
                turned = _Size(
                    two.below_degree + (count - 1) * two.degree,
                    two.below + (count - 1) * two.coefficients,
                    count * two.degree,
                    count * two.coefficients,
                )
                return _checked(_multiplied(one, turned))
            case Inverse(body=body):
                # The adjugate over the determinant.
                one, n = self.of(body), self.sizes[term.type.rows]
                return _checked(
                    _Size(
                        one.below_degree + (n - 1) * one.degree,
                        one.below + (n - 1) * one.coefficients + lgamma(n) / log(2),
                        n * one.degree,
                        n * one.coefficients + lgamma(n + 1) / log(2),
                    )
                )
            case Function("trace", body):
                one = self.of(body)
                return replace(one, coefficients=one.coefficients + log2(self.sizes[body.type.rows]))
            case Function(body=body):
                self.of(body)
                return _Size(1, 0.0)
            case Extreme():
                raise Undecidable(f"{term.of} of symbols without a value", "give their values: -D d=768")


def _multiplied(one: _Size, two: _Size) -> _Size:
    return _Size(
        one.degree + two.degree,
        one.coefficients + two.coefficients,
        one.below_degree + two.below_degree,
        one.below + two.below,
    )


def _checked(size: _Size) -> _Size:
    if size.degree + size.below_degree > 1 << 4_096 or size.coefficients + size.below > MERSENNE[-1]:
        raise Undecidable(
            "its degree or its numbers are too large to be decided", "write smaller powers and numbers"
        )
    return size


# Values --------------------------------------------------------------------------------------


class Field:
    """Terms as matrices over GF(p)."""

    def __init__(self, p: int, sizes: dict[str, int], seed: str) -> None:
        self.p, self.sizes, self.seed = p, sizes, seed
        self.known: dict[int, Matrix] = {}
        self.drawn: dict[str, Matrix] = {}

    def of(self, term: Term) -> Matrix:
        found = self.known.get(id(term))
        if found is None:
            found = self.known[id(term)] = self._of(term)
        return found

    def _of(self, term: Term) -> Matrix:
        p = self.p
        match term:
            case Constant(value):
                return [[value.numerator % p * pow(value.denominator, -1, p) % p]]
            case Zero(kind):
                return [[0] * self.sizes[kind.columns] for _ in range(self.sizes[kind.rows])]
            case Variable(name):
                if name not in self.drawn:
                    self.drawn[name] = self._draw(term)
                return self.drawn[name]
            case Defined(body=body):
                return self.of(body)
            case Transpose(body):
                return [list(row) for row in zip(*self.of(body), strict=True)]
            case Add(terms=terms, signs=signs):
                total = [[signs[0] * entry for entry in row] for row in self.of(terms[0])]
                for sign, other in zip(signs[1:], terms[1:], strict=True):
                    for row, more in zip(total, self.of(other), strict=True):
                        for j, entry in enumerate(more):
                            row[j] += sign * entry
                return [[entry % p for entry in row] for row in total]
            case Multiply(left, right):
                one, two = self.of(left), self.of(right)
                if left.type.is_scalar or right.type.is_scalar:
                    factor, matrix = (one[0][0], two) if left.type.is_scalar else (two[0][0], one)
                    return [[factor * entry % p for entry in row] for row in matrix]
                columns = list(zip(*two, strict=True))
                return [[sum(map(int.__mul__, row, column)) % p for column in columns] for row in one]
            case Entrywise(left, right):
                pairs = zip(self.of(left), self.of(right), strict=True)
                return [[a * b % p for a, b in zip(row, more, strict=True)] for row, more in pairs]
            case Divide(left, right):
                divisor = self.of(right)[0][0]
                if divisor == 0:
                    raise Undecidable("division by zero")
                inverse = pow(divisor, -1, p)
                return [[entry * inverse % p for entry in row] for row in self.of(left)]
            case Kronecker(left, right):
                two = self.of(right)
                return [[a * b % p for a in row for b in more] for row in self.of(left) for more in two]
            case Identity(kind):
                n = self.sizes[kind.rows]
                return [[int(i == j) for j in range(n)] for i in range(n)]
            case Diagonal(body):
                entries = [entry for row in self.of(body) for entry in row]
                return [[entry * (i == j) for j in range(len(entries))] for i, entry in enumerate(entries)]
            case Spread(body, kind):
                entries = [entry for row in self.of(body) for entry in row]
                return [entries] * self.sizes[kind.rows]
            case Quotients(left, right):
                pairs = zip(self.of(left), self.of(right), strict=True)
                return [
                    [a * self._inverse(b) % p for a, b in zip(row, more, strict=True)] for row, more in pairs
                ]
            case Inverse(body):
                return self._inverted(self.of(body))
            case Function("trace", body):
                return [[sum(row[i] for i, row in enumerate(self.of(body))) % p]]
            case Function(name, body):
                return self._opaque(name, self.of(body))
            case Extreme():
                raise Undecidable(f"{term.of} of symbols without a value", "give their values: -D d=768")

    def _inverse(self, entry: int) -> int:
        if entry == 0:
            raise Undecidable("division by zero")
        return pow(entry, -1, self.p)

    def _inverted(self, matrix: Matrix) -> Matrix:
        """By Gauss and Jordan."""
        p, n = self.p, len(matrix)
        rows = [[*row, *(int(i == j) for j in range(n))] for i, row in enumerate(matrix)]
        for i in range(n):
            pivot = next((j for j in range(i, n) if rows[j][i] != 0), None)
            if pivot is None:
                raise Singular("a matrix in it has no inverse", "its rank is too low")
            rows[i], rows[pivot] = rows[pivot], rows[i]
            factor = pow(rows[i][i], -1, p)
            rows[i] = [entry * factor % p for entry in rows[i]]
            for j in range(n):
                if j != i and rows[j][i] != 0:
                    factor = rows[j][i]
                    rows[j] = [(a - factor * b) % p for a, b in zip(rows[j], rows[i], strict=True)]
        return [row[n:] for row in rows]

    def _opaque(self, name: str, matrix: Matrix) -> Matrix:
        """A function that is no polynomial, as one that may give anything: the same for the same argument,
        something else for another. The norms of columns are one of each column."""
        bodies = zip(*matrix, strict=True) if name == "columns" else [[e for row in matrix for e in row]]
        found = []
        for body in bodies:
            text = f"{self.seed}\0{name}\0{len(matrix)}\0{','.join(map(str, body))}"
            stream = shake_256(text.encode()).digest(self.p.bit_length() // 8 + 17)
            found.append([int.from_bytes(stream, "big") % self.p])
        return found

    def _draw(self, term: Variable) -> Matrix:
        """Entries uniform in GF(p), to within 2^-128."""
        rows, columns = self.sizes[term.type.rows], self.sizes[term.type.columns]
        length = self.p.bit_length() // 8 + 17
        stream = shake_256(f"{self.seed}\0{term.name}".encode()).digest(rows * columns * length)
        entries = [
            int.from_bytes(stream[start : start + length], "big") % self.p
            for start in range(0, len(stream), length)
        ]
        return [entries[start : start + columns] for start in range(0, len(entries), columns)]
