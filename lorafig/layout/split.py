"""A split: branches side by side on one floor, each a stack of its own.

The centre line runs through the middle branch, or between the two in the middle: a sum above is entered from
both sides, and from below by the one in the middle.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from msgspec import Struct

from lorafig import errors
from lorafig.layout.lengths import named, plus, times
from lorafig.layout.parts import BoxPart, Drawn, Marks, Prepared, Spot
from lorafig.scene import Length, Side


def outer(number: int, count: int) -> Side:
    """On which side of its line a label stands: the outer one; beside the one in the middle at its right."""
    return "left" if 2 * number < count - 1 else "right"


class _Columns(Struct, frozen=True, gc=False):
    """What a split measures, at the lengths of one time."""

    at: tuple[int, Length, bool]  # the time
    spans: tuple[Length, Length]
    centres: tuple[Length, ...]  # how far right of the centre line each branch's own stands
    own: tuple[Length, ...]  # the branches' heights without their braces
    body: Length  # the highest of these
    lowest: Length  # what braces take below and above, at most
    highest: Length


class SplitPart(Prepared):
    branches: tuple[BoxPart, ...]
    adds: bool = False  # whether a sum stands above it
    column: Length = ()  # the least width of a column: that of the bar that a sum puts above it
    terms: tuple[float, ...] = ()  # in mm, how wide the terms are that stand beside the lines to a sum
    role: str = "activation"
    measured: _Columns | None = None

    @property
    def out(self) -> str:
        return self.branches[0].out

    def longest(self) -> float:
        return max([branch.longest() for branch in self.branches])

    def neediest(self) -> errors.Place | None:
        return max(self.branches, key=lambda branch: branch.longest()).neediest()

    def flowing(self) -> tuple[BoxPart, ...]:
        """The branches that data flows through, and no dots."""
        return tuple(branch for branch in self.branches if branch.flows)

    def centres(self) -> tuple[Length, ...]:
        """How far right of the centre line those of the branches stand that data flows through."""
        pairs = zip(self.branches, self._columns().centres, strict=True)
        return tuple(centre for branch, centre in pairs if branch.flows)

    def _columns(self) -> _Columns:
        sheet, at = self.sheet, (self.sheet.scaled, self.column, self.adds)
        if self.measured is None or self.measured.at != at:
            spans = self._spans()
            from_first = self._apart(spans)
            flowing = [away for away, branch in zip(from_first, self.branches, strict=True) if branch.flows]
            several = flowing if flowing else from_first
            low, high = several[(len(several) - 1) // 2], several[len(several) // 2]
            middle = plus(times(low, 0.5), times(high, 0.5))
            centres = tuple([plus(away, times(middle, -1.0)) for away in from_first])
            reach = plus(spans[0][0], times(centres[0], -1.0)), plus(spans[-1][1], centres[-1])
            below = [branch.below() for branch in self.branches]
            above = [branch.above() for branch in self.branches]
            own = [
                plus(branch.height(), times(plus(low, high), -1.0))
                for branch, low, high in zip(self.branches, below, above, strict=True)
            ]
            tallest = [max(lengths, key=sheet.mm) for lengths in (own, below, above)]
            self.measured = _Columns(at, reach, centres, tuple(own), *tallest)
        return self.measured

    def _spans(self) -> list[tuple[Length, Length]]:
        """How far each column reaches left and right of its centre line, with the bar or the term above it:
        a term stands on the outer side."""
        sheet, half = self.sheet, times(self.column, 0.5)
        with self.sides.usually(sheet):
            usual = [tuple(map(sheet.mm, branch.spans())) for branch in self.branches]
            bar = sheet.mm(half)
        found, number = [], 0
        for branch, (left, right) in zip(self.branches, usual, strict=True):
            spans = list(branch.spans())
            for side, reach in ((0, left), (1, right)):
                if bar > reach:
                    spans[side] = half
            if branch.flows and self.terms:
                side = 0 if outer(number, len(self.terms)) == "left" else 1
                wide = self.terms[number] + 2 * sheet.lengths["label gap"]
                if wide > max((left, right)[side], bar):
                    spans[side] = sheet.length("term room", wide)
            number += branch.flows
            found.append((spans[0], spans[1]))
        return found

    def _apart(self, spans: Sequence[tuple[Length, Length]]) -> list[Length]:
        """How far each centre line is from the first one: by the columns and the gap between them, and by
        room for the arrows that come into a sum from both sides."""
        sheet, least = self.sheet, self.sheet.lengths["sign"] + 2 * self.sheet.lengths["arrow"]
        columns = [plus(right, left, named("column gap")) for (_, right), (left, _) in pairwise(spans)]
        with self.sides.usually(sheet):
            usual = [sheet.mm(plus(a[1], b[0], named("column gap"))) for a, b in pairwise(spans)]
        found: list[Length] = [()]
        for far, own in zip(columns, usual, strict=True):
            room = sheet.length("column room", least - own) if self.adds and own < least else ()
            found.append(plus(found[-1], far, room))
        return found

    def spans(self) -> tuple[Length, Length]:
        return self._columns().spans

    def height(self) -> Length:
        """The tallest body, with room for every brace below and above."""
        columns = self._columns()
        return plus(columns.lowest, columns.body, columns.highest)

    def marks(self) -> Marks:
        return {
            (f".{number}.{name}", side): marks
            for number, branch in enumerate(self.branches)
            for (name, side), marks in branch.marks().items()
        }

    def draw(self, spot: Spot, height: Length) -> Drawn:
        shapes: dict[str, str] = {}
        lanes: dict[str, Spot] = {}
        columns = self._columns()
        parts = zip(self.branches, columns.centres, columns.own, strict=True)
        for number, (branch, centre, own) in enumerate(parts):
            body = columns.body if branch.stretches else own
            below, above = branch.below(), branch.above()
            spare = self.sheet.mm(columns.body) - self.sheet.mm(body)
            rise = self.sheet.length("branch rise", spare / 2) if spare > 0.005 else ()
            floor = plus(spot.up, columns.lowest, times(below, -1.0), rise)
            at = Spot(spot.of, spot.at, plus(spot.right, centre), floor)
            drawn = branch.draw(at, plus(body, below, above))
            shapes |= {f".{number}.{name}": shape for name, shape in drawn.shapes.items()}
            lanes |= {f".{number}.{name}": lane for name, lane in drawn.lanes.items()}
        return Drawn(shapes, spot.raised(height), lanes)
