"""A row: panels and columns of equations side by side, level with each other, and what surrounds them."""

from __future__ import annotations

from itertools import accumulate, pairwise
from typing import TYPE_CHECKING, ClassVar, Protocol, TypeAlias

from msgspec import Struct

from lorafig import errors
from lorafig.language.model import Figure
from lorafig.layout.lengths import named, plus, times
from lorafig.layout.parts import Spot
from lorafig.layout.sheet import Block, Sheet
from lorafig.layout.stack import StackPart
from lorafig.scene import Group, Length, Place, Shape, walk

if TYPE_CHECKING:
    from lorafig.layout.flow import FlowPart
    from lorafig.layout.levels import Heights


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
    opened: bool = False  # a node of another panel opens into it: it has a frame
    held: tuple[str, ...] = ()  # once drawn, the names of all that its body draws
    spaced: ClassVar[str] = "panel gap"

    def reach(self) -> tuple[float, float]:
        pad = self.sheet.lengths["frame pad"] if self.opened else 0.0
        left, right = (side + pad for side in self.body.reach())
        title = 0.0 if self.title is None else self.title.width / 2
        return max(left, title), max(right, title)

    def descent(self) -> float:
        """How far below its baseline the title reaches, in mm."""
        return 0.0 if self.title is None else self.title.lines[-1].depth * self.title.lines[-1].em

    def top(self, tall: float, topping: Length, descent: float) -> float:
        """How far above the floor it reaches in such a row, in mm."""
        high = tall + self.sheet.mm(topping)
        if self.title is None:
            return high
        return high + self.sheet.lengths["title gap"] + descent - self.descent() + self.title.height

    def draw(self, spot: Spot, tall: float, topping: Length, descent: float) -> Spot:
        """Draw it; the lower middle of the panel, from a shape in it.

        Its title stands above the tallest `topping` of the row, on one baseline with the others:
        `descent` is how far below it the letters of any title reach, `tall` how high the ceiling is, in mm.
        """
        mark = len(self.sheet.items)
        floor, above = self.body.stand(spot, None if self.title is None else tall)
        self.held = tuple(item.name for item in walk(tuple(self.sheet.items[mark:])))
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

    def top(self, tall: float, topping: Length, descent: float) -> float:
        """How far above the floor it reaches beside panels that are so high, in mm."""

    def draw(self, spot: Spot, middle: float) -> Spot:
        """Draw it about the line `middle` mm above the spot; a spot to place others from."""


Part: TypeAlias = PanelPart | Column


def draw(sheet: Sheet, figure: Figure, parts: list[Part]) -> str:
    """Draw a row, line by line if it wraps; the name of the shape that everything is placed from."""
    cards = [number for number, part in enumerate(parts) if part.spaced == "card gap"]
    count = len(parts) - len(cards)
    ends = [*accumulate(figure.lines(count))]
    lines = [list(range(start, end)) for start, end in pairwise((0, *ends))]
    if figure.card is not None and figure.card.at == "below" and count > 0:
        lines.append(cards)
    else:
        lines[0] += cards
    numbered = [[(number, parts[number]) for number in line] for line in lines]
    drawn: dict[int, Group] = {}
    frames: dict[int, Shape] = {}
    base: Spot | None = None
    heights: Heights | None = None
    tops: list[_Top] = []
    for line in numbered:
        panels = [part for _, part in line if isinstance(part, PanelPart)]
        heights = _level(figure, panels)
        tops.append(_top(sheet, panels))
    free = isinstance(figure.wrap, tuple)
    centres = _middles(sheet, numbered) if free else _centres(sheet, numbered)
    for line, top in zip(numbered, tops, strict=True):
        base = _line(sheet, line, centres, top, base, drawn, frames)
    sheet.items += [drawn[number] for number in range(len(parts))]
    if frames:
        from lorafig.layout import opening
        from lorafig.layout.flow import FlowPart

        bodies = [part.body for part in parts if isinstance(part, PanelPart)]
        shapes = [pair for body in bodies if isinstance(body, FlowPart) for pair in body.openings()]
        sheet.items[:0] = [*opening.wedges(sheet, figure, shapes, frames), *frames.values()]
    assert base is not None
    assert base.of is not None
    if figure.levels and heights is not None:
        from lorafig.layout.bands import bands

        bands(sheet, base, figure.levels, heights)
    return base.of


class _Top(Struct, frozen=True):
    """What the panels of a line share: the height of the ceiling in mm, how far one reaches above it, and how
    far below its baseline any title reaches in mm."""

    tall: float
    topping: Length
    descent: float


def _top(sheet: Sheet, panels: list[PanelPart]) -> _Top:
    tall = max((panel.body.level() for panel in panels), default=0.0)
    descent = max((panel.descent() for panel in panels), default=0.0)
    topping = max((panel.body.topping() for panel in panels), key=sheet.mm, default=())
    if any(panel.opened for panel in panels):
        topping = plus(topping, named("frame pad"))
    return _Top(tall, topping, descent)


def _line(
    sheet: Sheet,
    parts: list[tuple[int, Part]],
    centres: dict[int, float],
    shared: _Top,
    base: Spot | None,
    drawn: dict[int, Group],
    frames: dict[int, Shape],
) -> Spot:
    """Draw one line of a row, below all that is there; the spot that everything is placed from."""
    tall, topping, descent = shared.tall, shared.topping, shared.descent
    # Everything is placed from the first stack, else from the first flow; without a panel, the first column
    # of equations stands alone.
    order = sorted(parts, key=lambda entry: _rank(entry[1]))
    up: Length = ()
    if base is not None:
        _, lowest, _, _ = sheet.extent
        _, floor = sheet.point(str(base.of), base.at, base.right, base.up)
        top = max(part.top(tall, topping, descent) for _, part in parts)
        down = floor - lowest + sheet.lengths["panel gap"] + top
        up = times(sheet.length("line drop", down), -1.0)
    for number, part in order:
        away = centres[number] - centres[next(iter(drawn), order[0][0])]
        right: Length = ()
        if abs(away) > 0.005:
            # A name for the distance that the author of the TeX file may change.
            right = sheet.signed(f"{part.name} offset", away)
        spot = Spot(None, "south", right) if base is None else base.shifted(right).raised(up)
        mark = len(sheet.items)
        sheet.at = part.where
        if isinstance(part, PanelPart):
            lowest_spot = part.draw(spot, tall, topping, descent)
            if part.opened:
                from lorafig.layout import opening

                frames[number] = opening.frame(sheet, part.name, part.held, lowest_spot, tall)
        else:
            lowest_spot = part.draw(spot, tall / 2)
        base = lowest_spot if base is None else base
        drawn[number] = Group(part.name, part.comment, tuple(sheet.items[mark:]))
        del sheet.items[mark:]
    assert base is not None
    return base


def _rank(part: Part) -> int:
    return part.body.drawn_after if isinstance(part, PanelPart) else 2


def _centres(sheet: Sheet, lines: list[list[tuple[int, Part]]]) -> dict[int, float]:
    """Centre lines by the number of the part, so that the gaps between neighbours' outer edges are all the
    same. Parts in one column of several lines have one centre line; a card or equations that have a line for
    themselves stand in the middle of all."""
    centres: dict[int, float] = {}
    edge = 0.0
    alone = [line[0] for line in lines if len(line) == 1 and not isinstance(line[0][1], PanelPart)]
    if max(map(len, lines)) > 1 and alone:
        wide = [line for line in lines if len(line) > 1 or isinstance(line[0][1], PanelPart)]
        centres = _centres(sheet, wide)
        reached = [(centres[number], *part.reach()) for line in wide for number, part in line]
        low = min(centre - left for centre, left, _ in reached)
        high = max(centre + right for centre, _, right in reached)
        for number, part in alone:
            left, right = part.reach()
            centres[number] = (low + high + left - right) / 2
        return centres
    for column in range(max(map(len, lines))):
        parts = [line[column] for line in lines if column < len(line)]
        reaches = [part.reach() for _, part in parts]
        left, right = max(reach[0] for reach in reaches), max(reach[1] for reach in reaches)
        if column > 0:
            edge += max(sheet.lengths[part.spaced] for _, part in parts) - sheet.lengths["panel gap"]
        centre = edge + left
        sheet.demand((centre + right, 0.0), parts[0][1].where)
        edge = centre + right + sheet.lengths["panel gap"]
        centres |= {number: centre for number, _ in parts}
    return centres


def _middles(sheet: Sheet, lines: list[list[tuple[int, Part]]]) -> dict[int, float]:
    """Centre lines where each line has columns of its own: all lines have one middle."""
    centres: dict[int, float] = {}
    for line in lines:
        own = _centres(sheet, [line])
        reached = [(own[number], *part.reach()) for number, part in line]
        low = min(centre - left for centre, left, _ in reached)
        high = max(centre + right for centre, _, right in reached)
        centres |= {number: centre - (low + high) / 2 for number, centre in own.items()}
    return centres


def _level(figure: Figure, panels: list[PanelPart]) -> Heights | None:
    """Makes all panels as high as the highest, and lets stand level in them what should."""
    levels = [panel.body.level() for panel in panels]
    if figure.align or figure.levels:
        from lorafig.layout.levels import stand

        bodies = {panel.name: body for panel in panels if (body := _levelled(panel.body)) is not None}
        others = [panel.body.level() for panel in panels if panel.name not in bodies]
        least = max(others, default=0.0)
        together = least if figure.levels else 0.0
        heights = stand([*bodies.values()], [*bodies], figure.levels, figure.align, together)
        for name, body in bodies.items():
            if isinstance(body, StackPart) and body.level() < least:
                body.ease(least - body.level(), name)
        levels = [panel.body.level() for panel in panels]
        for panel, height in zip(panels, levels, strict=True):
            if panel.name not in bodies:
                panel.body.rise(max(levels) - height, panel.name)
        return heights
    for panel, height in zip(panels, levels, strict=True):
        panel.body.rise(max(levels) - height, panel.name)
    return None


def _levelled(body: Body) -> StackPart | FlowPart | None:
    """The body, if its parts can stand level with those of another one."""
    if isinstance(body, StackPart):
        return body
    from lorafig.layout.flow import FlowPart

    return body if isinstance(body, FlowPart) and body.levels else None


def middle(sheet: Sheet) -> float:
    """The middle of all that is drawn, in which what stands below and above it has its own."""
    x0, _, x1, _ = sheet.extent
    return (x0 + x1) / 2


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
