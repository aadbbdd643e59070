"""A flow as a graph: its edges one by one, which of them lead back, its layers and an order to tell it in."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from lorafig.language.chain import Stroke, links
from lorafig.language.model import Edge, Flow, FlowNode


@dataclass(frozen=True, slots=True)
class Wire:
    """One edge, with what is written on it."""

    tail: str
    head: str
    stroke: Stroke
    math: str | None = None
    text: str | None = None
    dashed: bool = False
    unverified: str | None = None


@dataclass(frozen=True, slots=True)
class Graph:
    """`layer` is how many edges at most lead to a node, without those that lead back; `order` has every
    node after those before it. Both by the names of the nodes, and by the spec where that leaves a choice."""

    nodes: dict[str, FlowNode]
    wires: tuple[Wire, ...]
    back: frozenset[Wire]
    layer: dict[str, int]
    order: tuple[str, ...]
    leaving: dict[str, tuple[Wire, ...]]
    entering: dict[str, tuple[Wire, ...]]

    def layers(self) -> list[list[str]]:
        """The nodes, layer by layer."""
        found: list[list[str]] = [[] for _ in range(max(self.layer.values(), default=-1) + 1)]
        for name in self.nodes:
            found[self.layer[name]].append(name)
        return found

    def forward(self, name: str) -> list[Wire]:
        """What enters a node, without what leads back to it."""
        return [wire for wire in self.entering[name] if wire not in self.back]


def graph(flow: Flow) -> Graph:
    """The graph of a flow; linear in its nodes and edges."""
    nodes = {str(node.name): node for node in flow.nodes}
    wires = tuple(dict.fromkeys(wire for edge in flow.edges for wire in _wires(edge)))
    leaving: dict[str, list[Wire]] = {name: [] for name in nodes}
    entering: dict[str, list[Wire]] = {name: [] for name in nodes}
    for wire in wires:
        leaving[wire.tail].append(wire)
        entering[wire.head].append(wire)
    back = _back(leaving)
    layer, order = _layers(leaving, entering, back)
    return Graph(
        nodes,
        wires,
        back,
        layer,
        tuple(order),
        {name: tuple(found) for name, found in leaving.items()},
        {name: tuple(found) for name, found in entering.items()},
    )


def _wires(edge: str | Edge) -> list[Wire]:
    if isinstance(edge, str):
        return [Wire(link.tail, link.head, link.stroke) for link in links(edge)]
    return [
        Wire(link.tail, link.head, link.stroke, edge.math, edge.text, edge.dashed, edge.unverified)
        for link in links(edge.edge)
    ]


def _back(leaving: dict[str, list[Wire]]) -> frozenset[Wire]:
    """The edges that close a cycle, followed from the nodes in the order of the spec; depth first, with a
    stack of our own: a chain may be thousands of nodes long."""
    found: set[Wire] = set()
    state = dict.fromkeys(leaving, "new")
    for start in leaving:
        if state[start] != "new":
            continue
        state[start] = "open"
        stack = [(start, iter(leaving[start]))]
        while stack:
            name, rest = stack[-1]
            wire = next(rest, None)
            if wire is None:
                state[name] = "done"
                stack.pop()
            elif state[wire.head] == "open":
                found.add(wire)
            elif state[wire.head] == "new":
                state[wire.head] = "open"
                stack.append((wire.head, iter(leaving[wire.head])))
    return frozenset(found)


def _layers(
    leaving: dict[str, list[Wire]], entering: dict[str, list[Wire]], back: frozenset[Wire]
) -> tuple[dict[str, int], list[str]]:
    waiting = {name: sum(wire not in back for wire in found) for name, found in entering.items()}
    layer = dict.fromkeys(leaving, 0)
    ready = deque(name for name, count in waiting.items() if count == 0)
    order: list[str] = []
    while ready:
        name = ready.popleft()
        order.append(name)
        for wire in leaving[name]:
            if wire in back:
                continue
            layer[wire.head] = max(layer[wire.head], layer[name] + 1)
            waiting[wire.head] -= 1
            if waiting[wire.head] == 0:
                ready.append(wire.head)
    place = {name: index for index, name in enumerate(leaving)}
    order.sort(key=lambda name: (layer[name], place[name]))
    return layer, order
