"""A square: a weight matrix, as wide as its input and as high as its output, with its labels inside."""

from __future__ import annotations

from lorafig.language.model import Square
from lorafig.language.table import called
from lorafig.layout import badge
from lorafig.layout.lengths import plus
from lorafig.layout.parts import Drawn, Labelled, Spot, Standing, halves, measure_of
from lorafig.layout.sheet import Sheet
from lorafig.layout.symbols import Symbols
from lorafig.scene import Length
from lorafig.themes.measures import LEAST_SIDE


class SquarePart(Labelled):
    spec: Square
    shape: tuple[str, str]  # rows, columns: output and input dimension

    @property
    def out(self) -> str:
        return self.shape[0]

    def longest(self) -> float:
        """Both sides hold the labels with the pad all round, and the badge above or beside these."""
        pads = 2 * self.sheet.lengths["pad"]
        rows, columns = (self.sides.ratio(side) for side in self.shape)
        wide, high = self.label.width + pads, self.label.height + pads
        return max(wide / columns, high / rows, self._clear(columns, rows), self.braced() / columns)

    def _clear(self, columns: float, rows: float) -> float:
        """The longest dimension at which the badge in the corner is clear of the label."""
        if not self._roomy():
            return 0.0
        room = 2 * badge.room(self.sheet, self.role)
        return min((self.label.width + room) / columns, (self.label.height + room) / rows)

    def _roomy(self) -> bool:
        """Whether the badge stands in the corner, and not beside a small square; decided at the sizes of the
        figure, wherever a slider is."""
        room = 2 * badge.room(self.sheet, self.role)
        least = LEAST_SIDE * self.sheet.em * min(self.sides.usual[side] for side in self.shape)
        return room == 0 or min(self.label.width, self.label.height) + room <= least

    def spans(self) -> tuple[Length, Length]:
        left, right = halves(self.sides.length(self.shape[1]))
        return (left, right) if self._roomy() else (left, plus(right, badge.beside(self.sheet)))

    def height(self) -> Length:
        return plus(self.sides.length(self.shape[0]), self.below(), self.above())

    def draw(self, spot: Spot, height: Length) -> Drawn:
        stem = self.spec.name if self.spec.name is not None else called(self.spec.square)
        wide, high = self.sides.length(self.shape[1]), self.sides.length(self.shape[0])
        shape = self.sheet.rectangle(stem, self.role, wide, high, self.foot(spot))
        self.sheet.inside(self.label, shape.name, self.role)
        if self._roomy():
            badge.in_corner(self.sheet, shape.name, self.role)
        else:
            badge.at_side(self.sheet, shape.name, self.role)
        return self.drawn(shape.name)


def prepare(sheet: Sheet, symbols: Symbols, spec: Square, flow: str, standing: Standing) -> SquarePart:
    lines = [sheet.typesetter.text(line, sheet.font_size, bold=True) for line in spec.text]
    source = spec.math if spec.math is not None else spec.square
    label = sheet.block([*lines, sheet.formula(source, sheet.font_size)])
    # Its width is the dimension of what comes in.
    role, measure = symbols.made_role(spec.square, "merged"), measure_of(sheet, spec.brace, "under", standing)
    shape = symbols.matrix(spec.square, ("d", flow))
    return SquarePart(sheet, symbols.sides, spec.where, label, role, measure, spec, shape)
