"""A skip: a line past the other branches. What keeps its room is not seen."""

from __future__ import annotations

from typing import ClassVar

from lorafig.language.model import Skip
from lorafig.layout.lengths import named, plus
from lorafig.layout.parts import Drawn, Port, Prepared, Spot, Through
from lorafig.layout.sheet import Block, Sheet
from lorafig.layout.symbols import Symbols
from lorafig.scene import Length, Place


class SkipPart(Prepared):
    spec: Skip
    out: str  # the dimension of what flows along it
    label: Block | None
    role: str = "activation"
    stretches: ClassVar[bool] = True

    def longest(self) -> float:
        return 0.0

    def width(self) -> Length:
        """Room for the line, and on both sides for its label."""
        if self.label is None:
            return named("lane")
        beside = self.label.width + self.sheet.lengths["label gap"]
        return plus(named("lane"), self.sheet.length("skip room", 2 * beside))

    def height(self) -> Length:
        return named("arrow")

    def draw(self, spot: Spot, height: Length) -> Drawn:
        stem = self.spec.name if self.spec.name is not None else "skip"
        room = self.sheet.rectangle(stem, "text", named("lane"), height, spot.place())
        if self.label is not None:
            place = Place("west", room.name, "center", plus(named("label gap")))
            self.sheet.label(self.label, place, "text", f"{room.name}-label")
        port = Port(room.name, (), self.role, through=Through())
        return Drawn((port,), (port,), Spot(room.name, "north"))


def prepare(sheet: Sheet, symbols: Symbols, spec: Skip, flow: str) -> SkipPart:
    label = None if spec.skip is None else sheet.math(spec.skip)
    return SkipPart(sheet, symbols.sides, spec.where, spec, flow, label)
