"""The outlines of shapes, beginning where TikZ begins them, so that dashes fall alike everywhere."""

from __future__ import annotations

from collections.abc import Sequence
from math import acos, dist, tan
from typing import assert_never

from lorafig.render.strokes import Path, Segment, grow
from lorafig.scene import Anchor, Box, Point, Shape

# A quarter of a circle as a Bézier curve: how far its control points are from its ends, in radii.
# The digits are PGF's.
KAPPA = 0.5522847


def corner(shape: Shape, grown: float = 0.0) -> float:
    """The radius of a shape's corners, at most half of its shorter side."""
    x0, y0, x1, y1 = shape.box
    side = min(x1 - x0, y1 - y0)
    match shape.form:
        case "box" | "diamond" | "hexagon":
            return 0.0
        case "rounded":
            # A corner without a radius keeps its mitre.
            return 0.0 if shape.corner <= 0 else max(0.0, min(shape.corner, side / 2) + grown)
        case "stadium" | "circle":
            return max(0.0, side / 2 + grown)
        case _:
            assert_never(shape.form)


def insets(points: Sequence[Point], radius: float, grown: float = 0.0) -> tuple[float, ...]:
    """How far from each corner of a polygon its curve begins and ends, in mm: radius / tan(half the angle),
    so that slanted corners have the radius of right ones. At most half of the shorter side beside a corner.

    `grown` is by how much the polygon is moved outwards afterwards, and its curves with it.
    """
    found = []
    for before, at, after in zip((points[-1], *points[:-1]), points, (*points[1:], points[0]), strict=True):
        one, other = dist(at, before), dist(at, after)
        if one == 0 or other == 0:
            found.append(0.0)
            continue
        along = (before[0] - at[0]) * (after[0] - at[0]) + (before[1] - at[1]) * (after[1] - at[1])
        slope = tan(acos(max(-1.0, min(1.0, along / (one * other)))) / 2)
        inset = min(radius / slope, one / 2, other / 2) if slope > 0 else 0.0
        found.append(max(0.0, inset + grown / slope) if inset > 0 else 0.0)
    return tuple(found)


def is_rounded_trapezoid(shape: Shape) -> bool:
    return shape.form == "box" and shape.sides is not None and shape.corner > 0


def _rounded(shape: Shape, grown: float) -> Path:
    """The outline of a trapezoid with rounded corners, from behind its first corner; its curves are PGF's."""
    points = shape.points if grown == 0.0 else grow(shape.points, grown)
    cuts = insets(shape.points, shape.corner, grown)
    if len(points) != len(cuts):  # a side of no length: a triangle
        cuts = insets(points, shape.corner + grown)
    path: list[Segment] = []
    corners = zip((points[-1], *points[:-1]), points, (*points[1:], points[0]), cuts, strict=True)
    for before, at, after, cut in corners:
        enter, leave = towards(at, before, cut), towards(at, after, cut)
        path.append(("L", (enter,)))
        if cut > 0:
            near = cut * (1 - KAPPA)
            path.append(("C", (towards(at, before, near), towards(at, after, near), leave)))
    first = path[: 2 if cuts[0] > 0 else 1]
    return ("M", first[-1][1][-1:]), *path[len(first) :], *first


def towards(start: Point, end: Point, by: float) -> Point:
    """The point `by` mm from one towards another."""
    part = by / dist(start, end) if by != 0 else 0.0
    return start[0] + (end[0] - start[0]) * part, start[1] + (end[1] - start[1]) * part


def outline(shape: Shape, grown: float = 0.0) -> Path:
    """A shape's outline, to be closed, counter-clockwise; moved outwards by `grown` mm."""
    if is_rounded_trapezoid(shape):
        return _rounded(shape, grown)
    radius = corner(shape, grown)
    if radius == 0.0:
        points = shape.points if grown == 0.0 else grow(shape.points, grown)
        if shape.form == "diamond":  # TikZ draws it from its right tip
            points = *points[1:], points[0]
        return ("M", points[:1]), *(("L", (point,)) for point in points[1:])
    x0, y0, x1, y1 = shape.box
    x0, y0, x1, y1 = x0 - grown, y0 - grown, x1 + grown, y1 + grown
    far, near = radius, radius * (1 - KAPPA)
    if shape.form == "circle":
        x, y = (x0 + x1) / 2, (y0 + y1) / 2
        return (
            ("M", ((x1, y),)),
            ("C", ((x1, y1 - near), (x1 - near, y1), (x, y1))),
            ("C", ((x0 + near, y1), (x0, y1 - near), (x0, y))),
            ("C", ((x0, y0 + near), (x0 + near, y0), (x, y0))),
            ("C", ((x1 - near, y0), (x1, y0 + near), (x1, y))),
        )
    return (
        ("M", ((x1 - far, y1),)),
        ("L", ((x0 + far, y1),)),
        ("C", ((x0 + near, y1), (x0, y1 - near), (x0, y1 - far))),
        ("L", ((x0, y0 + far),)),
        ("C", ((x0, y0 + near), (x0 + near, y0), (x0 + far, y0))),
        ("L", ((x1 - far, y0),)),
        ("C", ((x1 - near, y0), (x1, y0 + near), (x1, y0 + far))),
        ("L", ((x1, y1 - far),)),
        ("C", ((x1, y1 - near), (x1 - near, y1), (x1 - far, y1))),
    )


def box_anchor(box: Box, anchor: Anchor) -> Point:
    """Where an anchor of a box is, in mm."""
    x0, y0, x1, y1 = box
    return (
        x0 if "west" in anchor else x1 if "east" in anchor else (x0 + x1) / 2,
        y0 if "south" in anchor else y1 if "north" in anchor else (y0 + y1) / 2,
    )


def node_anchor(shape: Shape, anchor: Anchor) -> Point:
    """Where the TikZ node of a shape has an anchor. A circle and a diamond have no corners: there
    `north east` and its like are on the outline."""
    x, y = box_anchor(shape.box, anchor)
    if " " not in anchor or shape.form not in ("circle", "diamond"):
        return x, y
    centre = box_anchor(shape.box, "center")
    part = 0.5 if shape.form == "diamond" else 0.5**0.5
    return centre[0] + (x - centre[0]) * part, centre[1] + (y - centre[1]) * part
