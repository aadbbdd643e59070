"""A split: branches side by side on one floor, each a part or a stack of its own."""

from __future__ import annotations

from dataclasses import dataclass

from lorafig.layout.parts import BoxPart, Drawn, Port, Spot, overhang, overheads
from lorafig.layout.sheet import Sheet, one, plus, times
from lorafig.scene import Length


@dataclass(slots=True)
class SplitPart:
    sheet: Sheet
    branches: tuple[BoxPart, ...]
    column: Length = ()  # the least width of a column: that of the bar that a sum puts above it
    roof: Length = ()  # once drawn, how high it reaches
    tops: tuple[str, ...] = ()  # once drawn, the uppermost shape of each branch, '' where it is not flush

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
        return [self._wide(max((one.width(), self.column), key=self.sheet.mm), one) for one in self.branches]

    def _wide(self, width: Length, branch: BoxPart) -> Length:
        """A column's width, with room for labels that reach further out than the gap between columns."""
        lengths = self.sheet.lengths
        spare = (self.sheet.mm(width) - self.sheet.mm(branch.width())) / 2
        beyond = overhang(self.sheet, branch) + lengths["label gap"] - lengths["column gap"] - spare
        return width if beyond <= 0.005 else plus(width, times(self.sheet.length("label room", beyond), 2.0))

    def height(self) -> Length:
        """The tallest body, with room for every brace below and above."""
        return plus(self._extreme(0), self._body(), self._extreme(1))

    def _extreme(self, side: int) -> Length:
        return max((overheads(self.sheet, branch)[side] for branch in self.branches), key=self.sheet.mm)

    def _body(self) -> Length:
        return max((self._own(branch) for branch in self.branches), key=self.sheet.mm)

    def _own(self, branch: BoxPart) -> Length:
        """A branch's height without its brace."""
        below, above = overheads(self.sheet, branch)
        return plus(branch.height(), times(plus(below, above), -1.0))

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
        tops: list[str] = []
        tallest, lowest, highest = self._body(), self._extreme(0), self._extreme(1)
        for branch, centre in zip(self.branches, self.centres(), strict=True):
            body = self._own(branch) if not _stretches(branch) else tallest
            below, above = overheads(self.sheet, branch)
            spare = self.sheet.mm(tallest) - self.sheet.mm(body)
            rise = self.sheet.length("branch rise", spare / 2) if spare > 0.005 else ()
            floor = plus(spot.up, lowest, times(below, -1.0), rise)
            at = Spot(spot.of, spot.at, plus(spot.right, centre), floor)
            drawn = branch.draw(at, plus(body, below, above))
            inlets += [port.moved(centre, branch.role) for port in drawn.inlets]
            outlets += [port.moved(centre, branch.role) for port in drawn.outlets]
            bare = drawn.above.up == () and highest == ()  # no brace of its own or of a neighbour above it
            flush = spare <= 0.005 and len(drawn.outlets) == 1 and bare
            tops.append(drawn.outlets[0].shape if flush else "")
        self.tops, self.roof = tuple(tops), plus(spot.up, height)
        return Drawn(tuple(inlets), tuple(outlets), spot.raised(height))


def _stretches(branch: BoxPart) -> bool:
    """A bottleneck fills the height that it is given; everything else has its own."""
    from lorafig.layout.bottleneck import BottleneckPart

    return isinstance(branch, BottleneckPart)
