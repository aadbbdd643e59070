"""A row: panels and columns of equations side by side, level with each other, and what surrounds them."""

from __future__ import annotations

from typing import ClassVar, Protocol, TypeAlias

from msgspec import Struct

from lorafig import errors
from lorafig.layout.lengths import named, plus, times
from lorafig.layout.parts import Spot
from lorafig.layout.sheet import Block, Sheet
from lorafig.scene import Group, Length, Place


class Body(Protocol):
    """What a panel holds. Extents are measured from its centre line, in mm."""

    @property
    def drawn_after(self) -> int:
        """Which are drawn first, as others are placed from them: those with the least."""

    def longest(self) -> float:
        """How long the longest dimension must be for its labels to fit, in mm."""

    def neediest(self) -> errors.Place | None:
        """The place of what needs it so long."""

    def reach(self) -> tuple[float, float]:
        """How far it reaches left and right, labels included."""

    def level(self) -> float:
        """Its height from the floor to the ceiling that the panels of a row share."""

    def topping(self) -> Length:
        """How far it reaches above the common ceiling."""

    def rise(self, spare: float, name: str) -> None:
        """Makes it as high as the highest, which is `spare` higher."""

    def stand(self, spot: Spot, ceiling: float | None) -> tuple[Spot, Spot]:
        """Draws it; the spots of its floor and of what stands above it, at the height of the ceiling."""


class PanelPart(Struct):
    """A stack or a flow with its title."""

    sheet: Sheet
    body: Body
    title: Block | None
    name: str
    comment: str
    where: errors.Place | None

    def reach(self) -> tuple[float, float]:
        left, right = self.body.reach()
        title = 0.0 if self.title is None else self.title.width / 2
        return max(left, title), max(right, title)

    def descent(self) -> float:
        """How far below its baseline the title reaches, in mm."""
        return 0.0 if self.title is None else self.title.lines[-1].depth * self.title.lines[-1].em

    def draw(self, spot: Spot, tall: float, topping: Length, descent: float) -> Spot:
        """Draw it; the lower middle of the panel, from a shape in it.

        Its title stands above the tallest `topping` of the row, on one baseline with the others:
        `descent` is how far below it the letters of any title reach, `tall` how high the ceiling is, in mm.
        """
        floor, above = self.body.stand(spot, None if self.title is None else tall)
        if self.title is not None:
            short = descent - self.descent()
            drop = self.sheet.length("title drop", short) if short > 0.005 else ()
            up = plus(above.up, times(self.body.topping(), -1.0), topping, named("title gap"), drop)
            place = Place("south", above.of, above.at, above.right, up)
            self.sheet.label(self.title, place, "text", f"{self.name}-title")
        return floor


class Column(Protocol):
    """What stands beside the panels: equations, a card."""

    name: str
    comment: str
    where: errors.Place | None
    spaced: ClassVar[str]  # the gap before it

    def reach(self) -> tuple[float, float]: ...

    def draw(self, spot: Spot, middle: float) -> Spot:
        """Draw it about the line `middle` mm above the spot; a spot to place others from."""


Part: TypeAlias = PanelPart | Column


def draw(sheet: Sheet, parts: list[Part]) -> str:
    """Draw a row; the name of the shape that everything is placed from."""
    panels = [part for part in parts if isinstance(part, PanelPart)]
    _level(panels)
    tall = max((panel.body.level() for panel in panels), default=0.0)
    descent = max((panel.descent() for panel in panels), default=0.0)
    topping = max((panel.body.topping() for panel in panels), key=sheet.mm, default=())
    base: Spot | None = None
    # Everything is placed from the first stack, else from the first flow; without a panel, the first column
    # of equations stands alone.
    order = sorted(range(len(parts)), key=lambda index: _rank(parts[index]))
    centres = _centres(sheet, parts)
    origin = centres[order[0]]
    drawn: dict[int, Group] = {}
    for index in order:
        part = parts[index]
        away = centres[index] - origin
        right: Length = ()
        if abs(away) > 0.005:
            # A name for the distance that the author of the TeX file may change.
            right = sheet.signed(f"{part.name} offset", away)
        spot = Spot(None, "south", right) if base is None else base.shifted(right)
        mark = len(sheet.items)
        sheet.at = part.where
        if isinstance(part, PanelPart):
            lowest = part.draw(spot, tall, topping, descent)
        else:
            lowest = part.draw(spot, tall / 2)
        base = lowest if base is None else base
        drawn[index] = Group(part.name, part.comment, tuple(sheet.items[mark:]))
        del sheet.items[mark:]
    sheet.items += [drawn[index] for index in range(len(parts))]
    assert base is not None
    assert base.of is not None
    return base.of


def _rank(part: Part) -> int:
    return part.body.drawn_after if isinstance(part, PanelPart) else 2


def _centres(sheet: Sheet, parts: list[Part]) -> list[float]:
    """Centre lines, so that the gaps between neighbours' outer edges are all the same."""
    centres: list[float] = []
    edge = 0.0
    for part in parts:
        left, right = part.reach()
        if not isinstance(part, PanelPart) and centres:
            edge += sheet.lengths[part.spaced] - sheet.lengths["panel gap"]
        centre = edge + left
        centres.append(centre)
        sheet.demand((centre + right, 0.0), part.where)
        edge = centre + right + sheet.lengths["panel gap"]
    return centres


def _level(panels: list[PanelPart]) -> None:
    """Makes all panels as high as the highest."""
    heights = [panel.body.level() for panel in panels]
    for panel, height in zip(panels, heights, strict=True):
        panel.body.rise(max(heights) - height, panel.name)


def middle(sheet: Sheet) -> float:
    """The middle of all shapes, in which what stands below and above them has its own."""
    shapes = [sheet.boxes[name] for name in sheet.lean] or [sheet.extent]
    return (min(box[0] for box in shapes) + max(box[2] for box in shapes)) / 2


def above(sheet: Sheet, base: str, block: Block, centre: float) -> None:
    """A title above everything that has been drawn."""
    _, _, _, y1 = sheet.extent
    rise = y1 - sheet.boxes[base][3]
    up = plus(named("heading gap"), sheet.length("heading rise", rise) if rise > 0.005 else ())
    sheet.label(block, Place("south", base, "north", _away(sheet, base, block, centre), up), "text", "title")


def below(sheet: Sheet, base: str, blocks: list[tuple[Block, str]], centre: float) -> None:
    """Captions below everything that has been drawn, about the line `centre`, as far as they then do not
    reach beyond the whole."""
    for block, role in blocks:
        right = _away(sheet, base, block, centre)
        hang = sheet.boxes[base][1] - sheet.extent[1]
        down = plus(named("caption gap"), sheet.length("caption drop", hang) if hang > 0.005 else ())
        sheet.label(block, Place("north", base, "south", right, times(down, -1.0)), role, "caption")


def _away(sheet: Sheet, base: str, block: Block, centre: float) -> Length:
    """How far right of the middle of `base` a block has its own middle."""
    x0, _, x1, _ = sheet.extent
    bx0, _, bx1, _ = sheet.boxes[base]
    half = block.width / 2
    within = min(max(centre, x0 + half), x1 - half) if block.width <= x1 - x0 else centre
    return sheet.signed("caption offset", within - (bx0 + bx1) / 2)
