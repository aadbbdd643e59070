"""The order of the steps of a pipeline by the arrows of its flow, and what runs in a circle."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from lorafig.errors import LorafigError, Problem
from lorafig.language.chain import links
from lorafig.language.model import Edge, Flow

MAX_VISITS = 5_000_000  # of nodes between steps


@dataclass(slots=True)
class Graph:
    """The nodes with steps: which ones come right before each, through nodes without steps; and which have
    lines without arrowheads."""

    before: dict[str, list[str]]
    after: dict[str, list[str]]
    loose: set[str]


def graph_of(flow: Flow, nodes: Collection[str]) -> Graph:
    """The steps among the nodes of a flow. Raises LorafigError where there is too much between them."""
    heads: dict[str, list[str]] = {node.name: [] for node in flow.nodes}
    loose: set[str] = set()
    for edge in flow.edges:
        for link in links(edge.edge if isinstance(edge, Edge) else edge):
            if link.stroke == "--":
                loose |= {link.tail, link.head}
            else:
                heads[link.tail].append(link.head)
                if link.stroke == "<->":
                    heads[link.head].append(link.tail)
    graph = Graph({name: [] for name in nodes}, {name: [] for name in nodes}, loose & set(nodes))
    visits = 0
    for name in nodes:
        seen: set[str] = set()
        pending = list(reversed(heads[name]))
        while pending:
            here = pending.pop()
            if here in seen:
                continue
            seen.add(here)
            visits += 1 + len(heads[here])
            if here in nodes:
                graph.after[name].append(here)
                graph.before[here].append(name)
            else:
                pending.extend(reversed(heads[here]))
        if visits > MAX_VISITS:
            problem = Problem("there are too many ways through the pipeline", flow.where, "draw fewer edges")
            raise LorafigError(problem, "limit")
    return graph


def ordered(graph: Graph) -> tuple[list[str], list[str]]:
    """The nodes, each after all that come before it, and those that cannot be ordered."""
    left = {name: len(before) for name, before in graph.before.items()}
    ready = [name for name, count in left.items() if count == 0]
    for name in ready:  # it grows on the way
        for head in graph.after[name]:
            left[head] -= 1
            if left[head] == 0:
                ready.append(head)
    return ready, [name for name, count in left.items() if count > 0]


def circle_among(graph: Graph, among: Sequence[str]) -> list[str]:
    """A shortest circle through the first of these nodes that is on one, from it to itself."""
    for start in among:
        came: dict[str, str] = {}
        pending = [start]
        for here in pending:
            for head in graph.after[here]:
                if head == start:
                    path = [here]
                    while path[-1] != start:
                        path.append(came[path[-1]])
                    return [*reversed(path), start]
                if head not in came:
                    came[head] = here
                    pending.append(head)
    return []
