"""A split: branches side by side on one floor, each a part or a stack of its own."""

from __future__ import annotations

from msgspec import Struct

from lorafig import errors
from lorafig.layout.lengths import named, plus, times
from lorafig.layout.parts import BoxPart, Drawn, Port, Prepared, Spot
from lorafig.scene import Length


class _Columns(Struct, frozen=True, gc=False):
    """What a split measures, at the lengths of one time."""

    at: tuple[int, Length]  # the time
    width: Length
    centres: tuple[Length, ...]  # how far right of the middle each branch's centre line stands
    own: tuple[Length, ...]  # the branches' heights without their braces
    body: Length  # the highest of these
    lowest: Length  # what braces take below and above, at most
    highest: Length


class SplitPart(Prepared):
    branches: tuple[BoxPart, ...]
    column: Length = ()  # the least width of a column: that of the bar that a sum puts above it
    roof: Length = ()  # once drawn, how high it reaches
    tops: tuple[str, ...] = ()  # once drawn, the uppermost shape of each branch, '' where it is not flush
    role: str = "activation"
    measured: _Columns | None = None

    @property
    def out(self) -> str:
        return self.branches[0].out

    def longest(self) -> float:
        return max([branch.longest() for branch in self.branches])

    def neediest(self) -> errors.Place | None:
        return max(self.branches, key=lambda branch: branch.longest()).neediest()

    def columns(self) -> _Columns:
        sheet, at = self.sheet, (self.sheet.scaled, self.column)
        if self.measured is None or self.measured.at != at:
            widths = [self._column(branch) for branch in self.branches]
            gap = named("column gap")
            width = plus(*widths, times(gap, len(widths) - 1))
            left, centres = times(width, -0.5), []
            for column in widths:
                centres.append(plus(left, times(column, 0.5)))
                left = plus(left, column, gap)
            below = [branch.below() for branch in self.branches]
            above = [branch.above() for branch in self.branches]
            own = [
                plus(branch.height(), times(plus(low, high), -1.0))
                for branch, low, high in zip(self.branches, below, above, strict=True)
            ]
            tallest = [max(lengths, key=sheet.mm) for lengths in (own, below, above)]
            self.measured = _Columns(at, width, tuple(centres), tuple(own), *tallest)
        return self.measured

    def _column(self, branch: BoxPart) -> Length:
        """A column's width, with room for labels that reach further out than the gap between columns."""
        lengths, own = self.sheet.lengths, branch.width()
        width = max((own, self.column), key=self.sheet.mm)
        spare = (self.sheet.mm(width) - self.sheet.mm(own)) / 2
        beyond = branch.overhang() + lengths["label gap"] - lengths["column gap"] - spare
        return width if beyond <= 0.005 else plus(width, times(self.sheet.length("label room", beyond), 2.0))

    def width(self) -> Length:
        return self.columns().width

    def height(self) -> Length:
        """The tallest body, with room for every brace below and above."""
        columns = self.columns()
        return plus(columns.lowest, columns.body, columns.highest)

    def draw(self, spot: Spot, height: Length) -> Drawn:
        inlets: list[Port] = []
        outlets: list[Port] = []
        tops: list[str] = []
        columns = self.columns()
        for branch, centre, own in zip(self.branches, columns.centres, columns.own, strict=True):
            body = columns.body if branch.stretches else own
            below, above = branch.below(), branch.above()
            spare = self.sheet.mm(columns.body) - self.sheet.mm(body)
            rise = self.sheet.length("branch rise", spare / 2) if spare > 0.005 else ()
            floor = plus(spot.up, columns.lowest, times(below, -1.0), rise)
            at = Spot(spot.of, spot.at, plus(spot.right, centre), floor)
            drawn = branch.draw(at, plus(body, below, above))
            inlets += [port.moved(centre, branch.role) for port in drawn.inlets]
            outlets += [port.moved(centre, branch.role) for port in drawn.outlets]
            bare = drawn.above.up == () == columns.highest  # no brace of its own or of a neighbour above it
            flush = spare <= 0.005 and len(drawn.outlets) == 1 and bare
            tops.append(drawn.outlets[0].shape if flush else "")
        self.tops, self.roof = tuple(tops), plus(spot.up, height)
        return Drawn(tuple(inlets), tuple(outlets), spot.raised(height))
