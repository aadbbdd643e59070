"""Titles of frames in room of their own: in the band at a frame's start, where no edge crosses it."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from lorafig.layered.grid import Grid, Kind, Task
from lorafig.layered.model import Gaps
from lorafig.layered.ports import Ports

Frame = tuple[float, float, float, float]  # u0, v0, u1, v1
Place = tuple[float, float]


def first_line(
    grid: Grid,
    ports: Ports,
    places: Sequence[float],
    borders: tuple[Sequence[int], Sequence[int]],
    cluster: int,
) -> float:
    """In a figure that runs down: the v of the first line that may cross the band of a cluster's title."""
    layer = grid.layers[grid.spans[cluster][0]]
    within = layer[layer.index(borders[0][0]) + 1 : layer.index(borders[1][0])]
    return min(
        (places[vertex] + first_port(grid, ports, vertex) for vertex in within if _line(grid, vertex)),
        default=float("inf"),
    )


def _line(grid: Grid, vertex: int) -> bool:
    return grid.kinds[vertex] in (Kind.BOX, Kind.LANE, Kind.LABEL)


def first_port(grid: Grid, ports: Ports, vertex: int) -> float:
    """The least offset at which an edge may enter a vertex."""
    return -grid.before[vertex] if grid.kinds[vertex] is Kind.BOX and ports.spread[vertex] else 0.0


def place_titles(
    task: Task,
    routes: Sequence[Sequence[Place]],
    frames: Sequence[Frame],
    lines: Sequence[float],
    gaps: Gaps,
) -> list[Place | None]:
    """The first corner of each title, as near to the frame's own as edges let it; None where none does."""
    found: list[Place | None] = []
    for title, (u0, v0, u1, _), line in zip(task.titles, frames, lines, strict=True):
        if title is None:
            found.append(None)
            continue
        u, v = u0 + gaps.pad / 2, v0 + gaps.pad / 2
        if task.title_first:
            found.append((u, min(v0 + gaps.pad, line - gaps.edge / 2 - title[1])))
            continue
        at: float | None = u0 + gaps.pad
        crossed = sorted(
            one[0]
            for points in routes
            for one, two in pairwise(points)
            if abs(one[0] - two[0]) < abs(one[1] - two[1])
            and u0 < one[0] < u1
            and min(one[1], two[1]) < v + title[1]
            and max(one[1], two[1]) > v
        )
        for where in crossed:
            if at is not None and where - gaps.edge / 2 < at + title[0] and where + gaps.edge / 2 > at:
                at = where + gaps.edge / 2
        if at is not None and at + title[0] > u1 - gaps.pad + 1e-6:
            at = None
        found.append(None if at is None else (at, v))
    return found
