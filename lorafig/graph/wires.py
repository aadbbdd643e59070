"""The lines of a stack: its edges from what is drawn to what is drawn."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from msgspec.structs import replace

from lorafig.errors import LorafigError, Problem
from lorafig.graph import ops
from lorafig.graph.structure import Edge, Graph, Node
from lorafig.language import model

MOST = 20_000  # lines: branches that nothing adds, over each other, have as many as their product


def wires(graph: Graph) -> tuple[Edge, ...]:
    """Every edge between two nodes that are seen, in the order of the spec; where branches only come
    together, from each of them. Of the copies that dots stand for, none is drawn."""
    seen = (line for edge in graph.edges if shown(graph.nodes[edge.head]) for line in _seen(graph, edge))
    found = tuple(islice(seen, MOST + 1))
    if len(found) > MOST:
        what = f"more than {MOST:,} lines lead from branches to branches"
        raise LorafigError(
            Problem(what, graph.panel.where, "add the branches before they split again"), "limit"
        )
    return found


def _seen(graph: Graph, edge: Edge) -> Iterator[Edge]:
    """An edge, from the nodes that are seen."""
    node = graph.nodes[edge.tail]
    if isinstance(node.operation, ops.Loose):
        for below in graph.entering[edge.tail]:
            for line in _seen(graph, below):
                specs, past = (*line.specs, *edge.specs), (*line.past, *edge.past)
                yield replace(line, head=edge.head, specs=specs, past=past)
    elif shown(node):
        yield edge


def shown(node: Node) -> bool:
    """Whether a node of a stack is drawn as something of its own."""
    match node.operation:
        case ops.Loose() | ops.Output() | ops.Input(implied=True):
            return False
        case _:
            return not isinstance(node.spec, model.Repeat)
