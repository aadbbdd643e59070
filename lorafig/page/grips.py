"""Where a side of the page's picture can be taken, and where its knob stands so that it lies on nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain

from lorafig.page.layouts import Layouts
from lorafig.render import svg
from lorafig.scene import OUTWARDS, Arrow, Box, Brace, Icon, Label, Point, Scene, Shape, walk

# In mm, as picture.js draws a knob: its radius with some air, where its text begins, how high the text is and
# how wide a character is at most.
RADIUS, BESIDE, HIGH, WIDE = 2.9, 3.6, 3.2, 1.95
_AIR = 0.6  # beside a line
_ROOM = 6.0  # beside or below the picture, that costs nothing
STEPS = 12  # at which is looked for room on the other side
_TRAPEZOID, _SIDE, _FREE, _SAID = 4, 2, 32, 16  # what is taken first, and what that gives way to


@dataclass(frozen=True, slots=True)
class Grip:
    """The corner of a shape at which a side that stands for a size is taken, by its number; the side goes
    `along` an axis there. `gain` is how far the corner moves in the frame of the page where the side grows by
    one. The knob stands `off` the corner, and what it says goes the way of `said` from it: its name and
    number, the number alone if it is `brief`, and nothing without a way, nor of what is larger than `most`.
    From the part `turned` of the longest side on it goes the other way, into a waist, and says everything."""

    name: str
    item: str
    corner: int
    along: tuple[int, int]
    gain: float
    off: tuple[float, float]
    said: tuple[int, int] | None
    brief: bool
    most: int = 0
    turned: float | None = None

    def boxes(self, corner: Point, widest: str) -> list[Box]:
        """What the knob and its text cover, by where its corner is."""
        x, y = corner[0] + self.off[0], corner[1] + self.off[1]
        found = [(x - RADIUS, y - RADIUS, x + RADIUS, y + RADIUS)]
        if self.said is not None:
            right, up = self.said
            long = BESIDE + WIDE * len(widest if self.brief else f"{self.name} = {widest}")
            near, far = (x + BESIDE * right, y + BESIDE * up), (x + long * right, y + long * up)
            side = (HIGH / 2 * abs(up), HIGH / 2 * abs(right))
            found.append((
                min(near[0], far[0]) - side[0], min(near[1], far[1]) - side[1],
                max(near[0], far[0]) + side[0], max(near[1], far[1]) + side[1],
            ))  # fmt: skip
        return found


def grips(
    all_of: Layouts, names: Sequence[str], shares: Mapping[str, float], scenes: Sequence[Scene],
    most: Mapping[str, int],
) -> tuple[list[Grip], tuple[float, float]]:  # fmt: skip
    """The knobs of these sizes, and the room that they need at the left and right of the picture, and below.

    `scenes` are the picture at the start, and at its smallest and largest; `most` is the greatest of each.
    """
    found = []
    room = [0.0, 0.0]
    obstacles = [list(_obstacles(scene)) for scene in scenes]
    for name in names:
        widest = f"{most[name]:,}"
        best: tuple[float, Grip] | None = None
        for usual, grip in _candidates(name, all_of, shares, scenes[0]):
            free = [
                _free(grip, widest, scene, around) for scene, around in zip(scenes, obstacles, strict=True)
            ]
            worth = usual + sum((_FREE if at == 0 else 1) * one for at, one in enumerate(free))
            worth += 0 if grip.said is None else _SAID / 2 if grip.brief else _SAID
            worth -= sum(max(0.0, beyond - _ROOM) for beyond in _beyond(grip, widest, scenes[0]))
            if best is None or worth > best[0]:
                best = worth, grip
        if best is None:
            continue
        grip = replace(best[1], most=most[name])
        if not _free(grip, widest, scenes[-1], obstacles[-1]):
            grip = replace(grip, turned=_turned(grip, f"{max(most.values()):,}", all_of, shares))
        found.append(grip)
        for scene in scenes:
            room = [max(pair) for pair in zip(room, _beyond(grip, widest, scene), strict=True)]
    return found, (room[0], room[1])


def _turned(grip: Grip, widest: str, all_of: Layouts, shares: Mapping[str, float]) -> float | None:
    """The part of the longest side from which on there is room for what it says on its other side alone;
    None if there is none where the side is longest. A rank goes up to the sizes, whatever its slider says."""
    if grip.said is None:
        return None
    other = replace(grip, said=(-grip.said[0], -grip.said[1]))
    start, end, found = shares[grip.name], all_of.sides.high[grip.name], None
    for step in range(STEPS, 0, -1):
        share = start + (end - start) * step / STEPS
        scene = all_of.scene({**shares, grip.name: share})
        obstacles, corner = list(_obstacles(scene)), _corner(scene, grip)
        here, beyond = (
            all(_apart(_quad(text), obstacle) for obstacle in obstacles)
            for _, text in (grip.boxes(corner, widest), other.boxes(corner, widest))
        )
        if here or not beyond:
            break
        found = round(share, 3)
    return found


def _candidates(
    name: str, all_of: Layouts, shares: Mapping[str, float], scene: Scene
) -> Iterator[tuple[float, Grip]]:
    """Every end of an edge that grows with the side, with each place for its knob; the usual one first."""
    step = -0.02 if shares[name] - 0.02 >= all_of.sides.low[name] else 0.02
    moved = all_of.scene({**shares, name: shares[name] + step})
    grown = step * all_of.longest
    others = {item.name: item for item in walk(moved.items) if isinstance(item, Shape)}
    whole = (moved.width - scene.width, moved.height - scene.height)
    for item in walk(scene.items):
        if not isinstance(item, Shape) or len(item.points) != 4 or item.form not in ("box", "rounded"):
            continue
        then = others[item.name].points
        slanted = len({point[0] for point in item.points}) > 2
        longest = max(abs(item.points[i][0] - item.points[i - 1][0]) for i in range(4))
        for head in range(4):
            tail = (head + 3) % 4
            axis = 0 if item.points[tail][1] == item.points[head][1] else 1
            if item.points[tail][1 - axis] != item.points[head][1 - axis]:
                continue
            length = item.points[head][axis] - item.points[tail][axis]
            after = then[head][axis] - then[tail][axis]
            if abs(abs(after) - abs(length) - grown) > 0.011 or (slanted and abs(length) > longest - 0.1):
                continue
            # Corners go counter-clockwise: the inside is to the left of an edge.
            sign = 1 if length > 0 else -1
            out = -sign if axis == 0 else sign
            worth = _TRAPEZOID * slanted + _SIDE * (axis == 1 and name == "d") + (axis == 0 and out < 0)
            for corner, way in ((head, sign), (tail, -sign)):
                gain = (then[corner][axis] - item.points[corner][axis] - whole[axis] / 2) / grown
                if abs(gain) < 0.1:
                    continue
                identity = svg.identity(scene, item.name)
                at = worth + 0.5 * (way < 0) + 2 * min(abs(gain), 0.75)  # a badge stands at the right
                for less, (off, said, brief) in enumerate(_places(axis, way, out, slanted)):
                    along = (way, 0) if axis == 0 else (0, way)
                    yield at - less / 64, Grip(name, identity, corner, along, gain, off, said, brief)


def _places(
    axis: int, way: int, out: int, slanted: bool
) -> Iterator[tuple[tuple[float, float], tuple[int, int] | None, bool]]:
    """Where a knob can stand beside the end of an edge, and what it says there."""
    for brief in (False, True):
        if axis == 0:
            for off in ((3.6 * way, 2.0 * out), (3.6 * way, 3.4 * out))[:: 1 if slanted else -1]:
                for right in (way, -way) if slanted else (-way, way):
                    yield off, (right, 0), brief
        else:
            for off in ((3.4 * out, 0.4 * way), (3.4 * out, 3.4 * way)):
                yield off, (0, -way), brief
                yield off, (out, 0), brief
                yield off, (0, way), brief
                yield off, (-out, 0), brief
    yield (3.6 * way, 2.0 * out) if axis == 0 else (3.4 * out, 0.4 * way), None, True


def _beyond(grip: Grip, widest: str, scene: Scene) -> tuple[float, float]:
    """How far it stands out of the picture, at the left or right, and below."""
    boxes = grip.boxes(_corner(scene, grip), widest)
    return max(max(-x0, x1 - scene.width) for x0, _, x1, _ in boxes), max(-y0 for _, y0, _, _ in boxes)


def _corner(scene: Scene, grip: Grip) -> Point:
    for item in walk(scene.items):
        if isinstance(item, Shape) and svg.identity(scene, item.name) == grip.item:
            return item.points[grip.corner]
    raise AssertionError(f"there is no {grip.item}")


def _free(grip: Grip, widest: str, scene: Scene, around: Sequence[Sequence[Point]]) -> bool:
    ring, *said = grip.boxes(_corner(scene, grip), widest)
    (x0, y0, x1, y1), cut = ring, RADIUS * (2 - 2**0.5)
    octagon = (
        (x0 + cut, y0), (x1 - cut, y0), (x1, y0 + cut), (x1, y1 - cut),
        (x1 - cut, y1), (x0 + cut, y1), (x0, y1 - cut), (x0, y0 + cut),
    )  # fmt: skip
    covered = [octagon, *map(_quad, said)]
    above = max(y for points in covered for _, y in points) > scene.height
    return not above and all(_apart(points, other) for points in covered for other in around)


def _obstacles(scene: Scene) -> Iterator[Sequence[Point]]:
    """What a knob must not lie on, as convex polygons."""
    for item in walk(scene.items):
        if isinstance(item, Label | Icon):
            yield _quad(item.box)
        elif isinstance(item, Shape):
            yield item.points
        elif isinstance(item, Arrow):
            for (x0, y0), (x1, y1) in zip(item.points, item.points[1:], strict=False):
                yield _quad((
                    min(x0, x1) - _AIR, min(y0, y1) - _AIR, max(x0, x1) + _AIR, max(y0, y1) + _AIR
                ))  # fmt: skip
        elif isinstance(item, Brace):
            high = scene.lengths.get(item.amplitude, 1.0)
            right, up = (high * one for one in OUTWARDS[item.side])
            xs = [x + off for x, _ in (item.start, item.end) for off in (0.0, right)]
            ys = [y + off for _, y in (item.start, item.end) for off in (0.0, up)]
            yield _quad((min(xs), min(ys), max(xs), max(ys)))


def _quad(box: Box) -> Sequence[Point]:
    x0, y0, x1, y1 = box
    return (x0, y0), (x1, y0), (x1, y1), (x0, y1)


def _apart(one: Sequence[Point], other: Sequence[Point]) -> bool:
    """Whether a line along an edge of either has two convex polygons on its sides."""
    for (x0, y0), (x1, y1) in chain(
        zip(one, (*one[1:], one[0]), strict=True), zip(other, (*other[1:], other[0]), strict=True)
    ):
        across = (y1 - y0, x0 - x1)
        first, second = ([x * across[0] + y * across[1] for x, y in points] for points in (one, other))
        if max(first) <= min(second) or max(second) <= min(first):
            return True
    return False
