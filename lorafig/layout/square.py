"""A square: a weight matrix, as wide as its input and as high as its output, with its labels inside."""

from __future__ import annotations

from lorafig.language.model import Square
from lorafig.language.table import called
from lorafig.layout.lengths import plus
from lorafig.layout.parts import Drawn, Labelled, Spot, brace_of
from lorafig.layout.sheet import Sheet
from lorafig.layout.symbols import Symbols
from lorafig.scene import Length


class SquarePart(Labelled):
    spec: Square
    shape: tuple[str, str]  # rows, columns: output and input dimension

    @property
    def out(self) -> str:
        return self.shape[0]

    def longest(self) -> float:
        """Both sides hold the labels with the pad all round."""
        pads = 2 * self.sheet.lengths["pad"]
        rows, columns = (self.sides.ratio(side) for side in self.shape)
        return max(
            (self.label.width + pads) / columns, (self.label.height + pads) / rows, self.braced() / columns
        )

    def width(self) -> Length:
        return self.sides.length(self.shape[1])

    def height(self) -> Length:
        return plus(self.sides.length(self.shape[0]), self.below(), self.above())

    def draw(self, spot: Spot, height: Length) -> Drawn:
        stem = self.spec.name if self.spec.name is not None else called(self.spec.square)
        height = self.sides.length(self.shape[0])
        shape = self.sheet.rectangle(stem, self.role, self.width(), height, self.foot(spot))
        self.sheet.inside(self.label, shape.name, self.role)
        return self.drawn(shape.name)


def prepare(sheet: Sheet, symbols: Symbols, spec: Square, flow: str) -> SquarePart:
    lines = [sheet.typesetter.text(line, sheet.font_size, bold=True) for line in spec.text]
    source = spec.math if spec.math is not None else spec.square
    label = sheet.block([*lines, sheet.typesetter.math(source, sheet.font_size)])
    role, brace = symbols.role(spec.square, "merged"), brace_of(sheet, spec.brace, "over")
    shape = symbols.matrix(spec.square, ("d", flow))
    return SquarePart(sheet, symbols.sides, spec.where, label, role, brace, spec, shape)
