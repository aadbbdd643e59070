"""What a label's mathematics means: typed terms over matrices whose dimensions have names.

Every term is a matrix with named numbers of rows and columns; `ONE` is the number 1 itself, so a
vector of n is n × 1 and a number 1 × 1. Two dimensions are the same when their names are, whatever
their values: A B is ill-typed also where d = k = r.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Literal, TypeAlias

ONE = "1"
ANY = "?"  # the size of an identity matrix that does not say it
TIMES = "·"  # in the size of a Kronecker product: d_1·d_2


class Doubt(Exception):  # noqa: N818  an answer, not a failure
    """Why a claim gets no plain answer. `hint` says what to do."""

    def __init__(self, what: str, hint: str | None = None) -> None:
        super().__init__(what)
        self.what = what
        self.hint = hint


class IllTyped(Doubt):
    """The shapes do not go together."""


class Unknown(Doubt):
    """A symbol that is not defined."""


class Undecidable(Doubt):
    """A notation, or a size, that is beyond what can be decided."""


class Contradicted(Doubt):
    """What is said cannot be, whatever number goes with it: fewer, where there are more."""


class Singular(Undecidable):
    """A matrix that has no inverse."""


@dataclass(frozen=True, slots=True)
class Type:
    """Rows and columns by name. `mark` is 'free' for a vector that may stand as a row too (x in x Wᵀ),
    'row' for what a vector in such a place gave, '' otherwise."""

    rows: str
    columns: str
    mark: Literal["", "free", "row"] = ""

    @property
    def is_scalar(self) -> bool:
        return self.rows == ONE and self.columns == ONE

    @property
    def is_vector(self) -> bool:
        return (self.rows == ONE) != (self.columns == ONE)

    def __str__(self) -> str:
        if self.is_scalar:
            return "a number"
        if self.columns == ONE:
            return self.rows
        return self.columns if self.mark == "row" else f"{self.rows} × {self.columns}"


SCALAR = Type(ONE, ONE)


@dataclass(frozen=True, slots=True)
class Constant:
    value: Fraction
    type: Type = SCALAR


@dataclass(frozen=True, slots=True)
class Zero:
    """0 in the shape of what it is compared with."""

    type: Type


@dataclass(frozen=True, slots=True)
class Variable:
    """A symbol whose entries may be anything."""

    name: str
    type: Type


@dataclass(frozen=True, slots=True)
class Defined:
    """A symbol that stands for a term."""

    name: str
    body: Term
    type: Type


@dataclass(frozen=True, slots=True)
class Add:
    terms: tuple[Term, ...]
    signs: tuple[int, ...]  # +1 or -1
    type: Type


@dataclass(frozen=True, slots=True)
class Multiply:
    """A product of matrices, or of anything with a number."""

    left: Term
    right: Term
    type: Type


@dataclass(frozen=True, slots=True)
class Divide:
    """By a number."""

    left: Term
    right: Term
    type: Type


@dataclass(frozen=True, slots=True)
class Entrywise:
    """The Hadamard product."""

    left: Term
    right: Term
    type: Type


@dataclass(frozen=True, slots=True)
class Transpose:
    body: Term
    type: Type


@dataclass(frozen=True, slots=True)
class Extreme:
    """The least or the greatest of numbers."""

    of: Literal["min", "max"]
    terms: tuple[Term, ...]
    type: Type = SCALAR


@dataclass(frozen=True, slots=True)
class Identity:
    """1 on the diagonal. Its size is ANY where only what stands beside it says it."""

    type: Type


@dataclass(frozen=True, slots=True)
class Kronecker:
    """Every entry on the left times all of the right."""

    left: Term
    right: Term
    type: Type


@dataclass(frozen=True, slots=True)
class Diagonal:
    """A vector on the diagonal of a square matrix."""

    body: Term
    type: Type


@dataclass(frozen=True, slots=True)
class Spread:
    """A vector as every row of a matrix."""

    body: Term
    type: Type


@dataclass(frozen=True, slots=True)
class Quotients:
    """By entries of one shape."""

    left: Term
    right: Term
    type: Type


@dataclass(frozen=True, slots=True)
class Inverse:
    """Of a square matrix."""

    body: Term
    type: Type


Name: TypeAlias = Literal["sqrt", "rank", "frobenius", "spectral", "nuclear", "columns", "trace"]


@dataclass(frozen=True, slots=True)
class Function:
    """What is no polynomial: a root, a rank, a norm ('columns': the norm of each column)."""

    name: Name
    body: Term
    type: Type = SCALAR


Term: TypeAlias = (
    Constant
    | Zero
    | Variable
    | Defined
    | Add
    | Multiply
    | Divide
    | Entrywise
    | Transpose
    | Extreme
    | Identity
    | Kronecker
    | Diagonal
    | Spread
    | Quotients
    | Inverse
    | Function
)


def transposed(term: Term) -> Term:
    kind = term.type
    return Transpose(term, Type(kind.columns, kind.rows))


def number(value: Fraction | int) -> Constant:
    return Constant(Fraction(value))


def parts(term: Term) -> tuple[Term, ...]:
    """The terms right below; a defined symbol has its definition below it."""
    match term:
        case Constant() | Zero() | Variable() | Identity():
            return ()
        case Defined() | Transpose() | Diagonal() | Spread() | Inverse() | Function():
            return (term.body,)
        case Add() | Extreme():
            return term.terms
        case Multiply() | Divide() | Entrywise() | Kronecker() | Quotients():
            return (term.left, term.right)


def replaced(term: Term, values: Mapping[str, Term]) -> Term:
    """The term with other terms of the same shape for the variables of these names, what is shared staying
    shared."""
    known: dict[int, Term] = {}

    def visit(one: Term) -> Term:
        found = known.get(id(one))
        if found is None:
            found = known[id(one)] = rebuilt(one)
        return found

    def rebuilt(one: Term) -> Term:
        match one:
            case Constant() | Zero() | Identity():
                return one
            case Variable(name):
                return values.get(name, one)
            case Defined() | Transpose() | Diagonal() | Spread() | Inverse() | Function():
                return replace(one, body=visit(one.body))
            case Add() | Extreme():
                return replace(one, terms=tuple(map(visit, one.terms)))
            case Multiply() | Divide() | Entrywise() | Kronecker() | Quotients():
                return replace(one, left=visit(one.left), right=visit(one.right))

    return visit(term) if values else term


def below(*terms: Term) -> Iterator[Term]:
    """The terms and all below them, through definitions, each once."""
    seen: set[int] = set()
    pending: list[Term] = list(terms)
    while pending:
        one = pending.pop()
        if id(one) not in seen:
            seen.add(id(one))
            yield one
            pending.extend(parts(one))


def variables(term: Term) -> frozenset[str]:
    """The names of the variables below, through definitions."""
    return frozenset(one.name for one in below(term) if isinstance(one, Variable))


def is_plain(*terms: Term) -> bool:
    """Whether there is nothing in the terms but sums and products."""
    return not any(
        isinstance(one, (Identity, Kronecker, Diagonal, Spread, Quotients, Inverse, Function))
        for one in below(*terms)
    )


def has_functions(*terms: Term) -> bool:
    """Whether what is not polynomial is in the terms."""
    return any(isinstance(one, Function) for one in below(*terms))


def constant(term: Term) -> Fraction | None:
    """The value of a number that is known, None for everything else: what is constant was folded."""
    return term.value if isinstance(term, Constant) else None


LONGEST_NUMBER = 4_096  # bits


def sized(value: Fraction) -> Fraction:
    """The value, unless it is of a size that no figure needs. Raises Undecidable."""
    if max(value.numerator.bit_length(), value.denominator.bit_length()) > LONGEST_NUMBER:
        raise Undecidable("a number of more than 1,200 digits", "write smaller numbers")
    return value
