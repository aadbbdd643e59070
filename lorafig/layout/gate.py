"""A gate and a bias: a small circle with a sign in it, and beside it what it multiplies by or adds."""

from __future__ import annotations

from lorafig.language.model import Bias, Gate
from lorafig.layout.lengths import named, plus, times
from lorafig.layout.parts import Drawn, Labelled, Spot, halves
from lorafig.layout.sheet import Block, Sheet
from lorafig.layout.symbols import Symbols
from lorafig.scene import Length, Place


class GatePart(Labelled):
    spec: Gate | Bias
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
        stem = (
            self.spec.name
            if self.spec.name is not None
            else f"{'gate' if isinstance(self.spec, Gate) else 'bias'}-{self.label.lines[0].plain}"
        )
        shape = sheet.rectangle(stem, self.role, named("sign"), named("sign"), spot.place(), "circle")
        sheet.inside(self.sign, shape.name, self.role)
        beside = Place("east", shape.name, "west", times(named("label gap"), -1.0))
        sheet.label(self.label, beside, "text", f"{shape.name}-label")
        return self.drawn(shape.name)


def prepare(sheet: Sheet, symbols: Symbols, spec: Gate | Bias, flow: str) -> GatePart:
    symbol = spec.gate if isinstance(spec, Gate) else spec.bias
    label = sheet.math(spec.math if spec.math is not None else symbol)
    # A dot in a circle is the sign of a product entry by entry.
    product = "×" if symbols.vector(symbol) is None else "•"
    sign = sheet.sign(product if isinstance(spec, Gate) else "+")
    role = symbols.factor_role(symbol, "plain")
    return GatePart(sheet, symbols.sides, spec.where, label, role, None, spec, flow, sign)
