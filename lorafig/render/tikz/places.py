"""Where things stand in TikZ: anchors of named nodes, moved by named lengths.

The scene's absolute positions are what is true: where no anchor says the same, a position is written as
an offset from the middle of a node.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import atan2, degrees, dist, hypot

from lorafig.render import shapes
from lorafig.render.tikz.names import Lengths, node, number
from lorafig.scene import (
    TIPS,
    Anchor,
    Arrow,
    Brace,
    End,
    Item,
    Length,
    Place,
    Placed,
    Point,
    Scene,
    Shape,
    walk,
)

# What a relation is called by the positioning library: (my anchor, its anchor) -> key, sign of the shift.
POSITIONS: Mapping[tuple[Anchor, Anchor], tuple[str, float]] = {
    ("south", "north"): ("above", 1.0),
    ("north", "south"): ("below", -1.0),
    ("west", "east"): ("right", 1.0),
    ("east", "west"): ("left", -1.0),
}
NEAR = 1e-2  # mm: what the rounding of lengths and points comes to


class Places:
    """Knows what has been drawn, and writes where the next thing stands."""

    def __init__(self, scene: Scene, lengths: Lengths) -> None:
        items = tuple(walk(scene.items))
        placed = [item for item in items if isinstance(item, Placed)]
        self.lengths = lengths
        self.referred = {item.place.of for item in placed}
        self.positioning = False  # whether a position was named by the library of that name
        self._values = scene.lengths
        self._known: dict[str, Item] = {}
        arrows = {item.name for item in items if isinstance(item, Arrow)}
        self._marks: dict[str, dict[Point, str]] = {name: {} for name in arrows & self.referred}
        for item in placed:
            if item.place.of in self._marks:
                marks, stem = self._marks[item.place.of], node(item.place.of)
                marks.setdefault(self._mark(item), f"{stem}-{len(marks) + 1}" if marks else stem)

    def drawn(self, item: Item) -> None:
        self._known[item.name] = item

    def known(self, name: str) -> Item:
        if name not in self._known:
            raise ValueError(f"{name!r} is referred to before it is drawn")
        return self._known[name]

    def marks(self, arrow: str) -> dict[Point, str]:
        """The points of a line that something stands at, and the names that they get."""
        return dict(self._marks.get(arrow, {}))

    def node(self, item: Placed) -> tuple[tuple[str, ...], str]:
        """A node's options and coordinate: `above=… of …` where there is a word for it, else by an anchor."""
        place = self._by_anchors(item)
        anchor = () if place.anchor == "center" else (f"anchor={place.anchor}",)
        if place.of is None:
            x, y = shapes.box_anchor(item.box, place.anchor)
            return anchor, f"({self.lengths.macro('origin x', x)}, {self.lengths.macro('origin y', y)})"
        of = self._referent(item, place.of)
        if (place.anchor, place.at) in POSITIONS:
            word, sign = POSITIONS[place.anchor, place.at]
            along, across = (place.up, place.right) if word in ("above", "below") else (place.right, place.up)
            if not across:
                self.positioning = True
                by = self.lengths.sum(tuple((sign * amount, length) for amount, length in along))
                return (f"{word}={by} of {of}",), ""
        return anchor, self.point(of, place.at, place.right, place.up)

    def _by_anchors(self, item: Placed) -> Place:
        """An item's place by anchors of nodes: a circle and a diamond have none at their boxes' corners."""
        place = item.place
        anchor, at, right, up = place.anchor, place.at, place.right, place.up
        if isinstance(item, Shape) and _lacks(item, anchor):
            right, up = (
                (*right, *_half(item.width, anchor, "west")),
                (*up, *_half(item.height, anchor, "south")),
            )
            anchor = "center"
        other = None if place.of is None else self._known.get(place.of)
        if isinstance(other, Shape) and _lacks(other, at):
            right = *right, *_half(other.width, at, "east")
            up = *up, *_half(other.height, at, "north")
            at = "center"
        return Place(anchor, place.of, at, right, up)

    def _referent(self, item: Placed, name: str) -> str:
        """The node that an item's place refers to. A brace is known by its point, a line by one on it."""
        other = self.known(name)
        if name in self._marks:
            return self._marks[name][self._mark(item)]
        if isinstance(other, Brace) and item.place.at != TIPS[other.side]:
            raise ValueError(f"{name!r} is a brace: only its point can be referred to")
        return node(name)

    def _mark(self, item: Placed) -> Point:
        """The point that an item stands at, before it is moved."""
        x, y = shapes.box_anchor(item.box, item.place.anchor)
        right, up = self._mm(item.place.right), self._mm(item.place.up)
        return round(x - right, 3), round(y - up, 3)

    def _mm(self, length: Length) -> float:
        return sum(amount * self._values[name] for amount, name in length)

    def end(self, end: End, point: Point) -> str:
        """An end of a line: by its anchor; by an angle on a circle; or from the middle.

        Where `point` is, is true; an anchor is taken where it says the same.
        """
        shape, name = self.known(end.of), node(end.of)
        middle = f"{name}.center"  # without it TikZ would stop at the node's border
        if not isinstance(shape, Shape):
            return self.point(middle if end.at == "center" else name, end.at, end.right, end.up)
        x, y = shapes.node_anchor(shape, end.at)
        if dist((x + self._mm(end.right), y + self._mm(end.up)), point) <= NEAR:
            return self.point(middle if end.at == "center" else name, end.at, end.right, end.up)
        x, y = shapes.box_anchor(shape.box, "center")
        x, y = point[0] - x, point[1] - y
        if shape.form == "circle" and abs(2 * hypot(x, y) - self._mm(shape.width)) <= 2 * NEAR:
            return f"({name}.{number(degrees(atan2(y, x)) % 360)})"
        right = self._offset(shape, x, shape.width, "end right")
        return self.point(middle, "center", right, self._offset(shape, y, shape.height, "end up"))

    def _offset(self, shape: Shape, by: float, size: Length, name: str) -> Length:
        """A length from the middle of a shape: as a part of its size, as a mean of its sides, or its own."""
        if abs(by) <= NEAR:
            return ()
        sign = 1.0 if by > 0 else -1.0
        if shape.form == "diamond":  # PGF's own angles are up to a degree wrong on it
            return tuple((amount * by / self._mm(size), of) for amount, of in size)
        if shape.sides is not None:
            mean = tuple((sign * amount / 4, side) for sides in shape.sides for amount, side in sides)
            if abs(self._mm(mean) - by) <= NEAR:
                return mean
        return ((sign, self.lengths.own(name, round(abs(by), 4))),)

    def edge(self, name: str, anchor: Anchor, side: Length, factor: float, up: Length = ()) -> str:
        """A point on an edge of a node: a part of a side from its middle, to the right or upwards."""
        part = tuple((amount * factor, of) for amount, of in side)
        return self.point(name, anchor, *(((), part) if anchor in ("west", "east") else (part, up)))

    def point(self, name: str, anchor: Anchor, right: Length, up: Length) -> str:
        shifts = [f"{key}={self.lengths.sum(by)}" for key, by in (("xshift", right), ("yshift", up)) if by]
        where = name if anchor == "center" else f"{name}.{anchor}"
        return f"([{', '.join(shifts)}]{where})" if shifts else f"({where})"


def _lacks(shape: Shape, anchor: Anchor) -> bool:
    """Whether the node of a shape has this anchor elsewhere than its box has it."""
    return shapes.node_anchor(shape, anchor) != shapes.box_anchor(shape.box, anchor)


def _half(length: Length, anchor: Anchor, towards: str) -> Length:
    """Half of a length, forwards where the anchor is that one."""
    return tuple((0.5 * amount if towards in anchor else -0.5 * amount, name) for amount, name in length)
