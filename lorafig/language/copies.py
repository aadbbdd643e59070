"""A group of a flow that is there once for each value of an index: its copies, those that are drawn and all
of them, and the edges between them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import product
from typing import Any, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from lorafig.language import model
from lorafig.language.chain import Link, links
from lorafig.language.repeat import SHOWN, Reach, put, reach
from lorafig.notation.canonical import key
from lorafig.notation.read.parse import parse_math
from lorafig.notation.tree import Listing, Node, Number, Script

_Part = TypeVar("_Part", model.FlowNode, model.FlowGroup)
_Index = tuple[str, int]  # the group that is copied, and which of its copies


class Series(Struct, frozen=True):
    """A group that is copied: the names of all that is in it with its own, and the numbers of the copies that
    are drawn. Between the last two of them dots stand for the others, if there are any."""

    group: str
    members: tuple[str, ...]
    drawn: tuple[int, ...]
    letter: str

    def dots(self) -> str | None:
        """What the index of those runs over that dots stand for, `i = 3..7`; None without dots."""
        left = self.left_out
        return f"{self.letter} = {left.start}..{left.stop - 1}" if left else None

    def ends(self, names: Iterable[str]) -> tuple[str, str]:
        """Of the nodes with these names, the first one of each copy that the dots stand between."""
        pairs = [name for name in names if name.rpartition("-")[0] in self.members]
        before, after = (f"-{number}" for number in self.drawn[-2:])
        return (
            next(name for name in pairs if name.endswith(before)),
            next(name for name in pairs if name.endswith(after)),
        )

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


def copied_name(name: str, number: int) -> str:
    return f"{name}-{number}"


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
        self.owner = {name: group for group, copied in self.copied.items() for name in copied.members}
        self.labelled: dict[tuple[int, tuple[_Index, ...]], model.Edge] = {}

    def drawn(self) -> dict[str, list[int]]:
        return {name: copied.drawn() for name, copied in self.copied.items()}

    def all(self) -> dict[str, list[int]]:
        return {name: [*copied.all] for name, copied in self.copied.items()}

    def series(self) -> tuple[Series, ...]:
        return tuple(
            Series(name, tuple(sorted(copied.members)), tuple(copied.drawn()), copied.reach.index.letter)
            for name, copied in self.copied.items()
        )

    def made(self, numbers: Mapping[str, Sequence[int]]) -> model.Flow:
        """The flow with these copies. Of its edges it has those with a label or a look, each as the copy has
        it; between what they are, `links` says."""
        nodes = (copy for node in self.flow.nodes for copy in self._several(node, numbers))
        groups = (copy for group in self.flow.groups for copy in self._several(group, numbers))
        edges = {id(edge): edge for _, edge in self.links(numbers) if edge is not None}
        return replace(self.flow, nodes=tuple(nodes), groups=tuple(groups), edges=tuple(edges.values()))

    def numbers(self, drawn: Mapping[str, Sequence[int]]) -> dict[str, tuple[str, int]]:
        """The group and the number of each copy that there is, by the names of what is in it."""
        return {
            copied_name(name, number): (group, number)
            for name, group in self.owner.items()
            for number in drawn[group]
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

    def _several(self, part: _Part, numbers: Mapping[str, Sequence[int]]) -> Iterator[_Part]:
        own = self.owner.get(str(part.name))
        for number in (None,) if own is None else numbers[own]:
            copy: Any = part if own is None or number is None else self._at(part, {own: number})
            if isinstance(copy, model.FlowGroup):
                names = (each for name in copy.of for each in self._names(str(name), own, number, numbers))
                copy = replace(copy, of=tuple(names), over=None)
            if own is not None and number is not None:
                copy = replace(copy, name=copied_name(str(copy.name), number))
            yield copy

    def _names(
        self, name: str, own: str | None, number: int | None, numbers: Mapping[str, Sequence[int]]
    ) -> Iterator[str]:
        """What a member of a group is called."""
        of = self.owner.get(name)
        if of is None:
            yield name
        elif of == own and number is not None:
            yield copied_name(name, number)
        else:
            yield from (copied_name(name, each) for each in numbers[of])

    def _at(self, part: Any, indices: Mapping[str, int]) -> Any:
        """A part with these indices in all that is written on it."""
        for group, number in indices.items():
            copied = self.copied[group]
            part = put(part, copied.reach.index.letter, copied.value(number))
        return part

    def links(self, numbers: Mapping[str, Sequence[int]]) -> Iterator[tuple[Link, model.Edge | None]]:
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

    def _copies(
        self, link: Link, numbers: Mapping[str, Sequence[int]]
    ) -> Iterator[tuple[Link, tuple[_Index, ...]]]:
        """An edge to or from what is copied leads to or from each copy; between two groups over one index,
        from each copy of the one to the same of the other."""
        tail, head = (self.owner.get(name) for name in (link.tail, link.head))
        if tail is None and head is None:
            yield link, ()
        elif tail is None or head is None or tail == head:
            group = str(head if tail is None else tail)
            for number in numbers[group]:
                ends = (
                    link.tail if tail is None else copied_name(link.tail, number),
                    link.head if head is None else copied_name(link.head, number),
                )
                yield replace(link, tail=ends[0], head=ends[1]), ((group, number),)
        else:
            alike = self.copied[tail].reach.index.letter == self.copied[head].reach.index.letter
            for one, other in product(numbers[tail], numbers[head]):
                if one == other or not alike:
                    ends = copied_name(link.tail, one), copied_name(link.head, other)
                    yield replace(link, tail=ends[0], head=ends[1]), ((tail, one), (head, other))
