"""A bar: a vector, as wide as its dimension, its label beside it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from lorafig.language.model import Bar
from lorafig.layout import braces
from lorafig.layout.braces import ElementBrace
from lorafig.layout.parts import Drawn, Sides, Spot, braced, room
from lorafig.layout.sheet import Block, Sheet, one, plus, times
from lorafig.scene import Length, Place


@dataclass(slots=True)
class BarPart:
    sheet: Sheet
    sides: Sides
    spec: Bar
    dimension: str
    label: Block
    brace: ElementBrace | None
    span: Length | None = None  # the width of the panel's columns, where it spans them
    role: str = "activation"

    @property
    def out(self) -> str:
        return self.dimension

    def longest(self) -> float:
        return 0.0 if self.brace is None else self.brace.label.width / self.sides.ratio(self.dimension)

    def width(self) -> Length:
        return self.span if self.span is not None else self.sides.length(self.dimension)

    def height(self) -> Length:
        return plus(one("bar height"), room(self.sheet, self.brace))

    def overhang(self) -> float:
        """How far its label reaches beyond its left edge, in mm."""
        return self.sheet.lengths["label gap"] + self.label.width

    def draw(self, spot: Spot, height: Length) -> Drawn:
        sheet = self.sheet
        stem = self.spec.name if self.spec.name is not None else self.label.lines[0].plain
        place = braced(sheet, spot, self.brace).place()
        shape = sheet.rectangle(stem, self.role, self.width(), one("bar height"), place)
        beside = Place("east", shape.name, "west", times(one("label gap"), -1.0))
        sheet.label(self.label, beside, "text", f"{shape.name}-label")
        return Drawn.of(sheet, shape.name, self.role, self.brace)


def prepare(sheet: Sheet, sides: Sides, spec: Bar, dimension: str, side: Literal["over", "under"]) -> BarPart:
    source = spec.math if spec.math is not None else spec.bar
    label = sheet.block([sheet.typesetter.math(source, sheet.font_size)])
    return BarPart(sheet, sides, spec, dimension, label, braces.prepare(sheet, spec.brace, side))
