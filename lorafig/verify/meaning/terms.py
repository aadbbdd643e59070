"""What a label's mathematics means: typed terms over matrices whose dimensions have names.

Every term is a matrix with named numbers of rows and columns; `ONE` is the number 1 itself, so a
vector of n is n × 1 and a number 1 × 1. Two dimensions are the same when their names are, whatever
their values: A B is ill-typed also where d = k = r.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Literal, TypeAlias, assert_never

from msgspec import Struct
from msgspec.structs import replace

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


class Singular(Undecidable):
    """A matrix that has no inverse."""


class Type(Struct, frozen=True, gc=False):
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

    @property
    def sizes(self) -> tuple[str, str]:
        return self.rows, self.columns

    @property
    def length(self) -> str:
        """Of a vector, the dimension of its entries."""
        return self.rows if self.columns == ONE else self.columns

    def __str__(self) -> str:
        if self.is_scalar:
            return "a number"
        if self.columns == ONE:
            return self.rows
        return self.columns if self.mark == "row" else f"{self.rows} × {self.columns}"


SCALAR = Type(ONE, ONE)


class Constant(Struct, frozen=True, gc=False):
    """A number. `of` is what has this value at the sizes of the figure, over their names; None for one that
    is typed: 2dr at d = 256 and r = 4 is 2,048, of 2dr."""

    value: Fraction
    type: Type = SCALAR
    of: Term | None = None


class Zero(Struct, frozen=True, gc=False):
    """0 in the shape of what it is compared with."""

    type: Type


class Variable(Struct, frozen=True, gc=False):
    """A symbol whose entries may be anything."""

    name: str
    type: Type


class Defined(Struct, frozen=True, gc=False):
    """A symbol that stands for a term."""

    name: str
    body: Term
    type: Type


class Add(Struct, frozen=True, gc=False):
    terms: tuple[Term, ...]
    signs: tuple[int, ...]  # +1 or -1
    type: Type


class _Pair(Struct, frozen=True, gc=False):
    left: Term
    right: Term
    type: Type


class _One(Struct, frozen=True, gc=False):
    body: Term
    type: Type


class Multiply(_Pair, frozen=True, gc=False):
    """A product of matrices, or of anything with a number."""


class Divide(_Pair, frozen=True, gc=False):
    """By a number."""


class Entrywise(_Pair, frozen=True, gc=False):
    """The Hadamard product."""


class Kronecker(_Pair, frozen=True, gc=False):
    """Every entry on the left times all of the right."""


class Quotients(_Pair, frozen=True, gc=False):
    """By entries of one shape."""


class Transpose(_One, frozen=True, gc=False):
    pass


class Diagonal(_One, frozen=True, gc=False):
    """A vector on the diagonal of a square matrix."""


class Spread(_One, frozen=True, gc=False):
    """A vector as every row of a matrix."""


class Slice(_One, frozen=True, gc=False):
    """A row or a column of a matrix, as a column, or an entry of a column. `index` is counted from 1, and
    `size` is how many there are: at other sizes it is another one."""

    axis: Literal["rows", "columns"]
    index: int
    size: int

    @property
    def dimension(self) -> str:
        """What the index runs over."""
        return self.body.type.rows if self.axis == "rows" else self.body.type.columns


class Cut(_One, frozen=True, gc=False):
    """Rows or columns of a matrix, as they stand: A_{:b}. `after` are the sizes of those before them, which
    are added up; `last` says that none are behind them."""

    axis: Literal["rows", "columns"]
    after: tuple[str, ...]
    last: bool

    @property
    def whole(self) -> str:
        """The size of all of them."""
        return self.body.type.rows if self.axis == "rows" else self.body.type.columns

    @property
    def extent(self) -> str:
        return self.type.rows if self.axis == "rows" else self.type.columns


class Inverse(_One, frozen=True, gc=False):
    """Of a square matrix."""


Which: TypeAlias = Literal["min", "max"]
EXTREMES: Mapping[str, Which] = {"min": "min", "max": "max"}


class Extreme(Struct, frozen=True, gc=False):
    """The least or the greatest of numbers."""

    of: Which
    terms: tuple[Term, ...]
    type: Type = SCALAR


class Identity(Struct, frozen=True, gc=False):
    """1 on the diagonal. Its size is ANY where only what stands beside it says it."""

    type: Type


Name: TypeAlias = Literal[
    "sqrt", "floor", "ceiling", "rank", "frobenius", "spectral", "nuclear", "columns", "trace"
]


class Function(Struct, frozen=True, gc=False):
    """Not a polynomial: a root, a rank, a norm ('columns': the norm of each column). The floor of a number
    that depends on the sizes stands in what a constant is `of` alone."""

    name: Name
    body: Term
    type: Type = SCALAR


Known: TypeAlias = Literal["core", "entries", "columns", "whole"]


class Applied(Struct, frozen=True, gc=False):
    """A function of arguments. One of the core (`known`) is that of this name; of another nothing is known
    but that it acts by `entries`, on `columns`, or on its arguments as a `whole`. One that acts on columns
    acts on rows instead where the rows are what it is of: softmax(Q Kᵀ) V."""

    name: str
    arguments: tuple[Term, ...]
    type: Type
    known: Known = "core"
    by: Literal["columns", "rows"] = "columns"


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
    | Slice
    | Cut
    | Function
    | Applied
)


def transposed(term: Term) -> Term:
    kind = term.type
    return Transpose(term, Type(kind.columns, kind.rows))


def number(value: Fraction | int, of: Term | None = None) -> Constant:
    return Constant(Fraction(value), of=of)


def parts(term: Term) -> tuple[Term, ...]:
    """The terms right below; a defined symbol has its definition below it."""
    match term:
        case Constant() | Zero() | Variable() | Identity():
            return ()
        case Defined() | Transpose() | Diagonal() | Spread() | Inverse() | Slice() | Cut() | Function():
            return (term.body,)
        case Add() | Extreme():
            return term.terms
        case Applied():
            return term.arguments
        case Multiply() | Divide() | Entrywise() | Kronecker() | Quotients():
            return (term.left, term.right)
        case _:
            assert_never(term)


def rebuilt(term: Term, change: Callable[[Term], Term | None]) -> Term:
    """The term with `change(part)` for each part of which that is not None, from the top. What is shared
    stays shared."""
    known: dict[int, Term] = {}

    def visit(part: Term) -> Term:
        if id(part) not in known:
            changed = change(part)
            known[id(part)] = changed if changed is not None else built(part)
        return known[id(part)]

    def built(part: Term) -> Term:
        match part:
            case Constant() | Zero() | Identity() | Variable():
                return part
            case Defined() | Transpose() | Diagonal() | Spread() | Inverse() | Slice() | Cut() | Function():
                return replace(part, body=visit(part.body))
            case Add() | Extreme():
                return replace(part, terms=tuple(map(visit, part.terms)))
            case Applied():
                return replace(part, arguments=tuple(map(visit, part.arguments)))
            case Multiply() | Divide() | Entrywise() | Kronecker() | Quotients():
                return replace(part, left=visit(part.left), right=visit(part.right))
            case _:
                assert_never(part)

    return visit(term)


def replaced(term: Term, values: Mapping[str, Term]) -> Term:
    """The term with other terms of the same shape for the variables of these names."""

    def change(part: Term) -> Term | None:
        return values.get(part.name) if isinstance(part, Variable) else None

    return rebuilt(term, change) if values else term


def below(*terms: Term, parts: Callable[[Term], Sequence[Term]] = parts) -> Iterator[Term]:
    """The terms and all below them, through definitions, each once, the last first; `parts` are those right
    below one."""
    seen: set[int] = set()
    pending: list[Term] = list(terms)
    while pending:
        term = pending.pop()
        if id(term) not in seen:
            seen.add(id(term))
            yield term
            pending.extend(parts(term))


def variables(term: Term) -> frozenset[str]:
    """The names of the variables below, through definitions."""
    return frozenset(part.name for part in below(term) if isinstance(part, Variable))


def is_plain(*terms: Term) -> bool:
    """Whether there is nothing in the terms but sums and products."""
    other = (Identity, Kronecker, Diagonal, Spread, Quotients, Inverse, Slice, Function, Applied)
    return not any(isinstance(part, other) for part in below(*terms))


def has_functions(*terms: Term) -> bool:
    """Whether what is not polynomial is in the terms."""
    return any(isinstance(part, (Function, Applied)) for part in below(*terms))


def applied(*terms: Term) -> list[Applied]:
    """The functions that are applied in the terms."""
    return [part for part in below(*terms) if isinstance(part, Applied)]


LONGEST_NUMBER = 4_096  # bits


def sized(value: Fraction) -> Fraction:
    """The value, unless it is of a size that no figure needs. Raises Undecidable."""
    if max(value.numerator.bit_length(), value.denominator.bit_length()) > LONGEST_NUMBER:
        raise Undecidable("a number of more than 1,200 digits", "write smaller numbers")
    return value
