"""Chart -> figure: nodes, edges, groups and classes of the language, and a remark on what is left out.

Words stay words: a node that reads `W` is a box with the word W on it, and becomes the matrix when its author
writes `box: W`. A figure told in words claims nothing, one told in symbols is run.
"""

from __future__ import annotations

from itertools import groupby

from lorafig.errors import LorafigError, Place, Problem
from lorafig.language.model import About, Edge, Figure, Flow, FlowGroup, FlowNode
from lorafig.language.nodes import shorten
from lorafig.mermaid.chart import Chart, Label, Line, Style, Vertex
from lorafig.mermaid.looks import Looks
from lorafig.mermaid.names import Names
from lorafig.mermaid.read import words
from lorafig.mermaid.shapes import drawn_as
from lorafig.values import replace

_TURNED = {"BT": "from bottom to top", "RL": "from right to left", "BR": "to the lower right"}
_LINES = {"arrow_circle": "circle", "arrow_cross": "cross"}


def to_figure(chart: Chart, name: str) -> tuple[Figure, tuple[Problem, ...]]:
    """A figure of the id `name`, and what of the chart is not in it, in the order of the file. Raises
    LorafigError for a chart without a node, and for labels that are too long."""
    return _Reading(chart, name).figure()


class _Reading:
    def __init__(self, chart: Chart, name: str) -> None:
        self.chart = chart
        self.id = name
        self.remarks = list(chart.remarks)
        self.looks = Looks(chart.classes, self.remarks)
        self.subgraphs = {one.name: one for one in chart.subgraphs}
        names = Names()
        self.nodes = {
            one.name: names.take(one.name, "node") for one in chart.vertices if one.name not in self.subgraphs
        }
        self.members = self.nested()
        self.groups = {name: names.take(name, "group") for name in self.members}
        self.arrows: dict[tuple[object, ...], Edge] = {}

    def figure(self) -> tuple[Figure, tuple[Problem, ...]]:
        chart = self.chart
        if not self.nodes:
            raise LorafigError(Problem("there is no node in this chart", chart.where, "write one: A[words]"))
        direction = "right" if chart.direction in ("LR", "RL") else "down"
        if chart.direction in _TURNED:
            what = f"the chart runs {_TURNED[chart.direction]}; the figure runs {direction}"
            self.remarks.append(Problem(what, chart.where))
        flow = Flow(
            nodes=tuple(self.node(one) for one in chart.vertices if one.name in self.nodes),
            edges=self.edges(),
            direction="right" if direction == "right" else "down",
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
        return words.one_line(Label(literal, "string", self.chart.where), self.remarks)

    # Nodes

    def node(self, vertex: Vertex) -> FlowNode:
        found = drawn_as(vertex.shape)
        assert found is not None  # the reader knows no other
        shape, same = found
        if not same:
            what = f"the shape '{vertex.shape}' of the node {shorten(vertex.name)} is drawn as '{shape}'"
            self.remarks.append(Problem(what, vertex.where))
        name = self.nodes[vertex.name]
        lines: tuple[str, ...] = ()
        if vertex.label is not None:
            lines = words.lines(vertex.label, self.remarks)
            if not lines:
                what = f"the node {shorten(vertex.name)} has no words: its name stands in their place"
                self.remarks.append(Problem(what, vertex.where))
        lines = lines or words.lines(Label(vertex.name, "string", vertex.where), []) or (name,)
        node = FlowNode(name=name, class_=self.looks.of(vertex.classes, vertex.styles, name, default=True))
        return replace(node, **{shape: lines})

    # Edges

    def edges(self) -> tuple[str | Edge, ...]:
        """Chains as they were written, as far as nothing is said of a single edge in them."""
        found: list[str | Edge] = []
        open_at: tuple[int, tuple[str, ...]] | None = None  # the statement and the heads of the last chain
        drawn = [(line, self.arrow(line)) for line in self.chart.lines if self.drawn(line)]
        for (_, arrow), run in groupby(drawn, lambda one: (one[0].group, one[1])):
            lines = [line for line, _ in run]
            pairs = [(self.nodes[line.tail], self.nodes[line.head]) for line in lines]
            tails = tuple(dict.fromkeys(tail for tail, _ in pairs))
            heads = tuple(dict.fromkeys(head for _, head in pairs))
            whole = pairs == [(tail, head) for tail in tails for head in heads]
            plain = arrow == Edge(edge=arrow.edge)
            if plain and whole and open_at == (lines[0].chain, tails):
                found[-1] = f"{found[-1]} {arrow.edge} {', '.join(heads)}"
            else:
                sides = [(", ".join(tails), ", ".join(heads))] if whole else pairs
                chains = [f"{tail} {arrow.edge} {head}" for tail, head in sides]
                found += chains if plain else [replace(arrow, edge=chain) for chain in chains]
            open_at = (lines[0].chain, heads) if plain and whole else None
        return tuple(found)

    def drawn(self, line: Line) -> bool:
        between = f"from {shorten(line.tail)} to {shorten(line.head)} is left out"
        ends = [one for one in (line.tail, line.head) if one not in self.nodes]
        if ends:
            hint = "edges go from node to node: name one within it"
            self.remark(f"the edge {between}: {shorten(ends[0])} is a subgraph", line.where, hint)
        elif line.stroke == "invisible":
            hint = "the layout places nodes by the edges that are drawn"
            self.remark(f"the invisible edge {between}", line.where, hint)
        return not ends and line.stroke != "invisible"

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
        if line.stroke == "thick":
            self.remark("a thick edge is drawn as thin as the others", line.where)
        if line.length > 1:
            self.remark("a longer edge is as long as the layout makes it", line.where)
        text = None if line.label is None else words.one_line(line.label, self.remarks)
        math = None
        if text is not None and text[0] == "$" and text.index("$", 1) == len(text) - 1:
            math, text = text[1:-1], None
        look = self.looks.of(line.classes, self.chart.line_styles + line.styles, "edge")
        edge = Edge(edge=arrow, math=math, text=text, dashed=line.stroke == "dotted", class_=look)
        self.arrows[key] = edge
        return edge

    def remark(self, what: str, where: Place, hint: str | None = None) -> None:
        """Once for an arrow, however many edges it stands for."""
        problem = Problem(what, where, hint)
        if problem not in self.remarks[-4:]:
            self.remarks.append(problem)

    # Groups

    def nested(self) -> dict[str, list[str]]:
        """The members of each subgraph that has nodes, itself or in a subgraph within it. Mermaid lets a
        subgraph be within itself; the language does not."""
        within: dict[str, str] = {}
        for one in self.chart.subgraphs:
            for member in one.members:
                outer: str | None = one.name
                while outer is not None and outer != member:
                    outer = within.get(outer)
                if outer is None:
                    within[member] = one.name
                else:
                    what = f"the subgraph {shorten(member)} is within itself: left out of {shorten(one.name)}"
                    self.remarks.append(Problem(what, one.where))
        kept: set[str] = set()
        for name in self.nodes:
            at = within.get(name)
            while at is not None and at not in kept:
                kept.add(at)
                at = within.get(at)
        found = {
            one.name: [
                member
                for member in one.members
                if within.get(member) == one.name and (member in self.nodes or member in kept)
            ]
            for one in self.chart.subgraphs
            if one.name in kept
        }
        for one in self.chart.subgraphs:
            if one.name not in kept:
                what = f"the subgraph {shorten(one.name)} has no nodes and is left out"
                self.remarks.append(Problem(what, one.where))
        return found

    def flow_groups(self) -> tuple[FlowGroup, ...]:
        styles: dict[str, tuple[Style, ...]] = {one.name: one.styles for one in self.chart.vertices}
        found = []
        for name, members in self.members.items():
            one = self.subgraphs[name]
            if one.direction is not None and one.direction != self.chart.direction:
                what = (
                    f"the direction {one.direction} of the subgraph {shorten(name)} has no place in a figure"
                )
                self.remarks.append(Problem(what, one.where, "a figure has one direction"))
            found.append(
                FlowGroup(
                    name=self.groups[name],
                    of=tuple(self.nodes.get(member) or self.groups[member] for member in members),
                    title=None if one.title is None else words.one_line(one.title, self.remarks),
                    class_=self.looks.of(one.classes, styles.get(name, ()), self.groups[name]),
                )
            )
        return tuple(found)


def _position(problem: Problem) -> tuple[int, int]:
    return (0, 0) if problem.where is None else (problem.where.line, problem.where.column)
