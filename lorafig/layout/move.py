"""Moving finished items as a whole, so that the picture's lower left corner is the origin."""

from __future__ import annotations

from typing import assert_never

from msgspec.structs import replace

from lorafig.scene import Arrow, Brace, Group, Icon, Item, Label, Line, Point, Shape


def moved(item: Item, right: float, up: float) -> Item:
    """The item moved by (right, up) in mm; its relations to others stay as they are."""

    def at(point: Point) -> Point:
        return round(point[0] + right, 4), round(point[1] + up, 4)

    # The constructors in full: a replacement takes longer, and every item is moved.
    match item:
        case Label(name, role, centre, width, height, size, leading, lines, place):
            moved_lines = tuple(
                Line(
                    at(one.origin),
                    one.width,
                    one.height,
                    one.depth,
                    one.size,
                    one.glyphs,
                    one.rules,
                    one.tex,
                    one.plain,
                )
                for one in lines
            )
            return Label(name, role, at(centre), width, height, size, leading, moved_lines, place)
        case Shape(name, role, points, place, wide, high, sides, form, corner, turned):
            corners = tuple([at(point) for point in points])
            return Shape(name, role, corners, place, wide, high, sides, form, corner, turned)
        case Arrow(name, role, points, start, end, head, tail, corner):
            return Arrow(name, role, tuple([at(point) for point in points]), start, end, head, tail, corner)
        case Icon(name, role, key, meaning, centre, size, place):
            return Icon(name, role, key, meaning, at(centre), size, place)
        case Brace():
            return replace(item, start=at(item.start), end=at(item.end))
        case Group(name, comment, items):
            return Group(name, comment, tuple(moved(inner, right, up) for inner in items))
        case _:
            assert_never(item)
