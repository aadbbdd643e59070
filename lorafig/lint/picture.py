"""What the rules see: the items of a scene, where they overlap, and where in the spec they come from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from itertools import pairwise
from math import dist
from typing import TypeVar

from msgspec import Struct
from msgspec.structs import replace

from lorafig.errors import Place
from lorafig.language.model import Figure
from lorafig.scene import Arrow, Box, Group, Icon, Label, Line, Point, Scene, Shape, walk

T = TypeVar("T")
U = TypeVar("U")
Segment = tuple[Point, Point]


class Finding(Struct, frozen=True):
    """What a rule found: the item, the measure with its limit and unit, and what to do."""

    item: str | None
    where: Place | None
    what: str
    remedy: str
    measure: float | None = None
    limit: float | None = None
    unit: str | None = None
    rule: str = ""

    def named(self, rule: str) -> Finding:
        return replace(self, rule=rule)


class Picture:
    """A figure's scene with its items by kind."""

    def __init__(
        self, figure: Figure, scene: Scene, places: Mapping[str, Place], widest: float | None
    ) -> None:
        self.figure, self.scene, self.places, self.widest = figure, scene, places, widest
        items = list(walk(scene.items))
        self.order = {item.name: number for number, item in enumerate(items)}
        self.labels = [item for item in items if isinstance(item, Label)]
        self.shapes = [item for item in items if isinstance(item, Shape)]
        self.arrows = [item for item in items if isinstance(item, Arrow) and not _grid(item)]
        self.icons = [item for item in items if isinstance(item, Icon)]

    @cached_property
    def panel(self) -> dict[str, int]:
        """The number of the panel that an item stands in."""
        groups = [item for item in self.scene.items if isinstance(item, Group)]
        return {item.name: number for number, group in enumerate(groups) for item in walk(group.items)}

    def where(self, name: str) -> Place | None:
        """Where in the spec an item comes from; the figure's own place for what it makes by itself."""
        return self.places.get(name, self.figure.where)

    @cached_property
    def lines(self) -> list[tuple[Label, Line, Box]]:
        """Every line of text with the box of its letters."""
        return [(label, line, _box(line)) for label in self.labels for line in label.lines]

    @cached_property
    def filled(self) -> list[Shape]:
        """The shapes that hide what is behind them."""
        return [shape for shape in self.shapes if self.scene.styles[shape.role].fill is not None]

    def ground(self, at: Point, before: int) -> str:
        """The colour behind a point, of what is painted before the item of this number, as `#RRGGBB`."""
        fill = self.scene.background
        for shape in self.filled:
            if self.order[shape.name] < before and holds(shape, at):
                fill = self.scene.styles[shape.role].fill
        return "#FFFFFF" if fill is None else self.scene.palette[fill]


def _grid(arrow: Arrow) -> bool:
    """Whether a line is one of the grid on a shape: cells touch and cross, as they should."""
    return arrow.start.of == arrow.end.of and not (arrow.head or arrow.tail)


def _box(line: Line) -> Box:
    x, y = line.origin
    return x, y - line.depth, x + line.width, y + line.height


# -- geometry -------------------------------------------------------------------------------------


def overlap(one: Box, other: Box) -> float:
    """How deep two boxes lie in each other, in mm; negative is how far they are apart."""
    return min(
        min(one[2], other[2]) - max(one[0], other[0]),
        min(one[3], other[3]) - max(one[1], other[1]),
    )


def within(inner: Box, outer: Box, slack: float = 0.0) -> bool:
    return (
        inner[0] >= outer[0] - slack
        and inner[1] >= outer[1] - slack
        and inner[2] <= outer[2] + slack
        and inner[3] <= outer[3] + slack
    )


def grown(box: Box, by: float) -> Box:
    return box[0] - by, box[1] - by, box[2] + by, box[3] + by


def edges(shape: Shape) -> list[Segment]:
    """The outline, corner to corner; a circle's or stadium's is that of its box with the corners cut."""
    points = shape.points
    if shape.form in ("circle", "stadium"):
        x0, y0, x1, y1 = shape.box
        cut = shape.corner * (1 - 0.5**0.5)
        points = (
            (x0 + cut, y0), (x1 - cut, y0), (x1, y0 + cut), (x1, y1 - cut),
            (x1 - cut, y1), (x0 + cut, y1), (x0, y1 - cut), (x0, y0 + cut),
        )  # fmt: skip
    return list(pairwise((*points, points[0])))


def holds(shape: Shape, point: Point) -> bool:
    """Whether a point lies within a convex outline."""
    return all(
        (end[0] - start[0]) * (point[1] - start[1]) - (end[1] - start[1]) * (point[0] - start[0]) >= -1e-9
        for start, end in edges(shape)
    )


def inside(segment: Segment, box: Box) -> float:
    """How long a segment runs within a box, in mm."""
    (x0, y0), (x1, y1) = segment
    first, last = 0.0, 1.0
    for start, step, low, high in ((x0, x1 - x0, box[0], box[2]), (y0, y1 - y0, box[1], box[3])):
        if abs(step) < 1e-12:
            if not low < start < high:
                return 0.0
            continue
        near, far = sorted(((low - start) / step, (high - start) / step))
        first, last = max(first, near), min(last, far)
    return max(0.0, last - first) * dist(*segment)


def segments(arrow: Arrow) -> list[Segment]:
    return list(pairwise(arrow.points))


def span(points: Sequence[Point]) -> Box:
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return min(xs), min(ys), max(xs), max(ys)


def near(
    ones: Sequence[tuple[Box, T]], others: Sequence[tuple[Box, U]], margin: float = 0.0
) -> Iterator[tuple[T, U]]:
    """The pairs of the two lists whose boxes come nearer than a margin, by a sweep from left to right."""
    events = sorted(
        [(box[0] - margin, 0, number) for number, (box, _) in enumerate(ones)]
        + [(box[0], 1, number) for number, (box, _) in enumerate(others)]
    )
    open_ones: list[int] = []
    open_others: list[int] = []
    for left, kind, number in events:
        if kind == 0:
            box = grown(ones[number][0], margin)
            open_others = [at for at in open_others if others[at][0][2] >= left]
            for at in open_others:
                if others[at][0][3] >= box[1] and others[at][0][1] <= box[3]:
                    yield ones[number][1], others[at][1]
            open_ones.append(number)
        else:
            box = others[number][0]
            open_ones = [at for at in open_ones if ones[at][0][2] + margin >= left]
            for at in open_ones:
                mine = grown(ones[at][0], margin)
                if mine[3] >= box[1] and mine[1] <= box[3]:
                    yield ones[at][1], others[number][1]
            open_others.append(number)
