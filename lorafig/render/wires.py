"""Lines from point to point: bends rounded, heads put on, cut into dashes; all as TikZ does it.

A bend is cut off at a distance before and behind it, and a curve put in its place (`rounded corners`
of PGF): a quarter of a circle where the line turns by a right angle.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from math import dist, hypot

from lorafig.render.shapes import KAPPA, towards
from lorafig.render.strokes import Path, Segment, arrow, stealth
from lorafig.scene import Arrow, Dash, Point

TINY = 1e-3  # mm: what no output can show
BACK = -0.999  # cosine of a turn; beyond it a line comes back on itself, and nothing can be rounded
# Lengths of a dash and of the gap behind it, in line widths.
PATTERNS: Mapping[Dash, tuple[float, float]] = {"dashed": (3.0, 2.25), "dotted": (1.0, 2.0)}


def route(points: Sequence[Point]) -> tuple[Point, ...]:
    """The points at which a line begins, bends and ends: no repeated ones, none on a straight way."""
    first, last = points[0], points[-1]
    if len(points) == 2 and first != last:
        return first, last
    apart = [first]
    for point in points[1:-1]:
        if dist(apart[-1], point) > TINY:
            apart.append(point)
    while len(apart) > 1 and dist(apart[-1], last) <= TINY:
        apart.pop()
    kept = [first]
    for point, after in zip(apart[1:], (*apart, last)[2:], strict=True):
        if not _straight(kept[-1], point, after):
            kept.append(point)
    if len(kept) > 1 or dist(first, last) > 0:
        kept.append(last)
    return tuple(kept)


def _straight(before: Point, point: Point, after: Point) -> bool:
    """Whether a point adds nothing to the way between two others."""
    x, y = after[0] - before[0], after[1] - before[1]
    u, v = point[0] - before[0], point[1] - before[1]
    length = hypot(x, y)
    return length > 0 and abs(x * v - y * u) <= TINY * length and 0 <= x * u + y * v <= length * length


def cuts(points: Sequence[Point], item: Arrow, head: tuple[float, float], line: float) -> tuple[float, ...]:
    """At which distance from each bend of a route its curve begins and ends, in mm.

    At most half of the shorter segment beside the bend, and no more than a head leaves of one.
    """
    if len(points) < 3:
        return ()
    lengths = [dist(p, q) for p, q in pairwise(points)]
    room = [length / 2 for length in lengths]
    taken = stealth(*head, line)[0]
    if item.tail:
        room[0] = min(room[0], max(0.0, lengths[0] - taken))
    if item.head:
        room[-1] = min(room[-1], max(0.0, lengths[-1] - taken))
    result = []
    for (p, q, r), before, after in zip(
        zip(points, points[1:], points[2:], strict=False), room, room[1:], strict=False
    ):
        turned = (q[0] - p[0]) * (r[0] - q[0]) + (q[1] - p[1]) * (r[1] - q[1])
        back = turned <= BACK * dist(p, q) * dist(q, r)
        cut = 0.0 if back else max(0.0, min(item.corner, before, after))
        result.append(cut if cut > TINY else 0.0)
    return tuple(result)


def wire(item: Arrow, head: tuple[float, float], line: float) -> tuple[Path, tuple[tuple[Point, ...], ...]]:
    """The shaft of a line, and the painted outlines of its heads.

    `head` is (length, width), `line` the width of the shaft. A line of no length is a point.
    """
    points = route(item.points)
    if len(points) < 2:
        return (("M", (item.points[0],)),), ()
    cut = cuts(points, item, head, line)
    heads = []
    start, end = points[0], points[-1]
    if item.tail:
        (_, start), outline = arrow(points[1], points[0], head, line)
        heads.append(outline)
    if item.head:
        (_, end), outline = arrow(points[-2], points[-1], head, line)
        heads.append(outline)
    path: list[Segment] = []
    for (p, q, r), by in zip(zip(points, points[1:], points[2:], strict=False), cut, strict=True):
        if by == 0.0:
            path.append(("L", (q,)))
            continue
        enter, leave = towards(q, p, by), towards(q, r, by)
        path.append(("L", (enter,)))
        path.append(("C", (towards(q, p, by * (1 - KAPPA)), towards(q, r, by * (1 - KAPPA)), leave)))
    return (("M", (start,)), *path, ("L", (end,))), tuple(heads)


def dashes(points: Sequence[Point], line: float, pattern: Dash = "dashed") -> Iterator[tuple[Point, ...]]:
    """A line of this width cut into dashes, the first of them at its beginning."""
    if line <= 0:
        return
    on, off = (part * line for part in PATTERNS[pattern])
    left, drawn = on, True
    dash = [points[0]]
    for p, q in pairwise(points):
        length, done = dist(p, q), 0.0
        while length - done > left:
            done += left
            at = towards(p, q, done)
            if drawn:
                yield (*dash, at)
            dash, drawn = [at], not drawn
            left = on if drawn else off
        left -= length - done
        dash.append(q)
    if drawn and len(dash) > 1:
        yield tuple(dash)
