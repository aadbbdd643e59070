"""What a node of the graph does with what comes into it. A new one is a class here and a row of the union:
the type checker then names every place that has to know it."""

from __future__ import annotations

from typing import TypeAlias

from msgspec import Struct


class Input(Struct, frozen=True):
    """A vector comes in. It is `implied` where a stack begins with what works on it."""

    symbol: str
    implied: bool = False


class State(Struct, frozen=True):
    """Names what flows here, and changes nothing."""

    symbol: str


class Apply(Struct, frozen=True):
    """A matrix multiplies what flows."""

    symbol: str


class Scale(Struct, frozen=True):
    """A number or a vector multiplies what flows, the vector entry by entry."""

    symbol: str


class Shift(Struct, frozen=True):
    """Adds a vector to what flows."""

    symbol: str


class Act(Struct, frozen=True):
    """Symbols, each of which does what its type says, in the order in which the data passes them: a node of
    a flow. The first of them is what comes in where no edge leads to it."""

    symbols: tuple[str, ...]


class Cells(Struct, frozen=True):
    """The entries of a vector side by side. Those that come in are from copies of these numbers, None for
    what is the vector itself; `feeds` are the nodes of copies that get an entry each, with their numbers.
    `copies` are all nodes of copies beside it. What is drawn on the cells are `labels`, dots among them."""

    symbol: str
    fed: tuple[int | None, ...]
    feeds: dict[str, int]
    copies: frozenset[str]
    labels: tuple[str, ...]
    drawn: tuple[int | None, ...]  # the numbers of the cells, None for the dots


class Entry(Struct, frozen=True):
    """An entry of the vector that comes in."""

    index: int


class Call(Struct, frozen=True):
    """Applies a function to what comes in: its arguments, in the order of the edges."""

    function: str


class Sum(Struct, frozen=True):
    """Adds what comes in, or takes all else from the first. Its `terms` say what each branch gives, if it
    names them; a stack has `branches` to be added, 0 without a split."""

    terms: tuple[str, ...] = ()
    branches: int | None = None
    minus: bool = False


class Product(Struct, frozen=True):
    """Multiplies what comes in entry by entry."""

    sign: str


class Words(Struct, frozen=True):
    """A node of words: nobody knows what it does with what comes in."""


class Loose(Struct, frozen=True):
    """Branches of a stack that reach a `symbol`, or another split, where nothing adds them; `inner` where
    they are those of a split in a branch, at its end."""

    branches: int
    symbol: str | None = None
    inner: bool = False


class Output(Struct, frozen=True):
    """The top of a stack, with the number of `branches` that nothing adds, 0 for what flows as one."""

    branches: int = 0


Operation: TypeAlias = (
    Input
    | State
    | Apply
    | Scale
    | Shift
    | Act
    | Cells
    | Entry
    | Call
    | Sum
    | Product
    | Words
    | Loose
    | Output
)
