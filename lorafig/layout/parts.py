"""What every part of a stack can do: say what it needs, how large it is, and draw itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import ClassVar, Protocol, TypeAlias

from msgspec import Struct

from lorafig import errors
from lorafig.language.model import Brace
from lorafig.layout.lengths import named, plus, times
from lorafig.layout.sheet import Block, Sheet
from lorafig.scene import Anchor, Length, Place, Side
from lorafig.themes.measures import caption_size, side

THINNEST = 0.6  # mm: what is thinner is not an area, but a line


class Spot(Struct, frozen=True, gc=False):
    """Where the lower middle of the next part goes: moved from an anchor of what is there."""

    of: str | None = None
    at: Anchor = "south"
    right: Length = ()
    up: Length = ()

    def raised(self, by: Length) -> Spot:
        return Spot(self.of, self.at, self.right, plus(self.up, by))

    def shifted(self, by: Length) -> Spot:
        return Spot(self.of, self.at, plus(self.right, by), self.up)

    def place(self) -> Place:
        return Place("south", self.of, self.at, self.right, self.up)


class Standing(Struct, frozen=True, gc=False):
    """Where an element stands in its panel: whether nothing leads to it, and whether nothing leads on."""

    first: bool = False
    last: bool = False


class Measure(Struct, frozen=True, gc=False):
    """What an element says of the dimension of one of its sides: a brace along it, or words beside the line
    that crosses that side."""

    label: Block
    side: Side
    brace: bool


def measure_of(sheet: Sheet, spec: Brace | None, side: Side, standing: Standing) -> Measure | None:
    """The measure of an element; `side` is where it lies unless the spec says. A line runs where something is
    below or above, and then no brace."""
    if spec is None:
        return None
    lies = spec.side if spec.side is not None else side
    brace = standing.last if lies == "over" else standing.first
    size = sheet.font_size if brace else caption_size(sheet.font_size)
    return Measure(sheet.math(spec.label, size), lies, brace)


def halves(width: Length) -> tuple[Length, Length]:
    """As far to the left of the centre line as to its right."""
    half = times(width, 0.5)
    return half, half


class Mark(Struct, frozen=True, gc=False):
    """What stands beside a line, and the role that gives it its colour."""

    label: Block
    role: str = "note"


# What stands beside the lines that cross a side of the shape of a node: one for all of them, or one for each.
# The node is told by what its name adds to that of the part.
Marks: TypeAlias = Mapping[tuple[str, Side], tuple[Mark, ...]]


class Drawn(Struct, frozen=True):
    """A part that has been drawn: the shapes of its nodes, by what their names add to its own; where lines
    run past it; and the spot above it."""

    shapes: Mapping[str, str]
    above: Spot
    lanes: Mapping[str, Spot] = {}


class Sides(Struct):
    """How long each dimension symbol is drawn. Tied symbols (k where it is not given) share one."""

    values: Mapping[str, int]  # d, r, and k where it is given
    aliases: Mapping[str, str]  # k -> d where it is not
    shares: Mapping[str, float] = {}  # of the longest length, where it is given
    proportion: str = "root"
    ratios: dict[str, float] = {}  # the drawn lengths as parts of the longest, by name and alias
    usual: dict[str, float] = {}  # the same at the sizes of the figure, whatever the shares

    def __post_init__(self) -> None:
        longest = max(self.values.values())
        for name, value in self.values.items():
            self.usual[name] = side(value, longest, self.proportion)
            self.ratios[name] = self.shares.get(name, self.usual[name])
        for alias, name in self.aliases.items():
            self.ratios[alias], self.usual[alias] = self.ratios[name], self.usual[name]
        # A vector is one entry thick.
        self.usual["1"] = side(1, longest, self.proportion)
        self.ratios.setdefault("1", self.usual["1"])

    def name(self, symbol: str) -> str:
        """The length's name for a dimension symbol; KeyError for an unknown one."""
        known = self.aliases.get(symbol, symbol)
        self.values[known]
        return known

    def length(self, symbol: str) -> Length:
        return named(self.name(symbol))

    def ratio(self, symbol: str) -> float:
        """The drawn length as a part of the longest."""
        return self.ratios[symbol]

    @contextmanager
    def usually(self, sheet: Sheet) -> Iterator[None]:
        """Inside, dimensions are as long as at the sizes of the figure. What is decided by that does not
        change where a slider moves one."""
        kept, scaled = {name: sheet.lengths[name] for name in self.values}, sheet.scaled
        longest = sheet.lengths["longest"]
        sheet.lengths.update((name, round(longest * self.usual[name], 2)) for name in self.values)
        sheet.scaled = -1 - scaled  # what was measured holds no longer
        yield
        sheet.lengths.update(kept)
        sheet.scaled = scaled

    def scale(self, sheet: Sheet, longest: float) -> None:
        """Draw the longest dimension `longest` mm long, and the others in proportion."""
        sheet.scaled += 1
        for symbol in self.values:
            sheet.lengths[symbol] = round(longest * self.ratios[symbol], 2)
        sheet.lengths["longest"] = longest
        sheet.lengths["entry"] = max(round(longest * self.ratios["1"], 2), THINNEST)


class BoxPart(Protocol):
    """A part of a stack, prepared: its labels are set and its dimensions known."""

    @property
    def out(self) -> str:
        """The dimension of what leaves it."""

    @property
    def role(self) -> str:
        """The role of what leaves it."""

    @property
    def stretches(self) -> bool:
        """Whether it fills the height that it is given, and not only its own."""

    @property
    def flows(self) -> bool:
        """Whether data flows through it."""

    def longest(self) -> float:
        """How long the longest dimension must be for its labels to fit, at the present lengths, in mm."""

    def neediest(self) -> errors.Place | None:
        """The place of the element that needs it so long."""

    def spans(self) -> tuple[Length, Length]:
        """How far it reaches left and right of its centre line."""

    def height(self) -> Length: ...

    def below(self) -> Length:
        """What its brace takes below its body."""

    def above(self) -> Length:
        """What its brace takes above its body."""

    def marks(self) -> Marks:
        """What it says of the lines that lead to it and on from it."""

    def draw(self, spot: Spot, height: Length) -> Drawn: ...


class Prepared(Struct):
    """What parts share; here, those without a brace, and with nothing beside them."""

    sheet: Sheet
    sides: Sides
    where: errors.Place | None
    stretches: ClassVar[bool] = False
    flows: ClassVar[bool] = True

    def neediest(self) -> errors.Place | None:
        return self.where

    def longest(self) -> float:
        return 0.0

    def below(self) -> Length:
        return ()

    def above(self) -> Length:
        return ()

    def marks(self) -> Marks:
        return {}


class Labelled(Prepared):
    """A part of one shape with its label, perhaps with a measure of its upper or lower side."""

    label: Block
    role: str
    measure: Measure | None

    def _room(self, side: Side) -> Length:
        if self.measure is None or not self.measure.brace or self.measure.side != side:
            return ()
        return self.sheet.length("brace room", self.sheet.brace_room(self.measure.label))

    def below(self) -> Length:
        return self._room("under")

    def above(self) -> Length:
        return self._room("over")

    def marks(self) -> Marks:
        if self.measure is None or self.measure.brace:
            return {}
        return {("", self.measure.side): (Mark(self.measure.label),)}

    def braced(self) -> float:
        """The width of the label of a brace, in mm."""
        return self.measure.label.width if self.measure is not None and self.measure.brace else 0.0

    def foot(self, spot: Spot) -> Place:
        """The place of the shape. The first part of a panel stands on the common floor, and its brace hangs
        below."""
        return (spot if spot.at == "south" else spot.raised(self.below())).place()

    def drawn(self, shape: str) -> Drawn:
        """Draws the brace; the part of one shape on the centre line."""
        if self.measure is not None and self.measure.brace:
            start, end = self.sheet.edge(shape, self.measure.side)
            self.sheet.brace(shape, start, end, self.measure.side, self.measure.label)
        return Drawn({"": shape}, Spot(shape, "north", (), self.above()))
