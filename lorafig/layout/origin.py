"""Where the parts of a flow stand, told in named lengths from the first of them."""

from __future__ import annotations

from lorafig.layout.lengths import plus
from lorafig.layout.parts import Spot
from lorafig.layout.sheet import Sheet
from lorafig.scene import Anchor, End, Length, Place, Point, Shape


class Origin:
    """Places by the first shape that is drawn, in named lengths; it is placed by the spot itself.

    `lower` is the point of the arrangement that comes to lie at the spot, `first` the middle of the
    first shape. Without anything to be placed from, that middle is the origin.
    """

    def __init__(self, sheet: Sheet, spot: Spot, lower: Point, first: Point) -> None:
        self.sheet, self.spot, self.lower = sheet, spot, lower
        self.base: str | None = None
        self.shift = -first[0], -first[1]
        if spot.of is not None:
            x, y = sheet.point(spot.of, spot.at, spot.right, spot.up)
            self.shift = x - lower[0], y - lower[1]

    def absolute(self, point: Point) -> Point:
        return point[0] + self.shift[0], point[1] + self.shift[1]

    def place(self, point: Point) -> Place:
        """The place of a middle at a point of the arrangement."""
        if self.base is not None:
            return Place("center", self.base, "center", *self._from_base(point))
        if self.spot.of is None:
            return Place("center", None)
        right, up = point[0] - self.lower[0], point[1] - self.lower[1]
        by = self.sheet.signed("column", right), self.sheet.signed("level", up)
        return Place(
            "center", self.spot.of, self.spot.at, plus(self.spot.right, by[0]), plus(self.spot.up, by[1])
        )

    def drawn(self, name: str) -> None:
        """A shape is there: all that follow the first are placed from it."""
        if self.base is None:
            self.base = name

    def floor(self) -> Spot:
        assert self.base is not None
        return Spot(self.base, "center", *self._from_base(self.lower))

    def _from_base(self, point: Point) -> tuple[Length, Length]:
        assert self.base is not None
        (x, y), (bx, by) = self.absolute(point), self.sheet.point(self.base, "center")
        return self.sheet.signed("column", x - bx), self.sheet.signed("level", y - by)


def end_at(sheet: Sheet, shape: Shape, point: Point) -> End:
    """The end of a line, said from the side of its shape that it touches, or from the shape's middle."""
    x0, y0, x1, y1 = shape.box
    edges: dict[Anchor, float] = {
        "east": point[0] - x1,
        "west": point[0] - x0,
        "north": point[1] - y1,
        "south": point[1] - y0,
    }
    at: Anchor = min(edges, key=lambda side: abs(edges[side]))
    at = at if abs(edges[at]) <= 0.01 else "center"
    x, y = sheet.point(shape.name, at)
    return End(shape.name, at, sheet.signed("lane", point[0] - x), sheet.signed("lane", point[1] - y))
