"""A weight as the bits of its entries: one column for each bit, so that few bits make it narrow.

A dashed outline behind it is as wide as the most bits on the figure.
"""

from __future__ import annotations

from lorafig.icons import ICONS
from lorafig.layout.factor import matrix_role
from lorafig.layout.lengths import named, plus, times
from lorafig.layout.node import NodePart
from lorafig.layout.sheet import Block
from lorafig.scene import End, Length, Place

ROWS = 8  # entries that are shown
GHOST = "ghost"  # the role of the outline


class BitsNode(NodePart):
    """Its badge, its label and its note stand in one line beneath it, or at its right where lines come or go
    beneath. `most` are the most bits on the figure."""

    most: int = 0
    beneath: bool = True

    def hung(self) -> list[Block]:
        return [self.label] if self.note is None else [self.label, self.note]

    def _bits(self) -> int:
        assert self.spec.bits is not None
        return self.spec.bits

    def shape_size(self) -> tuple[float, float]:
        bit = self.sheet.lengths["bit"]
        return self._bits() * bit, ROWS * bit

    def _words(self) -> tuple[float, float]:
        """Width and height of what stands beneath it, in mm."""
        gap, icon = self.sheet.lengths["label gap"], self._icon()
        widths = [block.width for block in self.hung()] + ([icon] if icon > 0 else [])
        return sum(widths) + gap * (len(widths) - 1), max(icon, *(block.height for block in self.hung()))

    def lift(self) -> float:
        """With its words beneath where lines come from above, unless its middle is that of a level."""
        hangs = self.beneath and not self.across and self.spec.level is None
        return (self.sheet.lengths["label gap"] + self._words()[1]) / 2 if hangs else 0.0

    def size(self) -> tuple[float, float]:
        lengths = self.sheet.lengths
        wide, high = self.most * lengths["bit"], ROWS * lengths["bit"]
        (long, tall), gap = self._words(), lengths["label gap"]
        if self.beneath:
            return max(wide, long), high + 2 * (gap + tall) - 2 * self.lift()
        return wide + 2 * (gap + long), max(high, tall)

    def _draw(self, place: Place) -> None:
        sheet, bits = self.sheet, self._bits()
        high = times(named("bit"), float(ROWS))
        if bits < self.most:
            sheet.rectangle(
                f"{self.spec.name}-most", GHOST, times(named("bit"), float(self.most)), high, place
            )
        name = sheet.rectangle(self.spec.name, self.role, times(named("bit"), float(bits)), high, place).name
        self.drawn = (name,)
        for column in range(1, bits):
            right = times(named("bit"), float(column))
            self._line(name, End(name, "south west", right), End(name, "north west", right))
        for row in range(1, ROWS):
            up = times(named("bit"), float(row))
            self._line(name, End(name, "south west", (), up), End(name, "south east", (), up))
        self._told(name)

    def _line(self, name: str, start: End, end: End) -> None:
        points = [self.sheet.point(at.of, at.at, at.right, at.up) for at in (start, end)]
        role = f"{matrix_role(self.role)} grid"
        self.sheet.wire(points, start, end, role, head=False, tail=False)

    def _told(self, name: str) -> None:
        """The badge, the label and the note, one beside the other."""
        sheet, gap = self.sheet, named("label gap")
        long, tall = self._words()
        right: Length
        if self.beneath:
            right = sheet.signed("words shift", -long / 2)
            down = plus(times(gap, -1.0), sheet.signed("words drop", -tall / 2))
            place = Place("west", name, "south", right, down)
        else:
            beyond = (self.most - self._bits()) / 2
            place = Place("west", name, "east", plus(gap, times(named("bit"), beyond)))
        line = f"{self.role} line"
        if self.spec.badge is not None:
            meaning = ICONS[self.spec.badge].meaning
            icon = sheet.icon(self.spec.badge, meaning, named("icon"), place, line, f"{name}-badge")
            place = Place("west", icon.name, "east", gap)
        label = sheet.label(self.label, place, line, f"{name}-label")
        if self.note is not None:
            sheet.label(self.note, Place("west", label.name, "east", gap), "note", f"{name}-note")


def prepared(part: NodePart, most: int, beneath: bool) -> BitsNode:
    """The node as its bits; `beneath`: no line comes or goes there."""
    common = part.sheet, part.symbols, part.spec, part.role, part.across, part.back, part.note, part.label
    return BitsNode(*common, most=most, beneath=beneath)
