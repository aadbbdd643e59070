"""Ends of lines on the outlines of shapes: what hangs on a shape is part of its box, not of its outline."""

from __future__ import annotations

from math import sqrt

from lorafig.scene import Point, Shape

WITHIN = 0.8  # of half a side: a line that would miss its shape is led to this part of it


def trimmed(points: list[Point], tail: Shape, head: Shape) -> list[Point]:
    """The line with its first point on the outline of `tail` and its last on that of `head`."""
    if len(points) < 2:
        return points
    first = _on(tail, points[0], points[1])
    last = _on(head, points[-1], points[-2])
    return [first, *points[1:-1], last]


def _on(shape: Shape, end: Point, before: Point) -> Point:
    """The point of the outline that a line from `before` to `end` comes to."""
    x0, y0, x1, y1 = shape.box
    middle = (x0 + x1) / 2, (y0 + y1) / 2
    half = (x1 - x0) / 2, (y1 - y0) / 2
    axis = 0 if abs(end[1] - before[1]) <= abs(end[0] - before[0]) else 1
    side = 1.0 if before[axis] > middle[axis] else -1.0
    off = end[1 - axis] - middle[1 - axis]
    limit = half[1 - axis]
    off = off if abs(off) <= limit + 0.01 else WITHIN * limit * (1 if off > 0 else -1)
    reach = _reach(shape, half[axis], limit, min(abs(off), limit))
    along = middle[axis] + side * reach
    across = middle[1 - axis] + off
    return (along, across) if axis == 0 else (across, along)


def _reach(shape: Shape, half: float, limit: float, off: float) -> float:
    """How far the outline is from the middle, at a distance `off` from the middle line."""
    match shape.form:
        case "diamond":
            return half * (1 - off / limit)
        case "circle" | "stadium" | "rounded":
            flat = limit - shape.corner
            if off <= flat:
                return half
            drop = off - flat
            return half - shape.corner + sqrt(max(0.0, shape.corner**2 - drop**2))
        case _:
            return half
