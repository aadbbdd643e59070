"""Braces, arrows and outlines of lines, as TikZ draws them.

Pure functions from points in mm to points in mm. The brace is the `brace` decoration of
pgflibrarydecorations.pathreplacing, the arrow head the `Stealth` tip of pgflibraryarrows.meta (PGF
3.1.9); both formulas are followed term by term, so that SVG and Matplotlib paint what TeX paints.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import pairwise
from math import atan2, cos, hypot, sin, sqrt, tan
from typing import Literal, TypeAlias

from lorafig.scene import Point, Side

# ('M', (p,)), ('L', (p,)), ('C', (p, q, r)) with absolute points.
Segment: TypeAlias = tuple[Literal["M", "L", "C"], tuple[Point, ...]]
Path: TypeAlias = tuple[Segment, ...]

# Stealth's own inset, as a part of its length ("inset' = 0.325" in pgflibraryarrows.meta).
STEALTH_INSET = 0.325
# Beyond this ratio of mitre to line width a corner is bevelled; PDF's and PGF's default.
MITRE_LIMIT = 10.0
# A curve is cut into this many straight pieces where a filled outline is needed.
PIECES = 16


def brace(start: Point, end: Point, side: Side, amplitude: float) -> Path:
    """The centre line of a brace from `start` to `end`, its point `amplitude` away from them.

    The two halves shrink in width, not in height, where the brace is shorter than four amplitudes.
    """
    (x0, y0), (x1, y1) = start, end
    length = hypot(x1 - x0, y1 - y0)
    if length == 0:
        return (("M", (start,)),)
    ux, uy = (x1 - x0) / length, (y1 - y0) / length
    up = amplitude if side in ("over", "left") else -amplitude
    half = length / 2
    turn = half / 2 if 2 * amplitude > half else amplitude  # PGF's \pgf@yc and \pgf@xc

    def at(along: float, height: float) -> Point:
        return x0 + ux * along - uy * height * up, y0 + uy * along + ux * height * up

    return (
        ("M", (start,)),
        ("C", (at(0.15 * turn, 0.3), at(0.5 * turn, 0.5), at(turn, 0.5))),
        ("L", (at(half - turn, 0.5),)),
        ("C", (at(half - 0.5 * turn, 0.5), at(half - 0.15 * turn, 0.7), at(half, 1.0))),
        ("C", (at(half + 0.15 * turn, 0.7), at(half + 0.5 * turn, 0.5), at(half + turn, 0.5))),
        ("L", (at(length - turn, 0.5),)),
        ("C", (at(length - 0.5 * turn, 0.5), at(length - 0.15 * turn, 0.3), end)),
    )


def arrow(
    start: Point, tip: Point, head: tuple[float, float], line: float
) -> tuple[tuple[Point, Point], tuple[Point, ...]]:
    """The shaft of an arrow, and the painted outline of its head (empty for an arrow of no length).

    `head` is (length, width), `line` the width of the shaft.
    """
    total = hypot(tip[0] - start[0], tip[1] - start[1])
    if total == 0:
        return (start, tip), ()
    ux, uy = (tip[0] - start[0]) / total, (tip[1] - start[1]) / total
    shortened, outline = stealth(*head, line)
    end = tip[0] - ux * shortened, tip[1] - uy * shortened
    return (start, end), tuple((tip[0] + ux * x - uy * y, tip[1] + uy * x + ux * y) for x, y in outline)


@lru_cache(maxsize=64)
def stealth(length: float, width: float, line: float) -> tuple[float, tuple[Point, ...]]:
    """By how much a `Stealth` head shortens its line, and its outline, the tip at (0, 0) and ahead.

    PGF fills and strokes a polygon that it draws smaller to make up for its line; the outline here
    is that polygon grown by half the line, mitred, which is what is seen. The names are those of
    the quantities in PGF's setup code.
    """
    inset = STEALTH_INSET * length
    pen = min(line, (length - inset) / 4)
    front_mitre = pen * sqrt(4 * (length / width) ** 2 + 1) / 2
    outer, inner = atan2(length, width / 2), atan2(inset, width / 2)
    half = (outer - inner) / 2  # half of the angle at a wing
    reach = pen / 2 / tan(half)
    back_mitre, top_mitre = sin(inner + half) * reach, cos(inner + half) * reach
    notch = inset + pen * sqrt(4 * (inset / width) ** 2 + 1) / 2
    wing = width / 2 - top_mitre
    polygon = (
        (-front_mitre, 0.0),
        (back_mitre - length, wing),
        (notch - length, 0.0),
        (back_mitre - length, -wing),
    )
    return length - (notch - pen / 4), grow(polygon, pen / 2)


def grow(polygon: tuple[Point, ...], distance: float) -> tuple[Point, ...]:
    """A counter-clockwise polygon with every side moved outwards, corners mitred.

    Where a mitre would be longer than the limit the corner is cut off, as PDF and PGF do. A negative
    distance shrinks. Points that coincide are dropped.
    """
    points = [p for p, q in zip(polygon, (*polygon[1:], polygon[0]), strict=True) if p != q]
    if len(points) < 3:
        return polygon
    result: list[Point] = []
    neighbours = zip((points[-1], *points[:-1]), points, (*points[1:], points[0]), strict=True)
    for before, (x, y), after in neighbours:
        n0, n1 = _normal(before, (x, y)), _normal((x, y), after)
        cosine = n0[0] * n1[0] + n0[1] * n1[1]
        # The mitre is distance / cos(half the turn) long; its square is distance² · 2 / (1 + cos).
        if MITRE_LIMIT**2 * (1 + cosine) < 2:
            result.append((x + n0[0] * distance, y + n0[1] * distance))
            result.append((x + n1[0] * distance, y + n1[1] * distance))
        else:
            factor = distance / (1 + cosine)
            result.append((x + (n0[0] + n1[0]) * factor, y + (n0[1] + n1[1]) * factor))
    return tuple(result)


def backwards(path: Path) -> Path:
    """The same curve from its end to its start."""
    ends = [points[-1] for _, points in path]
    back: list[Segment] = [("M", (ends[-1],))]
    for (command, points), start in zip(path[:0:-1], ends[-2::-1], strict=True):
        back.append((command, (*points[-2::-1], start)))
    return tuple(back)


def flatten(path: Path, pieces: int = PIECES) -> tuple[Point, ...]:
    """The points of an open path, its curves cut into pieces."""
    points: list[Point] = []
    for command, args in path:
        if command != "C":
            points.extend(args)
            continue
        (x0, y0), ((x1, y1), (x2, y2), (x3, y3)) = points[-1], args
        for i in range(1, pieces + 1):
            t = i / pieces
            a, b, c, d = (1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3
            points.append((a * x0 + b * x1 + c * x2 + d * x3, a * y0 + b * y1 + c * y2 + d * y3))
    return tuple(points)


def stroke(points: tuple[Point, ...], line: float) -> tuple[Point, ...]:
    """The outline of an open line with flat ends and mitred corners; fill it by the non-zero rule."""
    distinct = [points[0], *[q for p, q in pairwise(points) if p != q]]
    if len(distinct) < 2:
        return ()
    if len(distinct) == 2:  # most of them, on a large picture
        (x0, y0), (x1, y1) = distinct
        across, up = _normal(*distinct)
        right, high = across * line / 2, up * line / 2
        return (
            (x0 + right, y0 + high),
            (x1 + right, y1 + high),
            (x1 - right, y1 - high),
            (x0 - right, y0 - high),
        )
    return (*_right(distinct, line / 2), *_right(distinct[::-1], line / 2))


def _right(points: list[Point], distance: float) -> list[Point]:
    """The line `distance` to the right of one that goes through `points`.

    At the inside of a corner whose pieces are shorter than the mitre it passes through the corner
    itself: the mitre would stick out on the other side.
    """
    normals = [_normal(p, q) for p, q in pairwise(points)]
    lengths = [hypot(q[0] - p[0], q[1] - p[1]) for p, q in pairwise(points)]
    (x, y), n = points[0], normals[0]
    result = [(x + n[0] * distance, y + n[1] * distance)]
    corners = zip(points[1:-1], pairwise(normals), pairwise(lengths), strict=True)
    for (x, y), (n0, n1), pieces in corners:
        cosine = n0[0] * n1[0] + n0[1] * n1[1]
        outside = n0[0] * n1[1] - n0[1] * n1[0] > 0
        # How far along a piece the mitre reaches is distance · tan(half the turn).
        back = distance**2 * (1 - cosine) > min(pieces) ** 2 * (1 + cosine)
        if cosine < 0.9 and (MITRE_LIMIT**2 * (1 + cosine) < 2 if outside else back):
            middle = [] if outside else [(x, y)]
            result += [(x + n0[0] * distance, y + n0[1] * distance), *middle]
            result.append((x + n1[0] * distance, y + n1[1] * distance))
        else:
            factor = distance / (1 + cosine)
            result.append((x + (n0[0] + n1[0]) * factor, y + (n0[1] + n1[1]) * factor))
    (x, y), n = points[-1], normals[-1]
    result.append((x + n[0] * distance, y + n[1] * distance))
    return result


def _normal(start: Point, end: Point) -> Point:
    """The unit normal to the right of the way from `start` to `end`."""
    x, y = end[0] - start[0], end[1] - start[1]
    length = hypot(x, y)
    return y / length, -x / length
