"""A flow with copies of groups, written out anew: a node for each copy, and rows of cells that they feed.

Raises NoOpinion like `oracle`, of copies in copies and of edges between two groups.
"""

from __future__ import annotations

import re
from typing import Any

from lorafig.language.model import Edge, Flow, FlowNode
from lorafig.notation.write.tex import to_tex
from lorafig.values import replace
from tests.verify import oracle_steps
from tests.verify.oracle import (
    False_,
    NoOpinion,
    Value,
    World,
    equal,
    index_of,
    parse_math,
    product,
    put_in,
    value,
)


def expanded(flow: Flow, at: World) -> Flow:
    """The flow with the nodes of each group over an index once for each value."""
    several = [group for group in flow.groups if group.over is not None]
    inside: dict[str, tuple[str, int]] = {}
    for group in several:
        for name in map(str, group.of):
            inside[name] = index_of(str(group.over), at.small)
    if inside.keys() & {str(group.name) for group in flow.groups}:
        raise NoOpinion("groups in a group that is copied")
    if {str(group.name) for group in flow.groups} & {
        end for tail, _, head in oracle_steps.arrows(flow) for end in (tail, head)
    }:
        raise NoOpinion("an edge of a group")
    nodes: list[FlowNode] = []
    for node in flow.nodes:
        letter, last = inside.get(str(node.name), ("", 0))
        nodes += [copy(node, letter, i) for i in range(1, last + 1)] if last else [node]
    edges: list[Any] = []
    for entry in flow.edges:
        source = replace(flow, edges=(entry,))
        for tail, stroke, head in oracle_steps.arrows(source):
            many = {inside[end] for end in (tail, head) if end in inside}
            if len(many) > 1:
                raise NoOpinion("an edge between two groups")
            for i in range(1, many.pop()[1] + 1) if many else (0,):
                ends = [f"{end}-{i}" if end in inside else end for end in (tail, head)]
                written = f"{ends[0]} {stroke} {ends[1]}"
                edges.append(replace(entry, edge=written) if isinstance(entry, Edge) else written)
    groups = [replace(group, over=None, of=names_of(group, inside)) for group in flow.groups]
    return replace(flow, nodes=tuple(nodes), edges=tuple(edges), groups=tuple(groups))


def names_of(group: Any, inside: dict[str, tuple[str, int]]) -> tuple[str, ...]:
    names = map(str, group.of)
    return tuple(f"{name}-1" if name in inside else name for name in names)


def copy(node: FlowNode, letter: str, index: int) -> FlowNode:
    def put(source: str) -> str:
        return to_tex(put_in(parse_math(source), letter, str(index)))

    changed: dict[str, Any] = {"name": f"{node.name}-{index}"}
    if isinstance(node.label, str):
        changed[node.shape] = put(node.label)
    if node.bottleneck is not None:
        changed["bottleneck"] = tuple(map(put, node.bottleneck))
    if node.math is not None:
        changed["math"] = put(node.math)
    for field in ("text", "note"):
        if f"_{letter}" in str(getattr(node, field)):
            raise NoOpinion("an index in words")
    return replace(node, **changed)


def added(node: FlowNode, tails: list[str], given: list[Value | None], at: World, found: list[bool]) -> Value:
    """What leaves a row of cells: the sum of what the copies bring, each times its entry."""
    weights = value(parse_math(str(node.cells)), at)
    if weights.scalar or 1 not in weights.array.shape:
        raise False_("cells of no vector")
    total: Any = None
    for tail, flow in zip(tails, given, strict=True):
        number = re.search(r"-(\d+)$", tail)
        if flow is None:
            raise NoOpinion("words flow in")
        if number is None:
            if sum("-" not in other for other in tails) > 1:
                raise False_("two that are to be the vector")
            found.append(flow.array.shape == weights.array.shape and equal(flow, weights))
            continue
        if int(number[1]) > weights.array.size:
            raise False_("more copies than cells")
        part = product(Value(weights.array.ravel()[int(number[1]) - 1]), "", flow)
        total = part.array if total is None else total + part.array
    if total is None:
        return weights
    copies = sum(re.search(r"-\d+$", tail) is not None for tail in tails)
    if copies != weights.array.size:
        raise False_("not a copy for each cell")
    return Value(total)
