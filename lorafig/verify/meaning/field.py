"""Terms as matrices over a prime field, at small dimensions that are different for different names.

The entries come from SHAKE-256 of a seed. What is not a polynomial, a norm, a root or a function that is
applied, stands in it as a function of which nothing is known but that equal arguments have equal values, and
whether it acts by entries or by columns."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from fractions import Fraction
from functools import lru_cache
from math import isqrt
from typing import Literal

from lorafig.core.functions import FUNCTIONS, Acts
from lorafig.hashes import shake_256
from lorafig.verify.meaning import terms
from lorafig.verify.meaning.algebra import Algebra
from lorafig.verify.meaning.terms import ONE, Singular, Term, Undecidable

MERSENNE = (127, 521, 1279, 4423)  # exponents e of primes 2^e - 1
LEAST_ORTHOGONAL = 3
MOST_FITTED = 64  # rounds of making room
MOST_KEPT = 1_024  # entries of a matrix that is drawn once for all comparisons
RANK = "r"  # the dimension that is small

Matrix = list[list[int]]


class Dimensions:
    """The dimensions of terms, those of all that were added so far, and those that a Kronecker product makes,
    with their factors. What terms share is gone through once."""

    def __init__(self, *given: Term) -> None:
        self.parts: dict[int, Term] = {}  # which keeps them, so that an id is given to no other
        self.names: set[str] = set()
        self.products: dict[str, tuple[str, str]] = {}
        self.joined: dict[str, tuple[str, ...]] = {}  # the sides of what is put together, with its parts
        self.fixed: dict[str, int] = {}  # those that have their own value: an index runs over them
        self.orthogonal: set[str] = set()  # those of matrices with an inverse
        self.tall: list[
            tuple[str, str]
        ] = []  # the first one is the larger: of the first columns of I, and of Y in (YᵀY)⁻¹
        self.add(*given)

    def add(self, *given: Term) -> None:
        pending = list(given)
        while pending:
            term = pending.pop()
            if id(term) in self.parts:
                continue
            self.parts[id(term)] = term
            pending.extend(terms.parts(term))
            self.names.update(term.type.sizes)
            if isinstance(term, terms.Inverse):
                self.orthogonal.add(term.type.rows)
                if (sides := squared(term.body)) is not None:
                    self.tall.append(sides)
            if isinstance(term, terms.Identity) and term.type.rows != term.type.columns:
                self.tall.append(term.type.sizes)
            if isinstance(term, terms.Slice):
                self.fixed[term.dimension] = term.size
            if isinstance(term, terms.Cut):
                self.names |= set(term.after)
            if isinstance(term, terms.Applied) and (along := joins(term)) is not None:
                self.joined.setdefault(getattr(term.type, along), _sides(term, along))
            if isinstance(term, terms.Kronecker):
                self._multiplied(term.type.rows, term.left.type.rows, term.right.type.rows)
                self._multiplied(term.type.columns, term.left.type.columns, term.right.type.columns)

    def _multiplied(self, whole: str, one: str, other: str) -> None:
        known = self.products.setdefault(whole, (one, other)) if whole not in (one, other) else (one, other)
        if sorted(known) != sorted((one, other)):
            raise Undecidable(f"{whole} is split up in two ways")

    def sizes(self) -> dict[str, int]:
        """A small size for each dimension: 2, 3, 4, … in the order of their names, the rank first, and of a
        Kronecker product what its factors make."""
        simple = {name: size for size, name in enumerate(ordered(self.simple()), 2)}
        for name in self.orthogonal & simple.keys():  # small rotations commute, and large ones do not
            simple[name] += LEAST_ORTHOGONAL
        for rows, columns in self.tall:
            if rows in simple and columns in simple and simple[rows] <= simple[columns]:
                simple[rows] = max(simple.values()) + 1
        cut = [part for part in self.parts.values() if isinstance(part, terms.Cut)]
        for whole, parts in self.joined.items():
            if whole in simple and whole not in (*self.fixed, *parts) and simple.keys() >= set(parts) - {ONE}:
                simple[whole] = sum(1 if part == ONE else simple[part] for part in parts)
        return fitted(composed(simple | self.fixed, self.products), cut, {*self.products, *self.fixed})

    def simple(self) -> frozenset[str]:
        return frozenset(self.names - {ONE} - set(self.products))


def squared(body: Term) -> tuple[str, str] | None:
    """Of YᵀY, or of XXᵀ, the side of Y that is summed over, which has to be the larger one if there is an
    inverse, and the other; None for anything else."""
    match body.body if isinstance(body, terms.Defined) else body:
        case terms.Multiply(terms.Transpose(left), right) if left == right:
            return right.type.sizes
        case terms.Multiply(left, terms.Transpose(right)) if left == right:
            return left.type.sizes[1], left.type.sizes[0]
    return None


def joins(term: terms.Applied) -> Literal["rows", "columns"] | None:
    """Along which side a function puts its arguments together; None for any other function."""
    if term.known != "core" or len(term.arguments) < 2:
        return None
    return "rows" if term.name == "concat" else "columns" if term.name == "columns" else None


def _sides(term: terms.Applied, along: Literal["rows", "columns"]) -> tuple[str, ...]:
    return tuple(getattr(part.type, along) for part in term.arguments)


def sizes_of(given: Sequence[Term]) -> dict[str, int]:
    """The sizes of the dimensions of some terms."""
    return Dimensions(*given).sizes()


def ordered(names: frozenset[str]) -> list[str]:
    """Dimensions by name, the rank first."""
    return sorted(names, key=lambda name: (name != RANK, name))


def named(given: Sequence[Term]) -> tuple[frozenset[str], dict[str, tuple[str, str]]]:
    """The dimensions, and those that a Kronecker product makes, with their factors."""
    dimensions = Dimensions(*given)
    return dimensions.simple(), dimensions.products


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


def fitted(sizes: dict[str, int], cuts: Sequence[terms.Cut], fixed: Collection[str] = ()) -> dict[str, int]:
    """The sizes with room in each that is cut for its parts, and no more where the last one is among them.
    Those that are `fixed` stay. Raises Undecidable."""
    for _ in range(MOST_FITTED):
        before = dict(sizes)
        for cut in cuts:
            parts = (*cut.after, cut.extent)
            free = sizes[cut.whole] - sum(map(sizes.__getitem__, parts))
            if free < 0 or (free == 0 and not cut.last):
                sizes[cut.whole] += -free if cut.last else 1 - free
            elif free > 0 and cut.last:
                sizes[cut.extent] += -(-free // parts.count(cut.extent))
        if sizes == before:
            return sizes
        changed = next((name for name in sizes if name in fixed and sizes[name] != before[name]), None)
        if changed is not None:
            raise Undecidable(f"{changed} is cut up, and has a value of its own")
    raise Undecidable("sizes are cut up in ways that do not go together")


def acting(term: terms.Applied) -> Acts:
    """What a function acts on."""
    return FUNCTIONS[term.name].acts if term.known == "core" else term.known


def largest(given: Sequence[Term], sizes: Mapping[str, int]) -> int:
    """The entries of the largest matrix in the terms: what is to be bounded before one is made."""
    return max(sizes[term.type.rows] * sizes[term.type.columns] for term in terms.below(*given))


@lru_cache(1024)  # a figure asks for the same ones again and again
def _entries(name: str, rows: int, columns: int, p: int) -> Matrix:
    length = p.bit_length() // 8 + 17
    stream = shake_256(name.encode()).digest(rows * columns * length)
    entries = [
        int.from_bytes(stream[start : start + length], "big") % p for start in range(0, len(stream), length)
    ]
    return [entries[start : start + columns] for start in range(0, len(entries), columns)]


class Field(Algebra[Matrix]):
    """`functions` chooses among the functions that those may be of which nothing is known."""

    def __init__(self, p: int, sizes: Mapping[str, int], seed: str, functions: str = "") -> None:
        super().__init__()
        self.p, self.sizes, self.seed, self.functions = p, sizes, seed, functions
        self.drawn: dict[str, Matrix] = {}

    def constant(self, term: terms.Constant) -> Matrix:
        value, p = term.value, self.p
        if value.denominator == 1:
            return [[value.numerator % p]]
        return [[value.numerator % p * pow(value.denominator, -1, p) % p]]

    def zero(self, term: terms.Zero) -> Matrix:
        return [[0] * self.sizes[term.type.columns] for _ in range(self.sizes[term.type.rows])]

    def variable(self, term: terms.Variable) -> Matrix:
        """Entries uniform in GF(p), to within 2^-128."""
        if term.name not in self.drawn:
            rows, columns = self.sizes[term.type.rows], self.sizes[term.type.columns]
            draw = _entries if rows * columns <= MOST_KEPT else _entries.__wrapped__
            self.drawn[term.name] = draw(f"{self.seed}\0{term.name}", rows, columns, self.p)
        return self.drawn[term.name]

    def identity(self, term: terms.Identity) -> Matrix:
        rows, columns = self.sizes[term.type.rows], self.sizes[term.type.columns]
        return [[int(i == j) for j in range(columns)] for i in range(rows)]

    def transpose(self, term: terms.Transpose, body: Matrix) -> Matrix:
        return [list(row) for row in zip(*body, strict=True)]

    def sum(self, term: terms.Add, values: Sequence[Matrix]) -> Matrix:
        total = [[term.signs[0] * entry for entry in row] for row in values[0]]
        for sign, value in zip(term.signs[1:], values[1:], strict=True):
            for row, more in zip(total, value, strict=True):
                for j, entry in enumerate(more):
                    row[j] += sign * entry
        return [[entry % self.p for entry in row] for row in total]

    def scaled(self, term: terms.Multiply, number: Matrix, value: Matrix) -> Matrix:
        return [[number[0][0] * entry % self.p for entry in row] for row in value]

    def product(self, term: terms.Multiply, left: Matrix, right: Matrix) -> Matrix:
        columns = list(zip(*right, strict=True))
        return [[sum(map(int.__mul__, row, column)) % self.p for column in columns] for row in left]

    def entrywise(self, term: terms.Entrywise, left: Matrix, right: Matrix) -> Matrix:
        pairs = zip(left, right, strict=True)
        return [[a * b % self.p for a, b in zip(row, more, strict=True)] for row, more in pairs]

    def quotient(self, term: terms.Divide, left: Matrix, right: Matrix) -> Matrix:
        inverse = self._inverse(right[0][0])
        return [[entry * inverse % self.p for entry in row] for row in left]

    def quotients(self, term: terms.Quotients, left: Matrix, right: Matrix) -> Matrix:
        pairs = zip(left, right, strict=True)
        return [
            [a * self._inverse(b) % self.p for a, b in zip(row, more, strict=True)] for row, more in pairs
        ]

    def kronecker(self, term: terms.Kronecker, left: Matrix, right: Matrix) -> Matrix:
        return [[a * b % self.p for a in row for b in more] for row in left for more in right]

    def diagonal(self, term: terms.Diagonal, body: Matrix) -> Matrix:
        entries = [entry for row in body for entry in row]
        return [[entry * (i == j) for j in range(len(entries))] for i, entry in enumerate(entries)]

    def spread(self, term: terms.Spread, body: Matrix) -> Matrix:
        return [[entry for row in body for entry in row]] * self.sizes[term.type.rows]

    def inverse(self, term: terms.Inverse, body: Matrix) -> Matrix:
        """By Gauss and Jordan."""
        p, n = self.p, len(body)
        rows = [[*row, *(int(i == j) for j in range(n))] for i, row in enumerate(body)]
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

    def slice(self, term: terms.Slice, body: Matrix) -> Matrix:
        if term.axis == "rows":
            return [[entry] for entry in body[term.index - 1]]
        return [[row[term.index - 1]] for row in body]

    def cut(self, term: terms.Cut, body: Matrix) -> Matrix:
        start = sum(map(self.sizes.__getitem__, term.after))
        stop = start + self.sizes[term.extent]
        return body[start:stop] if term.axis == "rows" else [row[start:stop] for row in body]

    def function(self, term: terms.Function, body: Matrix) -> Matrix:
        """One that may give anything: the same for the same argument, something else for another. The norms
        of columns are one of each column."""
        if term.name == "trace":
            return [[sum(row[i] for i, row in enumerate(body)) % self.p]]
        arguments = zip(*body, strict=True) if term.name == "columns" else [[e for row in body for e in row]]
        values = []
        for argument in arguments:
            text = f"{self.seed}\0{term.name}\0{len(body)}\0{','.join(map(str, argument))}"
            stream = shake_256(text.encode()).digest(self.p.bit_length() // 8 + 17)
            values.append([int.from_bytes(stream, "big") % self.p])
        return values

    def applied(self, term: terms.Applied, values: Sequence[Matrix]) -> Matrix:
        """One that may give anything: the same for the same arguments, entry by entry, column by column, or
        as a whole."""
        rows, columns = self.sizes[term.type.rows], self.sizes[term.type.columns]
        along = joins(term)
        if along is not None:
            whole = (
                [row for value in values for row in value]
                if along == "rows"
                else [[entry for row in several for entry in row] for several in zip(*values, strict=True)]
            )
            if (len(whole), len(whole[0])) == (rows, columns):  # else a size in it has a value of its own
                return whole
        acts = acting(term)
        if acts == "entries":
            return [
                [self._any(term, 1, [[value[i][j]] for value in values])[0] for j in range(columns)]
                for i in range(rows)
            ]
        if acts == "whole":
            flat = [[entry for row in value for entry in row] for value in values]
            entries = self._any(term, rows * columns, flat)
            return [entries[start : start + columns] for start in range(0, rows * columns, columns)]
        turned = term.by == "rows"
        vectors = [value if turned else list(map(list, zip(*value, strict=True))) for value in values]
        results = [
            self._any(term, columns if turned else rows, several) for several in zip(*vectors, strict=True)
        ]
        return results if turned else [list(row) for row in zip(*results, strict=True)]

    def _any(self, term: terms.Applied, count: int, arguments: Sequence[Sequence[int]]) -> list[int]:
        """The numbers that a function gives of these arguments."""
        length = self.p.bit_length() // 8 + 17
        said = ";".join(",".join(map(str, argument)) for argument in arguments)
        text = f"{self.seed}\0{self.functions}\0" if term.known != "core" else f"{self.seed}\0"
        stream = shake_256(f"{text}{term.name}\0{count}\0{said}".encode()).digest(count * length)
        return [
            int.from_bytes(stream[at : at + length], "big") % self.p
            for at in range(0, count * length, length)
        ]

    def extreme(self, term: terms.Extreme, values: Sequence[Matrix]) -> Matrix:
        raise Undecidable(f"{term.of} of symbols without a value", "give these symbols values")

    def _inverse(self, entry: int) -> int:
        if entry == 0:
            raise Undecidable("division by zero")
        return pow(entry, -1, self.p)


def fraction(entry: int, p: int) -> Fraction | None:
    """The fraction of small numbers that an element of GF(p) stands for (Wang 1981, by Euclid's algorithm),
    None if there is none."""
    limit = isqrt(p // 2)
    (r, s), (t, u) = (p, 0), (entry, 1)
    while t > limit:
        quotient = r // t
        (r, s), (t, u) = (t, u), (r - quotient * t, s - quotient * u)
    if u == 0 or max(abs(t), abs(u)) > 10**6:
        return None
    return Fraction(t, u)
