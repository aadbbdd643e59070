"""Moving finished items as a whole, so that the picture's lower left corner is the origin."""

from __future__ import annotations

from dataclasses import replace
from typing import assert_never

from lorafig.scene import Arrow, Brace, Group, Item, Label, Point, Shape


def moved(item: Item, right: float, up: float) -> Item:
    """The item moved by (right, up) in mm; its relations to others stay as they are."""

    def at(point: Point) -> Point:
        return round(point[0] + right, 4), round(point[1] + up, 4)

    match item:
        case Label():
            lines = tuple(replace(line, origin=at(line.origin)) for line in item.lines)
            return replace(item, centre=at(item.centre), lines=lines)
        case Shape():
            return replace(item, points=tuple(at(point) for point in item.points))
        case Arrow():
            return replace(item, points=(at(item.points[0]), at(item.points[1])))
        case Brace():
            return replace(item, start=at(item.start), end=at(item.end))
        case Group():
            return replace(item, items=tuple(moved(inner, right, up) for inner in item.items))
        case _:
            assert_never(item)
