"""A split: branches side by side on one floor, each a part or a stack of its own."""

from __future__ import annotations

from dataclasses import dataclass

from lorafig.layout.parts import BoxPart, Drawn, Port, Spot
from lorafig.layout.sheet import Sheet, one, plus, times
from lorafig.scene import Length


@dataclass(slots=True)
class SplitPart:
    sheet: Sheet
    branches: tuple[BoxPart, ...]
    column: Length = ()  # the least width of a column: that of the bar that a sum puts above it

    @property
    def out(self) -> str:
        return self.branches[0].out

    @property
    def role(self) -> str:
        return "activation"

    def longest(self) -> float:
        return max(branch.longest() for branch in self.branches)

    def width(self) -> Length:
        gaps = times(one("column gap"), len(self.branches) - 1)
        return plus(*self._columns(), gaps)

    def _columns(self) -> list[Length]:
        return [max((branch.width(), self.column), key=self.sheet.mm) for branch in self.branches]

    def height(self) -> Length:
        return max((branch.height() for branch in self.branches), key=self.sheet.mm)

    def centres(self) -> tuple[Length, ...]:
        """How far right of the middle each branch's centre line stands."""
        left = times(self.width(), -0.5)
        centres = []
        for width in self._columns():
            centres.append(plus(left, times(width, 0.5)))
            left = plus(left, width, one("column gap"))
        return tuple(centres)

    def draw(self, spot: Spot, height: Length) -> Drawn:
        inlets: list[Port] = []
        outlets: list[Port] = []
        for branch, centre in zip(self.branches, self.centres(), strict=True):
            own = branch.height() if not _stretches(branch) else height
            spare = self.sheet.mm(height) - self.sheet.mm(own)
            rise = self.sheet.length("branch rise", spare / 2) if spare > 0.005 else ()
            at = Spot(spot.of, spot.at, plus(spot.right, centre), plus(spot.up, rise))
            drawn = branch.draw(at, own)
            inlets += [Port(port.shape, plus(port.offset, centre), branch.role) for port in drawn.inlets]
            outlets += [Port(port.shape, plus(port.offset, centre), branch.role) for port in drawn.outlets]
        return Drawn(tuple(inlets), tuple(outlets), spot.raised(height))


def _stretches(branch: BoxPart) -> bool:
    """A bottleneck fills the height that it is given; everything else has its own."""
    from lorafig.layout.bottleneck import BottleneckPart

    return isinstance(branch, BottleneckPart)
