"""What a label is read in: the names that stand for something."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from msgspec import Struct

from lorafig.language.functions import Functions
from lorafig.notation import tree
from lorafig.verify.meaning import terms
from lorafig.verify.meaning.terms import Term, Undecidable


class Filled(Struct, frozen=True):
    """Where a number of a tree comes from: `\\num[form]{…}`, shown at the sizes of the figure. `sign` is what
    stands behind it as its unit."""

    number: tree.Number
    of: terms.Constant
    form: str
    sign: str = ""


class Scope(Protocol):
    """What the names in a label stand for: see `symbols.Symbols`."""

    terms: dict[str, Term]
    dimensions: dict[str, int | None]
    filled: dict[int, Filled]
    functions: Functions
    kilo: int
    running: list[str | None]
    written: list[int]
    assumed: Mapping[str, Term]

    @property
    def columnwise(self) -> bool: ...
    def knows(self, name: str | None) -> bool: ...
    def term(self, name: str) -> Term: ...
    def dimension(self, name: str | None) -> str | None: ...
    def settles(self, names: Iterable[str] | None = None) -> None: ...
    def fits(self, parts: Sequence[str], whole: str) -> None: ...
    def valueless(self, names: Sequence[str]) -> Undecidable: ...
    def derived(self, name: str) -> bool: ...
    def layer(self, name: str) -> Term | None: ...
    def product(self, sizes: Sequence[str]) -> str | None: ...
    def runs_over(self, name: str, letter: str) -> frozenset[str]: ...
