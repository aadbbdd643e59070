"""A group of a flow that is there once for each value of an index: its copies, those that are drawn and all
of them, and the edges between them. Such a group may stand in another."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import product
from math import prod
from typing import Any, TypeAlias, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from lorafig.language import model
from lorafig.language.chain import Link, links
from lorafig.language.repeat import SHOWN, Reach, put, reach
from lorafig.notation.canonical import key
from lorafig.notation.read.parse import parse_math
from lorafig.notation.tree import Listing, Node, Number, Script

_Part = TypeVar("_Part", model.FlowNode, model.FlowGroup)
_Index = tuple[str, int]  # a group that is copied, and which of its copies
Numbers: TypeAlias = Mapping[str, Sequence[int]]  # of the copies of each group


class Series(Struct, frozen=True):
    """A group that is copied: the numbers of the copies that are drawn, and in `rows` what each part of it is
    called in them, itself first. Between the last two of them dots stand for the others, if there are any.
    One in another that is copied too is a series by itself in each copy of that. `lasting` are the parts that
    the copy of the dots has too, those of the first copies within it."""

    group: str
    drawn: tuple[int, ...]
    letter: str
    rows: tuple[tuple[str, ...], ...]
    lasting: frozenset[str]

    def dots(self) -> str | None:
        """What the index of those runs over that dots stand for, `i = 3..7`; None without dots."""
        left = self.left_out
        return f"{self.letter} = {left.start}..{left.stop - 1}" if left else None

    def ends(self, names: Iterable[str]) -> tuple[str, str]:
        """Of the nodes with these names, the first one of each copy that the dots stand between."""
        after = {row[-2]: row[-1] for row in self.rows}
        before = next(name for name in names if name in after)
        return before, after[before]

    @property
    def left_out(self) -> range:
        """The numbers of the copies that dots stand for."""
        return range(self.drawn[-2] + 1, self.drawn[-1]) if len(self.drawn) > 1 else range(0)


class Copied(Struct, frozen=True):
    """A group with an index, all that is in it, and what the index runs over."""

    members: frozenset[str]
    reach: Reach

    @property
    def all(self) -> range:
        return range(self.reach.first, self.reach.last + 1)

    def drawn(self) -> list[int]:
        """The first ones and the last; all of them where dots would stand for one alone."""
        whole = self.all
        return [*whole] if len(whole) <= SHOWN + 2 else [*whole[:SHOWN], whole[-1]]

    def value(self, number: int) -> Node:
        """What stands for the index: the last one as the range ends."""
        last = self.reach.index.last
        return last if number == self.reach.last and key(last) is not None else Number(str(number))


def repeated(flow: model.Flow | None) -> bool:
    """Whether a group of a flow has copies."""
    return flow is not None and any(group.over is not None for group in flow.groups)


def inside(group: model.FlowGroup, groups: Mapping[str, model.FlowGroup]) -> Iterator[str]:
    """The names of all that is in a group, of the groups within it too."""
    for member in map(str, group.of):
        yield member
        if member in groups:
            yield from inside(groups[member], groups)


def _entry(node: Node, index: Node) -> Node:
    """An entry of a vector, g_2 of g; of w_s, w_{s,2}."""
    if isinstance(node, Script) and node.sub is not None:
        return replace(node, sub=Listing((node.sub, index), (",",), ("",)))
    return replace(node, sub=index) if isinstance(node, Script) else Script(node, index)


def copied_name(name: str, numbers: Iterable[int]) -> str:
    """What a part is called in a copy, by the numbers of the groups that it is in, the outermost first."""
    return "-".join((name, *map(str, numbers)))


class Copies:
    """The copies of a flow's groups at the sizes of its model. Raises LorafigError for a range without a
    value, and for one too long."""

    def __init__(self, flow: model.Flow, values: Mapping[str, Fraction]) -> None:
        self.flow = flow
        groups = {str(group.name): group for group in flow.groups}
        self.copied = {
            name: Copied(frozenset({name, *inside(group, groups)}), reach(group, values))
            for name, group in groups.items()
            if group.over is not None
        }
        self.owners: dict[str, tuple[str, ...]] = {}  # of all that is copied, from the outermost
        for group, copied in sorted(self.copied.items(), key=lambda item: -len(item[1].members)):
            for name in copied.members:
                self.owners[name] = (*self.owners.get(name, ()), group)
        self.labelled: dict[tuple[int, tuple[_Index, ...]], model.Edge] = {}

    def drawn(self) -> dict[str, list[int]]:
        return {name: copied.drawn() for name, copied in self.copied.items()}

    def all(self) -> dict[str, list[int]]:
        return {name: [*copied.all] for name, copied in self.copied.items()}

    def many(self, *names: str) -> int:
        """How many copies there are of a part, or of an edge between two."""
        owners = dict.fromkeys(owner for name in names for owner in self.owners.get(name, ()))
        several = self.over(owners).values()
        return prod(min(len(self.copied[owner].all) for owner in alike) for alike in several)

    def series(self) -> tuple[Series, ...]:
        """Those of groups within others before those of the others."""
        drawn = self.drawn()
        found = []
        for group in sorted(self.copied, key=lambda name: len(self.copied[name].members)):
            depth = len(self.owners[group]) - 1
            own = tuple(drawn[group])
            parts = [group, *sorted(self.copied[group].members - {group})]
            for outer in self._tuples(self.owners[group][:-1], drawn):
                rows: list[tuple[str, ...]] = []
                lasting: set[str] = set()
                for part in parts:
                    behind = self.owners[part][depth + 1 :]
                    # A group within it is drawn by its copies, and laid out as all of them together too.
                    for below in (behind, behind[:-1]) if part in self.copied and behind else (behind,):
                        for inner in self._tuples(below, drawn):
                            rows.append(tuple(copied_name(part, (*outer, one, *inner)) for one in own))
                            if inner == tuple(drawn[each][0] for each in below):
                                lasting.update(rows[-1])
                letter = self.copied[group].reach.index.letter
                name = copied_name(group, outer)
                found.append(Series(name, own, letter, tuple(rows), frozenset(lasting)))
        return tuple(found)

    @staticmethod
    def _tuples(groups: Sequence[str], numbers: Numbers) -> Iterator[tuple[int, ...]]:
        """The numbers of each copy of what is in these groups."""
        return product(*(numbers[group] for group in groups))

    def made(self, numbers: Numbers) -> model.Flow:
        """The flow with these copies. Of its edges it has those with a label or a look, each as the copy has
        it; between what they are, `links` says."""
        nodes = (copy for node in self.flow.nodes for copy in self._several(node, numbers))
        groups = (copy for group in self.flow.groups for copy in self._several(group, numbers))
        edges = {id(edge): edge for _, edge in self.links(numbers) if edge is not None}
        return replace(self.flow, nodes=tuple(nodes), groups=tuple(groups), edges=tuple(edges.values()))

    def numbers(self, drawn: Numbers) -> dict[str, tuple[_Index, ...]]:
        """The groups and the numbers of each copy that there is, by the names of what is in it."""
        return {
            copied_name(name, own): tuple(zip(owners, own, strict=True))
            for name, owners in self.owners.items()
            for own in self._tuples(owners, drawn)
        }

    def row(self, symbol: str, group: str) -> tuple[tuple[str, ...], tuple[int | None, ...]]:
        """The labels of the cells of a vector beside a group, `\\omega_1` to `\\omega_N`, and their numbers;
        for those that are not drawn dots, and None."""
        from lorafig.notation.write.tex import to_tex

        copied, node = self.copied[group], parse_math(symbol)
        labels: list[str] = []
        numbers: list[int | None] = []
        for number in copied.drawn():
            if numbers and number - (numbers[-1] or 0) > 1:
                labels.append("\\cdots")
                numbers.append(None)
            labels.append(to_tex(_entry(node, copied.value(number))))
            numbers.append(number)
        return tuple(labels), tuple(numbers)

    def _several(self, part: _Part, numbers: Numbers) -> Iterator[_Part]:
        owners = self.owners.get(str(part.name), ())
        for own in self._tuples(owners, numbers):
            copy: Any = self._at(part, dict(zip(owners, own, strict=True)))
            if isinstance(copy, model.FlowGroup):
                names = (each for name in copy.of for each in self._names(str(name), own, numbers))
                copy = replace(copy, of=tuple(names), over=None)
            yield replace(copy, name=copied_name(str(copy.name), own)) if own else copy

    def _names(self, name: str, own: tuple[int, ...], numbers: Numbers) -> Iterator[str]:
        """What a member of a copy of a group is called."""
        for inner in self._tuples(self.owners.get(name, ())[len(own) :], numbers):
            yield copied_name(name, (*own, *inner))

    def _at(self, part: Any, indices: Mapping[str, int]) -> Any:
        """A part with these indices in all that is written on it."""
        for group, number in indices.items():
            copied = self.copied[group]
            part = put(part, copied.reach.index.letter, copied.value(number))
        return part

    def links(self, numbers: Numbers) -> Iterator[tuple[Link, model.Edge | None]]:
        """The edges, copy by copy, each with its label and its look."""
        for entry in self.flow.edges:
            own = entry if isinstance(entry, model.Edge) else None
            several: dict[tuple[_Index, ...], list[Link]] = {}
            for link in links(str(entry if own is None else own.edge)):
                for copy, indices in self._copies(link, numbers):
                    several.setdefault(indices, []).append(copy)
            for indices, copies in several.items():
                edge = None if own is None else self._edge(own, indices)
                yield from ((copy, edge) for copy in copies)

    def _edge(self, edge: model.Edge, indices: tuple[_Index, ...]) -> model.Edge:
        """The same object for all links of a chain."""
        known = self.labelled.get((id(edge), indices))
        if known is None:
            known = self.labelled[id(edge), indices] = self._at(edge, dict(indices)) if indices else edge
        return known

    def _copies(self, link: Link, numbers: Numbers) -> Iterator[tuple[Link, tuple[_Index, ...]]]:
        """An edge to or from what is copied leads to or from each copy; between two groups over one index,
        from each copy of the one to the same of the other."""
        ends = tuple(self.owners.get(name, ()) for name in (link.tail, link.head))
        groups = list(dict.fromkeys(ends[0] + ends[1]))
        letters = self.over(groups)
        runs = [self._common(several, numbers) for several in letters.values()]
        for values in product(*runs):
            at = {
                group: value
                for several, value in zip(letters.values(), values, strict=True)
                for group in several
            }
            tail, head = (
                copied_name(name, (at[group] for group in owners))
                for name, owners in zip((link.tail, link.head), ends, strict=True)
            )
            yield replace(link, tail=tail, head=head), tuple(at.items())

    def over(self, groups: Iterable[str]) -> dict[str, list[str]]:
        """The groups by the letters of their indices: those over one have one number for an edge."""
        letters: dict[str, list[str]] = {}
        for group in groups:
            letters.setdefault(self.copied[group].reach.index.letter, []).append(group)
        return letters

    @staticmethod
    def _common(groups: Sequence[str], numbers: Numbers) -> list[int]:
        return [number for number in numbers[groups[0]] if all(number in numbers[group] for group in groups)]
