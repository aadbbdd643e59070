"""A card beside the figure: a title and rows of text in a box of its own."""

from __future__ import annotations

from typing import ClassVar

from msgspec import Struct

from lorafig import errors
from lorafig.language.model import Card, CardRow
from lorafig.layout.lengths import named, plus, times
from lorafig.layout.parts import Spot
from lorafig.layout.sheet import Block, Sheet
from lorafig.scene import Length, Place
from lorafig.themes.measures import caption_size, title_size

INKS = {
    "plain": "card",
    "frozen": "frozen line",
    "adapter": "adapter line",
    "merged": "merged line",
    "activation": "card",
    "note": "card",
}


class CardPart(Struct):
    sheet: Sheet
    title: Block | None
    rows: tuple[tuple[Block, str], ...]  # and the role that gives each its colour
    name: str
    where: errors.Place | None
    comment: str = "The card"
    spaced: ClassVar[str] = "card gap"

    def _blocks(self) -> list[tuple[Block, str]]:
        return [*(() if self.title is None else ((self.title, "card"),)), *self.rows]

    def width(self) -> float:
        pads = 2 * self.sheet.lengths["card pad"]
        return max(block.width for block, _ in self._blocks()) + pads

    def height(self) -> float:
        blocks = self._blocks()
        lengths = self.sheet.lengths
        rows = sum(block.height for block, _ in blocks) + lengths["card row"] * (len(blocks) - 1)
        return rows + 2 * lengths["card pad"]

    def reach(self) -> tuple[float, float]:
        """How far it reaches left and right of its centre line, in mm."""
        return self.width() / 2, self.width() / 2

    def top(self, tall: float, topping: Length, descent: float) -> float:
        return (tall + self.height()) / 2

    def draw(self, spot: Spot, middle: float) -> Spot:
        """Draw it, its middle at this height above the spot, in mm."""
        sheet = self.sheet
        wide, high = sheet.length("card width", self.width()), sheet.length("card height", self.height())
        if spot.of is None:
            place = Place("center", None)
        else:
            rise = sheet.signed("card rise", middle)
            place = Place("center", spot.of, spot.at, spot.right, plus(spot.up, rise))
        card = sheet.rectangle(f"{self.name}-ground", "card", wide, high, place, "rounded").name
        above = Place("north", card, "north", (), times(named("card pad"), -1.0))
        for number, (block, role) in enumerate(self._blocks()):
            stem = "card-title" if number == 0 and self.title is not None else "card-row"
            label = sheet.label(block, above, role, stem)
            above = Place("north", label.name, "south", (), times(named("card row"), -1.0))
        return Spot(card, "center", (), times(sheet.length("card rise", middle), -1.0) if middle > 0 else ())


def prepare(sheet: Sheet, spec: Card) -> CardPart:
    size = sheet.font_size
    title = None if spec.title is None else sheet.text(spec.title, title_size(size), bold=True)
    rows = []
    for entry in spec.rows:
        row = entry if isinstance(entry, CardRow) else CardRow(entry)
        block = sheet.text(row.row, caption_size(size))
        rows.append((block, "card" if row.like is None else INKS[row.like]))
    return CardPart(sheet, title, tuple(rows), sheet.unique("card"), spec.where)
