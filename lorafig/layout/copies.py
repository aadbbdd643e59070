"""Lines of a flow, and the copies of a group that stand side by side in it."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct
from msgspec.structs import replace

from lorafig.graph.structure import Edge
from lorafig.language.copies import Series, copied_name
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

    @property
    def ends(self) -> tuple[str, str]:
        """The nodes that it is drawn from and to."""
        return self.link.tail, self.link.head


class Copies(Struct):
    """The copies of a group, side by side. In the layers there is one more for those that dots stand for, of
    nothing but room, with the edges of the copy before it."""

    series: Series
    label: Block
    nodes: tuple[str, ...]
    pad: float

    def of(self, name: str, number: int) -> bool:
        """Whether it is called as a part of the copy of this number."""
        stem, _, own = name.rpartition("-")
        return stem in self.series.members and own == str(number)

    def doubled(self, name: str) -> bool:
        return bool(self.series.left_out) and self.of(name, self.series.drawn[-2])

    def own(self, name: str) -> str:
        """What a node or a group of the copy before is called where the dots are; another one as it is."""
        return f"{name.rpartition('-')[0]}-dots" if self.doubled(name) else name

    def boxes(self) -> list[Box]:
        size = self.label.width + 2 * self.pad, self.label.height + 2 * self.pad
        return [Box(self.own(name), *size) for name in self.nodes if self.doubled(name)]

    def lines(self, edges: Sequence[EdgePart]) -> list[EdgePart]:
        found = []
        for edge in edges:
            link = edge.link
            if self.doubled(link.tail) or self.doubled(link.head):
                own = replace(link, tail=self.own(link.tail), head=self.own(link.head))
                argument = self.own(edge.argument) if edge.argument else ""
                found.append(EdgePart(own, edge.label, edge.role, edge.ink, argument))
        return found

    def among(self, clusters: Sequence[Cluster]) -> list[Cluster]:
        """The frames with one around the dots, and one around all copies: nothing else is between them."""
        copies = [cluster for cluster in clusters if cluster.name in self.names()]
        found = []
        for cluster in clusters:
            if not any(self.of(cluster.name, number) for number in self.series.drawn):
                members = dict.fromkeys(
                    self.series.group if n in self.names() else n for n in cluster.members
                )
                found.append(replace(cluster, members=tuple(members)))
                continue
            found.append(cluster)
            if self.doubled(cluster.name):
                found.append(
                    Cluster(self.own(cluster.name), tuple(map(self.own, cluster.members)), bare=True)
                )
        inside = [name for copy in copies for name in dict.fromkeys((copy.name, self.own(copy.name)))]
        return [*found, Cluster(self.series.group, tuple(inside), ordered=True, bare=True)]

    def names(self) -> list[str]:
        """The names of the copies themselves."""
        return [copied_name(self.series.group, number) for number in self.series.drawn]

    def middle(self, placed: Arrangement) -> Point:
        """Where the dots stand."""
        x0, y0, x1, y1 = placed.clusters[f"{self.series.group}-dots"]
        return (x0 + x1) / 2, (y0 + y1) / 2
