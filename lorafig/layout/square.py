"""A square: a weight matrix, as wide as its input and as high as its output, with its labels inside."""

from __future__ import annotations

from dataclasses import dataclass

from lorafig.language.model import Square
from lorafig.layout import braces
from lorafig.layout.braces import ElementBrace
from lorafig.layout.parts import Drawn, Sides, Spot, braced, room
from lorafig.layout.sheet import Block, Sheet, plus
from lorafig.layout.symbols import name_of
from lorafig.scene import Length, Place


@dataclass(slots=True)
class SquarePart:
    sheet: Sheet
    sides: Sides
    spec: Square
    shape: tuple[str, str]  # rows, columns: output and input dimension
    label: Block
    brace: ElementBrace | None
    role: str

    @property
    def out(self) -> str:
        return self.shape[0]

    def longest(self) -> float:
        """Both sides hold the labels with the pad all round."""
        pads = 2 * self.sheet.lengths["pad"]
        rows, columns = self.shape
        return max(
            (self.label.width + pads) / self.sides.ratio(columns),
            (self.label.height + pads) / self.sides.ratio(rows),
            0.0 if self.brace is None else self.brace.label.width / self.sides.ratio(columns),
        )

    def width(self) -> Length:
        return self.sides.length(self.shape[1])

    def height(self) -> Length:
        return plus(self.sides.length(self.shape[0]), room(self.sheet, self.brace))

    def draw(self, spot: Spot, height: Length) -> Drawn:
        stem = self.spec.name if self.spec.name is not None else name_of(self.spec.square)
        height = self.sides.length(self.shape[0])
        place = braced(self.sheet, spot, self.brace).place()
        shape = self.sheet.rectangle(stem, self.role, self.width(), height, place)
        self.sheet.label(self.label, Place("center", shape.name), self.role, f"{shape.name}-label")
        return Drawn.of(self.sheet, shape.name, self.role, self.brace)


def prepare(sheet: Sheet, sides: Sides, spec: Square, shape: tuple[str, str], role: str) -> SquarePart:
    lines = [sheet.typesetter.text(line, sheet.font_size, bold=True) for line in spec.text]
    source = spec.math if spec.math is not None else spec.square
    lines.append(sheet.typesetter.math(source, sheet.font_size))
    return SquarePart(
        sheet, sides, spec, shape, sheet.block(lines), braces.prepare(sheet, spec.brace, "over"), role
    )
