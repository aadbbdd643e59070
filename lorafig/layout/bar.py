"""A bar: a vector, as wide as its dimension, its label beside it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from lorafig.layout.parts import Drawn, Port, Sides, Spot
from lorafig.layout.sheet import Block, Sheet, one, plus, times
from lorafig.scene import Length, Place
from lorafig.spec.model import Bar


@dataclass(slots=True)
class BarPart:
    sheet: Sheet
    sides: Sides
    spec: Bar
    dimension: str
    label: Block
    brace: Block | None
    side: Literal["over", "under"]
    span: Length | None = None  # the width of the panel's columns, where it spans them
    role: str = "activation"

    @property
    def out(self) -> str:
        return self.dimension

    def longest(self) -> float:
        if self.brace is None:
            return 0.0
        return self.brace.width / self.sides.ratio(self.dimension)

    def width(self) -> Length:
        return self.span if self.span is not None else self.sides.length(self.dimension)

    def height(self) -> Length:
        return plus(one("bar height"), self._room())

    def _room(self) -> Length:
        if self.brace is None:
            return ()
        return self.sheet.length("brace room", self.sheet.brace_room(self.brace))

    def hanging(self) -> float:
        """How far its brace reaches below it, in mm."""
        return self.sheet.mm(self._room()) if self.side == "under" else 0.0

    def overhang(self) -> float:
        """How far its label reaches beyond its left edge, in mm."""
        return self.sheet.lengths["label gap"] + self.label.width

    def draw(self, spot: Spot, height: Length) -> Drawn:
        sheet, room = self.sheet, self._room()
        below = room if self.side == "under" and spot.of is not None else ()
        stem = self.spec.name if self.spec.name is not None else self.label.lines[0].plain
        place = spot.raised(below).place()
        shape = sheet.rectangle(stem, self.role, self.width(), one("bar height"), place)
        beside = Place("east", shape.name, "west", times(one("label gap"), -1.0))
        sheet.label(self.label, beside, "text", f"{shape.name}-label")
        if self.brace is not None:
            start, end = sheet.edge(shape.name, self.side)
            sheet.brace(shape.name, start, end, self.side, self.brace)
        port = Port(shape.name, (), self.role)
        return Drawn((port,), (port,), Spot(shape.name, "north", (), room if self.side == "over" else ()))


def prepare(
    sheet: Sheet, sides: Sides, spec: Bar, dimension: str, default_side: Literal["over", "under"]
) -> BarPart:
    source = spec.math if spec.math is not None else spec.bar
    label = sheet.block([sheet.typesetter.math(source, sheet.font_size)])
    brace, side = None, default_side
    if spec.brace is not None:
        brace = sheet.block([sheet.typesetter.math(spec.brace.label, sheet.font_size)])
        side = spec.brace.side if spec.brace.side is not None else default_side
    return BarPart(sheet, sides, spec, dimension, label, brace, side)
