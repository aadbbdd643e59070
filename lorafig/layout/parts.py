"""What every part of a stack can do: say what it needs, how large it is, and draw itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from lorafig.layout.braces import ElementBrace
from lorafig.layout.sheet import Sheet, one, plus
from lorafig.scene import Anchor, Length, Place
from lorafig.themes.measures import side


@dataclass(frozen=True, slots=True)
class Spot:
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


@dataclass(frozen=True, slots=True)
class Port:
    """A shape that data enters or leaves through, and how far right of the centre line it stands."""

    shape: str
    offset: Length
    role: str
    brace: ElementBrace | None = None  # no arrow may cross it

    def moved(self, right: Length, role: str) -> Port:
        return Port(self.shape, plus(self.offset, right), role, self.brace)


@dataclass(frozen=True, slots=True)
class Drawn:
    """A part that has been drawn: where data enters, where it leaves, and the spot above it."""

    inlets: tuple[Port, ...]
    outlets: tuple[Port, ...]
    above: Spot

    @staticmethod
    def of(sheet: Sheet, shape: str, role: str, brace: ElementBrace | None) -> Drawn:
        """A part of one shape on the centre line, its brace drawn with it."""
        port = Port(shape, (), role)
        if brace is None:
            return Drawn((port,), (port,), Spot(shape, "north"))
        brace.draw(sheet, shape)
        port = Port(shape, (), role, brace)
        return Drawn((port,), (port,), Spot(shape, "north", (), brace.above(sheet)))


def overheads(sheet: Sheet, part: object) -> tuple[Length, Length]:
    """What the brace of a part takes below and above its body."""
    brace = getattr(part, "brace", None)
    if not isinstance(brace, ElementBrace):
        return (), ()
    return brace.below(sheet), brace.above(sheet)


def overhang(sheet: Sheet, part: BoxPart) -> float:
    """How far the labels beside its bars reach beyond a part's left edge, in mm."""
    beside = getattr(part, "overhang", None)
    return 0.0 if beside is None else float(beside())


def room(sheet: Sheet, brace: ElementBrace | None) -> Length:
    """What a brace adds to its part's height."""
    return () if brace is None else brace.room(sheet)


def braced(sheet: Sheet, spot: Spot, brace: ElementBrace | None) -> Spot:
    """The spot of a shape whose brace may lie below it. The first part of a panel stands on the common
    floor, and its brace hangs below."""
    return spot if brace is None or spot.at == "south" else spot.raised(brace.below(sheet))


@dataclass(frozen=True, slots=True)
class Sides:
    """How long each dimension symbol is drawn. Tied symbols (k where it is not given) share one."""

    values: Mapping[str, int]  # d, r, and k where it is given
    aliases: Mapping[str, str]  # k -> d where it is not
    shares: Mapping[str, float] = field(default_factory=dict)  # of the longest length, where it is given

    def name(self, symbol: str) -> str:
        """The length's name for a dimension symbol; KeyError for an unknown one."""
        known = self.aliases.get(symbol, symbol)
        self.values[known]
        return known

    def length(self, symbol: str) -> Length:
        return one(self.name(symbol))

    def ratio(self, symbol: str) -> float:
        """The drawn length as a part of the longest."""
        name = self.name(symbol)
        given = self.shares.get(name)
        return side(self.values[name], max(self.values.values())) if given is None else given

    def scale(self, sheet: Sheet, longest: float) -> None:
        """Draw the longest dimension `longest` mm long, and the others in proportion."""
        for symbol in self.values:
            sheet.lengths[symbol] = round(longest * self.ratio(symbol), 2)


class BoxPart(Protocol):
    """A part of a stack, prepared: its labels are set and its dimensions known."""

    @property
    def out(self) -> str:
        """The dimension of what leaves it."""

    @property
    def role(self) -> str:
        """The role of what leaves it."""

    def longest(self) -> float:
        """How long the longest dimension must be for its labels to fit, at the present lengths, in mm."""

    def width(self) -> Length: ...

    def height(self) -> Length: ...

    def draw(self, spot: Spot, height: Length) -> Drawn: ...
