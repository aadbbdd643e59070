"""The dots that stand for the copies of a branch that are not drawn."""

from __future__ import annotations

from typing import ClassVar

from lorafig.language.model import Repeat
from lorafig.layout.parts import Drawn, Prepared, Spot, halves
from lorafig.layout.sheet import Block, Sheet
from lorafig.layout.symbols import Symbols
from lorafig.scene import Length


class DotsPart(Prepared):
    """Nothing enters or leaves it: all that is there is drawn beside it."""

    out: str
    label: Block
    role: str = "activation"
    flows: ClassVar[bool] = False

    def spans(self) -> tuple[Length, Length]:
        return halves(self.sheet.length("dots width", self.label.width))

    def height(self) -> Length:
        return self.sheet.length("dots height", self.label.height)

    def draw(self, spot: Spot, height: Length) -> Drawn:
        self.sheet.label(self.label, spot.place(), "text", "dots")
        return Drawn({}, spot.raised(height))


def prepare(sheet: Sheet, symbols: Symbols, spec: Repeat, flow: str) -> DotsPart:
    return DotsPart(sheet, symbols.sides, spec.where, flow, sheet.math("\\cdots"))
