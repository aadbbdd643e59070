"""Lines of a flow, and the copies of a group that stand side by side in it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from lorafig.graph.structure import Edge
from lorafig.language.copies import Series
from lorafig.layered import Arrangement, Box, Cluster
from lorafig.layout.sheet import Block
from lorafig.scene import Point


class EdgePart(Struct):
    """One line, and the label of the first of its chain's."""

    link: Edge
    label: Block | None
    role: str
    ink: str = "text"  # the role of the label: what flows has the colour of what it comes from
    argument: str = ""  # of several of a function, the name of the node that it comes from: they do not join
    drawn: bool = True  # else it is one to dots, which takes room

    @property
    def ends(self) -> tuple[str, str]:
        """The nodes that it is drawn from and to."""
        return self.link.tail, self.link.head


class Copies(Struct):
    """The copies of a group, side by side. In the layers there is one more for those that dots stand for, of
    nothing but room, with the edges of the copy before it. A group in another is copied before that: what it
    has for its dots is copied too. `places` says in which of the drawn copies a part is."""

    series: Series
    label: Block
    pad: float
    places: Mapping[str, int]

    def place(self, name: str) -> int | None:
        """Which of the drawn copies a part is of; None if it is of none. Dots in a copy are a part of it."""
        return self.places.get(name.partition("/")[0])

    def before(self, name: str) -> bool:
        """Whether a part is of the copy before the dots."""
        return bool(self.series.left_out) and self.place(name) == len(self.series.drawn) - 2

    def doubled(self, name: str) -> bool:
        return self.before(name) and name in self.series.lasting

    def own(self, name: str) -> str:
        """What a part of the copy before is called where the dots are; another one as it is."""
        return f"{name}/{self.series.group}" if self.doubled(name) else name

    def which(self, name: str) -> int | None:
        """The number of the copy that a part is of; None for one of the copies that dots stand for."""
        place = self.places[name.partition("/")[0]]
        return None if name.endswith(f"/{self.series.group}") else self.series.drawn[place]

    def boxes(self, names: Iterable[str]) -> list[Box]:
        size = self.label.width + 2 * self.pad, self.label.height + 2 * self.pad
        return [Box(self.own(name), *size) for name in names if self.doubled(name)]

    def lines(self, edges: Iterable[EdgePart]) -> list[EdgePart]:
        found = []
        for edge in edges:
            link = edge.link
            ends = [name for name in (link.tail, link.head) if self.before(name)]
            if ends and all(map(self.doubled, ends)):
                own = replace(link, tail=self.own(link.tail), head=self.own(link.head))
                argument = self.own(edge.argument) if edge.argument else ""
                found.append(EdgePart(own, edge.label, edge.role, edge.ink, argument, False))
        return found

    def among(self, clusters: Sequence[Cluster]) -> list[Cluster]:
        """The frames with one around the dots, and one around all copies: nothing else is between them."""
        copies = [cluster for cluster in clusters if cluster.name in self.names()]
        found = []
        for cluster in clusters:
            if self.place(cluster.name) is None:
                members = dict.fromkeys(
                    self.series.group if n in self.names() else n for n in cluster.members
                )
                found.append(replace(cluster, members=tuple(members)))
                continue
            found.append(cluster)
            if self.doubled(cluster.name):
                members_ = tuple(self.own(member) for member in cluster.members if self.doubled(member))
                found.append(Cluster(self.own(cluster.name), members_, bare=True))
        inside = [name for copy in copies for name in dict.fromkeys((copy.name, self.own(copy.name)))]
        return [*found, Cluster(self.series.group, tuple(inside), ordered=True, bare=True)]

    def names(self) -> tuple[str, ...]:
        """The names of the copies themselves."""
        return self.series.rows[0]

    def middle(self, placed: Arrangement) -> Point:
        """Where the dots stand."""
        x0, y0, x1, y1 = placed.clusters[self.own(self.names()[-2])]
        return (x0 + x1) / 2, (y0 + y1) / 2


def prepare(series: Series, label: Block, pad: float) -> Copies:
    places = {name: place for row in series.rows for place, name in enumerate(row)}
    return Copies(series, label, pad, places)
