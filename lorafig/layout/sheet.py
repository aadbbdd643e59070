"""The sheet that a figure is laid out on: named lengths, placed shapes, measured labels.

Things are placed by relation: an anchor of the new one lies at an anchor of another, moved by
named lengths. The sheet turns each relation into absolute millimetres once, and keeps it for
backends that write relations.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from math import inf
from typing import Literal

from lorafig import errors
from lorafig.errors import LorafigError, Problem
from lorafig.scene import (
    Anchor,
    Arrow,
    Brace,
    End,
    Form,
    Icon,
    Item,
    Label,
    Length,
    Line,
    Part,
    Place,
    Point,
    Shape,
)
from lorafig.themes.measures import EMS, LEADING, MM_PER_POINT
from lorafig.typeset import SetLine, Typesetter

Bounds = tuple[float, float, float, float]  # x0, y0, x1, y1

LARGEST = 5_700.0  # mm, a figure's width and height; TeX counts no further than 5,758


def times(length: Length, factor: float) -> Length:
    return tuple((amount * factor, name) for amount, name in length)


def plus(*lengths: Length) -> Length:
    """The sum of lengths, each name once, in order of appearance."""
    total: dict[str, float] = {}
    for length in lengths:
        for amount, name in length:
            total[name] = total.get(name, 0.0) + amount
    return tuple((amount, name) for name, amount in total.items() if amount != 0.0)


def one(name: str) -> Length:
    return ((1.0, name),)


@dataclass(slots=True)
class Block:
    """A text block before it is placed: lines with their widths, and the size of the whole, in mm."""

    lines: tuple[SetLine, ...]
    width: float
    height: float
    leading: float
    drops: tuple[float, ...]  # of each baseline below the first


@dataclass(slots=True)
class Sheet:
    """State of one layout run. `items` collects what is drawn; groups take slices of it."""

    typesetter: Typesetter
    font_size: float
    lengths: dict[str, float] = field(default_factory=dict)
    boxes: dict[str, Bounds] = field(default_factory=dict)
    items: list[Item] = field(default_factory=list)
    names: dict[str, int] = field(default_factory=dict)
    # Lengths that share a name, by their value, and how many a name has: a flow has thousands.
    numbered: dict[tuple[str, float], str] = field(default_factory=dict)
    names_taken: dict[str, int] = field(default_factory=dict)
    lean: dict[str, tuple[float, float]] = field(default_factory=dict)  # a trapezoid's lower, upper width
    at: errors.Place | None = None  # of what is being drawn, in the spec
    extent: Bounds = (inf, inf, -inf, -inf)  # of all boxes

    def __post_init__(self) -> None:
        for name, amount in EMS.items():
            self.lengths[name] = round(amount * self.em, 2)

    @property
    def em(self) -> float:
        """The em of the text in mm."""
        return self.font_size * MM_PER_POINT

    # -- lengths ---------------------------------------------------------------------------

    def mm(self, length: Length) -> float:
        return sum(amount * self.lengths[name] for amount, name in length)

    def length(self, name: str, value: float) -> Length:
        """A new named length; a second one of the same name and value is the same length."""
        value = round(value, 2)
        if value > LARGEST:
            raise self._too_large(value, "large")
        if self.lengths.setdefault(name, value) == value:
            return one(name)
        found = self.numbered.get((name, value))
        if found is None:
            count = self.names_taken.get(name, 1) + 1
            while self.lengths.setdefault(f"{name} {count}", value) != value:
                count += 1
            self.names_taken[name] = count
            found = self.numbered[name, value] = f"{name} {count}"
        return one(found)

    def signed(self, name: str, value: float) -> Length:
        """A named length in either direction; none where it would not be seen."""
        if abs(value) <= 0.005:
            return ()
        return times(self.length(name, abs(value)), 1.0 if value > 0 else -1.0)

    def occupy(self, name: str, box: Bounds) -> Bounds:
        """Gives an item its box. Raises LorafigError if the figure is too large with it."""
        self.boxes[name] = box
        x0, y0, x1, y1 = self.extent
        if box[0] < x0 or box[1] < y0 or box[2] > x1 or box[3] > y1:
            x0, y0, x1, y1 = self.extent = min(x0, box[0]), min(y0, box[1]), max(x1, box[2]), max(y1, box[3])
            self.demand((x1 - x0, y1 - y0), self.at)
        return box

    def demand(self, size: tuple[float, float], where: errors.Place | None) -> None:
        """Raises LorafigError if a width and height in mm, reached at this place, are too large."""
        self.at = where
        for length, way in zip(size, ("wide", "high"), strict=True):
            if length > LARGEST:
                raise self._too_large(length, way)

    def _too_large(self, length: float, way: str) -> LorafigError:
        what = f"with this the figure is {length / 1000:.2f} m {way}; the limit is {LARGEST / 1000:.1f} m"
        hint = "draw parts of it as figures of their own, or set smaller text"
        return LorafigError(Problem(what, self.at, hint), "limit")

    # -- names -----------------------------------------------------------------------------

    def unique(self, stem: str) -> str:
        """A name for an item: the stem, or the stem and a number where it is taken."""
        slug = "".join(c if c.isascii() and c.isalnum() else "-" for c in stem).strip("-")
        while "--" in slug:
            slug = slug.replace("--", "-")
        slug = slug or "item"
        count = self.names.get(slug, 0) + 1
        self.names[slug] = count
        return slug if count == 1 else self.unique(f"{slug}-{count}")

    # -- labels ----------------------------------------------------------------------------

    def block(self, lines: Sequence[SetLine]) -> Block:
        """Lines one below the other, as TeX stacks them: baselines `leading` apart."""
        size = max(line.size for line in lines)
        leading = LEADING * size * MM_PER_POINT
        drops = [0.0]
        for upper, lower in pairwise(lines):
            # \\lineskip: lines that would come closer than 1 pt are set apart by that.
            tight = upper.depth * upper.em + lower.height * lower.em
            drops.append(drops[-1] + (leading if tight <= leading else tight + MM_PER_POINT))
        height = lines[0].height * lines[0].em + drops[-1] + lines[-1].depth * lines[-1].em
        width = max(line.width * line.em for line in lines)
        return Block(tuple(lines), width, height, leading, tuple(drops))

    def label(self, block: Block, place: Place, role: str, stem: str = "label") -> Label:
        """Place a block of text."""
        name = self.unique(stem)
        x0, y0, x1, y1 = self.occupy(name, self._resolve(place, block.width, block.height))
        first = block.lines[0]
        baseline = y1 - first.height * first.em
        lines = []
        for line, drop in zip(block.lines, block.drops, strict=True):
            em = line.em
            origin = ((x0 + x1 - line.width * em) / 2, baseline - drop)
            lines.append(
                Line(
                    origin,
                    line.width * em,
                    line.height * em,
                    line.depth * em,
                    em,
                    line.glyphs,
                    line.rules,
                    line.tex,
                    line.plain,
                )
            )
        label = Label(
            name,
            role,
            ((x0 + x1) / 2, (y0 + y1) / 2),
            block.width,
            block.height,
            first.size,
            block.leading,
            tuple(lines),
            place,
        )
        self.items.append(label)
        return label

    # -- shapes ----------------------------------------------------------------------------

    def rectangle(
        self, stem: str, role: str, width: Length, height: Length, place: Place, form: Form = "box"
    ) -> Shape:
        """A shape that fills its bounding box as far as its form goes."""
        name = self.unique(stem)
        wide, high = self.mm(width), self.mm(height)
        x0, y0, x1, y1 = self.occupy(name, self._resolve(place, wide, high))
        self.lean[name] = (wide, wide)
        points: tuple[Point, ...] = ((x0, y0), (x1, y0), (x1, y1), (x0, y1))
        if form == "diamond":
            middle, centre = (x0 + x1) / 2, (y0 + y1) / 2
            points = ((middle, y0), (x1, centre), (middle, y1), (x0, centre))
        corner = 0.0
        if form in ("stadium", "circle"):
            corner = min(wide, high) / 2
        elif form == "rounded":
            corner = self.lengths["corner"]
        shape = Shape(name, role, points, place, width, height, None, form, corner)
        self.items.append(shape)
        return shape

    def inside(self, label: Block, shape: str, role: str, up: Length = ()) -> Label:
        """A label in the middle of a shape."""
        return self.label(label, Place("center", shape, "center", (), up), role, f"{shape}-label")

    def trapezoid(
        self, stem: str, role: str, sides: tuple[Length, Length], height: Length, place: Place
    ) -> Shape:
        """A symmetric trapezoid with the given lower and upper side; a rectangle where they agree."""
        lower, upper = self.mm(sides[0]), self.mm(sides[1])
        width = sides[0] if lower >= upper else sides[1]
        name = self.unique(stem)
        x0, y0, x1, y1 = self.occupy(name, self._resolve(place, max(lower, upper), self.mm(height)))
        self.lean[name] = (lower, upper)
        middle = (x0 + x1) / 2
        points: tuple[Point, ...] = (
            (middle - lower / 2, y0),
            (middle + lower / 2, y0),
            (middle + upper / 2, y1),
            (middle - upper / 2, y1),
        )
        shape = Shape(name, role, points, place, width, height, sides if sides[0] != sides[1] else None)
        self.items.append(shape)
        return shape

    def turned(
        self, stem: str, role: str, sides: tuple[Length, Length], width: Length, place: Place
    ) -> Shape:
        """A symmetric trapezoid that lies on its side, with the given left and right side."""
        left, right = self.mm(sides[0]), self.mm(sides[1])
        height = sides[0] if left >= right else sides[1]
        name = self.unique(stem)
        x0, y0, x1, y1 = self.occupy(name, self._resolve(place, self.mm(width), max(left, right)))
        middle = (y0 + y1) / 2
        points: tuple[Point, ...] = (
            (x0, middle - left / 2),
            (x1, middle - right / 2),
            (x1, middle + right / 2),
            (x0, middle + left / 2),
        )
        shape = Shape(name, role, points, place, width, height, sides, turned=True)
        self.items.append(shape)
        return shape

    def icon(self, key: str, meaning: str, size: Length, place: Place, role: str, stem: str) -> Icon:
        """A small picture, a square of this size."""
        side = self.mm(size)
        name = self.unique(stem)
        x0, y0, x1, y1 = self.occupy(name, self._resolve(place, side, side))
        icon = Icon(name, role, f"icon {key}", meaning, ((x0 + x1) / 2, (y0 + y1) / 2), side, place)
        self.items.append(icon)
        return icon

    def edge(self, name: str, side: Literal["over", "under"]) -> tuple[Point, Point]:
        """Ends of the upper or lower edge of a shape, left to right."""
        x0, y0, x1, y1 = self.boxes[name]
        middle = (x0 + x1) / 2
        lower, upper = self.lean[name]
        half = (upper if side == "over" else lower) / 2
        y = y1 if side == "over" else y0
        return (middle - half, y), (middle + half, y)

    # -- relations -------------------------------------------------------------------------

    def point(self, name: str, at: Anchor, right: Length = (), up: Length = ()) -> Point:
        x0, y0, x1, y1 = self.boxes[name]
        x = x0 if "west" in at else x1 if "east" in at else (x0 + x1) / 2
        y = y0 if "south" in at else y1 if "north" in at else (y0 + y1) / 2
        return x + self.mm(right), y + self.mm(up)

    def _resolve(self, place: Place, width: float, height: float) -> Bounds:
        x, y = (0.0, 0.0) if place.of is None else self.point(place.of, place.at)
        x, y = x + self.mm(place.right), y + self.mm(place.up)
        anchor = place.anchor
        x0 = x if "west" in anchor else x - width if "east" in anchor else x - width / 2
        y0 = y if "south" in anchor else y - height if "north" in anchor else y - height / 2
        return x0, y0, x0 + width, y0 + height

    def arrow(self, start: End, end: End, role: str = "line") -> Arrow:
        tail = self.point(start.of, start.at, start.right, start.up)
        tip = self.point(end.of, end.at, end.right, end.up)
        arrow = Arrow(self.unique(f"{start.of}-to-{end.of}"), role, (tail, tip), start, end)
        self.items.append(arrow)
        return arrow

    def wire(
        self, points: Sequence[Point], start: End, end: End, role: str, *, head: bool, tail: bool
    ) -> Arrow:
        """A line through points, its ends where `start` and `end` say: pieces along an axis stay so."""
        route = [*points]
        for index, neighbour, at in ((0, 1, start), (-1, -2, end)):
            old, new = route[index], self.point(at.of, at.at, at.right, at.up)
            x, y = route[neighbour]
            if len(route) > 2:
                route[neighbour] = (
                    new[0] if abs(x - old[0]) < 1e-6 else x,
                    new[1] if abs(y - old[1]) < 1e-6 else y,
                )
            route[index] = new
        name = self.unique(f"{start.of}-to-{end.of}")
        # A line may go round everything else: it takes room as shapes do.
        xs, ys = [x for x, _ in route], [y for _, y in route]
        self.occupy(name, (min(xs), min(ys), max(xs), max(ys)))
        arrow = Arrow(name, role, tuple(route), start, end, head, tail, self.lengths["bend"])
        self.items.append(arrow)
        return arrow

    def brace(
        self, of: str | Part, start: Point, end: Point, side: Literal["over", "under"], label: Block
    ) -> Brace:
        """A brace along the line from `start` to `end`, at the gap that all braces keep, and its label."""
        up = 1.0 if side == "over" else -1.0
        gap = up * self.lengths["brace gap"]
        owner = of if isinstance(of, str) else of.label
        stem = f"{owner}-brace"
        amplitude = self._amplitude(end[0] - start[0])
        brace = Brace(
            self.unique(stem),
            "line",
            (start[0], start[1] + gap),
            (end[0], end[1] + gap),
            side,
            of,
            "brace gap",
            amplitude,
        )
        self.items.append(brace)
        tip = start[1] + gap + up * self.lengths[amplitude]
        low, high = sorted((start[1] + gap, tip))
        self.occupy(brace.name, (start[0], low, end[0], high))
        at: Anchor = "north" if side == "over" else "south"
        anchor: Anchor = "south" if side == "over" else "north"
        self.label(
            label, Place(anchor, brace.name, at, (), times(one("brace gap"), up)), "text", f"{owner}-mark"
        )
        return brace

    def _amplitude(self, width: float) -> str:
        """The name of a brace's height: a narrow brace is lower, or its two halves would not bend."""
        if width >= 4 * self.lengths["brace"]:
            return "brace"
        return self.length("short brace", width / 4)[0][1]

    def brace_room(self, label: Block) -> float:
        """Height of a brace with its label, from the edge that it measures, in mm."""
        return 2 * self.lengths["brace gap"] + self.lengths["brace"] + label.height
