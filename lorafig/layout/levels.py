"""Panels side by side whose parts stand level with each other: those that are alike, and those on one level.

Each panel is a chain of parts from its floor up; parts that stand level share one height for their middles,
and hairlines between levels share one too. The least such heights are longest paths from the floor.
"""

from __future__ import annotations

from collections.abc import Sequence
from graphlib import CycleError, TopologicalSorter
from typing import TYPE_CHECKING, TypeAlias

from msgspec import Struct

from lorafig.errors import LorafigError, Problem
from lorafig.language.model import Level
from lorafig.layout.parts import BoxPart
from lorafig.layout.split import SplitPart
from lorafig.layout.square import SquarePart
from lorafig.layout.stack import StackPart

if TYPE_CHECKING:
    from lorafig.layout.flow import FlowPart  # loads much that a row of stacks does without

Body: TypeAlias = "StackPart | FlowPart"
Key: TypeAlias = tuple[str, str, int]  # a level, a hairline below one, or the how many-th of a kind
FLOOR: Key = ("floor", "", 0)
MOST_ALIKE = 200  # kinds that are aligned unasked; a row with more stands as it is


class _Step(Struct):
    """A part or a hairline in a stack: how far its middle is from its lower and its upper end, and the joint
    that lies below it."""

    key: Key | None
    low: float
    high: float
    joint: int | None = None
    gap: float = 0.0  # below it


class Heights(Struct):
    """In mm above the floor: the middles of the levels, and the hairlines below all but the first."""

    levels: dict[str, float]
    lines: dict[str, float]


def stand(
    panels: Sequence[Body], names: Sequence[str], levels: Sequence[Level], alike: bool, least: float
) -> Heights:
    """Stretches the joints of panels so that what is level stands level, and all are at least as high as
    `least` in mm."""
    order = [str(level.name) for level in levels]
    chains = [
        _chain(panel, order, alike) if isinstance(panel, StackPart) else _layers(panel, order)
        for panel in panels
    ]
    heights = _heights(chains)
    for panel, name, chain in zip(panels, names, chains, strict=True):
        _stretch(panel, name, chain, heights)
    tall = max(least, *(panel.level() for panel in panels)) if panels else least
    for panel, chain in zip(panels, chains, strict=True):
        _lift(panel, chain, tall)
    return Heights(
        {name: heights["level", name, 0] for name in order if ("level", name, 0) in heights},
        {name: heights["line", name, 0] for name in order if ("line", name, 0) in heights},
    )


def _chain(stack: StackPart, order: Sequence[str], alike: bool) -> list[_Step]:
    """The parts of a stack from its floor up, and the hairlines between the levels."""
    sheet, due = stack.sheet, _Due(order)
    counts: dict[str, int] = {}
    for place, part in enumerate(stack.parts):
        level, joint = stack.levels[place], place - 1 if place > 0 else None
        key: Key | None = None if level is None else ("level", level, 0)
        ends = place in (0, len(stack.parts) - 1)
        if key is None and alike and not ends:
            kind = _kind(part)
            counts[kind] = counts.get(kind, 0) + 1
            key = ("kind", kind, counts[kind])
        below, above = sheet.mm(part.below()), sheet.mm(part.above())
        body = sheet.mm(part.height()) - below - above
        low = body / 2 + (below if place > 0 else 0.0)
        gap = 0.0 if joint is None else stack.room(stack.joints[joint])
        due.add(_Step(key, low, body / 2 + above, joint, gap), level)
    return due.whole(sheet.lengths["arrow"] / 2)


def _layers(flow: FlowPart, order: Sequence[str]) -> list[_Step]:
    """The layers of a flow from its floor up, and the hairlines between the levels."""
    due, top = _Due(order), 0.0
    for place, layer in enumerate(flow.layers()):
        if layer.level is not None and not due.admits(layer.level):
            what = f"the level '{layer.level}' lies above '{due.last}' in this flow"
            hint = "'levels' lists them from bottom to top"
            raise LorafigError(Problem(what, flow.neediest(), hint, code="layout"))
        key: Key | None = None if layer.level is None else ("level", layer.level, 0)
        low, high = layer.middle - layer.low, layer.high - layer.middle
        joint = place - 1 if place > 0 else None
        due.add(_Step(key, low, high, joint, layer.low - top), layer.level)
        top = layer.high
    return due.whole(flow.sheet.lengths["arrow"] / 2)


class _Due:
    """Steps from the floor up, and below the first of each level but the lowest its hairline."""

    def __init__(self, order: Sequence[str]) -> None:
        self.order, self.due = order, list(order)[1:]
        self.steps: list[_Step] = []
        self.last = ""

    def admits(self, level: str) -> bool:
        """Whether this level is not below one that is there."""
        return not self.last or self.order.index(self.last) <= self.order.index(level)

    def add(self, step: _Step, level: str | None) -> None:
        lines: list[_Step] = []
        while level is not None and self.due and self.order.index(level) >= self.order.index(self.due[0]):
            lines.append(_Step(("line", self.due.pop(0), 0), 0.0, 0.0, step.joint, 0.0))
        if lines:
            lines[0].gap, step.gap = step.gap / 2, step.gap / 2
        self.steps += [*lines, step]
        self.last = self.last if level is None else level

    def whole(self, half: float) -> list[_Step]:
        """With the hairlines above all that is there; the first of them is `half` above it."""
        above = [
            _Step(("line", name, 0), 0.0, 0.0, None, half if place == 0 else 0.0)
            for place, name in enumerate(self.due)
        ]
        return [*self.steps, *above]


def _kind(part: BoxPart) -> str:
    """What a part is alike with: a weight by itself with one that has branches beside it."""
    if isinstance(part, SplitPart) and any(map(_is_weight, part.branches)):
        return SquarePart.__name__
    return type(part).__name__


def _is_weight(branch: BoxPart) -> bool:
    return (
        isinstance(branch, StackPart) and len(branch.parts) == 1 and isinstance(branch.parts[0], SquarePart)
    )


def _heights(chains: Sequence[Sequence[_Step]]) -> dict[Key, float]:
    """The least heights of what is level, above the floor."""
    counts: dict[Key, int] = {}
    for chain in chains:
        for step in chain:
            if step.key is not None:
                counts[step.key] = counts.get(step.key, 0) + 1
    loose = {key for key, count in counts.items() if key[0] == "kind" and count < 2}
    alike = sum(1 for key in counts if key[0] == "kind") - len(loose)
    _drop(chains, loose if alike <= MOST_ALIKE else {key for key in counts if key[0] == "kind"})
    while True:
        least = _least(chains)
        graph: dict[Key, set[Key]] = {}
        for lower, upper in least:
            graph.setdefault(upper, set()).add(lower)
        try:
            ordered = list(TopologicalSorter(graph).static_order())
            break
        except CycleError as error:  # alike in another order in two stacks: they stand as they are
            cycle: list[Key] = error.args[1]
            _drop(chains, {next(key for key in cycle if key[0] == "kind")})
    heights: dict[Key, float] = {}
    for key in ordered:
        reached = [heights[lower] + least[lower, key] for lower in graph.get(key, ())]
        heights[key] = max(reached, default=0.0)
    return heights


def _drop(chains: Sequence[Sequence[_Step]], keys: set[Key]) -> None:
    for chain in chains:
        for step in chain:
            if step.key in keys:
                step.key = None


def _least(chains: Sequence[Sequence[_Step]]) -> dict[tuple[Key, Key], float]:
    """How far apart the middles of what is level are at least."""
    least: dict[tuple[Key, Key], float] = {}
    for chain in chains:
        for (lower, upper), far in _spans(chain):
            least[lower, upper] = max(far, least.get((lower, upper), 0.0))
    return least


def _spans(chain: Sequence[_Step]) -> list[tuple[tuple[Key, Key], float]]:
    spans = []
    last, far = FLOOR, 0.0
    for step in chain:
        far += step.gap + step.low
        if step.key is not None:
            spans.append(((last, step.key), far))
            last, far = step.key, 0.0
        far += step.high
    return spans


def _stretch(stack: Body, name: str, chain: Sequence[_Step], heights: dict[Key, float]) -> None:
    """What is spare between two that stand level is shared by the joints between them."""
    stack.slug, stack.raised = name, 0.0
    for joint in stack.joints:
        joint.stretch = 0.0
    begin, spans = 0, dict(_spans(chain))
    last = FLOOR
    for place, step in enumerate(chain):
        if step.key is None:
            continue
        spare = heights[step.key] - heights.get(last, 0.0) - spans[last, step.key]
        if place == 0:
            stack.raised = spare
        _share(stack, [one.joint for one in chain[begin : place + 1]], spare)
        begin, last = place + 1, step.key


def _share(stack: Body, joints: Sequence[int | None], spare: float) -> None:
    """Shares what is spare, in the hundredths of a millimetre that lengths have; the last takes the rest."""
    there = [joint for joint in joints if joint is not None]
    for joint in there:
        stack.joints[joint].stretch += round(spare / len(there), 2)
    if there:
        stack.joints[there[-1]].stretch += spare - len(there) * round(spare / len(there), 2)


def _lift(stack: Body, chain: Sequence[_Step], tall: float) -> None:
    """Raises what is above the last that stands level to the common ceiling; what is below a hairline stays
    there."""
    if chain[-1].joint is None and chain[-1].key is not None and chain[-1].key[0] == "line":
        return
    levelled = [place for place, step in enumerate(chain) if step.key is not None]
    above = chain[levelled[-1] + 1 :] if levelled else chain
    _share(stack, [step.joint for step in above], tall - stack.level())
