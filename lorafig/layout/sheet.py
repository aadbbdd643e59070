"""The sheet that a figure is laid out on: named lengths, placed shapes, measured labels.

Things are placed by relation: an anchor of the new one lies at an anchor of another, moved by
named lengths. The sheet turns each relation into absolute millimetres once, and keeps it for
backends that write relations.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import pairwise
from math import inf

from msgspec import Struct
from msgspec.structs import replace

from lorafig import errors
from lorafig.errors import LorafigError, Problem
from lorafig.layout.lengths import named, times
from lorafig.scene import (
    OPPOSITE,
    OUTWARDS,
    SLANT,
    TIPS,
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
    Side,
)
from lorafig.themes.measures import EMS, INSIDE, LEADING, LEAST_INSIDE, MARKS, MM_PER_POINT, sign_size
from lorafig.typeset import SetLine, Typesetter

Bounds = tuple[float, float, float, float]  # x0, y0, x1, y1

LARGEST = 5_700.0  # mm, a figure's width and height; TeX counts no further than 5,758
# Where anchors lie in a box: 0 at its left (lower) side, 1 in the middle, 2 at its right (upper) side.
_ANCHORS: dict[Anchor, tuple[int, int]] = {
    "center": (1, 1),
    "north": (1, 2),
    "south": (1, 0),
    "east": (2, 1),
    "west": (0, 1),
    "north east": (2, 2),
    "north west": (0, 2),
    "south east": (2, 0),
    "south west": (0, 0),
}


class Block(Struct, frozen=True, gc=False):
    """A text block before it is placed: lines with their widths, and the size of the whole, in mm."""

    lines: tuple[SetLine, ...]
    width: float
    height: float
    leading: float
    drops: tuple[float, ...]  # of each baseline below the first


@lru_cache(64)
def _measures(em: float, spread: float) -> Mapping[str, float]:
    """The lengths of every figure in mm. Marks keep their size where gaps are wider, and room within shapes
    most of it where they are narrower."""

    def part(name: str) -> float:
        return 1.0 if name in MARKS else max(LEAST_INSIDE, spread) if name in INSIDE else spread

    return {name: round(amount * em * part(name), 2) for name, amount in EMS.items()}


class Sheet(Struct):
    """State of one layout run. `items` collects what is drawn; groups take slices of it."""

    typesetter: Typesetter
    font_size: float
    corner: float = 0.56  # mm, the radius of rounded corners
    spread: float = 1.0  # how much wider gaps are, and how much higher shapes, than they would be
    lengths: dict[str, float] = {}
    boxes: dict[str, Bounds] = {}
    items: list[Item] = []
    names: dict[str, int] = {}
    # Lengths that share a name, by their value, and how many a name has: a flow has thousands.
    numbered: dict[tuple[str, float], str] = {}
    names_taken: dict[str, int] = {}
    lean: dict[str, tuple[float, float]] = {}  # a trapezoid's lower, upper width
    at: errors.Place | None = None  # of what is being drawn, in the spec
    places: dict[str, errors.Place] = {}  # of items by name
    extent: Bounds = (inf, inf, -inf, -inf)  # of all boxes
    scaled: int = 0  # how often the lengths of dimensions have changed

    def __post_init__(self) -> None:
        self.lengths.update(_measures(self.em, self.spread))

    @property
    def em(self) -> float:
        """The em of the text in mm."""
        return self.font_size * MM_PER_POINT

    # -- lengths ---------------------------------------------------------------------------

    def mm(self, length: Length) -> float:
        total, lengths = 0.0, self.lengths
        for amount, name in length:
            total += amount * lengths[name]
        return total

    def length(self, name: str, value: float) -> Length:
        """A new named length; a second one of the same name and value is the same length."""
        value = round(value, 2)
        if value > LARGEST:
            raise self._too_large(value, "large")
        if self.lengths.setdefault(name, value) == value:
            return named(name)
        known = self.numbered.get((name, value))
        if known is None:
            count = self.names_taken.get(name, 1) + 1
            while self.lengths.setdefault(f"{name} {count}", value) != value:
                count += 1
            self.names_taken[name] = count
            known = self.numbered[name, value] = f"{name} {count}"
        return named(known)

    def signed(self, name: str, value: float) -> Length:
        """A named length in either direction; none where it would not be seen."""
        if abs(value) <= 0.005:
            return ()
        return times(self.length(name, abs(value)), 1.0 if value > 0 else -1.0)

    def occupy(self, name: str, box: Bounds) -> Bounds:
        """Gives an item its box. Raises LorafigError if the figure is too large with it."""
        self.boxes[name] = box
        if self.at is not None:
            self.places[name] = self.at
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
        letters = stem
        if not (stem.isascii() and stem.replace("-", "").isalnum()):
            letters = "".join([c if c.isascii() and c.isalnum() else "-" for c in stem])
        slug = "-".join([word for word in letters.split("-") if word]) or "item"
        count = self.names.get(slug, 0) + 1
        self.names[slug] = count
        return slug if count == 1 else self.unique(f"{slug}-{count}")

    # -- labels ----------------------------------------------------------------------------

    def math(self, source: str, size: float | None = None) -> Block:
        """A line of mathematics, in the size of the figure's text unless another is given."""
        return self.block([self.formula(source, self.font_size if size is None else size)])

    def formula(self, source: str, size: float) -> SetLine:
        """Mathematics with its fractions in full size."""
        return self.typesetter.math(source, size, display="frac" in source)

    def sign(self, sign: str, size: float | None = None) -> Block:
        """A sign in a circle, which it fills, or of a size. All have the height and the depth of a plus, by
        which their strokes are in the middle."""
        size = sign_size(self.font_size) if size is None else size
        plus = self.typesetter.math("+", size)
        line = replace(self.typesetter.math(sign, size), height=plus.height, depth=plus.depth)
        return self.block([line])

    def text(self, source: str, size: float | None = None, *, bold: bool = False) -> Block:
        """A line of words."""
        return self.block([self.typesetter.text(source, self.font_size if size is None else size, bold=bold)])

    def block(self, lines: Sequence[SetLine]) -> Block:
        """Lines one below the other, as TeX stacks them: baselines `leading` apart."""
        size = max([line.size for line in lines])
        leading = LEADING * size * MM_PER_POINT
        drops = [0.0]
        for upper, lower in pairwise(lines):
            # \\lineskip: lines that would come closer than 1 pt are set apart by that.
            tight = upper.depth * upper.em + lower.height * lower.em
            drops.append(drops[-1] + (leading if tight <= leading else tight + MM_PER_POINT))
        height = lines[0].height * lines[0].em + drops[-1] + lines[-1].depth * lines[-1].em
        width = max([line.width * line.em for line in lines])
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
            width, height, depth = line.width * em, line.height * em, line.depth * em
            origin = (x0 + x1 - width) / 2, baseline - drop
            lines.append(
                Line(origin, width, height, depth, em, line.glyphs, line.rules, line.tex, line.plain)
            )
        centre = (x0 + x1) / 2, (y0 + y1) / 2
        size = block.width, block.height, first.size, block.leading
        label = Label(name, role, centre, *size, tuple(lines), place)
        self.items.append(label)
        return label

    def inside(self, label: Block, shape: str, role: str, up: Length = (), right: Length = ()) -> Label:
        """A label in the middle of a shape."""
        return self.label(label, Place("center", shape, "center", right, up), role, f"{shape}-label")

    # -- shapes ----------------------------------------------------------------------------

    def rectangle(
        self, stem: str, role: str, width: Length, height: Length, place: Place, form: Form = "rounded"
    ) -> Shape:
        """A shape that fills its bounding box as far as its form goes; as a `box`, its corners are sharp."""
        name = self.unique(stem)
        wide, high = self.mm(width), self.mm(height)
        x0, y0, x1, y1 = self.occupy(name, self._resolve(place, wide, high))
        self.lean[name] = (wide, wide)
        points: tuple[Point, ...] = ((x0, y0), (x1, y0), (x1, y1), (x0, y1))
        if form == "diamond":
            middle, centre = (x0 + x1) / 2, (y0 + y1) / 2
            points = ((middle, y0), (x1, centre), (middle, y1), (x0, centre))
        elif form == "hexagon":
            left, right, centre = x0 + SLANT * high, x1 - SLANT * high, (y0 + y1) / 2
            points = ((left, y0), (right, y0), (x1, centre), (right, y1), (left, y1), (x0, centre))
        corner = 0.0
        if form in ("stadium", "circle"):
            corner = min(wide, high) / 2
        elif form == "rounded":
            corner = self.corner
        shape = Shape(name, role, points, place, width, height, None, form, corner)
        self.items.append(shape)
        return shape

    def trapezoid(
        self,
        stem: str,
        role: str,
        sides: tuple[Length, Length],
        depth: Length,
        place: Place,
        turned: bool = False,
    ) -> Shape:
        """A symmetric trapezoid whose lower and upper side are `depth` apart; a rectangle where they agree.

        `turned`, it lies on its side, and these are the left and the right one.
        """
        first, second = self.mm(sides[0]), self.mm(sides[1])
        long = sides[0] if first >= second else sides[1]
        width, height = (depth, long) if turned else (long, depth)
        name = self.unique(stem)
        x0, y0, x1, y1 = self.occupy(name, self._resolve(place, self.mm(width), self.mm(height)))
        points: tuple[Point, ...]
        if turned:
            middle = (y0 + y1) / 2
            left, right = (middle - first / 2, middle + first / 2), (middle - second / 2, middle + second / 2)
            points = ((x0, left[0]), (x1, right[0]), (x1, right[1]), (x0, left[1]))
        else:
            self.lean[name] = (first, second)
            middle = (x0 + x1) / 2
            low, high = (middle - first / 2, middle + first / 2), (middle - second / 2, middle + second / 2)
            points = ((low[0], y0), (low[1], y0), (high[1], y1), (high[0], y1))
        ends = sides if turned or sides[0] != sides[1] else None
        form: Form = "rounded" if ends is None else "box"
        shape = Shape(name, role, points, place, width, height, ends, form, self.corner, turned)
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

    def edge(self, name: str, side: Side) -> tuple[Point, Point]:
        """Ends of an edge of a shape, left to right or upwards."""
        x0, y0, x1, y1 = self.boxes[name]
        if side in ("left", "right"):
            x = x0 if side == "left" else x1
            return (x, y0), (x, y1)
        middle = (x0 + x1) / 2
        lower, upper = self.lean[name]
        half = (upper if side == "over" else lower) / 2
        y = y1 if side == "over" else y0
        return (middle - half, y), (middle + half, y)

    # -- relations -------------------------------------------------------------------------

    def point(self, name: str, at: Anchor, right: Length = (), up: Length = ()) -> Point:
        x0, y0, x1, y1 = self.boxes[name]
        across, along = _ANCHORS[at]
        x = (x0, (x0 + x1) / 2, x1)[across]
        y = (y0, (y0 + y1) / 2, y1)[along]
        return x + self.mm(right), y + self.mm(up)

    def _resolve(self, place: Place, width: float, height: float) -> Bounds:
        x, y = (0.0, 0.0) if place.of is None else self.point(place.of, place.at)
        across, along = _ANCHORS[place.anchor]
        x0 = x + self.mm(place.right) - (0.0, width / 2, width)[across]
        y0 = y + self.mm(place.up) - (0.0, height / 2, height)[along]
        return x0, y0, x0 + width, y0 + height

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

    def brace(self, of: str | Part, start: Point, end: Point, side: Side, label: Block) -> Brace:
        """A brace along the line from `start` to `end`, at the gap that all braces keep, and its label."""
        right, up = OUTWARDS[side]
        gap = self.lengths["brace gap"]
        owner = of if isinstance(of, str) else of.label
        amplitude = self._amplitude(end[0] - start[0] + end[1] - start[1])
        name = self.unique(f"{owner}-brace")
        ends = [(x + right * gap, y + up * gap) for x, y in (start, end)]
        brace = Brace(name, "line", ends[0], ends[1], side, of, "brace gap", amplitude)
        self.items.append(brace)
        reach = self.lengths[amplitude]
        corners = [*ends, *((x + right * reach, y + up * reach) for x, y in ends)]
        xs, ys = [x for x, _ in corners], [y for _, y in corners]
        self.occupy(name, (min(xs), min(ys), max(xs), max(ys)))
        tip = TIPS[side]
        away = named("brace gap")
        place = Place(TIPS[OPPOSITE[side]], name, tip, times(away, right), times(away, up))
        self.label(label, place, "text", f"{owner}-mark")
        return brace

    def _amplitude(self, width: float) -> str:
        """The name of a brace's height: a narrow brace is lower, or its two halves would not bend."""
        if width >= 4 * self.lengths["brace"]:
            return "brace"
        return self.length("short brace", width / 4)[0][1]

    def brace_room(self, label: Block, side: Side = "over") -> float:
        """How far a brace with its label reaches from the edge that it measures, in mm."""
        size = label.width if side in ("left", "right") else label.height
        return 2 * self.lengths["brace gap"] + self.lengths["brace"] + size
