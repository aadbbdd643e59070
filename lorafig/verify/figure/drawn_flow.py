"""A flow as it was drawn: every node there, every line from its tail to its head and through nothing else."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice, pairwise
from math import dist, hypot

from msgspec import Struct

from lorafig.graph import ops
from lorafig.graph.structure import Edge, Graph, leads, outermost_first
from lorafig.language.model import Flow, FlowNode
from lorafig.scene import Arrow, Box, Drawn, Group, Label, Point, Scene, Shape, lines_of, walk
from lorafig.verify.figure.collector import Collector
from lorafig.verify.figure.geometry import matrix, vector

NEAR = 0.02  # mm: two rounded lengths
SHEETS = 2  # behind a node that is there several times
INSIDE = 0.05  # mm; a line that touches a shape's outline does not go through it


class Parts(Struct):
    """The shapes of a flow: those of its groups, those of its nodes, and what stands behind nodes."""

    framed: dict[str, Shape]
    shapes: list[Shape]  # all but those of groups
    drawn: dict[str, list[Shape]] = {}
    behind: dict[str, list[Shape]] = {}
    ghosts: dict[str, Shape | None] = {}

    def of(self, name: str) -> list[Shape]:
        """All shapes of a node."""
        ghost = self.ghosts.get(name)
        return [*self.drawn[name], *self.behind.get(name, ()), *([] if ghost is None else [ghost])]

    def lines(self, items: Iterable[Drawn]) -> tuple[list[Arrow], list[Arrow]]:
        """The lines of edges, and those from one trapezoid of a node to the next."""
        pairs = {(one.name, two.name) for several in self.drawn.values() for one, two in pairwise(several)}
        edges: list[Arrow] = []
        within: list[Arrow] = []
        for line in lines_of(items):
            (within if (line.start.of, line.end.of) in pairs else edges).append(line)
        return edges, within

    @property
    def hidden(self) -> list[Shape]:
        sheets = [shape for several in self.behind.values() for shape in several]
        return sheets + [ghost for ghost in self.ghosts.values() if ghost is not None]

    @property
    def whole(self) -> bool:
        count = sum(map(len, self.drawn.values())) + len(self.hidden)
        return count == len(self.shapes) and all(self.drawn.values())


def parts(flow: Flow, group: Group, most: int) -> Parts:
    """The shapes of a flow by what they are of. `most` are the most bits in which a weight on the figure is
    kept."""
    every = [item for item in walk(group.items) if isinstance(item, Shape)]
    frames = outermost_first(flow)
    there = Parts(dict(zip(frames, every, strict=False)), every[len(frames) :])
    rest = iter(there.shapes)
    for node in flow.nodes:
        name = str(node.name)
        if node.sheets is not None:
            there.behind[name] = list(islice(rest, SHEETS))
        if node.bits is not None and node.bits < most:
            there.ghosts[name] = next(rest, None)
        amount = 1 if node.bottleneck is None else len(node.bottleneck)
        several = list(islice(rest, amount))  # from left to right, or from top to bottom
        there.drawn[name] = several[::-1] if flow.direction in ("left", "up") else several
    return there


def standing(flow: Flow, group: Group, most: int) -> dict[str, list[Box]]:
    """What stands on the levels of a figure, by their names."""
    there = parts(flow, group, most)
    boxes: dict[str, list[Box]] = {}
    for node in flow.nodes:
        if node.level is not None:
            boxes.setdefault(str(node.level), []).extend(shape.box for shape in there.drawn[str(node.name)])
    return boxes


def check(
    graph: Graph, group: Group, scene: Scene, collector: Collector, most: int
) -> Iterator[tuple[str, str]]:
    """What is drawn wrong: the name of the item, and what is wrong with it. `most` are the most bits in which
    a weight on the figure is kept."""
    flow, wanted = graph.panel.flow, graph.edges
    assert flow is not None
    there = parts(flow, group, most)
    drawn, behind, framed = there.drawn, there.behind, there.framed
    items = list(walk(group.items))
    if not there.whole:
        yield "flow", f"{len(flow.nodes)} nodes are asked for, and {len(there.shapes)} shapes are drawn"
        return
    gap = scene.lengths.get("wire gap", 0.0)
    arrows, within = there.lines(items)
    yield from _waists(graph, drawn, within, gap)
    if len(arrows) != len(wanted):
        yield "flow", f"{len(wanted)} edges are asked for, and {len(arrows)} lines are drawn"
        return
    for node in flow.nodes:
        yield from _sizes(node, drawn[str(node.name)], flow, scene, collector)
    for name, several in behind.items():
        yield from _sheets(name, several, drawn[name][0])
    grid = [item for item in items if isinstance(item, Arrow) and item not in (*arrows, *within)]
    yield from _bits(flow, there, grid, most)
    hidden = {shape.name for shape in there.hidden}
    yield from _overlaps([shape for shape in there.shapes if shape.name not in hidden])
    boxes, ahead = _Columns(there.shapes), set[tuple[str, str]]()
    for edge, arrow in zip(wanted, arrows, strict=True):
        out, into = edge.frames
        # What carries no data may lead back beside an edge that leads there: in where that one goes out.
        last, first = (0, -1) if not edge.flows and (edge.head, edge.tail) in ahead else (-1, 0)
        ahead.add((edge.tail, edge.head))
        tail = drawn[edge.tail][last] if out is None else framed[out]
        head = drawn[edge.head][first] if into is None else framed[into]
        yield from _line(edge, arrow, tail, head, gap)
        own = {shape.name for name in (edge.tail, edge.head) for shape in there.of(name)}
        for shape in boxes.crossed(arrow.points, own):
            yield arrow.name, f"the line from {edge.tail} to {edge.head} goes through {shape.name}"
    for name, part in graph.nodes.items():
        if isinstance(part.operation, ops.Cells):
            ends = [(edge, arrow) for edge, arrow in zip(wanted, arrows, strict=True) if name in edge.ends]
            yield from _cells(name, part.operation, drawn[name][0], items, ends, flow)


def _cells(
    name: str,
    cells: ops.Cells,
    row: Shape,
    items: Sequence[Drawn],
    ends: Sequence[tuple[Edge, Arrow]],
    flow: Flow,
) -> Iterator[tuple[str, str]]:
    """Each label stands in its cell, and each line from or to a copy ends at that of the copy."""
    axis = 1 if flow.direction in ("right", "left") else 0
    lines = [item for item in items if isinstance(item, Arrow) and item.start.of == item.end.of == row.name]
    labels = [item for item in items if isinstance(item, Label) and item.name.startswith(f"{row.name}-cell")]
    cuts = sorted(line.points[0][axis] for line in lines)
    bounds = [row.box[axis], *cuts, row.box[axis + 2]]
    if axis == 1:  # the first one is the upper one
        bounds = bounds[::-1]
    if len(labels) != len(cells.labels) or len(bounds) != len(labels) + 1:
        yield name, f"{len(cells.labels)} cells are asked for, and {len(bounds) - 1} are drawn"
        return
    spans = [tuple(sorted(span)) for span in pairwise(bounds)]
    for label, (low, high) in zip(labels, spans, strict=True):
        if not (low <= label.box[axis] and label.box[axis + 2] <= high):
            yield label.name, f"a label of {name} does not stand in its cell"
    for edge, arrow in ends:
        other = edge.head if edge.tail == name else edge.tail
        number = int(other.rpartition("-")[2]) if other in cells.copies else None
        if number is not None:
            low, high = spans[cells.drawn.index(number)]
            at = arrow.points[0 if edge.tail == name else -1][axis]
            if not low < at < high and (edge.head == name or other in cells.feeds):
                yield arrow.name, f"the line between {name} and {other} is not at the cell of the copy"


def _sheets(name: str, behind: Sequence[Shape], front: Shape) -> Iterator[tuple[str, str]]:
    """Sheets are as large as what they stand behind, each as far up and right of the next."""
    last = front.box
    for sheet in reversed(behind):
        x0, y0, x1, y1 = sheet.box
        steps = x0 - last[0], y0 - last[1], x1 - last[2], y1 - last[3]
        if min(steps) <= 0 or max(steps) - min(steps) > NEAR or sheet.role != front.role:
            yield sheet.name, f"a sheet of {name} does not stand behind it"
        last = sheet.box


def _bits(flow: Flow, there: Parts, grid: Sequence[Arrow], most: int) -> Iterator[tuple[str, str]]:
    """A weight has one column for each bit, all columns of a figure have one width, and what is not there has
    the place of its bits."""
    columns: dict[str, float] = {}
    for node in flow.nodes:
        if node.bits is None:
            continue
        name = str(node.name)
        x0, y0, x1, y1 = there.drawn[name][0].box
        upright = sorted(
            x
            for (x, y), (other, _) in (line.points[:2] for line in grid)
            if abs(x - other) < NEAR and x0 < x < x1 and y0 - NEAR < y < y1 + NEAR
        )
        wide = columns[name] = (x1 - x0) / node.bits
        due = [x0 + wide * number for number in range(1, node.bits)]
        if len(upright) != len(due) or any(abs(a - b) > NEAR for a, b in zip(upright, due, strict=True)):
            yield name, f"{len(upright) + 1} columns are drawn for {node.bits} bits"
        ghost = there.ghosts.get(name)
        if ghost is not None and abs(ghost.box[2] - ghost.box[0] - most * wide) > NEAR:
            yield ghost.name, f"the outline behind it has another width than {most} bits"
    if columns and max(columns.values()) - min(columns.values()) > NEAR:
        yield max(columns, key=columns.__getitem__), "a bit has another width than on other weights"


def _sizes(
    node: FlowNode, shapes: Sequence[Shape], flow: Flow, scene: Scene, collector: Collector
) -> Iterator[tuple[str, str]]:
    """A bar is as long as its dimension, a trapezoid goes from its input's to its output's."""
    across, back = flow.direction in ("right", "left"), flow.direction in ("left", "up")
    if node.bar is not None:
        x0, y0, x1, y1 = shapes[0].box
        dimension = vector(node.bar, collector)
        if dimension is not None:
            yield from _held(node, y1 - y0 if across else x1 - x0, dimension, "the bar", scene)
    kinds = [matrix(symbol, collector) for symbol in node.bottleneck or ()]
    known = [(rows, columns) for columns, rows in filter(None, kinds)]
    ends = leads(known) if len(known) == len(kinds) else [None] * len(kinds)
    for symbol, shape, own in zip(node.bottleneck or (), shapes, ends, strict=False):
        if own is None:
            continue
        x0, y0, x1, y1 = shape.box
        near, far = ((0, x0), (0, x1)) if across else ((1, y1), (1, y0))
        near, far = (far, near) if back else (near, far)
        for (axis, at), dimension, side in ((near, own[0], "first"), (far, own[1], "second")):
            along = [point[1 - axis] for point in shape.points if abs(point[axis] - at) < 1e-6]
            yield from _held(node, max(along) - min(along), dimension, f"the {side} side of {symbol}", scene)


def _held(
    node: FlowNode, length: float, dimension: str, what: str, scene: Scene
) -> Iterator[tuple[str, str]]:
    due = scene.lengths.get(dimension)
    if due is None or abs(length - due) > 1e-3:
        shown = "no length" if due is None else f"{due:.3f} mm"
        yield str(node.name), f"{what} is {length:.3f} mm long, and {dimension} is drawn at {shown}"


def _waists(
    graph: Graph, drawn: Mapping[str, Sequence[Shape]], lines: Sequence[Arrow], gap: float
) -> Iterator[tuple[str, str]]:
    """One line from each trapezoid to the next where data flows through their node, and no other."""
    for name, several in drawn.items():
        for one, two in pairwise(several):
            own = [line for line in lines if (line.start.of, line.end.of) == (one.name, two.name)]
            if len(own) != graph.passes(name):
                yield name, f"{len(own)} lines are drawn from {one.name} to {two.name}"
            for line in own:
                told = [shape.name for shape in (one, two) if not _joins(line, shape, shape is two, gap)]
                yield from ((line.name, f"the line within {name} does not touch {shape}") for shape in told)
                if (line.tail, line.head) != (False, True):
                    yield line.name, f"the line within {name} does not lead on"


def _joins(arrow: Arrow, shape: Shape, head: bool, gap: float) -> bool:
    """Whether a line ends at its gap from the outline of a shape, or begins there."""
    start, end = arrow.points[-2:] if head else arrow.points[1::-1]
    length = dist(start, end)
    return length > 0 and _touches(shape, _on(start, end, 1 + gap / length))


def _line(edge: Edge, arrow: Arrow, tail: Shape, head: Shape, gap: float) -> Iterator[tuple[str, str]]:
    for shape, name, into in ((tail, edge.tail, False), (head, edge.head, True)):
        if not _joins(arrow, shape, into, gap):
            yield arrow.name, f"the line from {edge.tail} to {edge.head} does not touch {name}"
    heads = (edge.stroke == "<->", edge.stroke != "--")
    if (arrow.tail, arrow.head) != heads:
        yield arrow.name, f"the line from {edge.tail} to {edge.head} has other heads than {edge.stroke}"


def _on(start: Point, end: Point, part: float) -> Point:
    """The point at a part of the way from a point to another, and beyond it past 1."""
    return start[0] + part * (end[0] - start[0]), start[1] + part * (end[1] - start[1])


def _touches(shape: Shape, point: Point) -> bool:
    """Whether a point lies on the outline of a shape."""
    x0, y0, x1, y1 = shape.box
    half = (x1 - x0) / 2, (y1 - y0) / 2
    off = abs(point[0] - (x0 + x1) / 2), abs(point[1] - (y0 + y1) / 2)
    if shape.form == "diamond":
        return abs(off[0] / half[0] + off[1] / half[1] - 1) * min(half) <= NEAR
    if shape.form == "hexagon":  # how far the point is beyond its flat sides, and beyond its slanted ones
        slant = shape.points[0][0] - x0
        across = (off[0] - half[0] + slant * off[1] / half[1]) * half[1] / hypot(half[1], slant)
        return abs(max(off[1] - half[1], across)) <= NEAR
    corner = shape.corner
    beyond = off[0] - (half[0] - corner), off[1] - (half[1] - corner)
    if corner > 0 and min(beyond) > 0:
        return abs(hypot(*beyond) - corner) <= NEAR
    on_side = abs(off[0] - half[0]) <= NEAR or abs(off[1] - half[1]) <= NEAR
    return on_side and off[0] <= half[0] + NEAR and off[1] <= half[1] + NEAR


def _overlaps(shapes: Sequence[Shape]) -> Iterator[tuple[str, str]]:
    """Shapes that lie on one another, by a sweep from left to right."""
    open_: list[Shape] = []
    for shape in sorted(shapes, key=lambda shape: shape.box[0]):
        x0, y0, _, y1 = shape.box
        open_ = [other for other in open_ if other.box[2] > x0 + INSIDE]
        for other in open_:
            if other.box[1] < y1 - INSIDE and other.box[3] > y0 + INSIDE:
                yield shape.name, f"{shape.name} is drawn over {other.name}"
        open_.append(shape)


class _Columns:
    """Shapes by where they lie, so that a line is held to those near it alone."""

    def __init__(self, shapes: Sequence[Shape]) -> None:
        self.widest = max(shape.box[2] - shape.box[0] for shape in shapes)
        self.shapes = sorted(shapes, key=lambda shape: shape.box[0])
        self.lefts = [shape.box[0] for shape in self.shapes]

    def crossed(self, points: Sequence[Point], own: set[str]) -> Iterator[Shape]:
        """Shapes other than its `own` that a line goes through."""
        told: set[str] = set()
        for start, end in pairwise(points):
            left, right = sorted((start[0], end[0]))
            index = bisect_left(self.lefts, left - self.widest)
            while index < len(self.shapes) and self.lefts[index] < right:
                shape = self.shapes[index]
                index += 1
                if shape.name not in own and shape.name not in told and _through(start, end, shape):
                    told.add(shape.name)
                    yield shape


def _through(start: Point, end: Point, shape: Shape) -> bool:
    """Whether a straight piece goes through the inside of a shape's box (Liang and Barsky, 1984)."""
    x0, y0, x1, y1 = shape.box
    first, last = 0.0, 1.0
    for axis, low, high in ((0, x0 + INSIDE, x1 - INSIDE), (1, y0 + INSIDE, y1 - INSIDE)):
        step = end[axis] - start[axis]
        if abs(step) < 1e-12:
            if not low < start[axis] < high:
                return False
            continue
        enter, leave = sorted(((low - start[axis]) / step, (high - start[axis]) / step))
        first, last = max(first, enter), min(last, leave)
        if first >= last:
            return False
    return True
