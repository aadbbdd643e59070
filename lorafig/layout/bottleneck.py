"""A bottleneck: trapezoids one above the other, and between them the waist that its brace measures."""

from __future__ import annotations

from typing import ClassVar

from msgspec.structs import replace

from lorafig.language.model import Bottleneck, Trapezoid
from lorafig.layout import badge, trapezoid
from lorafig.layout.lengths import named
from lorafig.layout.parts import Drawn, Mark, Marks, Prepared, Spot, Standing, measure_of
from lorafig.layout.sheet import Block, Sheet
from lorafig.layout.symbols import Symbols
from lorafig.layout.trapezoid import TrapezoidPart
from lorafig.scene import Length


class BottleneckPart(Prepared):
    spec: Bottleneck
    parts: tuple[TrapezoidPart, ...]
    waist: Block | None  # what it says of its waist
    stretches: ClassVar[bool] = True

    @property
    def role(self) -> str:
        return self.parts[-1].role

    @property
    def out(self) -> str:
        return self.parts[-1].out

    def _waists(self) -> float:
        return self.sheet.lengths["waist gap"] * (len(self.parts) - 1)

    def _each(self, height: float) -> float:
        return (height - self._waists()) / len(self.parts)

    def longest(self) -> float:
        """Wide enough for every label at the height that it would be drawn with."""
        least = max(part.least_height() for part in self.parts)
        needed = len(self.parts) * least + self._waists()
        each = max(least, self._each(self.sheet.mm(self.sides.length(self.out))))
        widths = [part.longest_in(each) for part in self.parts]
        return max(needed, *widths, self._beside())

    def _beside(self) -> float:
        """The longest dimension at which the badge has room beside what is said of the waist."""
        if self.waist is None or self.parts[0].badged:
            return 0.0
        half = self.sheet.lengths["label gap"] + self.waist.width + badge.room(self.sheet, self.role)
        widest = max(self.sides.ratio(side) for part in self.parts for side in part.shape)
        return 2 * half / widest

    def spans(self) -> tuple[Length, Length]:
        return max((part.spans() for part in self.parts), key=lambda spans: self.sheet.mm(spans[0]))

    def height(self) -> Length:
        """As high as the output's dimension is long, so that it stands level with a square."""
        least = len(self.parts) * max(part.least_height() for part in self.parts) + self._waists()
        own = self.sides.length(self.out)
        return own if self.sheet.mm(own) >= least - 1e-6 else self.sheet.length("bottleneck height", least)

    def marks(self) -> Marks:
        return {} if self.waist is None else {(".0", "over"): (Mark(self.waist),)}

    def draw(self, spot: Spot, height: Length) -> Drawn:
        sheet, count = self.sheet, len(self.parts)
        each = sheet.length("trapezoid height", self._each(sheet.mm(height)))
        # The waist takes what is left, so that the top is level with the square's to the last digit.
        waist = named("waist gap")
        if count > 1:
            waist = sheet.length("waist gap", (sheet.mm(height) - count * sheet.mm(each)) / (count - 1))
        shapes: dict[str, str] = {}
        for number, part in enumerate(self.parts):
            drawn = part.draw(spot, each)
            shapes[f".{number}"] = drawn.shapes[""]
            spot = drawn.above.raised(waist)
            if number > 0 and not part.badged:
                badge.between(sheet, (shapes[f".{number - 1}"], drawn.shapes[""]), part.role, waist)
        return Drawn(shapes, drawn.above)


def prepare(
    sheet: Sheet, symbols: Symbols, spec: Bottleneck, flow: str, standing: Standing
) -> BottleneckPart:
    parts: list[TrapezoidPart] = []
    for number, entry in enumerate(spec.bottleneck):
        where = getattr(entry, "where", spec.where)
        factor = entry if isinstance(entry, Trapezoid) else Trapezoid(entry, where=where)
        math = spec.math[number] if number < len(spec.math) else None
        at = Standing(standing.first and number == 0, standing.last and number == len(spec.bottleneck) - 1)
        flow = parts[-1].out if parts else flow
        parts.append(trapezoid.prepare(sheet, symbols, factor, flow, at, math))
    if len({part.role for part in parts}) == 1:  # one badge for all of them, beside the waist
        parts = [replace(part, badged=False) for part in parts]
    measure = measure_of(sheet, spec.brace, "over", Standing())
    waist = None if measure is None else measure.label
    return BottleneckPart(sheet, symbols.sides, spec.where, spec, tuple(parts), waist)
