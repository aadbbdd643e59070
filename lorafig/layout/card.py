"""A card beside the figure: a title and rows, names at the left and numbers at the right, bars to scale."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from typing import ClassVar, Literal, TypeAlias

from msgspec import Struct

from lorafig import errors
from lorafig.errors import LorafigError
from lorafig.language.model import CardRow, Figure
from lorafig.language.scope import numbers_of
from lorafig.layout.lengths import named, plus, times
from lorafig.layout.parts import Spot
from lorafig.layout.sheet import Block, Sheet
from lorafig.notation.children import children
from lorafig.notation.numbers.arithmetic import evaluate
from lorafig.notation.read.parse import parse_text
from lorafig.notation.tree import Computed, Node
from lorafig.scene import Anchor, Length, Place
from lorafig.themes.measures import caption_size, title_size

INKS = {
    "plain": "card",
    "frozen": "frozen line",
    "adapter": "adapter line",
    "merged": "merged line",
    "activation": "card",
    "note": "card",
}
BARS = ("plain", "frozen", "adapter", "merged")  # the roles that have a colour for a bar
THINNEST = 0.3  # mm, of a bar
Side: TypeAlias = Literal["west", "east"]


class Row(Struct, frozen=True):
    """What a row says, its name by itself if it has one; `part` is its count as a part of the largest."""

    block: Block
    role: str
    name: Block | None = None
    part: float | None = None
    bar: str = ""  # its role

    @property
    def ascent(self) -> float:
        """How far the row reaches above its baseline, in mm."""
        blocks = [self.block] if self.name is None else [self.block, self.name]
        return max(block.lines[0].height * block.lines[0].em for block in blocks)

    @property
    def height(self) -> float:
        blocks = [self.block] if self.name is None else [self.block, self.name]
        return self.ascent + max(block.lines[0].depth * block.lines[0].em for block in blocks)


class CardPart(Struct):
    sheet: Sheet
    title: Block | None
    rows: tuple[Row, ...]
    name: str
    where: errors.Place | None
    comment: str = "The card"
    spaced: ClassVar[str] = "card gap"

    def _drops(self) -> list[float]:
        """How far the top of each row lies below that of the card, and of all its end, in mm."""
        lengths = self.sheet.lengths
        drops, y = [], lengths["card pad"]
        if self.title is not None:
            y += self.title.height + lengths["card row"] * 1.6
        for row in self.rows:
            drops.append(y)
            y += row.height + lengths["card row"]
            if row.part is not None:
                y += lengths["card bar"] + lengths["card row"]
        return [*drops, y - lengths["card row"] + lengths["card pad"]]

    def width(self) -> float:
        lengths = self.sheet.lengths
        widths = [0.0 if self.title is None else self.title.width]
        for row in self.rows:
            name = 0.0 if row.name is None else row.name.width + lengths["card names"]
            widths.append(name + row.block.width)
        return max(widths) + 2 * lengths["card pad"]

    def height(self) -> float:
        return self._drops()[-1]

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
        if self.title is not None:
            down = times(named("card pad"), -1.0)
            self._label(card, self.title, "card", "card-title", "west", down)
        for row, drop in zip(self.rows, self._drops(), strict=False):
            self._row(card, row, drop)
        return Spot(card, "center", (), times(sheet.length("card rise", middle), -1.0) if middle > 0 else ())

    def _row(self, card: str, row: Row, drop: float) -> None:
        sheet = self.sheet
        texts: list[tuple[Block, Side, str]] = [
            (row.block, "west" if row.name is None else "east", "card-row")
        ]
        if row.name is not None:
            texts.append((row.name, "west", "card-name"))
        for block, at, stem in texts:
            first = block.lines[0]
            down = sheet.signed("card drop", -(drop + row.ascent - first.height * first.em))
            self._label(card, block, row.role, stem, at, down)
        if row.part is None:
            return
        full = self.width() - 2 * sheet.lengths["card pad"]
        down = sheet.signed("card drop", -(drop + row.height + sheet.lengths["card row"] / 2))
        corner = Place("north west", card, "north west", named("card pad"), down)
        high = named("card bar")
        if row.part < 1:  # the longest bar would hide it
            sheet.rectangle("card-track", "track", sheet.length("card track", full), high, corner)
        long = sheet.length("card count", max(row.part * full, THINNEST))
        sheet.rectangle("card-bar", f"{row.bar} bar", long, high, corner)

    def _label(self, card: str, block: Block, role: str, stem: str, side: Side, down: Length) -> None:
        """A line at the left or right side of the card."""
        anchor: Anchor = "north west" if side == "west" else "north east"
        inwards = times(named("card pad"), 1.0 if side == "west" else -1.0)
        self.sheet.label(block, Place(anchor, card, anchor, inwards, down), role, stem)


def prepare(sheet: Sheet, figure: Figure) -> CardPart:
    spec = figure.card
    assert spec is not None
    size = caption_size(sheet.font_size)
    title = None if spec.title is None else sheet.text(spec.title, title_size(sheet.font_size), bold=True)
    entries = [entry if isinstance(entry, CardRow) else CardRow(entry) for entry in spec.rows]
    counts = [_count(entry, figure) for entry in entries]
    several = [count for count in counts if count is not None]
    largest = max(several) if len(several) > 1 else Fraction(0)
    rows = []
    for entry, count in zip(entries, counts, strict=True):
        role = "card" if entry.like is None else INKS[entry.like]
        name, value = _parted(entry.row)
        part = float(count / largest) if count is not None and largest > 0 else None
        own = sheet.text(name, size) if name else None
        bar = entry.like if entry.like is not None and part is not None else ""
        rows.append(Row(sheet.text(value, size), role, own, part, bar))
    return CardPart(sheet, title, tuple(rows), sheet.unique("card"), spec.where)


def _parted(text: str) -> tuple[str, str]:
    """The name of a row, before a colon outside its mathematics, and what it says."""
    for place, (sign, after) in enumerate(pairwise(text)):
        if sign == ":" and after == " " and text.count("$", 0, place) % 2 == 0:
            return text[:place].strip(), text[place + 1 :].strip()
    return "", text


def _count(entry: CardRow, figure: Figure) -> Fraction | None:
    """The number that a row with a name and a role ends with; None for a share, for how many times more, and
    for other rows."""
    name, value = _parted(entry.row)
    if not name or entry.like not in BARS:
        return None
    numbers = [node for run in parse_text(value) if run.math is not None for node in _computed(run.math)]
    if len(numbers) != 1 or numbers[0].form != "":
        return None
    kilo = figure.numbers.kilo
    try:
        count = evaluate(numbers[0].body, numbers_of(figure.model, kilo), kilo)
    except LorafigError:
        return None  # verification says what is wrong with it
    return count if count > 0 else None


def _computed(node: Node) -> list[Computed]:
    if isinstance(node, Computed):
        return [node]
    return [found for child in children(node) for found in _computed(child)]
