"""What every part of a stack can do: say what it needs, how large it is, and draw itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Protocol

from msgspec import Struct

from lorafig import errors
from lorafig.language.model import Brace
from lorafig.layout.lengths import named, plus
from lorafig.layout.sheet import Block, Sheet
from lorafig.scene import Anchor, End, Length, Place, Side
from lorafig.themes.measures import side

THINNEST = 0.6  # mm: what is thinner is no area, but a line


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


class ElementBrace(Struct, frozen=True, gc=False):
    """A brace along the whole upper or lower edge of a shape."""

    label: Block
    side: Side
    where: errors.Place | None = None


def brace_of(sheet: Sheet, spec: Brace | None, side: Side) -> ElementBrace | None:
    """The brace of an element; `side` is where it lies unless the spec says."""
    if spec is None:
        return None
    return ElementBrace(sheet.math(spec.label), spec.side if spec.side is not None else side, spec.where)


class Through(Struct):
    """A line that goes through a part: where it begins below it, once that is known."""

    start: End | None = None


class Port(Struct, frozen=True, gc=False):
    """A shape that data enters or leaves through, and how far right of the centre line it stands."""

    shape: str
    offset: Length
    role: str
    brace: ElementBrace | None = None  # no arrow may cross it
    through: Through | None = None  # of a part that is a line alone

    def moved(self, right: Length, role: str) -> Port:
        return Port(self.shape, plus(self.offset, right), role, self.brace, self.through)


class Drawn(Struct, frozen=True, gc=False):
    """A part that has been drawn: where data enters, where it leaves, and the spot above it."""

    inlets: tuple[Port, ...]
    outlets: tuple[Port, ...]
    above: Spot


class Sides(Struct):
    """How long each dimension symbol is drawn. Tied symbols (k where it is not given) share one."""

    values: Mapping[str, int]  # d, r, and k where it is given
    aliases: Mapping[str, str]  # k -> d where it is not
    shares: Mapping[str, float] = {}  # of the longest length, where it is given
    proportion: str = "log"
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

    def longest(self) -> float:
        """How long the longest dimension must be for its labels to fit, at the present lengths, in mm."""

    def neediest(self) -> errors.Place | None:
        """The place of the element that needs it so long."""

    def width(self) -> Length: ...

    def height(self) -> Length: ...

    def below(self) -> Length:
        """What its brace takes below its body."""

    def above(self) -> Length:
        """What its brace takes above its body."""

    def overhang(self) -> float:
        """How far the labels beside its bars reach beyond its left edge, in mm."""

    def draw(self, spot: Spot, height: Length) -> Drawn: ...


class Prepared(Struct):
    """What parts share; here, those without a brace, and with nothing beside them."""

    sheet: Sheet
    sides: Sides
    where: errors.Place | None
    stretches: ClassVar[bool] = False

    def neediest(self) -> errors.Place | None:
        return self.where

    def below(self) -> Length:
        return ()

    def above(self) -> Length:
        return ()

    def overhang(self) -> float:
        return 0.0


class Labelled(Prepared):
    """A part of one shape with its label, perhaps with a brace along its upper or lower edge."""

    label: Block
    role: str
    brace: ElementBrace | None

    def _room(self, side: Side) -> Length:
        if self.brace is None or self.brace.side != side:
            return ()
        return self.sheet.length("brace room", self.sheet.brace_room(self.brace.label))

    def below(self) -> Length:
        return self._room("under")

    def above(self) -> Length:
        return self._room("over")

    def braced(self) -> float:
        """The width of the brace's label, in mm."""
        return 0.0 if self.brace is None else self.brace.label.width

    def foot(self, spot: Spot) -> Place:
        """The place of the shape. The first part of a panel stands on the common floor, and its brace hangs
        below."""
        return (spot if spot.at == "south" else spot.raised(self.below())).place()

    def drawn(self, shape: str) -> Drawn:
        """Draws the brace; the part of one shape on the centre line."""
        port = Port(shape, (), self.role, self.brace)
        if self.brace is not None:
            start, end = self.sheet.edge(shape, self.brace.side)
            self.sheet.brace(shape, start, end, self.brace.side, self.brace.label)
        return Drawn((port,), (port,), Spot(shape, "north", (), self.above()))
