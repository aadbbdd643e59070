"""A flow cut across into layers that do not stretch, and the gaps between them, which do.

So what is on one level stands level with its like in other panels, and every line still ends where it did.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from itertools import accumulate

from msgspec import Struct
from msgspec.structs import replace

from lorafig.errors import LorafigError, Place, Problem
from lorafig.layered import Arrangement
from lorafig.layout.stack import Joint

GRAIN = 1e-6  # mm


class Solid(Struct):
    """What takes the heights from `low` to `high`, in mm, and the level that its middle is on."""

    low: float
    high: float
    level: str | None = None
    name: str = ""
    where: Place | None = None

    @property
    def middle(self) -> float:
        return (self.low + self.high) / 2


class Layer(Struct):
    """Solids whose heights overlap, and the height of the level that runs through them."""

    low: float
    high: float
    level: str | None
    middle: float


class Strata(Struct):
    """The layers of a flow from its floor up; joints[i] is the gap below layer i + 1."""

    layers: list[Layer]
    joints: list[Joint]

    def stretched(self, placed: Arrangement) -> Arrangement:
        """The arrangement with its gaps as long as they are now."""
        shifts = [0.0, *accumulate(joint.stretch for joint in self.joints)]
        if shifts[-1] < GRAIN:
            return placed
        lows = [layer.low for layer in self.layers]

        def at(y: float) -> float:
            place = max(bisect_right(lows, y + GRAIN) - 1, 0)
            above, gap = y - self.layers[place].high, 0.0
            if above > 0 and place < len(self.joints):
                gap = above / (lows[place + 1] - self.layers[place].high) * self.joints[place].stretch
            return y + shifts[place] + gap

        moved = placed.moved(lambda x: x, at)
        return replace(moved, size=(placed.size[0], placed.size[1] + shifts[-1]))


def strata(solids: Iterable[Solid]) -> Strata:
    """Raises LorafigError where two of one level stand at different heights, or two levels in one layer."""
    heights: dict[str, Solid] = {}
    for solid in solids:
        if solid.level is None:
            continue
        other = heights.setdefault(solid.level, solid)
        if abs(other.middle - solid.middle) > GRAIN:
            side = "above" if solid.middle > other.middle else "below"
            what = f"'{solid.name}' and '{other.name}' are on the level '{solid.level}', and it lies {side}"
            _refuse(what, f"lines lead from one to the other: give '{solid.name}' another level", solid)
    layers: list[Layer] = []
    members: list[list[Solid]] = []
    for solid in sorted(solids, key=lambda solid: solid.low):
        if layers and solid.low < layers[-1].high - GRAIN:
            layers[-1].high = max(layers[-1].high, solid.high)
            members[-1].append(solid)
        else:
            layers.append(Layer(solid.low, solid.high, None, solid.middle))
            members.append([solid])
    for layer, several in zip(layers, members, strict=True):
        levelled = {solid.level: solid for solid in several if solid.level is not None}
        if len(levelled) > 1:
            first, second = list(levelled.values())[:2]
            what = (
                f"'{second.name}' on the level '{second.level}' stands beside "
                f"'{first.name}' on '{first.level}'"
            )
            _refuse(what, "an edge from one to the other puts one above the other", second)
        for level, solid in levelled.items():
            layer.level, layer.middle = level, solid.middle
    return Strata(layers, [Joint() for _ in layers[1:]])


def _refuse(what: str, hint: str, solid: Solid) -> None:
    raise LorafigError(Problem(what, solid.where, hint, code="layout"))
