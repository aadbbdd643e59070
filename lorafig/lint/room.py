"""Rules about room: what touches, what lies over another, lines that run through boxes, gaps that differ."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from math import dist

from lorafig.lint.picture import (
    Finding,
    Picture,
    Segment,
    edges,
    grown,
    inside,
    near,
    overlap,
    segments,
    span,
    within,
)
from lorafig.scene import Arrow, Box, Label, Point, Shape

NEAR = 0.25  # mm: text nearer than this to a line reads as if it touched it
BADGE = 0.4  # mm between a badge and a text
TOUCH = 0.05  # mm: what is less is not an overlap that anybody sees
THROUGH = 0.4  # mm that a line may run in a box that is not its own
SHEET = 3.0  # mm by which the sheets of a stack are moved at most
EVEN = 0.1  # gaps of a row may differ by this part of the smallest
_MORE_ROOM = "shorten the text, or give the figure more room"


def near_line(picture: Picture) -> Iterator[Finding]:
    """Text nearer than 0.25 mm to the edge of a shape or to an arrow, or over it."""
    texts = [(box, (label, box)) for label, _, box in picture.lines]
    outlines: list[tuple[Box, Shape | Arrow]] = [
        (shape.box, shape) for shape in picture.shapes if _drawn(picture, shape)
    ]
    outlines += [(span(arrow.points), arrow) for arrow in picture.arrows]
    told: set[tuple[str, str]] = set()
    for (label, box), item in near(texts, outlines, NEAR):
        closest = _distance(box, edges(item) if isinstance(item, Shape) else segments(item))
        if closest < NEAR and (label.name, item.name) not in told:
            told.add((label.name, item.name))
            what = "the edge of" if isinstance(item, Shape) else "the line"
            yield _close(picture, label, f"{what} {item.name}", closest)


def _drawn(picture: Picture, shape: Shape) -> bool:
    """Whether a shape has an edge that is seen."""
    return picture.scene.styles[shape.role].stroke is not None


def _close(picture: Picture, label: Label, what: str, distance: float) -> Finding:
    return Finding(
        label.name, picture.where(label.name),
        f"'{label.lines[0].plain}' lies over {what}" if distance <= 0
        else f"'{label.lines[0].plain}' is {distance:.2f} mm from {what}; it needs {NEAR} mm",
        _MORE_ROOM, round(max(distance, 0.0), 2), NEAR, "mm",
    )  # fmt: skip


def _distance(box: Box, lines: list[Segment]) -> float:
    """How far a box is from the nearest of these lines, in mm; 0 where one runs through it."""
    low, high = 0.0, 2 * NEAR
    if not any(inside(line, grown(box, high)) > 0 for line in lines):
        return high
    if any(inside(line, box) > 0 for line in lines):
        return 0.0
    for _ in range(12):
        middle = (low + high) / 2
        if any(inside(line, grown(box, middle)) > 0 for line in lines):
            high = middle
        else:
            low = middle
    return high


def over_each_other(picture: Picture) -> Iterator[Finding]:
    """Two texts, a text and a badge, or two shapes of which neither holds the other, that overlap."""
    texts = [(box, (label.name, box, label.lines[0].plain)) for label, _, box in picture.lines]
    icons = [(icon.box, (icon.name, icon.box, icon.meaning)) for icon in picture.icons]
    pairs = [(one, other) for one, other in near(texts, texts) if one[0] < other[0]]
    for (name, box, said), (_, other_box, other_said) in (*pairs, *near(texts, icons)):
        deep = overlap(box, other_box)
        if deep > TOUCH:
            yield _over(picture, name, f"'{said}'", f"'{other_said}'", deep)
    shapes = [(shape.box, shape) for shape in picture.shapes if _drawn(picture, shape)]
    for one, shape in near(shapes, shapes):
        if picture.order[one.name] >= picture.order[shape.name] or _behind(one, shape):
            continue
        deep = overlap(one.box, shape.box)
        held = within(one.box, shape.box, TOUCH) or within(shape.box, one.box, TOUCH)
        if deep > TOUCH and not held and _meet(one, shape):
            yield _over(picture, shape.name, one.name, shape.name, deep)


def _behind(one: Shape, other: Shape) -> bool:
    """Whether both are sheets of one stack: the same outline, moved a little."""
    same = one.role == other.role and len(one.points) == len(other.points)
    moves = {
        (round(x - u, 2), round(y - v, 2)) for (x, y), (u, v) in zip(one.points, other.points, strict=False)
    }
    return same and len(moves) == 1 and all(max(abs(x), abs(y)) < SHEET for x, y in moves)


def _meet(one: Shape, other: Shape) -> bool:
    """Whether two convex outlines overlap: no edge of one has all of the other on its outer side."""
    for mine, theirs in ((one, other), (other, one)):
        corners = [start for start, _ in edges(theirs)]
        for (x0, y0), (x1, y1) in edges(mine):
            length = dist((x0, y0), (x1, y1))
            if length and all(
                ((x1 - x0) * (y - y0) - (y1 - y0) * (x - x0)) / length <= TOUCH for x, y in corners
            ):
                return False
    return True


def _over(picture: Picture, name: str, one: str, other: str, deep: float) -> Finding:
    what = f"{one} and {other} overlap by {deep:.2f} mm"
    return Finding(name, picture.where(name), what, _MORE_ROOM, round(deep, 2), TOUCH, "mm")


def through_box(picture: Picture) -> Iterator[Finding]:
    """A line that runs through a box that it neither begins nor ends at."""
    arrows = [(span(arrow.points), arrow) for arrow in picture.arrows]
    shapes = [(shape.box, shape) for shape in picture.filled]
    boxes = {shape.name: shape.box for shape in picture.shapes}
    for arrow, shape in near(arrows, shapes):
        box = shape.box
        ends = [boxes[name] for name in (arrow.start.of, arrow.end.of) if name in boxes]
        if any(within(end, box, TOUCH) for end in ends):  # its own box, or a frame around one
            continue
        deep = sum(inside(segment, grown(box, -TOUCH)) for segment in segments(arrow))
        if deep > THROUGH:
            yield Finding(
                arrow.name, picture.where(arrow.name),
                f"the line {arrow.name} runs through {shape.name} for {deep:.1f} mm",
                "order the nodes so that nothing lies between its ends, or bring it in from another side",
                round(deep, 1), THROUGH, "mm",
            )  # fmt: skip


def crossing(picture: Picture) -> Iterator[Finding]:
    """Two lines that begin or end at one box and cross: exchanged, they would not."""
    arrows = [(span(arrow.points), arrow) for arrow in picture.arrows]
    for one, other in near(arrows, arrows):
        if picture.order[one.name] >= picture.order[other.name]:
            continue
        if one.start.of != other.start.of and one.end.of != other.end.of:
            continue
        if any(_cross(a, b) for a in segments(one) for b in segments(other)):
            yield Finding(
                other.name, picture.where(other.name),
                f"the lines {one.name} and {other.name} cross, and have an end in common",
                "write their nodes in the other order",
            )  # fmt: skip


def on_a_line(picture: Picture) -> Iterator[Finding]:
    """Two lines that run on each other, and look different or have no end in common: one is hidden."""
    arrows = [(span(arrow.points), arrow) for arrow in picture.arrows]
    for one, other in near(arrows, arrows, TOUCH):
        if picture.order[one.name] >= picture.order[other.name]:
            continue
        if one.role == other.role and (one.start.of == other.start.of or one.end.of == other.end.of):
            continue
        along = max((_along(a, b) for a in segments(one) for b in segments(other)), default=0.0)
        if along > THROUGH:
            yield Finding(
                other.name, picture.where(other.name),
                f"the lines {one.name} and {other.name} run on each other for {along:.1f} mm",
                "write their nodes in another order, or give the figure more room",
                round(along, 1), THROUGH, "mm",
            )  # fmt: skip


def _along(one: Segment, other: Segment) -> float:
    """How far two pieces along one axis run on each other, in mm."""
    for axis in (0, 1):
        level = [point[1 - axis] for point in (*one, *other)]
        if max(level) - min(level) <= TOUCH:
            (a, b), (c, d) = (sorted(point[axis] for point in piece) for piece in (one, other))
            return max(0.0, min(b, d) - max(a, c))
    return 0.0


def near_badge(picture: Picture) -> Iterator[Finding]:
    """A badge nearer than 0.4 mm to a text: it reads as a letter of it."""
    texts = [(box, (box, label)) for label, _, box in picture.lines]
    icons = [(icon.box, icon) for icon in picture.icons]
    for (box, label), icon in near(texts, icons, BADGE):
        x0, y0, x1, y1 = icon.box
        away = max(x0 - box[2], box[0] - x1, y0 - box[3], box[1] - y1)
        if -TOUCH <= away < BADGE:
            yield Finding(
                label.name, picture.where(label.name),
                f"'{label.lines[0].plain}' is {max(away, 0.0):.2f} mm from its badge; it needs {BADGE} mm",
                _MORE_ROOM, round(max(away, 0.0), 2), BADGE, "mm",
            )  # fmt: skip


def _cross(one: Segment, other: Segment) -> bool:
    """Whether two pieces of lines pass through each other, their ends left out."""

    def side(line: Segment, point: Point) -> float:
        (x0, y0), (x1, y1) = line
        length = max(dist(*line), 1e-9)
        return ((x1 - x0) * (point[1] - y0) - (y1 - y0) * (point[0] - x0)) / length

    first, second = side(one, other[0]), side(one, other[1])
    third, fourth = side(other, one[0]), side(other, one[1])
    return all(min(pair) < -TOUCH and max(pair) > TOUCH for pair in ((first, second), (third, fourth)))


def uneven(picture: Picture) -> Iterator[Finding]:
    """Three or more shapes of one size in a row or a column, whose gaps differ by more than a tenth."""
    for axis in (0, 1):
        for row in _rows(picture, axis):
            gaps = [after.box[axis] - before.box[axis + 2] for before, after in pairwise(row)]
            least, most = min(gaps), max(gaps)
            if least > 0 and most < 2 * least and most > least * (1 + EVEN) + TOUCH:
                yield Finding(
                    row[0].name, picture.where(row[0].name),
                    f"the gaps between {row[0].name}, {row[1].name} and on are {least:.1f} to {most:.1f} mm",
                    "give what stands between them the same room",
                    round(most / least, 2), 1 + EVEN, "ratio",
                )  # fmt: skip


def _rows(picture: Picture, axis: int) -> Iterator[list[Shape]]:
    """Shapes of a panel of one size and role on one line along an axis, in order, with nothing between
    them: panels of several widths are apart by the gap between their edges."""
    rows: dict[tuple[object, ...], list[Shape]] = {}
    for shape in picture.filled:
        x0, y0, x1, y1 = shape.box
        level = round((y0 + y1 if axis == 0 else x0 + x1) / 2, 1)
        rows.setdefault(
            (picture.panel.get(shape.name), shape.role, round(x1 - x0, 1), round(y1 - y0, 1), level), []
        ).append(shape)
    for row in rows.values():
        row.sort(key=lambda shape: shape.box[axis])
        if len(row) >= 3 and all(_alone(picture, a, b, axis) for a, b in pairwise(row)):
            yield row


def _alone(picture: Picture, before: Shape, after: Shape, axis: int) -> bool:
    """Whether no other shape stands between two."""
    gap = list(before.box)
    gap[axis], gap[axis + 2] = before.box[axis + 2], after.box[axis]
    between: Box = (gap[0], gap[1], gap[2], gap[3])
    return not any(
        overlap(other.box, between) > TOUCH and other is not before and other is not after
        for other in picture.shapes
    )


RULES = (near_line, over_each_other, through_box, crossing, on_a_line, near_badge, uneven)
