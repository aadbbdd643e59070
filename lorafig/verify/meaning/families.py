"""Families over indices, A_i over i = 1..N: their members, and the ranges of the indices."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from fractions import Fraction

from msgspec import Struct
from msgspec.structs import replace

from lorafig.core.adapter import Shape
from lorafig.errors import LorafigError
from lorafig.language.table import Row, Table
from lorafig.notation.canonical import key
from lorafig.notation.named import symbols_in
from lorafig.notation.numbers.arithmetic import evaluate
from lorafig.notation.tree import Node, Number, Script
from lorafig.verify.meaning.terms import ONE, SCALAR, IllTyped, Term, Type, Variable


class Span(Struct, frozen=True):
    """An index of a family, and what it runs over. `size` is what the last is called, if that is a name."""

    letter: str
    first: int
    last: int
    size: str | None

    def __str__(self) -> str:
        return f"{self.letter} = {self.first}..{self.last}"

    @property
    def all(self) -> range:
        return range(self.first, self.last + 1)


class Family(Struct, frozen=True):
    """Symbols of one shape. `name` is that of any of them, A_i; `base` is A, and `spans` are its indices."""

    name: str
    base: str
    row: Row
    kind: Type
    spans: tuple[Span, ...]

    @property
    def runs(self) -> str:
        return ", ".join(map(str, self.spans))

    def __contains__(self, letter: str) -> bool:
        """Whether a letter is an index of it."""
        return any(span.letter == letter for span in self.spans)

    def member(self, name: str) -> Term | None:
        """A member by its name, None for any other name. Raises IllTyped as `called` does."""
        own = self.called(name)
        return None if own is None else Variable(own, self.kind)

    def called(self, name: str) -> str | None:
        """A member by its name, with the numbers that its indices are, as far as they are numbers; None for
        any other name. Raises IllTyped for one that is out of range, and for the family without its index."""
        if name == self.name:
            return name
        first = self.row.called([str(span.first) for span in self.spans])
        if name == self.base:
            raise IllTyped(f"{name} is a family, over {self.runs}", f"write {self.name}, or {first}")
        inner = self.row.member(name)
        if inner is None:
            missing = self.row.lacks(name)
            if missing is not None:
                what = f"{name} has no index {missing.letter}: {self.name} is a family over {self.runs}"
                raise IllTyped(what, f"write {self.name}, or {first}")
            return None
        inner = tuple(map(_valued, inner, self.spans))
        for index, span in zip(inner, self.spans, strict=True):
            if index != span.letter and not index.isdecimal():
                the = "the index" if len(self.spans) == 1 else "an index"
                what = f"{name}: {the} of the family {self.name} is {span.letter}, not {index}"
                raise IllTyped(what, f"write {self.name}, or {first}, or a sum over {index}")
            if index.isdecimal() and int(index) not in span.all:
                what = f"{name} is out of the range of its family: {self.runs}"
                last = self.row.called([str(each.last) for each in self.spans])
                raise IllTyped(what, f"the last one is {last}")
        return self.row.called(inner)

    def before(self, name: str) -> list[str]:
        """The members in front of this one, from the first; none in a family over several indices."""
        (index, *others), first = self.row.member(name) or ("",), self.spans[0].first
        numbers = range(first, int(index)) if index.isdecimal() and not others else ()
        return [self.row.called((str(number),)) for number in numbers]

    def behind(self, names: Iterable[str]) -> Iterator[tuple[str, str]]:
        """Those of the names that are of a member so many behind any of them, W_{i-1}, and what that is of
        the first, W_0."""
        (before, after), span = (self.row.around * 2)[:2], self.spans[0]
        shifted = re.compile(rf"{re.escape(before)}{re.escape(span.letter)}[−-](\d+){re.escape(after)}")
        for name in names if len(self.spans) == 1 else ():
            found = shifted.fullmatch(name)
            if found is not None:
                yield name, self.row.called((str(max(span.first - int(found[1]), 0)),))


def _valued(index: str, span: Span) -> str:
    return str(span.last) if index == span.size else index


def families(declared: Table, made: bool = False) -> tuple[Family, ...]:
    """The families that are declared with a shape; or those `made` by a definition, to which it is held."""
    return tuple(
        _family(name, row, row.shape or (), declared)
        for name, row in declared.rows.items()
        if row.indices and (row.shape is None or (row.computed and name in declared.lets)) == made
    )


def _family(name: str, row: Row, shape: Shape, declared: Table) -> Family:
    tied = [declared.ties.get(size, size) for size in shape]
    kind = SCALAR if not tied else Type(tied[0], ONE, "free") if len(tied) == 1 else Type(tied[0], tied[1])
    values = declared.values()
    spans = tuple(
        Span(over.letter, _whole(over.first, values), _whole(over.last, values), key(over.last))
        for over in row.indices
    )
    return Family(name, _base(row) or "", row, kind, spans)


def _base(row: Row) -> str | None:
    """A symbol without its indices, which a definition may be beside: A of A_i, W_q of W_q^{(i)}."""
    letters = {over.letter for over in row.indices}
    node = row.node
    if isinstance(node, Script) and node.sup is not None and letters & symbols_in(node.sup):
        node = replace(node, sup=None)
    if isinstance(node, Script) and node.sup is None and (node.sub is None or letters & symbols_in(node.sub)):
        node = node.base
    return None if node is None or node is row.node else key(node)


def _whole(node: Node, values: Mapping[str, Fraction]) -> int:
    """The value of an end; the reader has found that it has one."""
    try:
        return int(evaluate(node, values))
    except LorafigError:
        return 0


def by_size(
    names: Iterable[str], rows: Sequence[Row], sizes: Collection[str]
) -> tuple[set[str], list[tuple[int, str]]]:
    """The sizes that members of families are called by, N of the last one A_N; and how large a size is at
    least where those are there that are called by a number, (6, N) of A_6."""
    last, there = set[str](), list[tuple[int, str]]()
    for name in names if sizes else ():
        for row in rows:
            for over, index in zip(row.indices, row.member(name) or (), strict=False):
                size = key(over.last)
                if size is None or size not in sizes:
                    continue
                if index == size:
                    last.add(size)
                elif index.isdecimal() and over.first != Number(index):
                    there.append((int(index), size))
    return last, there


def without_index(name: str) -> tuple[str, str]:
    """What a symbol with an index is called without it, and the index: w and 2 of w_2; w^(l) and 2 of
    w_2^(l). Nothing, twice, if it has none."""
    plain, mark, above = name.partition("^")
    base, _, index = plain.rpartition("_")
    return ("", "") if base == "" else (base + mark + above, index)
