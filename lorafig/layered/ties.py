"""Lines that keep their distance from each other: two that run side by side, and boxes that nearly align.

Where the middles of two boxes of different layers miss each other by less than lines are apart, the eye takes
it for a slip. They are tied: what one is moved by the other is moved by too.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from lorafig.layered.grid import Grid
from lorafig.layered.ports import Ports
from lorafig.layered.tracks import SAME
from lorafig.layered.twins import apart

MOST = 400  # vertices of a graph in which boxes are looked at for this: in larger ones nobody sees it
Tie = tuple[int, int, float]  # two vertices, and how far along v the second one is from the first


def beside(grid: Grid, ports: Ports) -> list[Tie]:
    """Of two edges, one each way, what is next to a box that has no other edges on that side: so both are
    straight there."""
    pairs = apart(grid.task)
    if not pairs:
        return []
    ends: tuple[dict[int, list[int]], dict[int, list[int]]] = ({}, {})
    for number, piece in enumerate(grid.pieces):
        for side, vertex in zip(ends, (piece.left, piece.right), strict=True):
            side.setdefault(vertex, []).append(number)
    ties = []
    for boxes in pairs:
        for side, box, at_left in zip(ends, boxes, (True, False), strict=True):
            if len(numbers := side[box]) != len(pairs[boxes]):
                continue
            for number in numbers:
                piece = grid.pieces[number]
                offset = ports.left[number] - ports.right[number]
                ties.append((box, piece.right, offset) if at_left else (box, piece.left, -offset))
    return ties


def nearly(grid: Grid, places: Sequence[float]) -> list[Tie]:
    """Of boxes and rows of cells whose middles miss each other by less than a gap."""
    if len(grid.kinds) > MOST:
        return []
    drawn = {
        end for ends, drawn in zip(grid.task.edges, grid.task.drawn, strict=True) if drawn for end in ends
    }
    rows: dict[int, list[int]] = {}
    middles = []  # each with its vertex
    for box in range(len(grid.task.sizes)):
        cluster = grid.task.inside[box]
        if cluster >= 0 and grid.task.rows[cluster]:
            rows.setdefault(cluster, []).append(box)
        elif box in drawn:
            middles.append((places[box], box))
    for cells in rows.values():
        cells.sort(key=lambda box: places[box])
        low, high = places[cells[0]] - grid.before[cells[0]], places[cells[-1]] + grid.after[cells[-1]]
        middles.append(((low + high) / 2, cells[0]))
    held = {cells[0]: cells[1:] for cells in rows.values()}
    ties: list[Tie] = []
    for run in _runs(sorted(middles), grid.gaps.edge):
        (first, box), *rest = run
        if rest and rest[-1][0] - first > SAME:
            for _, other in run:  # a row keeps its lengths
                ties += [(other, cell, places[cell] - places[other]) for cell in held.get(other, ())]
            ties += [(box, other, places[other] - places[box] - middle + first) for middle, other in rest]
    return ties


def _runs(middles: Sequence[tuple[float, int]], gap: float) -> list[list[tuple[float, int]]]:
    """Each of those that are no gap from the next."""
    runs = [[*middles[:1]]]
    for (before, _), (middle, box) in pairwise(middles):
        if middle - before < gap:
            runs[-1].append((middle, box))
        else:
            runs.append([(middle, box)])
    return [run for run in runs if run]


def tie(
    unit: list[int], offset: list[float], constraints: dict[tuple[int, int], float], ties: Sequence[Tie]
) -> None:
    """Makes one unit of the two of each tie, in their order, where nothing has to stand between them and they
    are as far apart as they have to be."""
    for first, second, distance in ties:
        one, other = unit[first], unit[second]
        by = distance + offset[first] - offset[second]
        if one == other or not _may(constraints, one, other, by):
            continue
        for vertex, own in enumerate(unit):
            if own == other:
                unit[vertex], offset[vertex] = one, offset[vertex] + by
        for (left, right), gap in list(constraints.items()):
            if other in (left, right):
                del constraints[left, right]
                if one in (left, right):
                    continue
                key, least = ((one, right), gap + by) if left == other else ((left, one), gap - by)
                constraints[key] = max(least, constraints.get(key, least))


def _may(constraints: dict[tuple[int, int], float], one: int, other: int, by: float) -> bool:
    """Whether a unit may stand so far behind another one."""
    if constraints.get((one, other), by) > by + SAME or constraints.get((other, one), -by) > SAME - by:
        return False
    behind: dict[int, list[int]] = {}
    for left, right in constraints:
        behind.setdefault(left, []).append(right)
    for start, end in ((one, other), (other, one)):
        pending = [unit for unit in behind.get(start, ()) if unit != end]
        seen = set(pending)
        while pending:
            for unit in behind.get(pending.pop(), ()):
                if unit == end:
                    return False
                if unit not in seen:
                    seen.add(unit)
                    pending.append(unit)
    return True
