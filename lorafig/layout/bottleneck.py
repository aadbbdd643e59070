"""A bottleneck: trapezoids one above the other, and between them the waist that its brace measures."""

from __future__ import annotations

from typing import ClassVar

from lorafig.language.model import Bottleneck, Trapezoid
from lorafig.layout import trapezoid
from lorafig.layout.parts import Drawn, Port, Prepared, Spot
from lorafig.layout.sheet import Block, Sheet
from lorafig.layout.symbols import Symbols
from lorafig.layout.trapezoid import TrapezoidPart
from lorafig.scene import Length

LEAST_WAIST = 0.8  # em, between trapezoids without a brace


class BottleneckPart(Prepared):
    spec: Bottleneck
    parts: tuple[TrapezoidPart, ...]
    waist: Block | None  # the label of the brace there
    stretches: ClassVar[bool] = True

    @property
    def role(self) -> str:
        return self.parts[-1].role

    @property
    def out(self) -> str:
        return self.parts[-1].out

    def _waists(self) -> float:
        """Between the trapezoids: the brace, its label and the label's distance to what is above."""
        each = LEAST_WAIST * self.sheet.em
        if self.waist is not None:
            each = self.sheet.brace_room(self.waist) + self.sheet.lengths["label gap"]
        return each * (len(self.parts) - 1)

    def _each(self, height: float) -> float:
        return (height - self._waists()) / len(self.parts)

    def longest(self) -> float:
        """Wide enough for every label at the height that it would be drawn with."""
        least = max(part.least_height() for part in self.parts)
        needed = len(self.parts) * least + self._waists()
        each = max(least, self._each(self.sheet.mm(self.sides.length(self.out))))
        widths = [part.longest_in(each) for part in self.parts]
        return max(needed, *widths)

    def width(self) -> Length:
        return max((part.width() for part in self.parts), key=self.sheet.mm)

    def height(self) -> Length:
        """As high as the output's dimension is long, so that it stands level with a square."""
        least = len(self.parts) * max(part.least_height() for part in self.parts) + self._waists()
        own = self.sides.length(self.out)
        return own if self.sheet.mm(own) >= least - 1e-6 else self.sheet.length("bottleneck height", least)

    def draw(self, spot: Spot, height: Length) -> Drawn:
        sheet, count = self.sheet, len(self.parts)
        each = sheet.length("trapezoid height", self._each(sheet.mm(height)))
        # The waist takes what is left, so that the top is level with the square's to the last digit.
        left = sheet.mm(height) - count * sheet.mm(each)
        waist = sheet.length("waist", left / (count - 1)) if count > 1 else ()
        drawn: list[Drawn] = []
        for part in self.parts:
            drawn.append(part.draw(spot if not drawn else drawn[-1].above.raised(waist), each))
        if self.waist is not None:
            lower = drawn[0].outlets[0].shape
            sheet.brace(lower, *sheet.edge(lower, "over"), "over", self.waist)
        return Drawn(drawn[0].inlets, (Port(drawn[-1].outlets[0].shape, (), self.role),), drawn[-1].above)


def prepare(sheet: Sheet, symbols: Symbols, spec: Bottleneck, flow: str) -> BottleneckPart:
    parts: list[TrapezoidPart] = []
    for number, entry in enumerate(spec.bottleneck):
        where = getattr(entry, "where", spec.where)
        factor = entry if isinstance(entry, Trapezoid) else Trapezoid(entry, where=where)
        math = spec.math[number] if number < len(spec.math) else None
        parts.append(trapezoid.prepare(sheet, symbols, factor, parts[-1].out if parts else flow, math))
    waist = None if spec.brace is None else sheet.math(spec.brace.label)
    return BottleneckPart(sheet, symbols.sides, spec.where, spec, tuple(parts), waist)
