"""Nodes at the side of another on the same level: memory beside what is kept there, say.

The layers of a flow have no edge between two nodes of one layer. A node that has edges to one other alone, on
the same level, stands at the right of it, and these edges lead straight across.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec.structs import replace

from lorafig.layered import Arrangement, Route

Size = tuple[float, float]


def flanks(levels: Mapping[str, str], ends: Sequence[tuple[str, str]], grouped: set[str]) -> dict[str, str]:
    """Which nodes stand at the side of which, by the `levels` of nodes and the `ends` of the edges; nodes in
    groups do not."""
    others: dict[str, set[str]] = {}
    for tail, head in ends:
        others.setdefault(tail, set()).add(head)
        others.setdefault(head, set()).add(tail)
    beside: dict[str, str] = {}
    for name in reversed([*levels]):
        near = others.get(name, set()) - {name}
        host = next(iter(near), None)
        if len(near) != 1 or host is None or name in beside.values() or host in beside:
            continue
        if levels.get(host) == levels[name] and grouped.isdisjoint((name, host)):
            beside[name] = host
    return dict(reversed(beside.items()))


def room(beside: Mapping[str, str], sizes: Mapping[str, Size], gaps: Mapping[str, float]) -> dict[str, float]:
    """How wide each node is with what stands at its side, and as much at its left, in mm."""
    widths = {name: size[0] for name, size in sizes.items()}
    for name, host in beside.items():
        widths[host] += 2 * (gaps[name] + sizes[name][0])
    return widths


def placed(
    whole: Arrangement,
    beside: Mapping[str, str],
    sizes: Mapping[str, Size],
    gaps: Mapping[str, float],
    ends: Sequence[tuple[str, str]],
    rooms: Sequence[Size | None],
    lane: float,
) -> tuple[Arrangement, float]:
    """The arrangement with the nodes that stand at the side of others, and their edges; the height that it
    has in all is not changed. Also how far from its left end the rest of it has its middle."""
    boxes = dict(whole.boxes)
    right = {host: boxes[host][0] + sizes[host][0] / 2 for host in beside.values()}
    for name, host in beside.items():
        x = right[host] + gaps[name] + sizes[name][0] / 2
        boxes[name] = x, boxes[host][1]
        right[host] = x + sizes[name][0] / 2
    layered = iter(whole.edges)
    routes: list[Route] = []
    told: dict[str, int] = {}
    between = {name: sum(name in pair for pair in ends) for name in beside}
    for (tail, head), label in zip(ends, rooms, strict=True):
        name = tail if tail in beside else head
        if name not in beside:
            routes.append(next(layered))
            continue
        number, count = told.get(name, 0), between[name]
        told[name] = number + 1
        y = boxes[name][1] + lane * ((count - 1) / 2 - number)
        x1 = boxes[name][0] - sizes[name][0] / 2
        points = ((x1 - gaps[name], y), (x1, y))
        at = None if label is None else (x1 - gaps[name] / 2, y + label[1] / 2 + lane / 2)
        routes.append(Route(points if head == name else points[::-1], at))
    low = min(_lefts(boxes, sizes, routes, rooms, whole))
    high = max(*right.values(), whole.size[0])
    moved = replace(whole, boxes=boxes, edges=tuple(routes), size=(high - low, whole.size[1]))
    return moved.moved(lambda x: x - low, lambda y: y), whole.size[0] / 2 - low


def _lefts(
    boxes: Mapping[str, tuple[float, float]],
    sizes: Mapping[str, Size],
    routes: Sequence[Route],
    rooms: Sequence[Size | None],
    whole: Arrangement,
) -> list[float]:
    """The left ends of all that is drawn, in mm."""
    ends = [boxes[name][0] - width / 2 for name, (width, _) in sizes.items()]
    ends += [x for route in routes for x, _ in route.points]
    for route, label in zip(routes, rooms, strict=True):
        if route.label is not None and label is not None:
            ends.append(route.label[0] - label[0] / 2)
    return [*ends, *(box[0] for box in whole.clusters.values())]
