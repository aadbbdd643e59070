"""Badges of a stack: a snowflake on what is frozen, a flame on what is trained."""

from __future__ import annotations

from collections.abc import Mapping

from lorafig.icons import ICONS
from lorafig.layout.lengths import named, plus, times
from lorafig.layout.sheet import Sheet
from lorafig.scene import Length, Place

BADGES: Mapping[str, str] = {"frozen": "frozen", "adapter": "trainable"}  # by role


def room(sheet: Sheet, role: str) -> float:
    """How far a badge in a corner reaches from the sides of the shape, in mm; 0 for a role without one."""
    return sheet.lengths["badge inset"] + sheet.lengths["badge"] / 2 if role in BADGES else 0.0


def in_corner(sheet: Sheet, shape: str, role: str, lower: bool = False, inwards: Length = ()) -> None:
    """In a right corner of a shape, moved further inwards along its side."""
    right = times(plus(named("badge inset"), inwards), -1.0)
    if lower:
        _draw(sheet, shape, role, Place("center", shape, "south east", right, named("badge inset")))
    else:
        up = times(named("badge inset"), -1.0)
        _draw(sheet, shape, role, Place("center", shape, "north east", right, up))


def at_end(sheet: Sheet, shape: str, role: str) -> None:
    """At the right end of a flat shape."""
    _draw(sheet, shape, role, Place("center", shape, "east", times(named("badge inset"), -1.0)))


def at_side(sheet: Sheet, shape: str, role: str) -> None:
    """Right of a shape that is too small for it."""
    _draw(sheet, shape, role, Place("west", shape, "east", named("label gap")), f"{role} line")


def beside(sheet: Sheet) -> Length:
    """How far it reaches there."""
    return plus(named("label gap"), named("badge"))


def between(sheet: Sheet, shapes: tuple[str, str], role: str, gap: Length) -> None:
    """In the middle of the gap between two shapes, at the right end of the wider one."""
    lower, upper = shapes
    right = times(named("badge inset"), -1.0)
    place = Place("center", lower, "north east", right, times(gap, 0.5))
    if sheet.boxes[upper][2] > sheet.boxes[lower][2]:
        place = Place("center", upper, "south east", right, times(gap, -0.5))
    _draw(sheet, lower, role, place, f"{role} line")


def _draw(sheet: Sheet, shape: str, role: str, place: Place, ink: str | None = None) -> None:
    if role in BADGES:
        name = BADGES[role]
        meaning = ICONS[name].meaning
        sheet.icon(name, meaning, named("badge"), place, role if ink is None else ink, f"{shape}-badge")
