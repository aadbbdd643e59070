"""Nodes, edges, and the graph that they make of a panel."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise, product
from typing import assert_never

from msgspec import Struct

from lorafig.errors import Place
from lorafig.graph import ops
from lorafig.graph.ops import Operation
from lorafig.language import model
from lorafig.language.chain import Stroke
from lorafig.language.copies import Series
from lorafig.values import replace


class Node(Struct, frozen=True):
    """`name` is what edges call it: its name in a flow; in a stack the place of its element, `2.1.0` for the
    first one of the second branch of the third. `spec` is what it comes from. One of a flow is `hidden` if it
    is of a copy that dots stand for."""

    name: str
    operation: Operation
    spec: model.StackElement | model.FlowNode
    hidden: bool = False

    @property
    def symbols(self) -> tuple[str, ...]:
        """What it works with, in the order in which the data passes it; none for functions, signs and
        words."""
        match self.operation:
            case (
                ops.Input(symbol)
                | ops.State(symbol)
                | ops.Apply(symbol)
                | ops.Scale(symbol)
                | ops.Shift(symbol)
                | ops.Cells(symbol)
            ):
                return (symbol,)
            case ops.Act(symbols):
                return symbols
            case (
                ops.Entry()
                | ops.Call()
                | ops.Sum()
                | ops.Product()
                | ops.Words()
                | ops.Loose()
                | ops.Output()
            ):
                return ()
            case _:
                assert_never(self.operation)


class Edge(Struct, frozen=True):
    """`specs` is what is written on it: the edge of a flow, if it has a label or a look, or the arrows of a
    stack that have labels; `past` are the skips of a stack that it goes along, by their places.

    `frames` are the groups that it is drawn from and to, None for a node. What is in a group may begin or end
    with several nodes, of which `tail` and `head` are one: `tails` and `heads` are all of them.
    """

    tail: str
    head: str
    stroke: Stroke = "->"
    specs: tuple[model.Edge | model.Arrow, ...] = ()
    frames: tuple[str | None, str | None] = (None, None)
    tails: tuple[str, ...] = ()
    heads: tuple[str, ...] = ()
    past: tuple[str, ...] = ()

    @property
    def look(self) -> model.Edge | None:
        """The label and the look of an edge of a flow."""
        spec = self.specs[0] if self.specs else None
        return spec if isinstance(spec, model.Edge) else None

    @property
    def weak(self) -> bool:
        """Whether it is a gradient, a signal or a move in memory, and no data."""
        return self.look is not None and self.look.kind not in ("data", "skip")

    @property
    def flows(self) -> bool:
        """Whether data flows along it."""
        return self.stroke != "--" and not self.weak

    @property
    def ends(self) -> tuple[str, str]:
        """What it is drawn from and to: a node or a group each."""
        tail, head = self.frames
        return self.tail if tail is None else tail, self.head if head is None else head


class Graph(Struct, frozen=True):
    """What flows through a panel. Nodes and edges are in the order of the spec. Of a flow with copies it has
    those that are drawn, in `series`; if dots stand for others, the `whole` has all of them."""

    panel: model.Panel
    nodes: dict[str, Node]
    edges: tuple[Edge, ...]
    entering: dict[str, list[Edge]]
    leaving: dict[str, list[Edge]]
    whole: Graph | None = None
    series: tuple[Series, ...] = ()

    @property
    def run(self) -> Graph:
        """What is executed."""
        return self if self.whole is None else self.whole

    def specs(self) -> dict[str, model.FlowNode]:
        """The nodes of a flow, as its author writes them."""
        return {name: node.spec for name, node in self.nodes.items() if isinstance(node.spec, model.FlowNode)}

    def passes(self, name: str) -> bool:
        """Whether data flows into a node or out of it."""
        return any(edge.flows for edge in (*self.entering[name], *self.leaving[name]))

    def ways(self) -> list[tuple[str, str]]:
        """Where data goes, from node to node: `--` carries none, `<->` both ways."""
        pairs: list[tuple[str, str]] = []
        for edge in self.edges:
            if not edge.flows:
                continue
            own = list(product(edge.tails or (edge.tail,), edge.heads or (edge.head,)))
            pairs += own
            if edge.stroke == "<->":
                pairs += [(head, tail) for tail, head in own]
        return pairs


def graph_of(panel: model.Panel, nodes: Iterable[Node], edges: Iterable[Edge]) -> Graph:
    graph = Graph(panel, {node.name: node for node in nodes}, tuple(edges), {}, {})
    graph.entering.update((name, []) for name in graph.nodes)
    graph.leaving.update((name, []) for name in graph.nodes)
    for edge in graph.edges:
        graph.entering[edge.head].append(edge)
        graph.leaving[edge.tail].append(edge)
    return graph


def titled(group: model.FlowGroup) -> str | None:
    """`L × Block`: how often a group stands there, before what it is called; None without both."""
    return _often(group.times, group.title, group.where)


def headed(panel: model.Panel) -> str | None:
    """`L × Block`: how often what is on a panel is there, before its title; None without both."""
    return _often(panel.times, panel.panel, panel.where)


def _often(times: str | None, title: str | None, where: Place | None) -> str | None:
    if times is None:
        return title
    words = "" if title is None else f" {title}"
    return model.Source(f"${times}$ ×{words}", getattr(times, "where", where))


def most_bits(figure: model.Figure) -> int:
    """The most bits in which a weight on a figure is kept; 0 where none is drawn by its bits."""
    flows = [figure.flow, *(entry.flow for entry in figure.row if isinstance(entry, model.Panel))]
    return max((node.bits or 0 for flow in flows if flow is not None for node in flow.nodes), default=0)


def noted(node: model.FlowNode) -> str | None:
    """`N × heads`, `4-bit NF4`: how many of a node there are, or the bits of its entries, and its note."""
    words = "" if node.note is None else f" {node.note}"
    if node.bits is not None:
        return model.Source(f"{node.bits}-bit{words}", getattr(node.note, "where", node.where))
    if node.sheets is None:
        return node.note
    return model.Source(f"${node.sheets}$ ×{words}", getattr(node.sheets, "where", node.where))


def outermost_first(flow: model.Flow) -> list[str]:
    """Groups with a frame before those inside them, so that no frame covers another."""
    inside = {member: group.name for group in flow.groups for member in group.of}

    def depth(name: str) -> int:
        return depth(inside[name]) + 1 if name in inside else 0

    return sorted((str(group.name) for group in flow.groups if group.frame), key=depth)


def actions(spec: object) -> tuple[model.Action | model.Inject, ...]:
    """The steps of a pipeline that a node of a flow stands for."""
    does = spec.does if isinstance(spec, model.FlowNode) else None
    return does if isinstance(does, tuple) else () if does is None else (does,)


def branches_of(split: model.Split) -> list[tuple[model.StackElement, ...]]:
    """The branches of a split, each a list of elements. An arrow by itself is a skip."""
    return [
        tuple(map(_skip, branch)) if len(branch) == 1 else branch
        for branch in (entry if isinstance(entry, tuple) else (entry,) for entry in split.split)
    ]


def _skip(element: model.StackElement) -> model.StackElement:
    if not isinstance(element, model.Arrow):
        return element
    return model.Skip(element.arrow, name=element.name, unverified=element.unverified, where=element.where)


def trapezoids(bottleneck: model.Bottleneck) -> list[model.Trapezoid]:
    """The trapezoids of a bottleneck, each with its label."""
    parts = [
        part if isinstance(part, model.Trapezoid) else model.Trapezoid(part) for part in bottleneck.bottleneck
    ]
    labelled = [replace(part, math=label) for part, label in zip(parts, bottleneck.math, strict=False)]
    return labelled + parts[len(labelled) :]


def leads(shapes: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """From which size to which each matrix of a chain leads, by rows and columns: from its columns to its
    rows, B (A x), or from its rows to its columns where they fit so alone, (x A) B."""
    pairs = list(pairwise(shapes))
    turned = any(one[0] != two[1] for one, two in pairs) and all(one[1] == two[0] for one, two in pairs)
    return list(shapes) if turned else [(columns, rows) for rows, columns in shapes]


def elements(stack: tuple[model.StackElement, ...]) -> Iterator[model.StackElement]:
    """The elements of a stack and of its branches, in the order of the spec."""
    for element in stack:
        yield element
        if isinstance(element, model.Split):
            for branch in branches_of(element):
                yield from elements(branch)
