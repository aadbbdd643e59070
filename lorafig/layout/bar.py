"""A bar: a vector, as wide as its dimension, its label beside it."""

from __future__ import annotations

from lorafig.language.model import Bar
from lorafig.language.table import called
from lorafig.layout.lengths import named, plus, times
from lorafig.layout.parts import Drawn, Labelled, Spot, brace_of
from lorafig.layout.sheet import Sheet
from lorafig.layout.symbols import Symbols
from lorafig.scene import Length, Place, Side


class BarPart(Labelled):
    spec: Bar
    out: str
    span: Length | None = None  # the width of the panel's columns, where it spans them

    def longest(self) -> float:
        return self.braced() / self.sides.ratio(self.out)

    def width(self) -> Length:
        return self.span if self.span is not None else self.sides.length(self.out)

    def height(self) -> Length:
        return plus(named("bar height"), self.below(), self.above())

    def overhang(self) -> float:
        return self.sheet.lengths["label gap"] + self.label.width

    def draw(self, spot: Spot, height: Length) -> Drawn:
        sheet = self.sheet
        stem = self.spec.name if self.spec.name is not None else self.label.lines[0].plain
        shape = sheet.rectangle(stem, self.role, self.width(), named("bar height"), self.foot(spot))
        beside = Place("east", shape.name, "west", times(named("label gap"), -1.0))
        sheet.label(self.label, beside, "text", f"{shape.name}-label")
        return self.drawn(shape.name)


def prepare(sheet: Sheet, symbols: Symbols, spec: Bar, flow: str, side: Side) -> BarPart:
    """`side` is where its brace lies unless the spec says."""
    label = sheet.math(spec.math if spec.math is not None else spec.bar)
    brace = brace_of(sheet, spec.brace, side)
    own = symbols.shape(called(spec.bar))
    return BarPart(
        sheet, symbols.sides, spec.where, label, "activation", brace, spec, own[0] if len(own) == 1 else flow
    )
