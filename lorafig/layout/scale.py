"""A scale: what multiplies the flow, a vector as wide as its dimension or a number, with round ends."""

from __future__ import annotations

from lorafig.language.model import Scale
from lorafig.layout import badge
from lorafig.layout.lengths import named
from lorafig.layout.parts import Drawn, Labelled, Spot, halves
from lorafig.layout.sheet import Sheet
from lorafig.layout.symbols import Symbols
from lorafig.scene import Length


class ScalePart(Labelled):
    spec: Scale
    out: str  # the dimension of what flows through it
    own: str | None  # that of its vector, None for a number

    def _least(self) -> float:
        """The label with the pad and the round ends beside it, and a badge, in mm."""
        ends = max(
            2 * self.sheet.lengths["pad"] + self.sheet.mm(self.height()) / 2,
            2 * (badge.room(self.sheet, self.role) + self.sheet.lengths["label gap"]),
        )
        return self.label.width + ends

    def longest(self) -> float:
        return 0.0 if self.own is None else self._least() / self.sides.ratio(self.own)

    def _wide(self) -> Length:
        if self.own is not None:
            return self.sides.length(self.own)
        return self.sheet.length("scale width", self._least())

    def spans(self) -> tuple[Length, Length]:
        return halves(self._wide())

    def height(self) -> Length:
        tall = self.label.height + 1.4 * self.sheet.lengths["pad"]
        if tall <= self.sheet.lengths["bar height"]:
            return named("bar height")
        return self.sheet.length("scale height", tall)

    def draw(self, spot: Spot, height: Length) -> Drawn:
        stem = self.spec.name if self.spec.name is not None else self.label.lines[0].plain
        shape = self.sheet.rectangle(stem, self.role, self._wide(), height, spot.place(), "stadium")
        self.sheet.inside(self.label, shape.name, self.role)
        badge.at_end(self.sheet, shape.name, self.role)
        return self.drawn(shape.name)


def prepare(sheet: Sheet, symbols: Symbols, spec: Scale, flow: str) -> ScalePart:
    label = sheet.math(spec.math if spec.math is not None else spec.scale)
    role, own = symbols.factor_role(spec.scale, "plain"), symbols.vector(spec.scale)
    return ScalePart(sheet, symbols.sides, spec.where, label, role, None, spec, flow, own)
