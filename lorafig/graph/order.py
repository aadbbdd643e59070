"""The order of a graph: layers, what leads back, what runs in a circle. Linear in nodes and edges.

Nodes are names, arcs are pairs of them.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence

from msgspec import Struct

from lorafig.errors import LorafigError, Problem
from lorafig.graph.structure import Edge, Graph, actions

MAX_VISITS = 5_000_000  # of nodes between steps

Arc = tuple[str, str]
Heads = Mapping[str, Sequence[str]]


class Order(Struct, frozen=True):
    """`nodes` has every node after those before it, as they become ready; `layer` is how many arcs at most
    lead to each. `rest` are those on a circle, or behind one."""

    nodes: tuple[str, ...]
    layer: dict[str, int]
    rest: tuple[str, ...]


def heads_of(names: Iterable[str], arcs: Iterable[Arc]) -> dict[str, list[str]]:
    """Where the arcs of each node lead."""
    heads: dict[str, list[str]] = {name: [] for name in names}
    for tail, head in arcs:
        heads[tail].append(head)
    return heads


def ordered(heads: Heads, without: Container[Arc] = ()) -> Order:
    """The order of the nodes (Kahn, 1962), by all arcs but those `without`."""
    waiting = dict.fromkeys(heads, 0)
    for tail, several in heads.items():
        for head in several:
            waiting[head] += (tail, head) not in without
    layer = dict.fromkeys(heads, 0)
    ready = [name for name, count in waiting.items() if count == 0]
    for name in ready:  # it grows on the way
        for head in heads[name]:
            if (name, head) in without:
                continue
            layer[head] = max(layer[head], layer[name] + 1)
            waiting[head] -= 1
            if waiting[head] == 0:
                ready.append(head)
    return Order(tuple(ready), layer, tuple(name for name, count in waiting.items() if count > 0))


def leading_back(heads: Heads) -> frozenset[Arc]:
    """The arcs that close a circle, followed from the nodes in their order; depth first, with a stack of our
    own: a chain may be thousands of nodes long."""
    back: set[Arc] = set()
    state = dict.fromkeys(heads, "new")
    for start in heads:
        if state[start] != "new":
            continue
        state[start] = "open"
        stack = [(start, iter(heads[start]))]
        while stack:
            name, rest = stack[-1]
            head = next(rest, None)
            if head is None:
                state[name] = "done"
                stack.pop()
            elif state[head] == "open":
                back.add((name, head))
            elif state[head] == "new":
                state[head] = "open"
                stack.append((head, iter(heads[head])))
    return frozenset(back)


def circle(heads: Heads, among: Iterable[str]) -> list[str]:
    """A shortest circle through the first of these nodes that is on one, from it to itself."""
    for start in among:
        came: dict[str, str] = {}
        pending = [start]
        for here in pending:
            for head in heads[here]:
                if head == start:
                    path = [here]
                    while path[-1] != start:
                        path.append(came[path[-1]])
                    return [*reversed(path), start]
                if head not in came:
                    came[head] = here
                    pending.append(head)
    return []


class Telling(Struct, frozen=True):
    """A graph in the order in which it is told: layer by layer, which edges that lead `back` do not count in,
    and each layer as the spec has it."""

    graph: Graph
    nodes: tuple[str, ...]
    layer: dict[str, int]
    back: frozenset[Arc]

    def layers(self) -> list[list[str]]:
        """The nodes, layer by layer."""
        layers: list[list[str]] = [[] for _ in range(max(self.layer.values(), default=-1) + 1)]
        for name in self.nodes:
            layers[self.layer[name]].append(name)
        return layers

    def leads_back(self, edge: Edge) -> bool:
        return (edge.tail, edge.head) in self.back


def telling(graph: Graph) -> Telling:
    """The order to tell a graph in, by all of its edges but those of gradients, signals and memory."""
    ways = ((edge.tail, edge.head) for edge in graph.edges if not edge.weak)
    heads = heads_of(graph.nodes, ways)
    back = leading_back(heads)
    layer = ordered(heads, back).layer
    nodes = sorted(graph.nodes, key=lambda name: layer[name])  # which keeps the order of the spec
    return Telling(graph, tuple(nodes), layer, back)


class Steps(Struct, frozen=True):
    """The nodes of a pipeline that stand for steps: where each leads, through nodes without steps, and what
    leads to it."""

    after: dict[str, list[str]]
    before: dict[str, list[str]]

    def order(self) -> Order:
        return ordered(self.after)


def steps(graph: Graph) -> Steps:
    """The steps of a flow. Raises LorafigError where there is too much between them."""
    heads = heads_of(graph.nodes, graph.ways())
    after: dict[str, list[str]] = {name: [] for name, node in graph.nodes.items() if actions(node.spec)}
    visits = 0
    for name in after:
        seen: set[str] = set()
        pending = list(reversed(heads[name]))
        while pending:
            here = pending.pop()
            if here in seen:
                continue
            seen.add(here)
            visits += 1 + len(heads[here])
            if here in after:
                after[name].append(here)
            else:
                pending.extend(reversed(heads[here]))
        if visits > MAX_VISITS:
            flow = graph.panel.flow
            where = None if flow is None else flow.where
            what = "there are too many ways through the pipeline"
            raise LorafigError(Problem(what, where, "draw fewer edges"), "limit")
    return Steps(after, heads_of(after, ((head, tail) for tail in after for head in after[tail])))
