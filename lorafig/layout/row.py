"""A row: panels and columns of equations side by side, level with each other, and what surrounds them."""

from __future__ import annotations

from dataclasses import dataclass

from lorafig.layout.equations import EquationsPart
from lorafig.layout.parts import Spot, overheads
from lorafig.layout.sheet import Block, Sheet, one, plus, times
from lorafig.layout.stack import StackPart
from lorafig.scene import Group, Length, Place


@dataclass(slots=True)
class PanelPart:
    """A stack with its title. Extents are measured from its centre line, in mm."""

    sheet: Sheet
    stack: StackPart
    title: Block | None
    name: str
    comment: str

    def reach(self) -> tuple[float, float]:
        """How far it reaches left and right of its centre line, labels included."""
        half = self.sheet.mm(self.stack.width()) / 2
        left = half + self.stack.overhang()
        title = 0.0 if self.title is None else self.title.width / 2
        return max(left, title), max(half, title)

    def hanging(self) -> float:
        """How far the brace of its first part reaches below the floor, in mm."""
        return self.sheet.mm(overheads(self.sheet, self.stack.parts[0])[0])

    def descent(self) -> float:
        """How far below its baseline the title reaches, in mm."""
        return 0.0 if self.title is None else self.title.lines[-1].depth * self.title.lines[-1].em

    def level(self) -> float:
        """Its height from the floor to the ceiling that the panels of a row share, in mm."""
        return self.sheet.mm(self.stack.height()) - self.hanging() - self.sheet.mm(self.topping())

    def topping(self) -> Length:
        """How far the brace of its last part reaches above the common ceiling."""
        return overheads(self.sheet, self.stack.parts[-1])[1]

    def draw(self, spot: Spot, topping: Length, descent: float) -> str:
        """Draw it; the name of its lowest shape.

        Its title stands above the tallest `topping` of the row, on one baseline with the others:
        `descent` is how far below it the letters of any title reach, in mm.
        """
        height = self.stack.height()
        drawn = self.stack.draw(spot, height)
        if self.title is not None:
            above = drawn.above
            short = descent - self.descent()
            drop = self.sheet.length("title drop", short) if short > 0.005 else ()
            up = plus(above.up, times(self.topping(), -1.0), topping, one("title gap"), drop)
            place = Place("south", above.of, above.at, above.right, up)
            self.sheet.label(self.title, place, "text", f"{self.name}-title")
        return drawn.inlets[0].shape


def draw(sheet: Sheet, parts: list[PanelPart | EquationsPart]) -> str:
    """Draw a row; the name of the shape that everything is placed from."""
    panels = [part for part in parts if isinstance(part, PanelPart)]
    _level(sheet, panels)
    tall = max((panel.level() for panel in panels), default=0.0)
    descent = max((panel.descent() for panel in panels), default=0.0)
    topping = max((panel.topping() for panel in panels), key=sheet.mm, default=())
    base: str | None = None
    # Everything is placed from the first panel; without one, the first column of equations stands alone.
    order = sorted(range(len(parts)), key=lambda index: not isinstance(parts[index], PanelPart))
    centres = _centres(sheet, parts)
    origin = centres[order[0]]
    drawn: dict[int, Group] = {}
    for index in order:
        part = parts[index]
        away = centres[index] - origin
        right: Length = ()
        if abs(away) > 0.005:
            # A name for the distance that the author of the TeX file may change.
            right = sheet.length(f"{part.name} offset", away)
        mark = len(sheet.items)
        if isinstance(part, PanelPart):
            lowest = part.draw(Spot(base, "south", right), topping, descent)
            base = lowest if base is None else base
        else:
            lowest = part.draw(base, right, tall / 2)
            base = lowest if base is None else base
        drawn[index] = Group(part.name, part.comment, tuple(sheet.items[mark:]))
        del sheet.items[mark:]
    sheet.items += [drawn[index] for index in range(len(parts))]
    assert base is not None
    return base


def _centres(sheet: Sheet, parts: list[PanelPart | EquationsPart]) -> list[float]:
    """Centre lines, so that the gaps between neighbours' outer edges are all the same."""
    centres: list[float] = []
    edge = 0.0
    for part in parts:
        left, right = part.reach()
        centre = edge + left
        centres.append(centre)
        edge = centre + right + sheet.lengths["panel gap"]
    return centres


def _level(sheet: Sheet, panels: list[PanelPart]) -> None:
    """Stretch the gaps of shorter stacks until all are as high as the highest."""
    heights = [panel.level() for panel in panels]
    for panel, height in zip(panels, heights, strict=True):
        joints = len(panel.stack.joints)
        if joints > 0:
            panel.stack.stretch = (max(heights) - height) / joints
            panel.stack.slug = panel.name


def below(sheet: Sheet, base: str, blocks: list[tuple[Block, str]]) -> None:
    """Captions below everything that has been drawn, centred on the shapes alone."""
    shapes = [sheet.boxes[name] for name in sheet.lean] or [sheet.bounds()]
    middle = (min(box[0] for box in shapes) + max(box[2] for box in shapes)) / 2
    for block, role in blocks:
        _, y0, _, _ = sheet.bounds()
        bx0, by0, bx1, _ = sheet.boxes[base]
        away = middle - (bx0 + bx1) / 2
        right = sheet.signed("caption offset", away)
        hang = by0 - y0
        down = plus(one("caption gap"), sheet.length("caption drop", hang) if hang > 0.005 else ())
        sheet.label(block, Place("north", base, "south", right, times(down, -1.0)), role, "caption")
