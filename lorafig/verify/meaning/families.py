"""Families over an index, A_i over i = 1..N: their members, and the range of an index."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from msgspec import Struct
from msgspec.structs import replace

from lorafig.core.adapter import Shape
from lorafig.errors import LorafigError
from lorafig.language.index import Index
from lorafig.language.table import Row, Table
from lorafig.notation.canonical import key
from lorafig.notation.numbers.arithmetic import evaluate
from lorafig.notation.tree import Node, Script
from lorafig.verify.meaning.terms import ONE, SCALAR, IllTyped, Term, Type, Variable


class Family(Struct, frozen=True):
    """Symbols of one shape. `name` is that of any of them, A_i; `base` is A. The index runs from `first` to
    `last`, which is the size `size` if that is a name."""

    name: str
    base: str
    row: Row
    kind: Type
    first: int
    last: int
    size: str | None

    @property
    def letter(self) -> str:
        assert self.row.index is not None
        return self.row.index.letter

    def member(self, name: str) -> Term | None:
        """A member by its name, None for any other name. Raises IllTyped as `called` does."""
        own = self.called(name)
        return None if own is None else Variable(own, self.kind)

    def called(self, name: str) -> str | None:
        """A member by its name, with the number that its index is; None for any other name. Raises IllTyped
        for one that is out of range, and for the family without its index."""
        if name == self.name:
            return name
        runs = f"{self.letter} = {self.first}..{self.last}"
        if name == self.base:
            raise IllTyped(
                f"{name} is a family, over {runs}", f"write {self.name}, or {self._called(self.first)}"
            )
        index = self.row.member(name)
        if index is None:
            return None
        if index == self.size:
            index = str(self.last)
            name = self._called(self.last)
        if not index.isdecimal():
            what = f"{name}: the index of the family {self.name} is {self.letter}, not {index}"
            raise IllTyped(what, f"write {self.name}, or {self._called(self.first)}, or a sum over {index}")
        if not self.first <= int(index) <= self.last:
            what = f"{name} is out of the range of its family: {runs}"
            raise IllTyped(what, f"the last one is {self._called(self.last)}")
        return name

    def _called(self, index: int) -> str:
        before, after = self.row.ends
        return f"{before}{index}{after}"


def families(declared: Table, made: bool = False) -> tuple[Family, ...]:
    """The families that are declared with a shape; or those `made` by a definition, which says theirs."""
    return tuple(
        _family(name, row, row.shape or (), row.index, declared)
        for name, row in declared.rows.items()
        if row.index is not None and (row.shape is None) == made
    )


def _family(name: str, row: Row, shape: Shape, over: Index, declared: Table) -> Family:
    tied = [declared.ties.get(size, size) for size in shape]
    kind = SCALAR if not tied else Type(tied[0], ONE, "free") if len(tied) == 1 else Type(tied[0], tied[1])
    base = _base(row.node)  # which a definition may be beside
    values = declared.values()
    first, last = (_whole(end, values) for end in (over.first, over.last))
    return Family(name, base or "", row, kind, first, last, key(over.last))


def _base(node: Node | None) -> str | None:
    """A symbol without its index: A of A_i, W_q of W_q^{(i)}."""
    match node:
        case Script(sup=None):
            return key(node.base)
        case Script():
            return key(replace(node, sup=None))
        case _:
            return None


def _whole(node: Node, values: Mapping[str, Fraction]) -> int:
    """The value of an end; the reader has found that it has one."""
    try:
        return int(evaluate(node, values))
    except LorafigError:
        return 0
