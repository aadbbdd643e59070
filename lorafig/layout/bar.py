"""A bar: a vector, as wide as its dimension, with its label inside, or beside it where it is too long."""

from __future__ import annotations

from lorafig.language.model import Bar
from lorafig.language.table import called
from lorafig.layout.lengths import named, plus, times
from lorafig.layout.parts import Drawn, Labelled, Spot, Standing, halves, measure_of
from lorafig.layout.sheet import Block, Sheet
from lorafig.layout.symbols import Symbols
from lorafig.scene import Length, Place
from lorafig.themes.measures import LEAST_SIDE

STRETCH = 1.5  # how much longer than the least the longest dimension may become for a label to stand inside


def high(sheet: Sheet, label: Block | None) -> Length:
    """How high a bar is: as all are, or higher for a label inside it."""
    least = 0.0 if label is None else label.height + sheet.lengths["pad"]
    return named("bar height") if least <= sheet.lengths["bar height"] else sheet.length("high bar", least)


class BarPart(Labelled):
    spec: Bar
    out: str
    span: Length | None = None  # the width of the panel's columns, where it spans them

    def _inside(self) -> bool:
        """Whether its label stands inside; decided at the sizes of the figure, wherever a slider is."""
        return self._least() <= STRETCH * LEAST_SIDE * self.sheet.em * self.sides.usual[self.out]

    def _least(self) -> float:
        return self.label.width + 2 * self.sheet.lengths["pad"]

    def longest(self) -> float:
        return max(self.braced(), self._least() if self._inside() else 0.0) / self.sides.ratio(self.out)

    def width(self) -> Length:
        return self.span if self.span is not None else self.sides.length(self.out)

    def spans(self) -> tuple[Length, Length]:
        left, right = halves(self.width())
        if self._inside():
            return left, right
        beside = self.sheet.length("bar label", self.sheet.lengths["label gap"] + self.label.width)
        return plus(left, beside), right

    def _high(self) -> Length:
        return high(self.sheet, self.label if self._inside() else None)

    def height(self) -> Length:
        return plus(self._high(), self.below(), self.above())

    def draw(self, spot: Spot, height: Length) -> Drawn:
        sheet = self.sheet
        stem = self.spec.name if self.spec.name is not None else called(self.spec.bar)
        shape = sheet.rectangle(stem, self.role, self.width(), self._high(), self.foot(spot))
        if self._inside():
            sheet.inside(self.label, shape.name, self.role)
        else:
            beside = Place("east", shape.name, "west", times(named("label gap"), -1.0))
            sheet.label(self.label, beside, "text", f"{shape.name}-label")
        return self.drawn(shape.name)


def prepare(sheet: Sheet, symbols: Symbols, spec: Bar, flow: str, standing: Standing) -> BarPart:
    label = sheet.math(spec.math if spec.math is not None else spec.bar)
    measure = measure_of(sheet, spec.brace, "under" if standing.first else "over", standing)
    own = symbols.shape(called(spec.bar))
    out = own[0] if len(own) == 1 else flow
    return BarPart(sheet, symbols.sides, spec.where, label, "activation", measure, spec, out)
