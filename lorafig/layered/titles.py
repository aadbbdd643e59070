"""Titles of frames in room of their own: in the band at a frame's start, where no edge crosses it."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from itertools import pairwise
from math import inf

from lorafig.layered.grid import Grid, Kind
from lorafig.layered.ports import Ports

Frame = tuple[float, float, float, float]  # u0, v0, u1, v1
Place = tuple[float, float]


def first_line(grid: Grid, ports: Ports, places: Sequence[float], cluster: int) -> float:
    """In a figure that runs down: the v of the first line that may cross the band of a cluster's title."""
    borders = (grid.position[chain[0]] for chain in grid.borders[cluster])
    within = grid.layers[grid.spans[cluster][0]][slice(*borders)]
    lines = [vertex for vertex in within if grid.kinds[vertex] in (Kind.BOX, Kind.LANE, Kind.LABEL)]
    return min([places[vertex] + first_port(grid, ports, vertex) for vertex in lines], default=inf)


def first_port(grid: Grid, ports: Ports, vertex: int) -> float:
    """The least offset at which an edge may enter a vertex."""
    return -grid.before[vertex] if grid.kinds[vertex] is Kind.BOX and ports.spread[vertex] else 0.0


def place_titles(
    grid: Grid, routes: Sequence[Sequence[Place]], frames: Sequence[Frame], lines: Sequence[float]
) -> list[Place | None]:
    """The first corner of each title, as near to the frame's own as edges let it; None where none does."""
    task, gaps = grid.task, grid.gaps
    corners: list[Place | None] = []
    upright = sorted(  # u, lower v, upper v
        (start[0], *sorted((start[1], end[1])))
        for points in ([] if task.title_first else routes)
        for start, end in pairwise(points)
        if abs(start[0] - end[0]) < abs(start[1] - end[1])
    )
    for title, (u0, v0, u1, _), line in zip(task.titles, frames, lines, strict=True):
        if title is None:
            corners.append(None)
            continue
        u, v = u0 + gaps.pad / 2, v0 + gaps.pad / 2
        if task.title_first:
            corners.append((u, min(v0 + gaps.pad, line - gaps.edge / 2 - title[1])))
            continue
        at: float | None = u0 + gaps.pad
        first, last = bisect_right(upright, (u0, inf, inf)), bisect_left(upright, (u1, -inf, -inf))
        crossed = [where for where, low, high in upright[first:last] if low < v + title[1] and high > v]
        for where in crossed:
            if at is not None and where - gaps.edge / 2 < at + title[0] and where + gaps.edge / 2 > at:
                at = where + gaps.edge / 2
        if at is not None and at + title[0] > u1 - gaps.pad + 1e-6:
            at = None
        corners.append(None if at is None else (at, v))
    return corners
