"""A trapezoid: a factor of the update, its lower side the input's dimension, its upper the output's."""

from __future__ import annotations

from dataclasses import dataclass

from lorafig.language.model import Trapezoid
from lorafig.layout import braces
from lorafig.layout.braces import ElementBrace
from lorafig.layout.parts import Drawn, Sides, Spot, braced, room
from lorafig.layout.sheet import Block, Sheet, plus, times
from lorafig.scene import Length, Place

OWN_HEIGHT = 3.0  # em, of a trapezoid by itself


@dataclass(slots=True)
class TrapezoidPart:
    sheet: Sheet
    sides: Sides
    spec: Trapezoid
    shape: tuple[str, str]  # lower, upper
    label: Block
    brace: ElementBrace | None
    role: str

    @property
    def out(self) -> str:
        return self.shape[1]

    def least_height(self) -> float:
        """Room for the label with the pad above and below, in mm."""
        return self.label.height + 2 * self.sheet.lengths["pad"]

    def _fall(self, height: float) -> float:
        """How far below the middle the label's centre lies, in mm: at the centroid, but the pad is kept."""
        lower, upper = (self.sides.ratio(symbol) for symbol in self.shape)
        fall = height * (lower - upper) / (6 * (lower + upper))
        most = max(0.0, (height - self.least_height()) / 2)
        return max(-most, min(most, fall))

    def longest_in(self, height: float) -> float:
        """The longest dimension that leaves the pad between the label's corners and the slanted sides."""
        lower, upper = (self.sides.ratio(symbol) for symbol in self.shape)
        wide, narrow = max(lower, upper), min(lower, upper)
        # How far the label's narrow end lies along the height, from the wide side.
        reach = (height / 2 - abs(self._fall(height)) + self.label.height / 2) / height
        room = wide - (wide - narrow) * min(1.0, reach)
        return (self.label.width + 2 * self.sheet.lengths["pad"]) / room

    def longest(self) -> float:
        return self.longest_in(self._own_height())

    def width(self) -> Length:
        lower, upper = self.shape
        return self.sides.length(lower if self.sides.ratio(lower) >= self.sides.ratio(upper) else upper)

    def height(self) -> Length:
        return plus(self.sheet.length("trapezoid height", self._own_height()), room(self.sheet, self.brace))

    def _own_height(self) -> float:
        return max(self.least_height(), OWN_HEIGHT * self.sheet.em)

    def draw(self, spot: Spot, height: Length) -> Drawn:
        """Draw it in a given height, its brace included."""
        sheet = self.sheet
        height = plus(height, times(room(sheet, self.brace), -1.0))
        stem = self.spec.name if self.spec.name is not None else self.spec.trapezoid
        sides = (self.sides.length(self.shape[0]), self.sides.length(self.shape[1]))
        shape = sheet.trapezoid(stem, self.role, sides, height, braced(sheet, spot, self.brace).place())
        fall = self._fall(sheet.mm(height))
        up: Length = ()
        if abs(fall) > 0.05:
            # The same for A and its mirror image B: one length, upwards for one and downwards for the other.
            drop = sheet.length("label shift", abs(fall))
            up = times(drop, -1.0 if fall > 0 else 1.0)
        sheet.label(
            self.label, Place("center", shape.name, "center", (), up), self.role, f"{shape.name}-label"
        )
        return Drawn.of(sheet, shape.name, self.role, self.brace)


def prepare(
    sheet: Sheet, sides: Sides, spec: Trapezoid, shape: tuple[str, str], math: str | None, role: str
) -> TrapezoidPart:
    source = math if math is not None else spec.math if spec.math is not None else spec.trapezoid
    label = sheet.block([sheet.typesetter.math(source, sheet.font_size)])
    return TrapezoidPart(sheet, sides, spec, shape, label, braces.prepare(sheet, spec.brace, "over"), role)
