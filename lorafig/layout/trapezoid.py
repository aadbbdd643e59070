"""A trapezoid: a factor of the update, its lower side the input's dimension, its upper the output's."""

from __future__ import annotations

from lorafig.errors import LorafigError, Problem
from lorafig.language.model import Trapezoid
from lorafig.layout import badge
from lorafig.layout.lengths import plus, times
from lorafig.layout.parts import Drawn, Labelled, Spot, Standing, halves, measure_of
from lorafig.layout.sheet import Sheet
from lorafig.layout.symbols import Symbols
from lorafig.scene import Length

OWN_HEIGHT = 2.4  # em, of a trapezoid by itself


class TrapezoidPart(Labelled):
    spec: Trapezoid
    shape: tuple[str, str]  # lower, upper
    badged: bool = True  # whether its badge stands on it

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
        narrow, wide = sorted(self.sides.ratio(symbol) for symbol in self.shape)
        # How far the label's narrow end lies along the height, from the wide side.
        reach = (height / 2 - abs(self._fall(height)) + self.label.height / 2) / height
        room = wide - (wide - narrow) * min(1.0, reach)
        beside = self.sheet.lengths["pad"]
        if self.badged:
            beside = max(beside, badge.room(self.sheet, self.role) + self.sheet.lengths["label gap"])
        return (self.label.width + 2 * beside) / room

    def longest(self) -> float:
        return self.longest_in(self._own_height())

    def spans(self) -> tuple[Length, Length]:
        lower, upper = self.shape
        return halves(
            self.sides.length(lower if self.sides.ratio(lower) >= self.sides.ratio(upper) else upper)
        )

    def height(self) -> Length:
        own = self.sheet.length("trapezoid height", self._own_height())
        return plus(own, self.below(), self.above())

    def _own_height(self) -> float:
        return max(self.least_height(), OWN_HEIGHT * self.sheet.em)

    def draw(self, spot: Spot, height: Length) -> Drawn:
        """Draw it in a given height, its brace included."""
        sheet = self.sheet
        height = plus(height, times(plus(self.below(), self.above()), -1.0))
        stem = self.spec.name if self.spec.name is not None else self.spec.trapezoid
        sides = (self.sides.length(self.shape[0]), self.sides.length(self.shape[1]))
        shape = sheet.trapezoid(stem, self.role, sides, height, self.foot(spot))
        fall = self._fall(sheet.mm(height))
        up: Length = ()
        if abs(fall) > 0.05:
            # The same for A and its mirror image B: one length, upwards for one and downwards for the other.
            up = times(sheet.length("label shift", abs(fall)), -1.0 if fall > 0 else 1.0)
        sheet.inside(self.label, shape.name, self.role, up)
        if self.badged:
            self._badge(shape.name, sheet.mm(height))
        return self.drawn(shape.name)

    def _badge(self, shape: str, height: float) -> None:
        """In the right corner of the wide side, clear of the slanted one."""
        lower, upper = (self.sheet.mm(self.sides.length(side)) for side in self.shape)
        slant = abs(lower - upper) / 2 * badge.room(self.sheet, self.role) / height
        inwards = self.sheet.length("badge shift", slant) if slant > 0.005 else ()
        badge.in_corner(self.sheet, shape, self.role, lower > upper, inwards)


def prepare(
    sheet: Sheet, symbols: Symbols, spec: Trapezoid, flow: str, standing: Standing, math: str | None = None
) -> TrapezoidPart:
    source = math if math is not None else spec.math if spec.math is not None else spec.trapezoid
    role = symbols.made_role(spec.trapezoid, "adapter", mixed="adapter")
    measure = measure_of(sheet, spec.brace, "over", standing)
    ends = _ends(symbols, spec, flow)
    label = sheet.math(source)
    return TrapezoidPart(sheet, symbols.sides, spec.where, label, role, measure, spec, ends)


def _ends(symbols: Symbols, spec: Trapezoid, flow: str) -> tuple[str, str]:
    """The dimensions at the lower and upper side: as the spec says, or those of the matrix."""
    sides = symbols.sides
    rows, columns = symbols.matrix(spec.trapezoid, ("d", flow))
    names = []
    for given, own in ((spec.from_, columns), (spec.to, rows)):
        symbol = own if given is None else str(given)
        try:
            names.append(sides.name(symbol))
        except KeyError:
            what, where = f"'{symbol}' is not a dimension of this figure", getattr(given, "where", spec.where)
            known = ", ".join([*sides.values, *sides.aliases])
            raise LorafigError(Problem(what, where, f"a side is one of {known}", code="layout")) from None
    return names[0], names[1]
