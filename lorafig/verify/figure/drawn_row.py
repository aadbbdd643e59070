"""A row as it was drawn: its lines in their order, and what is on one level level in all panels."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import accumulate

from lorafig.graph.structure import Graph
from lorafig.language import model
from lorafig.scene import Box, Group, Icon, Label, Shape, walk

NEAR = 0.02  # mm: two rounded lengths


def wrapped(lines: Sequence[int], groups: Sequence[Group]) -> Iterator[tuple[str, str]]:
    """The panels of a line stand from left to right, the lines from top to bottom."""
    boxes = [_box(group) for group in groups]
    first = {0, *accumulate(lines)}
    for number, (group, box) in enumerate(zip(groups, boxes, strict=True)):
        before = boxes[number - 1]
        if number not in first:
            if before[2] > box[0] + NEAR:
                yield group.name, f"{group.name} is not drawn right of {groups[number - 1].name}"
        elif any(above[1] < box[3] - NEAR for above in boxes[:number]):
            yield group.name, f"{group.name} is not drawn below the line before it"


def _box(group: Group) -> Box:
    boxes = [item.box for item in walk(group.items) if isinstance(item, Label | Shape | Icon)]
    x0, y0, x1, y1 = zip(*boxes, strict=True)
    return min(x0), min(y0), max(x1), max(y1)


def level(
    levels: Sequence[model.Level],
    stacks: Sequence[tuple[Graph, Sequence[int]]],
    shapes: Sequence[Shape],
    group: Group | None,
    flows: Sequence[dict[str, list[Box]]],
) -> Iterator[tuple[str, str]]:
    """What stands on one level has its middle at one height, and the hairlines are between the levels.
    `stacks` have the number of shapes of each of their nodes, `shapes` are those of all of them; of `flows`
    there is what stands on their levels."""
    rest = iter(shapes)
    panels = list(flows)
    standing: dict[str, list[Box]] = {}
    for graph, counts in stacks:
        own: dict[str, list[Box]] = {}
        for name, count in zip(graph.nodes, counts, strict=True):
            drawn = [next(rest).box for _ in range(count)]
            place = name.split(".")[0]
            on = graph.panel.stack[int(place)].level if place.isdecimal() else None
            if on is not None and drawn:
                own.setdefault(str(on), []).extend(drawn)
        panels.append(own)
    for own in panels:
        for on, boxes in own.items():
            low, high = min(box[1] for box in boxes), max(box[3] for box in boxes)
            standing.setdefault(on, []).append((0.0, low, 0.0, high))
    for name, boxes in standing.items():
        middles = [(low + high) / 2 for _, low, _, high in boxes]
        if max(middles) - min(middles) > NEAR:
            yield name, f"what stands on the level {name} is drawn at heights of {_heights(middles)} mm"
    lines = [item for item in walk(() if group is None else group.items) if isinstance(item, Shape)]
    if len(lines) != len(levels) - 1:
        yield "levels", f"{len(levels)} levels are asked for, and {len(lines)} lines are drawn between them"
        return
    for lower, upper, line in zip(levels, levels[1:], lines, strict=False):
        y = (line.box[1] + line.box[3]) / 2
        below = max((box[3] for box in standing.get(str(lower.name), ())), default=y)
        above = min((box[1] for box in standing.get(str(upper.name), ())), default=y)
        if not below - NEAR <= y <= above + NEAR:
            yield line.name, f"the line between {lower.name} and {upper.name} is not between them"
        for shape in shapes:
            if shape.box[1] + NEAR < y < shape.box[3] - NEAR:
                yield line.name, f"the line between {lower.name} and {upper.name} goes through {shape.name}"


def _heights(middles: Sequence[float]) -> str:
    return " and ".join(f"{middle:.3f}" for middle in (min(middles), max(middles)))
