"""Whether two terms are the same, decided over a prime field.

Both sides are rational functions of their entries with integer coefficients. At entries drawn
uniformly from GF(p), a difference that is not zero modulo p vanishes with a probability of at most
D / p, where D is the degree of its numerator (Schwartz 1980, Zippel 1979). It is zero modulo p without
being zero only if p divides all its coefficients; so p is chosen above their sum, which is bounded
along with D. A true identity is never refused. The entries come from SHAKE-256 of the claim, at small
dimensions that are different for different names.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import shake_256
from math import log2

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
    Undecidable,
    Variable,
    Zero,
    parts,
)

MERSENNE = (127, 521, 1279, 4423)  # exponents e of primes 2^e - 1
ACCEPT = 60  # a false identity is taken for true with a probability below 2 to minus this

Matrix = list[list[int]]


@dataclass(frozen=True, slots=True)
class Outcome:
    """`error` bounds the probability of taking two different terms for the same: 2 to minus this."""

    equal: bool
    error: float


def sizes_of(terms: Sequence[Term]) -> dict[str, int]:
    """A small size for each dimension: 2, 3, 4, … in the order of their names."""
    names: set[str] = set()
    seen: set[int] = set()
    pending = list(terms)
    while pending:
        term = pending.pop()
        if id(term) not in seen:
            seen.add(id(term))
            names |= {term.type.rows, term.type.columns}
            pending.extend(parts(term))
    return {ONE: 1} | {name: size for size, name in enumerate(sorted(names - {ONE}), 2)}


def same(left: Term, right: Term, seed: str, zeros: frozenset[str] = frozenset()) -> Outcome:
    """Whether two terms of one shape are the same, with `zeros` for the variables of these names.

    Raises Undecidable for what is no rational function, or of a size beyond the largest prime.
    """
    sizes = sizes_of((left, right))
    bound = _Bound(sizes)
    one, other = bound.of(left), bound.of(right)
    difference = _added(one, other)
    degree, coefficients = max(difference.degree, 1), difference.coefficients
    for exponent in MERSENNE:
        if coefficients < exponent - 1 and log2(degree) < exponent - 1 - ACCEPT:
            field = _Field((1 << exponent) - 1, sizes, seed, zeros)
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
            case Extreme():
                raise Undecidable(f"{term.of} of symbols without a value", "give their values: -D d=768")


def _checked(size: _Size) -> _Size:
    if size.degree + size.below_degree > 1 << 4_096 or size.coefficients + size.below > MERSENNE[-1]:
        raise Undecidable(
            "its degree or its numbers are too large to be decided", "write smaller powers and numbers"
        )
    return size


# Values --------------------------------------------------------------------------------------


class _Field:
    """Terms as matrices over GF(p)."""

    def __init__(self, p: int, sizes: dict[str, int], seed: str, zeros: frozenset[str]) -> None:
        self.p, self.sizes, self.seed, self.zeros = p, sizes, seed, zeros
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
            case Extreme():
                raise Undecidable(f"{term.of} of symbols without a value", "give their values: -D d=768")

    def _draw(self, term: Variable) -> Matrix:
        """Entries uniform in GF(p), to within 2^-128."""
        rows, columns = self.sizes[term.type.rows], self.sizes[term.type.columns]
        if term.name in self.zeros:
            return [[0] * columns for _ in range(rows)]
        length = self.p.bit_length() // 8 + 17
        stream = shake_256(f"{self.seed}\0{term.name}".encode()).digest(rows * columns * length)
        entries = [
            int.from_bytes(stream[start : start + length], "big") % self.p
            for start in range(0, len(stream), length)
        ]
        return [entries[start : start + columns] for start in range(0, len(entries), columns)]
