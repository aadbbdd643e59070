"""Ends of lines on the outlines of shapes: what hangs on a shape is part of its box, not of its outline."""

from __future__ import annotations

from math import sqrt

from lorafig.scene import Box, Point, Shape

GRAIN = 1e-6  # mm
WITHIN = 0.8  # of half a side: a line that would miss its shape is led to this part of it


def trimmed(points: list[Point], tail: Shape | None, head: Shape | None) -> list[Point]:
    """The line with its first point on the outline of `tail` and its last on that of `head`; None for an end
    that stays where it is."""
    if len(points) < 2:
        return points
    route = [*points]
    for shape, end, before in ((tail, 0, 1), (head, -1, -2)):
        if shape is None:
            continue
        old, new = route[end], _on(shape, route[end], route[before])
        if len(route) > 2:  # a piece along an axis stays so
            x, y = route[before]
            level, upright = abs(y - old[1]) < GRAIN, abs(x - old[0]) < GRAIN
            route[before] = new[0] if upright else x, new[1] if level else y
        route[end] = new
    (x0, y0), (x1, y1) = route[0], route[-1]
    if len(route) == 2 and min(abs(x1 - x0), abs(y1 - y0)) > GRAIN:  # led aside at one end: it turns half-way
        x, y = (x0 + x1) / 2, (y0 + y1) / 2
        level = abs(points[1][1] - points[0][1]) < GRAIN
        route[1:1] = [(x, y0), (x, y1)] if level else [(x0, y), (x1, y)]
    return route


def left(points: list[Point], box: Box) -> list[Point]:
    """A line that begins inside a frame, from where it leaves it for good."""
    x0, y0, x1, y1 = box

    def inside(point: Point) -> bool:
        return x0 < point[0] < x1 and y0 < point[1] < y1

    last = max((place for place, point in enumerate(points) if inside(point)), default=-1)
    if last < 0 or last + 1 == len(points):
        return points
    (x, y), (to_x, to_y) = points[last], points[last + 1]
    # How far along this piece the first side of the frame is met.
    ways = [
        (side - start) / (end - start)
        for start, end, sides in ((x, to_x, (x0, x1)), (y, to_y, (y0, y1)))
        for side in sides
        if end != start and 0 <= (side - start) / (end - start) <= 1
    ]
    by = min(ways, default=0.0)
    return [(x + by * (to_x - x), y + by * (to_y - y)), *points[last + 1 :]]


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
    reach = _reach(shape, axis, half[axis], limit, min(abs(off), limit))
    along = middle[axis] + side * reach
    across = middle[1 - axis] + off
    return (along, across) if axis == 0 else (across, along)


def _reach(shape: Shape, axis: int, half: float, limit: float, off: float) -> float:
    """How far the outline is from the middle along an axis, at a distance `off` from the middle line."""
    match shape.form:
        case "diamond":
            return half * (1 - off / limit)
        case "hexagon":
            slant = shape.points[0][0] - shape.box[0]
            if axis == 0:
                return half - slant * off / limit
            return half * min(1.0, (limit - off) / slant)
        case "circle" | "stadium" | "rounded":
            flat = limit - shape.corner
            if off <= flat:
                return half
            drop = off - flat
            return half - shape.corner + sqrt(max(0.0, shape.corner**2 - drop**2))
        case _:
            return half
