"""What the statements of a chart add up to: nodes by name, edges in order, subgraphs with their members.

Mermaid's own rules: the last words and shape given to a node hold; a node belongs to the first subgraph
that is closed with it inside; a style of an unknown node makes the node, a class of one does nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TypeVar

from lorafig.errors import LorafigError, Place, Problem
from lorafig.language.nodes import MAX_ELEMENTS
from lorafig.mermaid.chart import Chart, Label, Line, Style, Subgraph, Vertex
from lorafig.mermaid.read.arrows import Arrow

MAX_DEPTH = 32  # of subgraphs
MAX_STYLES = 1_000  # of one node, edge or class: declarations, and classes

Item = TypeVar("Item")


@dataclass(slots=True)
class _Open:
    """A subgraph whose 'end' has not come yet."""

    name: str
    title: Label | None
    where: Place
    direction: str | None = None
    members: dict[str, None] = field(default_factory=dict)


class Builder:
    def __init__(self, title: str | None, remarks: list[Problem]) -> None:
        self.remarks = remarks
        self.title = title
        self.accessible_title: str | None = None
        self.description: str | None = None
        self.where: Place | None = None
        self.direction = "TB"
        self.vertices: dict[str, Vertex] = {}
        self.edges: list[Line] = []
        self.by_name: dict[str, int] = {}  # of edges
        self.subgraphs: dict[str, Subgraph] = {}
        self.inside: set[str] = set()  # what a closed subgraph has
        self.counted = 0  # subgraphs begun
        self.closed = 0
        self.ends: set[str] = set()  # of edges
        self.open: list[_Open] = []
        self.classes: dict[str, tuple[Style, ...]] = {}
        self.line_styles: tuple[Style, ...] = ()
        self.chain = 0
        self.group = 0

    def limit(self, what: str, where: Place) -> None:
        raise LorafigError(Problem(f"more than {MAX_ELEMENTS:,} {what} in one chart", where), "limit")

    def bounded(self, styles: tuple[Item, ...], where: Place) -> tuple[Item, ...]:
        """What is said of one thing is not without end: every addition copies what was there."""
        if len(styles) > MAX_STYLES:
            problem = Problem(f"more than {MAX_STYLES:,} styles or classes of one thing", where, code="chart")
            raise LorafigError(problem, "limit")
        return styles

    # Nodes and edges

    def begin(self) -> None:
        self.chain += 1

    def vertex(self, name: str, where: Place, label: Label | None = None, shape: str | None = None) -> None:
        known = self.vertices.get(name)
        if known is None:
            if len(self.vertices) >= MAX_ELEMENTS:
                self.limit("nodes", where)
            known = Vertex(name, where)
        if label is not None:
            known = replace(known, label=label)
        if shape is not None:
            known = replace(known, shape=shape)
        self.vertices[name] = known
        if self.open:
            self.open[-1].members[name] = None

    def connect(
        self,
        tails: list[str],
        heads: list[str],
        arrow: Arrow,
        label: Label | None,
        name: str | None,
        where: Place,
    ) -> None:
        """Each tail with each head. The name is that of the edge from the last tail to the first head."""
        if len(self.edges) + len(tails) * len(heads) > MAX_ELEMENTS:
            self.limit("edges", where)
        self.group += 1
        self.ends.update(tails, heads)
        for place, tail in enumerate(tails):
            for number, head in enumerate(heads):
                own = name if place == len(tails) - 1 and number == 0 and name not in self.by_name else None
                if own is not None:
                    self.by_name[own] = len(self.edges)
                kind, stroke, length = arrow.kind, arrow.stroke, arrow.length
                line = Line(tail, head, kind, stroke, length, label, own, self.group, self.chain, where)
                self.edges.append(line)

    def is_edge(self, name: str) -> bool:
        if name in self.by_name:
            self.forget(name)
            return True
        return False

    def forget(self, name: str) -> None:
        """`e1@{ … }` names an edge: no node was meant."""
        vertex = self.vertices.get(name)
        if vertex is not None and vertex.label is None and vertex.shape is None and name not in self.ends:
            del self.vertices[name]
            if self.open:
                self.open[-1].members.pop(name, None)

    # Subgraphs

    def open_subgraph(self, name: str | None, title: Label | None, where: Place) -> None:
        if len(self.open) >= MAX_DEPTH:
            raise LorafigError(Problem(f"subgraphs nested deeper than {MAX_DEPTH} levels", where), "limit")
        if self.counted >= MAX_ELEMENTS:
            self.limit("subgraphs", where)
        self.counted += 1
        self.open.append(_Open(name or "", title, where))

    def turn(self, direction: str, where: Place) -> None:
        if not self.open:
            what = f"'direction {direction}' outside of a subgraph says nothing"
            self.remarks.append(
                Problem(what, where, "the first line gives the direction: flowchart LR", code="chart")
            )
            return
        self.open[-1].direction = direction

    def close(self) -> None:
        """Members that an earlier subgraph has stay there. Subgraphs of one name are one."""
        done = self.open.pop()
        name = done.name or f"subGraph{self.closed}"
        self.closed += 1
        members = tuple(member for member in done.members if member not in self.inside and member != name)
        known = self.subgraphs.get(name)
        if known is not None:
            self.subgraphs[name] = replace(known, members=(*known.members, *members))
        else:
            self.subgraphs[name] = Subgraph(name, done.title, members, done.direction, done.where)
        self.inside.update(members)
        if self.open:
            self.open[-1].members[name] = None

    # Styles

    def define(self, name: str, styles: tuple[Style, ...], where: Place) -> None:
        self.classes[name] = self.bounded(self.classes.get(name, ()) + styles, where)

    def add_class(self, name: str, cls: str, where: Place) -> None:
        """To what has the name by now: Mermaid passes over a class of what comes later."""
        number, group, vertex = self.by_name.get(name), self.subgraphs.get(name), self.vertices.get(name)
        if number is not None:
            line = self.edges[number]
            self.edges[number] = replace(line, classes=self.bounded((*line.classes, (cls, where)), where))
        if group is not None:
            self.subgraphs[name] = replace(group, classes=self.bounded((*group.classes, (cls, where)), where))
        if vertex is not None:
            self.vertices[name] = replace(
                vertex, classes=self.bounded((*vertex.classes, (cls, where)), where)
            )
        if number is None and group is None and vertex is None:
            what = f"there is no node '{name}' so far to have the class '{cls}'"
            self.remarks.append(Problem(what, where, "Mermaid wants the class after the node", code="chart"))

    def add_style(self, name: str, styles: tuple[Style, ...], where: Place) -> None:
        if name not in self.vertices and name not in self.subgraphs:
            self.remarks.append(
                Problem(f"this style makes the node '{name}': nothing else names it", where, code="chart")
            )
        inside, self.open = self.open, []  # a style is not a mention within a subgraph
        self.vertex(name, where)
        self.open = inside
        known = self.vertices[name]
        self.vertices[name] = replace(known, styles=self.bounded(known.styles + styles, where))

    def style_edges(self, styles: tuple[Style, ...], where: Place) -> None:
        self.line_styles = self.bounded(self.line_styles + styles, where)

    def style_edge(self, number: int, styles: tuple[Style, ...]) -> None:
        line = self.edges[number]
        self.edges[number] = replace(line, styles=styles)

    def chart(self) -> Chart:
        assert self.where is not None
        return Chart(
            self.where,
            self.direction,
            tuple(self.vertices.values()),
            tuple(self.edges),
            tuple(self.subgraphs.values()),
            self.classes,
            self.line_styles,
            self.title if self.title is not None else self.accessible_title,
            self.description,
            tuple(self.remarks),
        )
