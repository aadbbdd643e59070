"""The one way in: names to numbers, connected parts one by one, and back."""

from __future__ import annotations

from collections.abc import Sequence
from math import inf
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from lorafig import errors
from lorafig.layered.borders import add_borders
from lorafig.layered.coordinates import coordinates
from lorafig.layered.cycles import feedback
from lorafig.layered.diagram import Arrangement, Box, Cluster, Direction, Edge, Gaps, Point, Route
from lorafig.layered.frames import Frame, frame_room, frames, widen
from lorafig.layered.grid import Grid, Task, build
from lorafig.layered.labels import outwards
from lorafig.layered.limits import check_depth, check_size, check_work
from lorafig.layered.loops import hold
from lorafig.layered.nudge import nudge
from lorafig.layered.order import clear, order
from lorafig.layered.outside import outside
from lorafig.layered.ports import place_ports
from lorafig.layered.ranks import rank
from lorafig.layered.routes import Place, route
from lorafig.layered.straight import align
from lorafig.layered.titles import crossing, place_titles, slots
from lorafig.layered.twins import turn_back


class _Part(Struct):
    """What hangs together by edges and clusters: numbers in the author's lists."""

    boxes: list[int] = []
    edges: list[int] = []
    clusters: list[int] = []


class _Placed(Struct, frozen=True):
    """A part laid out in u and v; its lowest u and v are not yet 0."""

    centres: list[Place]
    routes: list[list[Place]]
    labels: list[Place | None]
    frames: list[Frame]
    titles: list[Place | None]  # their first corners
    crossings: int


def arrange(
    boxes: Sequence[Box],
    edges: Sequence[Edge],
    clusters: Sequence[Cluster] = (),
    direction: Direction = "right",
    gaps: Gaps | None = None,
    where: errors.Place | None = None,
    most: float = inf,
    before: Sequence[tuple[str, str]] = (),
    backwards: bool = False,
) -> Arrangement:
    """Places everything so that edges lead in one direction.

    Each name is that of one box or cluster, and clusters do not overlap. Raises LorafigError at `where` if it
    would take too long, or be wider or higher than `most` (`lorafig.layered.limits`). `before` are boxes that
    lie before others although no edge between them is drawn. `backwards` says that data flows against the
    edges.
    """
    if direction in ("left", "up"):  # what is drawn the other way round is what leads back
        other: dict[str | None, Literal["head", "tail"]] = {"head": "tail", "tail": "head"}
        turned_back = [
            replace(edge, tail=edge.head, head=edge.tail, side=other.get(edge.side)) for edge in edges
        ]
        opposite: Direction = "right" if direction == "left" else "down"
        after = [(second, first) for first, second in before]
        whole = arrange(boxes, turned_back, clusters, opposite, gaps, where, most, after, True)
        return replace(whole, edges=tuple(replace(way, points=way.points[::-1]) for way in whole.edges))
    gaps = Gaps() if gaps is None else gaps
    down = direction == "down"
    number = {
        name: place for place, name in enumerate([*(b.name for b in boxes), *(c.name for c in clusters)])
    }
    ends = [(number[edge.tail], number[edge.head]) for edge in edges]
    orders = [(number[first], number[second]) for first, second in before]
    around = [-1] * len(number)
    for place, cluster in enumerate(clusters):
        for name in cluster.members:
            around[number[name]] = place
    inside, parents = around[: len(boxes)], around[len(boxes) :]
    check_depth(parents, where)
    parts = _parts(len(boxes), [*ends, *orders], parents, inside)
    for part in parts:
        part.edges = [edge for edge in part.edges if edge < len(ends)]
    tasks = [_task(boxes, edges, clusters, ends, parents, inside, part, orders, down) for part in parts]
    backs = [feedback(len(task.sizes), _level(task, task.edges), task.weak, task.before) for task in tasks]
    turned_round = [turn_back(task, back) for task, back in zip(tasks, backs, strict=True)]
    tasks, backs = [task for task, _, _ in turned_round], [back for _, back, _ in turned_round]
    ranks = [_ranks(task, back, backwards) for task, back in zip(tasks, backs, strict=True)]
    check_work(list(zip(tasks, ranks, strict=True)), where)
    centres: list[Place] = [(0.0, 0.0)] * len(boxes)
    routes: list[list[Place]] = [[] for _ in edges]
    turned_edges: set[int] = set()
    labels: list[Place | None] = [None] * len(edges)
    around_all: list[Frame] = [(0.0, 0.0, 0.0, 0.0)] * len(clusters)
    corners: list[Place | None] = [None] * len(clusters)
    crossings = 0
    at = length = 0.0
    for part, task, back, ranked, (_, _, swapped) in zip(
        parts, tasks, backs, ranks, turned_round, strict=True
    ):
        grid = build(task, gaps, ranked, back)
        check_size(grid, most, where)
        placed = _least_crossed(grid, ranked, back)
        u0, v0, u1, v1 = _bounds(task, placed)
        du, dv = -u0, at - v0
        for box, (u, v) in zip(part.boxes, placed.centres, strict=True):
            centres[box] = u + du, v + dv
        for place, edge in enumerate(part.edges):
            points, label = placed.routes[place], placed.labels[place]
            routes[edge] = [(u + du, v + dv) for u, v in (points[::-1] if place in swapped else points)]
            if place in swapped:
                turned_edges.add(edge)
            labels[edge] = None if label is None else (label[0] + du, label[1] + dv)
        for which, (a, b, c, d), corner in zip(part.clusters, placed.frames, placed.titles, strict=True):
            around_all[which] = a + du, b + dv, c + du, d + dv
            corners[which] = None if corner is None else (corner[0] + du, corner[1] + dv)
        at += v1 - v0 + max(gaps.box, gaps.edge)
        length = max(length, u1 - u0)
        crossings += placed.crossings
    breadth = max(0.0, at - max(gaps.box, gaps.edge))

    def turned(place: Place) -> Point:
        return (place[1], length - place[0]) if down else (place[0], breadth - place[1])

    rectangles = {}
    titles = {}
    for framed, (a, b, c, d), corner in zip(clusters, around_all, corners, strict=True):
        (x0, y1), (x1, y0) = turned((a, b)), turned((c, d))
        rectangles[framed.name] = x0, y0, x1, y1
        if framed.title is not None and corner is not None:
            wide, high = framed.title
            x, y = turned(corner)
            titles[framed.name] = x + wide / 2, y - high / 2
    return Arrangement(
        boxes={box.name: turned(centre) for box, centre in zip(boxes, centres, strict=True)},
        edges=tuple(
            Route(
                tuple(map(turned, points)), None if label is None else turned(label), number in turned_edges
            )
            for number, (points, label) in enumerate(zip(routes, labels, strict=True))
        ),
        clusters=rectangles,
        titles=titles,
        size=(breadth, length) if down else (length, breadth),
        crossings=crossings,
    )


def _parts(
    count: int, ends: Sequence[tuple[int, int]], parents: Sequence[int], inside: Sequence[int]
) -> list[_Part]:
    """Connected parts in the order of their first boxes."""
    leader = list(range(count + len(parents)))

    def find(node: int) -> int:
        while leader[node] != node:
            leader[node] = leader[leader[node]]
            node = leader[node]
        return node

    held = [(node, count + cluster) for node, cluster in enumerate([*inside, *parents]) if cluster >= 0]
    for pair in (*ends, *held):
        low, high = sorted(map(find, pair))
        leader[high] = low
    parts: dict[int, _Part] = {}
    for box in range(count):
        parts.setdefault(find(box), _Part()).boxes.append(box)
    for edge, (tail, _) in enumerate(ends):
        parts[find(tail)].edges.append(edge)
    for cluster in range(len(parents)):
        parts[find(count + cluster)].clusters.append(cluster)
    return list(parts.values())


def _task(
    boxes: Sequence[Box],
    edges: Sequence[Edge],
    clusters: Sequence[Cluster],
    ends: Sequence[tuple[int, int]],
    parents: Sequence[int],
    inside: Sequence[int],
    part: _Part,
    orders: Sequence[tuple[int, int]],
    down: bool,
) -> Task:
    def turned(size: tuple[float, float]) -> tuple[float, float]:
        return (size[1], size[0]) if down else size

    def depth(cluster: int) -> int:
        return -1 if cluster < 0 else depth(parents[cluster]) + 1

    part.clusters.sort(key=depth)  # enclosing clusters come before those in them
    own = {box: place for place, box in enumerate(part.boxes)}
    own_cluster = {cluster: place for place, cluster in enumerate(part.clusters)} | {-1: -1}
    titles = [clusters[cluster].title for cluster in part.clusters]
    labels = [edges[edge].label for edge in part.edges]
    first: dict[int, int] = {}
    for box in part.boxes:
        if inside[box] >= 0 and clusters[inside[box]].level:
            first.setdefault(inside[box], box)
    return Task(
        sizes=[turned((boxes[box].width, boxes[box].height)) for box in part.boxes],
        outlines=[boxes[box].outline for box in part.boxes],
        levels=[boxes[box].level for box in part.boxes],
        open=[boxes[box].open for box in part.boxes],
        cores=[_core(boxes[box], down) for box in part.boxes],
        edges=[(own[ends[edge][0]], own[ends[edge][1]]) for edge in part.edges],
        labels=[None if label is None else turned(label) for label in labels],
        shared=[edges[number].kind for number in part.edges],
        clusters=[own_cluster[parents[cluster]] for cluster in part.clusters],
        inside=[own_cluster[inside[box]] for box in part.boxes],
        titles=[None if title is None else turned(title) for title in titles],
        stands=[own[first.get(inside[box], box)] for box in part.boxes],
        bare=[clusters[cluster].bare for cluster in part.clusters],
        rows=[clusters[cluster].level for cluster in part.clusters],
        ordered=[clusters[cluster].ordered for cluster in part.clusters],
        weak=[edges[number].weak for number in part.edges],
        side=[edges[number].side for number in part.edges],
        paired=[edges[number].paired for number in part.edges],
        drawn=[edges[number].drawn for number in part.edges],
        before=[(own[first], own[second]) for first, second in orders if first in own],
        title_first=down,
    )


def _core(box: Box, down: bool) -> float:
    return box.core if box.core is not None else box.width if down else box.height


def _least_crossed(grid: Grid, ranks: Sequence[int], back: Sequence[bool]) -> _Placed:
    """The part laid out; with what brings no data outside all else where lines cross less then."""
    placed = _lay_out(grid)
    others = outside(grid.task, ranks) if placed.crossings else None
    if others is None:
        return placed
    return min(placed, _lay_out(build(grid.task, grid.gaps, others, back)), key=lambda way: way.crossings)


def _lay_out(grid: Grid) -> _Placed:
    task = grid.task
    crossings = order(grid)
    clear(grid)
    add_borders(grid)
    outwards(grid)
    ports = place_ports(grid)
    places = coordinates(grid, ports, align(grid, ports))
    nudge(grid, ports, places)
    between = slots(grid, crossing(grid, ports), places) if task.clusters else []
    blocked: list[int] = []
    while True:
        widen(grid, blocked)
        plan = route(grid, ports, places, frame_room(grid))
        framed = frames(grid, plan.centres, places, between, blocked)
        titles = place_titles(grid, plan.routes, framed, between, places)
        more = [
            cluster
            for cluster, (title, corner) in enumerate(zip(task.titles, titles, strict=True))
            if title is not None and corner is None and cluster not in blocked
        ]
        if not more:
            break
        blocked += more
    centres = [(plan.centres[grid.layer[box]], places[box]) for box in range(len(task.sizes))]
    framed = hold(grid, framed, plan.routes, centres) if framed else framed
    return _Placed(centres, plan.routes, plan.labels, framed, titles, crossings)


def _ranks(task: Task, back: Sequence[bool], backwards: bool) -> list[int]:
    """Ranks of a part that clusters may hold together without edges: each piece of it begins at 0, or where
    what is in its cluster begins. What is on one level counts as one box, unless that closes a circle."""
    edges = [
        (head, tail) if leads_back else (tail, head)
        for (tail, head), leads_back in zip(task.edges, back, strict=True)
        if tail != head
    ]
    edges += _kept(len(task.sizes), edges, task.before)
    stands = _stands(task, edges)
    edges = [(stands[tail], stands[head]) for tail, head in edges]
    ranks = [0] * len(task.sizes)
    pieces = _parts(len(ranks), edges, (), [-1] * len(ranks))
    for part in pieces:
        own = {box: place for place, box in enumerate(part.boxes)}
        some = [(own[edges[edge][0]], own[edges[edge][1]]) for edge in part.edges]
        for box, value in zip(part.boxes, rank(len(part.boxes), some, backwards), strict=True):
            ranks[box] = value
    _begin(task, [part.boxes for part in pieces], ranks, backwards)
    return [ranks[first] for first in stands]


def _begin(task: Task, pieces: Sequence[Sequence[int]], ranks: list[int], backwards: bool) -> None:
    """Moves boxes that no edge leads to from 0 to where data comes into what is in their cluster."""
    if len(pieces) == 1:
        return
    first = max if backwards else min
    alone = {boxes[0] for boxes in pieces if len(boxes) == 1}
    begins: dict[int, int] = {}
    for box, value in enumerate(ranks):
        cluster = -1 if box in alone else task.inside[box]
        while cluster >= 0:
            begins[cluster] = first(value, begins.get(cluster, value))
            cluster = task.clusters[cluster]
    for box in alone:
        cluster = task.inside[box]
        while cluster >= 0 and cluster not in begins:
            cluster = task.clusters[cluster]
        ranks[box] = begins.get(cluster, 0)


def _kept(
    count: int, edges: Sequence[tuple[int, int]], before: Sequence[tuple[int, int]]
) -> list[tuple[int, int]]:
    """The pairs that may lie before each other as they should: those that close no circle of the edges."""
    weak = [False] * len(edges) + [True] * len(before)
    back = feedback(count, [*edges, *before], weak)
    if any(back[: len(edges)]):  # too many to be looked at one by one
        return []
    return [pair for pair, leads_back in zip(before, back[len(edges) :], strict=True) if not leads_back]


def _level(task: Task, edges: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The edges with one box for all that lie in one layer."""
    return [(task.stands[tail], task.stands[head]) for tail, head in edges]


def _stands(task: Task, edges: Sequence[tuple[int, int]]) -> list[int]:
    """For each box the first one of those that lie in one layer with it: in a cluster, or on a level unless
    that closes a circle."""
    if not any(task.levels):
        return list(task.stands)
    first: dict[str, int] = {}
    levelled = [
        first.setdefault(level, stands) if level else stands
        for level, stands in zip(task.levels, task.stands, strict=True)
    ]
    while levelled != (further := [levelled[stands] for stands in levelled]):
        levelled = further
    ends = [(levelled[tail], levelled[head]) for tail, head in edges]
    return list(task.stands) if any(feedback(len(levelled), ends)) else levelled


def _bounds(task: Task, placed: _Placed) -> Frame:
    boxes = [*zip(placed.centres, task.sizes, strict=True)]
    labels = zip(placed.labels, task.labels, strict=True)
    boxes += [(label, size) for label, size in labels if label is not None and size is not None]
    frames = [(u - du / 2, v - dv / 2, u + du / 2, v + dv / 2) for (u, v), (du, dv) in boxes]
    frames += [(u, v, u, v) for points in placed.routes for u, v in points]
    lows_u, lows_v, highs_u, highs_v = zip(*frames, *placed.frames, strict=True)
    return min(lows_u), min(lows_v), max(highs_u), max(highs_v)
