"""Numbers, points and paths as SVG writes them. Lengths are mm."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from lorafig.render import shapes
from lorafig.render.strokes import Path
from lorafig.scene import Point, Shape


@lru_cache(maxsize=16_384)  # on a large picture most numbers stand often: a row's height, a column's middle
def number(value: float) -> str:
    """A length in mm to a thousandth, without trailing zeros, and never -0."""
    text = f"{value:.3f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def pair(point: Point) -> str:
    x, y = number(point[0]), number(point[1])
    return x + y if y[0] == "-" else f"{x} {y}"


def curve(path: Path) -> str:
    return "".join(command + " ".join(map(pair, points)) for command, points in path)


def polygon(points: Sequence[Point]) -> str:
    """A closed line; an upright rectangle by what is short."""
    if len(points) == 4:
        (x0, y0), (x1, y1), (x2, y2), (x3, y3) = points
        if x0 == x3 and x1 == x2 and y0 == y1 and y2 == y3:
            return f"M{pair((x0, y0))}H{number(x1)}V{number(y2)}H{number(x0)}z"
    return f"M{'L'.join(map(pair, points))}z" if points else ""


def outline(shape: Shape, dashed: bool) -> str:
    """The outline of a shape. Arcs are counter-clockwise where y points up.

    A dashed one is left open at its start: some viewers would join its last dash to its first.
    """
    if shapes.is_rounded_trapezoid(shape):
        return curve(shapes.outline(shape)) + ("" if dashed else "z")
    radius = 0.0 if shape.form == "box" else shapes.corner(shape)
    if radius == 0.0:
        points = shape.points if shape.form == "box" else [point for _, (point,) in shapes.outline(shape)]
        path = polygon(points)
        return f"{path[:-1]}L{pair(points[0])}" if dashed else path
    x0, y0, x1, y1 = shape.box
    r, end = number(radius), "" if dashed else "z"
    if shape.form == "circle":
        across = number(2 * radius)
        return f"M{pair((x1, (y0 + y1) / 2))}a{r} {r} 0 1 1-{across} 0a{r} {r} 0 1 1 {across} 0{end}"
    # Relative: the same strings for every box, which is what compression lives on.
    arc, wide, high = f"a{r} {r} 0 0 1", x1 - x0 - 2 * radius, y1 - y0 - 2 * radius
    return (
        f"M{pair((x1 - radius, y1))}h{number(-wide)}{arc}-{r}-{r}v{number(-high)}{arc} {r}-{r}"
        f"h{number(wide)}{arc} {r} {r}v{number(high)}{arc}-{r} {r}{end}"
    )
