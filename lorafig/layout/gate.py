"""A gate: a small circle with the sign of a product in it, what it multiplies by beside it."""

from __future__ import annotations

from lorafig.language.model import Gate
from lorafig.layout.lengths import named, plus, times
from lorafig.layout.parts import Drawn, Labelled, Spot, halves
from lorafig.layout.sheet import Block, Sheet
from lorafig.layout.symbols import Symbols
from lorafig.scene import Length, Place


class GatePart(Labelled):
    spec: Gate
    out: str  # the dimension of what flows through it
    sign: Block

    def spans(self) -> tuple[Length, Length]:
        left, right = halves(named("sign"))
        beside = self.sheet.length("gate label", self.sheet.lengths["label gap"] + self.label.width)
        return plus(left, beside), right

    def height(self) -> Length:
        return named("sign")

    def draw(self, spot: Spot, height: Length) -> Drawn:
        sheet = self.sheet
        stem = self.spec.name if self.spec.name is not None else f"gate-{self.label.lines[0].plain}"
        shape = sheet.rectangle(stem, self.role, named("sign"), named("sign"), spot.place(), "circle")
        sheet.inside(self.sign, shape.name, self.role)
        beside = Place("east", shape.name, "west", times(named("label gap"), -1.0))
        sheet.label(self.label, beside, "text", f"{shape.name}-label")
        return self.drawn(shape.name)


def prepare(sheet: Sheet, symbols: Symbols, spec: Gate, flow: str) -> GatePart:
    label = sheet.math(spec.math if spec.math is not None else spec.gate)
    # A dot in a circle is the sign of a product entry by entry.
    sign = sheet.text("×" if symbols.vector(spec.gate) is None else "•")
    role = symbols.factor_role(spec.gate, "plain")
    return GatePart(sheet, symbols.sides, spec.where, label, role, None, spec, flow, sign)
