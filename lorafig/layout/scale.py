"""A scale: what multiplies the flow, a vector as wide as its dimension or a number, with round ends."""

from __future__ import annotations

from dataclasses import dataclass

from lorafig.language.model import Scale
from lorafig.layout.parts import Drawn, Sides, Spot
from lorafig.layout.sheet import Block, Sheet, one
from lorafig.scene import Length


@dataclass(slots=True)
class ScalePart:
    sheet: Sheet
    sides: Sides
    spec: Scale
    dimension: str  # of what flows through it
    own: str | None  # the dimension of its vector, None for a number
    label: Block
    role: str

    @property
    def out(self) -> str:
        return self.dimension

    def _least(self) -> float:
        """The label with the pad and the round ends beside it, in mm."""
        return self.label.width + 2 * self.sheet.lengths["pad"] + self.sheet.mm(self.height()) / 2

    def longest(self) -> float:
        return 0.0 if self.own is None else self._least() / self.sides.ratio(self.own)

    def width(self) -> Length:
        if self.own is not None:
            return self.sides.length(self.own)
        return self.sheet.length("scale width", self._least())

    def height(self) -> Length:
        tall = self.label.height + self.sheet.lengths["pad"]
        if tall <= self.sheet.lengths["bar height"]:
            return one("bar height")
        return self.sheet.length("scale height", tall)

    def draw(self, spot: Spot, height: Length) -> Drawn:
        sheet = self.sheet
        stem = self.spec.name if self.spec.name is not None else self.label.lines[0].plain
        shape = sheet.rectangle(stem, self.role, self.width(), height, spot.place(), "stadium")
        sheet.inside(self.label, shape.name, self.role)
        return Drawn.of(sheet, shape.name, self.role, None)


def prepare(sheet: Sheet, sides: Sides, spec: Scale, flow: str, own: str | None, role: str) -> ScalePart:
    source = spec.math if spec.math is not None else spec.scale
    label = sheet.block([sheet.typesetter.math(source, sheet.font_size)])
    return ScalePart(sheet, sides, spec, flow, own, label, role)
