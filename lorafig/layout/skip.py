"""A skip: a line past the other branches. It keeps room for the line, and draws nothing itself."""

from __future__ import annotations

from typing import ClassVar

from lorafig.language.model import Skip
from lorafig.layout.lengths import named, times
from lorafig.layout.parts import Drawn, Prepared, Spot, halves
from lorafig.layout.sheet import Sheet
from lorafig.layout.symbols import Symbols
from lorafig.scene import Length


class SkipPart(Prepared):
    spec: Skip
    out: str  # the dimension of what flows along it
    beside: float  # how wide its label is, in mm
    role: str = "activation"
    stretches: ClassVar[bool] = True

    def spans(self) -> tuple[Length, Length]:
        """Room for the line, and on both sides for its label."""
        if self.beside <= 0:
            return halves(named("lane"))
        return halves(self.sheet.length("skip room", 2 * (self.beside + 2 * self.sheet.lengths["label gap"])))

    def height(self) -> Length:
        return named("arrow")

    def draw(self, spot: Spot, height: Length) -> Drawn:
        return Drawn({}, spot.raised(height), {"": spot.raised(times(height, 0.5))})


def prepare(sheet: Sheet, symbols: Symbols, spec: Skip, flow: str) -> SkipPart:
    beside = 0.0 if spec.skip is None else sheet.math(spec.skip).width
    return SkipPart(sheet, symbols.sides, spec.where, spec, flow, beside)
