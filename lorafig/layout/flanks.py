"""Nodes at the side of another on the same level: memory beside what is kept there, say.

The layers of a flow have no edge between two nodes of one layer. A node that has edges to one other alone, on
the same level, stands at the right of it, a second one at the left, and these edges lead straight across.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec.structs import replace

from lorafig.layered import Arrangement, Route

Size = tuple[float, float]
SIDES = (1.0, -1.0)  # the right one comes first


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
    hosts: dict[str, int] = {}
    for name, host in reversed([*beside.items()]):
        hosts[host] = hosts.get(host, 0) + 1
        if hosts[host] > len(SIDES):
            del beside[name]
    return dict(reversed(beside.items()))


def room(beside: Mapping[str, str], sizes: Mapping[str, Size], gaps: Mapping[str, float]) -> dict[str, float]:
    """How wide each node is with what stands at its sides, as much at either, in mm."""
    widths = {name: size[0] for name, size in sizes.items()}
    for name, host in beside.items():
        widths[host] = max(widths[host], sizes[host][0] + 2 * (gaps[name] + sizes[name][0]))
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
    boxes, sides = dict(whole.boxes), dict[str, float]()
    for name, host in beside.items():
        sides[name] = SIDES[sum(beside[other] == host for other in sides)]
        away = (sizes[host][0] + sizes[name][0]) / 2 + gaps[name]
        boxes[name] = boxes[host][0] + sides[name] * away, boxes[host][1]
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
        end = boxes[name][0] - sides[name] * sizes[name][0] / 2
        start = end - sides[name] * gaps[name]
        points = ((start, y), (end, y))
        out = -0.5 if number > 0 else 0.5  # the words stand above the first line, and below others
        at = None if label is None else ((start + end) / 2, y + out * label[1])
        routes.append(Route(points if head == name else points[::-1], at))
    low = min(_lefts(boxes, sizes, routes, rooms, whole))
    high = max([whole.size[0], *(boxes[name][0] + sizes[name][0] / 2 for name in beside)])
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
