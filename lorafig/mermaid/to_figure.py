"""Chart -> figure: nodes, edges, groups and classes of the language, and a remark on what is left out.

Words stay words: a node that reads `W` is a box with the word W on it, and becomes the matrix when its author
writes `box: W`. A figure told in words claims nothing, one told in symbols is run.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from itertools import groupby
from typing import Literal

from lorafig.errors import LorafigError, Place, Problem
from lorafig.language.model import About, Badge, Edge, Figure, Flow, FlowGroup, FlowNode
from lorafig.language.nodes import shorten
from lorafig.mermaid.chart import Chart, Label, Line, Style, Vertex
from lorafig.mermaid.classes import Looks
from lorafig.mermaid.naming import Names
from lorafig.mermaid.node_shapes import STORES, drawn_as
from lorafig.mermaid.read import transcribe
from lorafig.mermaid.read.signs import badge
from lorafig.values import replace

_DIRECTIONS: Mapping[str, Literal["right", "left", "up"]] = {"LR": "right", "RL": "left", "BT": "up"}
_LINES = {"arrow_circle": "circle", "arrow_cross": "cross"}


def to_figure(chart: Chart, name: str, plain: Collection[str] = ()) -> tuple[Figure, tuple[Problem, ...]]:
    """A figure of the id `name`, and what of the chart is not in it, in the order of the file. Raises
    LorafigError for a chart without a node, and for labels that are too long."""
    return _Reading(chart, name, frozenset(plain)).figure()


class _Reading:
    def __init__(self, chart: Chart, name: str, words: frozenset[str]) -> None:
        self.chart = chart
        self.id = name
        self.words = words
        self.remarks = list(chart.remarks)
        self.looks = Looks(chart.classes, self.remarks)
        self.subgraphs = {subgraph.name: subgraph for subgraph in chart.subgraphs}
        names = Names()
        self.nodes = {
            vertex.name: names.take(vertex.name, "node")
            for vertex in chart.vertices
            if vertex.name not in self.subgraphs
        }
        self.members = self.nested()
        self.groups = {name: names.take(name, "group") for name in self.members}
        self.arrows: dict[tuple[object, ...], Edge] = {}

    def figure(self) -> tuple[Figure, tuple[Problem, ...]]:
        chart = self.chart
        if not self.nodes:
            raise LorafigError(
                Problem("there is no node in this chart", chart.where, "write one: A[words]", code="chart")
            )
        if chart.direction == "BR":
            what = "the chart runs to the lower right; the figure runs down"
            self.remarks.append(Problem(what, chart.where, code="chart"))
        flow = Flow(
            nodes=tuple(self.node(vertex) for vertex in chart.vertices if vertex.name in self.nodes),
            edges=self.edges(),
            direction=_DIRECTIONS.get(chart.direction, "down"),
            groups=self.flow_groups(),
            classes=self.looks.all(),
        )
        title = None if chart.title is None else self.plain(chart.title)
        about = About() if chart.description is None else About(shows=self.plain(chart.description))
        figure = Figure(
            id=self.id, title=self.id.replace("-", " ") if title is None else title, about=about, flow=flow
        )
        return figure, tuple(sorted(self.remarks, key=_position))

    def plain(self, text: str) -> str | None:
        """A title or a description, which Mermaid takes neither for HTML nor for entities."""
        literal = "".join(f"#{ord(char)};" if char in "#&<\\$" else char for char in text.replace("\n", " "))
        return transcribe.one_line(Label(literal, "string", self.chart.where), self.remarks)

    # Nodes

    def node(self, vertex: Vertex) -> FlowNode:
        found = drawn_as(vertex.shape)
        assert found is not None  # the reader knows no other
        shape, same = found
        name = self.nodes[vertex.name]
        lines: tuple[str, ...] = ()
        sign: Badge | None = None
        if vertex.label is not None:
            sign, words = badge(vertex.label.text)
            lines = transcribe.lines(
                replace(vertex.label, text=words), self.remarks, vertex.name in self.words
            )
            if not lines:
                what = f"the node {shorten(vertex.name)} has no words: its name stands in their place"
                self.remarks.append(Problem(what, vertex.where, code="chart"))
        lines = lines or transcribe.lines(Label(vertex.name, "string", vertex.where), []) or (name,)
        stored = vertex.shape in STORES and sign in (None, "data", "save")
        if stored:
            sign = sign or "data"
        elif not same:
            what = f"the shape '{vertex.shape}' of the node {shorten(vertex.name)} is drawn as '{shape}'"
            self.remarks.append(Problem(what, vertex.where, code="chart"))
        look = self.looks.of(vertex.classes, vertex.styles, name, default=True)
        return replace(FlowNode(name=name, badge=sign, class_=look), **{shape: lines})

    # Edges

    def edges(self) -> tuple[str | Edge, ...]:
        """Chains as they were written, as far as nothing is said of a single edge in them."""
        written: list[str | Edge] = []
        open_at: tuple[int, tuple[str, ...]] | None = None  # the statement and the heads of the last chain
        drawn = [(line, self.arrow(line)) for line in self.chart.lines if self.drawn(line)]
        for (_, arrow), run in groupby(drawn, lambda pair: (pair[0].group, pair[1])):
            lines = [line for line, _ in run]
            pairs = [(self.end(line.tail), self.end(line.head)) for line in lines]
            tails = tuple(dict.fromkeys(tail for tail, _ in pairs))
            heads = tuple(dict.fromkeys(head for _, head in pairs))
            whole = pairs == [(tail, head) for tail in tails for head in heads]
            plain = arrow == Edge(edge=arrow.edge)
            if plain and whole and open_at == (lines[0].chain, tails):
                written[-1] = f"{written[-1]} {arrow.edge} {', '.join(heads)}"
            else:
                sides = [(", ".join(tails), ", ".join(heads))] if whole else pairs
                chains = [f"{tail} {arrow.edge} {head}" for tail, head in sides]
                written += chains if plain else [replace(arrow, edge=chain) for chain in chains]
            open_at = (lines[0].chain, heads) if plain and whole else None
        return tuple(written)

    def drawn(self, line: Line) -> bool:
        between = f"from {shorten(line.tail)} to {shorten(line.head)} is left out"
        ends = [end for end in (line.tail, line.head) if end not in self.nodes and end not in self.groups]
        inside = self.within(line.tail, line.head) or self.within(line.head, line.tail)
        if ends:
            self.remark(f"the edge {between}: {shorten(ends[0])} is a subgraph without nodes", line.where)
        elif inside:
            hint = "edges go from one thing to another beside it"
            self.remark(f"the edge {between}: one is inside the other", line.where, hint)
        elif line.stroke == "invisible":
            hint = "the layout places nodes by the edges that are drawn"
            self.remark(f"the invisible edge {between}", line.where, hint)
        return not ends and not inside and line.stroke != "invisible"

    def end(self, name: str) -> str:
        """What the figure calls a node or a subgraph."""
        return self.nodes[name] if name in self.nodes else self.groups[name]

    def within(self, outer: str, inner: str) -> bool:
        """Whether one is the other, a subgraph, or somewhere in it."""
        if outer not in self.members:
            return False
        members = self.members[outer]
        return outer == inner or inner in members or any(self.within(member, inner) for member in members)

    def arrow(self, line: Line) -> Edge:
        """What is said of an edge, with its arrow alone in the place of its chain."""
        key = (line.group, line.classes, line.styles)
        known = self.arrows.get(key)
        if known is not None:
            return known
        kind = line.kind.removeprefix("double_")
        arrow = "--" if kind == "arrow_open" else "<->" if line.kind.startswith("double_") else "->"
        if kind in _LINES:
            self.remark(f"the {_LINES[kind]} at the end of an edge is drawn as an arrowhead", line.where)
        if line.length > 1:
            self.remark("a longer edge is as long as the layout makes it", line.where)
        text = transcribe.one_line(line.label, self.remarks)
        math = None
        if text is not None and text[0] == "$" and text.index("$", 1) == len(text) - 1:
            math, text = text[1:-1], None
        look = self.looks.of(line.classes, self.chart.line_styles + line.styles, "edge")
        edge = Edge(
            edge=arrow,
            math=math,
            text=text,
            dashed=line.stroke == "dotted",
            thick=line.stroke == "thick",
            class_=look,
        )
        self.arrows[key] = edge
        return edge

    def remark(self, what: str, where: Place, hint: str | None = None) -> None:
        """Once for an arrow, however many edges it stands for."""
        problem = Problem(what, where, hint, code="chart")
        if problem not in self.remarks[-4:]:
            self.remarks.append(problem)

    # Groups

    def nested(self) -> dict[str, list[str]]:
        """The members of each subgraph that has nodes, itself or in a subgraph within it. Mermaid lets a
        subgraph be within itself; the language does not."""
        within: dict[str, str] = {}
        for subgraph in self.chart.subgraphs:
            for member in subgraph.members:
                outer: str | None = subgraph.name
                while outer is not None and outer != member:
                    outer = within.get(outer)
                if outer is None:
                    within[member] = subgraph.name
                else:
                    what = f"the subgraph {shorten(member)} is within itself"
                    what += f": left out of {shorten(subgraph.name)}"
                    self.remarks.append(Problem(what, subgraph.where, code="chart"))
        kept: set[str] = set()
        for name in self.nodes:
            at = within.get(name)
            while at is not None and at not in kept:
                kept.add(at)
                at = within.get(at)
        members = {}
        for name, subgraph in self.subgraphs.items():
            if name in kept:
                own = [member for member in subgraph.members if within.get(member) == name]
                members[name] = [member for member in own if member in self.nodes or member in kept]
            else:
                what = f"the subgraph {shorten(name)} has no nodes and is left out"
                self.remarks.append(Problem(what, subgraph.where, code="chart"))
        return members

    def flow_groups(self) -> tuple[FlowGroup, ...]:
        styles: dict[str, tuple[Style, ...]] = {vertex.name: vertex.styles for vertex in self.chart.vertices}
        groups = []
        for name, members in self.members.items():
            subgraph = self.subgraphs[name]
            if subgraph.direction is not None and subgraph.direction != self.chart.direction:
                what = f"the direction {subgraph.direction} of the subgraph {shorten(name)}"
                what += " has no place in a figure"
                self.remarks.append(Problem(what, subgraph.where, "a figure has one direction", code="chart"))
            own = self.groups[name]
            of = tuple(self.nodes.get(member) or self.groups[member] for member in members)
            look = self.looks.of(subgraph.classes, styles.get(name, ()), own)
            title = transcribe.one_line(subgraph.title, self.remarks)
            groups.append(FlowGroup(name=own, of=of, title=title, class_=look))
        return tuple(groups)


def _position(problem: Problem) -> tuple[int, int]:
    return (0, 0) if problem.where is None else (problem.where.line, problem.where.column)
