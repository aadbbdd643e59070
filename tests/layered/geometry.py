"""What a good arrangement is, said a second time from the drawing alone: rectangles and straight pieces."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations, pairwise

from lorafig.layered import Arrangement, Box, Cluster, Direction, Edge, Gaps, Point

NEAR = 1e-5  # mm
Rectangle = tuple[float, float, float, float]
Segment = tuple[Point, Point]


def rectangle(centre: Point, width: float, height: float) -> Rectangle:
    x, y = centre
    return x - width / 2, y - height / 2, x + width / 2, y + height / 2


def meet(one: Rectangle, two: Rectangle, apart: float = 0.0) -> bool:
    """Whether two rectangles come nearer than `apart` (touching is allowed at 0)."""
    return (
        one[0] < two[2] + apart - NEAR
        and two[0] < one[2] + apart - NEAR
        and one[1] < two[3] + apart - NEAR
        and two[1] < one[3] + apart - NEAR
    )


def within_of(one: Rectangle, frame: Rectangle) -> bool:
    return (
        one[0] >= frame[0] - NEAR
        and one[1] >= frame[1] - NEAR
        and one[2] <= frame[2] + NEAR
        and one[3] <= frame[3] + NEAR
    )


def segments(points: Sequence[Point]) -> Iterator[Segment]:
    yield from pairwise(points)


def passes(segment: Segment, over: Rectangle) -> bool:
    """Whether a piece along an axis has a point inside a rectangle."""
    (x0, y0), (x1, y1) = segment
    return meet((min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)), over)


def overlap(one: Segment, two: Segment) -> float:
    """The length along which two pieces lie on top of each other."""
    for axis in (0, 1):
        a, b = sorted((one[0][axis], one[1][axis]))
        c, d = sorted((two[0][axis], two[1][axis]))
        other = 1 - axis
        flat = abs(one[0][other] - one[1][other]) < NEAR and abs(two[0][other] - two[1][other]) < NEAR
        if flat and abs(one[0][other] - two[0][other]) < NEAR:
            return max(0.0, min(b, d) - max(a, c))
    return 0.0


def on_outline(box: Box, centre: Point, point: Point) -> bool:
    dx, dy = (point[0] - centre[0]) / (box.width / 2), (point[1] - centre[1]) / (box.height / 2)
    if box.outline == "ellipse":
        return abs(dx * dx + dy * dy - 1) < 1e-4
    if box.outline == "diamond":
        return abs(abs(dx) + abs(dy) - 1) < 1e-4
    return abs(max(abs(dx), abs(dy)) - 1) < 1e-4


def inside(clusters: Sequence[Cluster], cluster: Cluster) -> set[str]:
    """Everything in a cluster at any depth."""
    named = {other.name: other for other in clusters}
    found: set[str] = set()
    todo = [cluster]
    while todo:
        for name in todo.pop().members:
            found.add(name)
            if name in named:
                todo.append(named[name])
    return found


def faults(
    a: Arrangement,
    boxes: Sequence[Box],
    edges: Sequence[Edge],
    clusters: Sequence[Cluster],
    direction: Direction,
    gaps: Gaps,
) -> Iterator[str]:
    """Everything that is wrong with an arrangement, in words."""
    places = {box.name: rectangle(a.boxes[box.name], box.width, box.height) for box in boxes}
    for one, two in combinations(boxes, 2):
        if meet(places[one.name], places[two.name], min(gaps.box, gaps.layer)):
            yield f"boxes {one.name} and {two.name} are nearer than the gap"
    labels = [
        (number, rectangle(route.label, *edge.label))
        for number, (edge, route) in enumerate(zip(edges, a.edges, strict=True))
        if edge.label is not None and route.label is not None
    ]
    if len(labels) != sum(edge.label is not None for edge in edges):
        yield "a label has no place"
    for (one_n, one_r), (two_n, two_r) in combinations(labels, 2):
        if meet(one_r, two_r):
            yield f"labels {one_n} and {two_n} overlap"
    for number, place in labels:
        yield from (f"label {number} is on box {name}" for name, box in places.items() if meet(place, box))
    yield from _edges(a, boxes, edges, places, labels)
    yield from _frames(a, boxes, clusters, places)
    width, height = a.size
    points = [point for route in a.edges for point in route.points]
    whole = [*places.values(), *a.clusters.values(), *(place for _, place in labels)]
    whole += [(x, y, x, y) for x, y in points]
    if boxes and any(
        abs(found - wanted) > NEAR
        for found, wanted in (
            (min(r[0] for r in whole), 0),
            (min(r[1] for r in whole), 0),
            (max(r[2] for r in whole), width),
            (max(r[3] for r in whole), height),
        )
    ):
        yield "the size is not that of what is there"


def _edges(
    a: Arrangement,
    boxes: Sequence[Box],
    edges: Sequence[Edge],
    places: dict[str, Rectangle],
    labels: Sequence[tuple[int, Rectangle]],
) -> Iterator[str]:
    named = {box.name: box for box in boxes}
    for number, (edge, route) in enumerate(zip(edges, a.edges, strict=True)):
        if not on_outline(named[edge.tail], a.boxes[edge.tail], route.points[0]):
            yield f"edge {number} does not begin on its tail's outline"
        if not on_outline(named[edge.head], a.boxes[edge.head], route.points[-1]):
            yield f"edge {number} does not end on its head's outline"
        pieces = list(segments(route.points))
        for one, two in pairwise(pieces):
            if (abs(one[0][0] - one[1][0]) < NEAR) == (abs(two[0][0] - two[1][0]) < NEAR):
                yield f"edge {number} has a corner that is none"
        for place, piece in enumerate(pieces):
            (x0, y0), (x1, y1) = piece
            if min(abs(x0 - x1), abs(y0 - y1)) > NEAR:
                yield f"edge {number} slants"
            for name, box in places.items():
                own = (place == 0 and name == edge.tail and named[name].outline != "rectangle") or (
                    place == len(pieces) - 1 and name == edge.head and named[name].outline != "rectangle"
                )
                if not own and passes(piece, box):
                    yield f"edge {number} runs through box {name}"
            for other, label in labels:
                if passes(piece, label):
                    yield f"edge {number} runs through label {other}"
    for one, two in combinations(range(len(edges)), 2):
        if edges[one].tail == edges[two].tail or edges[one].head == edges[two].head:
            continue
        for first in segments(a.edges[one].points):
            for second in segments(a.edges[two].points):
                if overlap(first, second) > NEAR:
                    yield f"edges {one} and {two} lie on top of each other"


def _frames(
    a: Arrangement, boxes: Sequence[Box], clusters: Sequence[Cluster], places: dict[str, Rectangle]
) -> Iterator[str]:
    for cluster in clusters:
        frame, within = a.clusters[cluster.name], inside(clusters, cluster)
        for name, place in [*places.items(), *a.clusters.items()]:
            if name == cluster.name or cluster.name in (
                inside(clusters, next(c for c in clusters if c.name == name)) if name in a.clusters else ()
            ):
                continue
            if name in within:
                if not within_of(place, frame):
                    yield f"{name} is not inside its cluster {cluster.name}"
            elif meet(frame, place):
                yield f"cluster {cluster.name} overlaps {name}"
        if cluster.title is not None:
            title = rectangle(a.titles[cluster.name], *cluster.title)
            yield from (
                f"the title of {cluster.name} is on {name}" for name in places if meet(title, places[name])
            )
