"""The lines of a flow: each from the outline of one shape to that of another, with a gap at both ends."""

from __future__ import annotations

from lorafig.layered import Route
from lorafig.layout.copies import EdgePart
from lorafig.layout.lengths import named, plus, times
from lorafig.layout.origin import Origin, end_at
from lorafig.layout.sheet import Sheet
from lorafig.layout.trim import left, trimmed
from lorafig.scene import End, Point, Shape


def draw(sheet: Sheet, edge: EdgePart, route: Route, ends: tuple[Shape, Shape], origin: Origin) -> None:
    """Draws the line of an edge between its ends, and its label."""
    tail, head = ends
    points = [origin.absolute(point) for point in route.points]
    out, into = edge.link.frames
    if out is not None:
        points = left(points, tail.box)
    if into is not None:
        points = left(points[::-1], head.box)[::-1]
    points = trimmed(points, None if out is not None else tail, None if into is not None else head)
    start, end = end_at(sheet, tail, points[0]), end_at(sheet, head, points[-1])
    start, first = _apart(sheet, start, points[1], points[0])
    end, last = _apart(sheet, end, points[-2], points[-1])
    stroke = edge.link.stroke
    way = [first, *points[1:-1], last]
    line = sheet.wire(way, start, end, edge.role, head=stroke != "--", tail=stroke == "<->")
    if edge.label is not None and route.label is not None:
        sheet.label(edge.label, origin.place(route.label), edge.ink, f"{line.name}-label")


def _apart(sheet: Sheet, end: End, towards: Point, point: Point) -> tuple[End, Point]:
    """The end of a line with the gap that all lines keep, on the way to the next point."""
    x, y = towards[0] - point[0], towards[1] - point[1]
    level = abs(x) > abs(y)
    gap = times(named("wire gap"), 1.0 if (x if level else y) > 0 else -1.0)
    by = sheet.mm(gap)
    if level:
        return End(end.of, end.at, plus(end.right, gap), end.up), (point[0] + by, point[1])
    return End(end.of, end.at, end.right, plus(end.up, gap)), (point[0], point[1] + by)
