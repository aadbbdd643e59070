"""The one way in: names to numbers, connected parts one by one, and back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lorafig.layered.borders import add_borders
from lorafig.layered.check import check
from lorafig.layered.coordinates import coordinates
from lorafig.layered.cycles import feedback
from lorafig.layered.frames import Frame, frame_room, frames, widen
from lorafig.layered.grid import Task, build
from lorafig.layered.model import Arrangement, Box, Cluster, Direction, Edge, Gaps, Point, Route
from lorafig.layered.order import order
from lorafig.layered.ports import place_ports
from lorafig.layered.ranks import rank
from lorafig.layered.routes import Place, route
from lorafig.layered.straight import align
from lorafig.layered.titles import first_line, place_titles


@dataclass(slots=True)
class _Part:
    """What hangs together by edges and clusters: numbers in the author's lists, and the layout of it."""

    boxes: list[int]
    edges: list[int]
    clusters: list[int]


@dataclass(frozen=True, slots=True)
class _Placed:
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
) -> Arrangement:
    """Places everything so that edges lead in one direction. Raises LorafigError where names do not fit."""
    gaps = Gaps() if gaps is None else gaps
    parents, inside = check(boxes, edges, clusters, gaps)
    down = direction == "down"
    number = {box.name: place for place, box in enumerate(boxes)}
    ends = [(number[edge.tail], number[edge.head]) for edge in edges]
    parts = _parts(len(boxes), ends, parents, inside)
    centres: list[Place] = [(0.0, 0.0)] * len(boxes)
    routes: list[list[Place]] = [[] for _ in edges]
    labels: list[Place | None] = [None] * len(edges)
    found: list[Frame] = [(0.0, 0.0, 0.0, 0.0)] * len(clusters)
    corners: list[Place | None] = [None] * len(clusters)
    crossings = 0
    at = length = 0.0
    for part in parts:
        task = _task(boxes, edges, clusters, ends, parents, inside, part, down)
        placed = _lay_out(task, gaps)
        u0, v0, u1, v1 = _bounds(task, placed)
        du, dv = -u0, at - v0
        for place, box in enumerate(part.boxes):
            centres[box] = placed.centres[place][0] + du, placed.centres[place][1] + dv
        for place, edge in enumerate(part.edges):
            routes[edge] = [(u + du, v + dv) for u, v in placed.routes[place]]
            label = placed.labels[place]
            labels[edge] = None if label is None else (label[0] + du, label[1] + dv)
        for place, cluster in enumerate(part.clusters):
            a, b, c, d = placed.frames[place]
            found[cluster] = a + du, b + dv, c + du, d + dv
            title = placed.titles[place]
            corners[cluster] = None if title is None else (title[0] + du, title[1] + dv)
        at += v1 - v0 + max(gaps.box, gaps.edge)
        length = max(length, u1 - u0)
        crossings += placed.crossings
    breadth = max(0.0, at - max(gaps.box, gaps.edge))

    def turned(place: Place) -> Point:
        return (place[1], length - place[0]) if down else (place[0], breadth - place[1])

    rectangles = {}
    titles = {}
    for framed, (a, b, c, d), corner in zip(clusters, found, corners, strict=True):
        (x0, y1), (x1, y0) = turned((a, b)), turned((c, d))
        rectangles[framed.name] = x0, y0, x1, y1
        if framed.title is not None and corner is not None:
            wide, high = framed.title
            x, y = turned(corner)
            titles[framed.name] = x + wide / 2, y - high / 2
    return Arrangement(
        boxes={box.name: turned(centre) for box, centre in zip(boxes, centres, strict=True)},
        edges=tuple(
            Route(tuple(map(turned, points)), None if label is None else turned(label))
            for points, label in zip(routes, labels, strict=True)
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

    def join(one: int, two: int) -> None:
        one, two = find(one), find(two)
        leader[max(one, two)] = min(one, two)

    for tail, head in ends:
        join(tail, head)
    for box, cluster in enumerate(inside):
        if cluster >= 0:
            join(box, count + cluster)
    for cluster, parent in enumerate(parents):
        if parent >= 0:
            join(count + cluster, count + parent)
    parts: dict[int, _Part] = {}
    for box in range(count):
        parts.setdefault(find(box), _Part([], [], [])).boxes.append(box)
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
    down: bool,
) -> Task:
    def turned(size: tuple[float, float]) -> tuple[float, float]:
        return (size[1], size[0]) if down else size

    # Enclosing clusters come before those in them.
    depth = {}
    for cluster in part.clusters:
        depth[cluster] = 0
        parent = parents[cluster]
        while parent >= 0:
            depth[cluster] += 1
            parent = parents[parent]
    part.clusters.sort(key=depth.__getitem__)
    own = {box: place for place, box in enumerate(part.boxes)}
    own_cluster = {cluster: place for place, cluster in enumerate(part.clusters)}
    own_cluster[-1] = -1
    titles: list[tuple[float, float] | None] = []
    for cluster in part.clusters:
        title = clusters[cluster].title
        titles.append(None if title is None else turned(title))
    labels: list[tuple[float, float] | None] = []
    for edge in part.edges:
        label = edges[edge].label
        labels.append(None if label is None else turned(label))
    return Task(
        sizes=[turned((boxes[box].width, boxes[box].height)) for box in part.boxes],
        outlines=[boxes[box].outline for box in part.boxes],
        edges=[(own[ends[edge][0]], own[ends[edge][1]]) for edge in part.edges],
        labels=labels,
        shared=[edges[number].kind for number in part.edges],
        clusters=[own_cluster[parents[cluster]] for cluster in part.clusters],
        inside=[own_cluster[inside[box]] for box in part.boxes],
        titles=titles,
        title_first=down,
    )


def _lay_out(task: Task, gaps: Gaps) -> _Placed:
    count = len(task.sizes)
    back = feedback(count, task.edges)
    forward = [
        (head, tail) if leads_back else (tail, head)
        for (tail, head), leads_back in zip(task.edges, back, strict=True)
        if tail != head
    ]
    grid = build(task, _ranks(count, forward), back, gaps.edge / 2)
    crossings = order(grid, task.clusters)
    borders = add_borders(grid, task.clusters)
    position = [0] * len(grid.kinds)
    for layer in grid.layers:
        for place, vertex in enumerate(layer):
            position[vertex] = place
    ports = place_ports(grid, position, task.shared)
    lines = align(grid, ports, position, borders)
    places = coordinates(grid, task, ports, lines, position, borders, gaps)
    crossed = [first_line(grid, ports, places, pair, cluster) for cluster, pair in enumerate(borders)]
    blocked: list[int] = []
    while True:
        widen(grid, task, gaps, blocked)
        plan = route(grid, task, ports, places, gaps, frame_room(grid, task, gaps))
        found = frames(grid, task, plan.centres, places, crossed, gaps, blocked)
        titles = place_titles(task, plan.routes, found, crossed, gaps)
        more = [
            cluster
            for cluster, (title, place) in enumerate(zip(task.titles, titles, strict=True))
            if title is not None and place is None and cluster not in blocked
        ]
        if not more:
            break
        blocked += more
    return _Placed(
        [(plan.centres[grid.layer[box]], places[box]) for box in range(count)],
        plan.routes,
        plan.labels,
        found,
        titles,
        crossings,
    )


def _ranks(count: int, edges: Sequence[tuple[int, int]]) -> list[int]:
    """Ranks of a part that clusters may hold together without edges: each piece of it begins at 0."""
    parts = _parts(count, edges, (), [-1] * count)
    ranks = [0] * count
    for part in parts:
        own = {box: place for place, box in enumerate(part.boxes)}
        some = [(own[edges[edge][0]], own[edges[edge][1]]) for edge in part.edges]
        for box, value in zip(part.boxes, rank(len(part.boxes), some), strict=True):
            ranks[box] = value
    return ranks


def _bounds(task: Task, placed: _Placed) -> Frame:
    us: list[float] = []
    vs: list[float] = []
    for (u, v), (du, dv) in zip(placed.centres, task.sizes, strict=True):
        us += (u - du / 2, u + du / 2)
        vs += (v - dv / 2, v + dv / 2)
    for points in placed.routes:
        us += [u for u, _ in points]
        vs += [v for _, v in points]
    for label, size in zip(placed.labels, task.labels, strict=True):
        if label is not None and size is not None:
            us += (label[0] - size[0] / 2, label[0] + size[0] / 2)
            vs += (label[1] - size[1] / 2, label[1] + size[1] / 2)
    for a, b, c, d in placed.frames:
        us += (a, c)
        vs += (b, d)
    return min(us), min(vs), max(us), max(vs)
