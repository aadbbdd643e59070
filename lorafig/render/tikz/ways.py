"""The way of a line from point to point as TikZ writes it: `-|` and `|-` at its last bend, named lengths
on the way there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from math import dist

from msgspec import Struct

from lorafig.render.tikz.names import Lengths
from lorafig.render.wires import TINY
from lorafig.scene import Point


class Way(Struct, frozen=True):
    """A line's points, the radii of its bends, and the coordinates that it goes from and to."""

    points: Sequence[Point]
    cuts: Sequence[float]
    start: str
    end: str

    def meets(self, at: Point) -> bool:
        return any(_part(p, q, at) is not None for p, q in pairwise(self.points))

    def path(self, marks: Mapping[Point, str], lengths: Lengths) -> tuple[str, tuple[str, ...]]:
        """The path and its options. Marks are points on the line, which get names.

        A bend that is rounded in another way than the first says so.
        """
        rounded = next((cut for cut in self.cuts if cut > 0), 0.0)
        options = (_rounding(rounded, lengths),) if rounded > 0 else ()
        left, text, now, last = dict(marks), self.start, rounded, len(self.points) - 1
        for i, (p, q) in enumerate(pairwise(self.points), 1):
            if i < last and abs(self.cuts[i - 1] - now) > TINY:
                now = self.cuts[i - 1]
                text += f" [{_rounding(now, lengths)}]"
            if i == last - 1 and not left:
                joint = _joint(p, q, self.points[-1])
                if joint:
                    return f"{text} {joint} {self.end}", options
            text += " --"
            for at in list(left):
                part = _part(p, q, at)
                if part is not None:
                    where = "midway" if abs(part - 0.5) < 1e-3 else f"pos={part:.4g}"
                    text += f" coordinate[{where}] ({left.pop(at)})"
            text += f" {self.end}" if i == last else f" {move(p, q, lengths)}"
        return text, options


def _rounding(cut: float, lengths: Lengths) -> str:
    return f"rounded corners={lengths.macro('bend', round(cut, 4))}" if cut > 0 else "sharp corners"


def _joint(start: Point, bend: Point, end: Point) -> str:
    """What joins two points, where the way between them has one bend, at a right angle."""
    level, upright = abs(bend[1] - start[1]) <= TINY, abs(bend[0] - start[0]) <= TINY
    next_level, next_upright = abs(end[1] - bend[1]) <= TINY, abs(end[0] - bend[0]) <= TINY
    if level and next_upright:
        return "-|"
    return "|-" if upright and next_level else ""


def move(start: Point, end: Point, lengths: Lengths) -> str:
    """The way to a bend, from the point before it."""
    shifts = []
    for by in (end[0] - start[0], end[1] - start[1]):
        if abs(by) <= TINY:
            shifts.append("0")
        else:
            shifts.append(("-" if by < 0 else "") + lengths.macro("run", round(abs(by), 4)))
    return f"++({', '.join(shifts)})"


def _part(start: Point, end: Point, at: Point) -> float | None:
    """Where a point is on a segment, from 0 to 1; None for one that is not on it."""
    length = dist(start, end)
    along = (at[0] - start[0]) * (end[0] - start[0]) + (at[1] - start[1]) * (end[1] - start[1])
    part = min(1.0, max(0.0, along / length**2))
    nearest = start[0] + (end[0] - start[0]) * part, start[1] + (end[1] - start[1]) * part
    return part if dist(nearest, at) <= 10 * TINY else None
