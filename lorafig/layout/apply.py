"""A function that is applied: a box with rounded corners, with its name or its words inside."""

from __future__ import annotations

from lorafig.language.model import Apply
from lorafig.layout.parts import Drawn, Labelled, Spot, halves
from lorafig.layout.sheet import Sheet
from lorafig.layout.symbols import Symbols
from lorafig.scene import Length


class ApplyPart(Labelled):
    spec: Apply
    out: str  # the dimension of what flows through it

    def _wide(self) -> Length:
        lengths = self.sheet.lengths
        least = max(self.label.width + 2.4 * lengths["node pad"], lengths["node width"])
        return self.sheet.length("apply width", least)

    def spans(self) -> tuple[Length, Length]:
        return halves(self._wide())

    def height(self) -> Length:
        lengths = self.sheet.lengths
        return self.sheet.length(
            "apply height", max(self.label.height + 2 * lengths["node pad"], lengths["bar height"])
        )

    def draw(self, spot: Spot, height: Length) -> Drawn:
        stem = self.spec.name if self.spec.name is not None else self.label.lines[0].plain
        shape = self.sheet.rectangle(stem, self.role, self._wide(), height, spot.place(), "rounded")
        self.sheet.inside(self.label, shape.name, self.role)
        return self.drawn(shape.name)


def prepare(sheet: Sheet, symbols: Symbols, spec: Apply, flow: str) -> ApplyPart:
    lines = [sheet.typesetter.text(line, sheet.font_size) for line in spec.text]
    label = sheet.block(lines) if lines else sheet.math(spec.apply)
    return ApplyPart(sheet, symbols.sides, spec.where, label, "plain", None, spec, flow)
