"""Titles of frames in room of their own: in the band at a frame's start, where no edge crosses it."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from itertools import pairwise
from math import inf

from lorafig.layered.grid import Grid
from lorafig.layered.ports import Ports

Frame = tuple[float, float, float, float]  # u0, v0, u1, v1
Place = tuple[float, float]
Line = tuple[int, float]  # a vertex and, along v, how far from it
Slot = tuple[Line | None, Line | None]  # the lines that a title stands between; None: a border of its frame
NEAR = 1e-4  # mm


def crossing(grid: Grid, ports: Ports) -> list[list[Line]]:
    """In a figure that runs down: the lines that cross the band of each cluster's title, in order along v."""
    offsets: dict[int, list[float]] = {}
    for number, piece in enumerate(grid.pieces):
        offsets.setdefault(piece.right, []).append(ports.right[number])
    for number, turn in enumerate(grid.turns):
        if not turn.after:
            offsets.setdefault(turn.box, []).append(ports.turn[number])
            offsets.setdefault(turn.lane, []).append(0.0)
    found: list[list[Line]] = []
    for (tops, bottoms), (layer, _) in zip(grid.borders, grid.spans, strict=True):
        within = grid.layers[layer][grid.position[tops[0]] : grid.position[bottoms[0]]]
        found.append([(vertex, by) for vertex in within for by in sorted(set(offsets.get(vertex, ())))])
    return found


def slots(grid: Grid, lines: Sequence[Sequence[Line]], places: Sequence[float]) -> list[Slot]:
    """Where each title stands among the `lines` that cross its band: in the first room that is wide enough,
    before the first line where none is."""
    found: list[Slot] = []
    for title, (tops, bottoms), crossed in zip(grid.task.titles, grid.borders, lines, strict=True):
        borders: list[Line | None] = [None, *crossed, None]
        rooms = list(pairwise(borders))
        wide = (
            room
            for room in rooms
            if title is not None and spare(grid, title, (tops[0], bottoms[0]), room, places) > -NEAR
        )
        found.append(next(wide, rooms[0]))
    return found


def spare(
    grid: Grid, title: tuple[float, float], borders: tuple[int, int], slot: Slot, places: Sequence[float]
) -> float:
    """How much wider a slot is than a title needs it."""
    low, high = ends(slot, borders, places)
    return high - low - least(grid, title, slot)


def ends(slot: Slot, borders: tuple[int, int], places: Sequence[float]) -> tuple[float, float]:
    """The v of the lines or borders on either side of a slot."""
    first, last = (
        places[border] if line is None else places[line[0]] + line[1]
        for line, border in zip(slot, borders, strict=True)
    )
    return first, last


def least(grid: Grid, title: tuple[float, float], slot: Slot) -> float:
    """How wide a slot is at least: a title keeps away from borders and from lines."""
    return title[1] + sum(grid.gaps.pad if line is None else grid.gaps.edge / 2 for line in slot)


def place_titles(
    grid: Grid,
    routes: Sequence[Sequence[Place]],
    frames: Sequence[Frame],
    between: Sequence[Slot],
    places: Sequence[float],
) -> list[Place | None]:
    """The first corner of each title, as near to the frame's own as edges let it; None where none does.

    In a figure that runs down titles stand `between` lines.
    """
    task, gaps = grid.task, grid.gaps
    corners: list[Place | None] = []
    upright = sorted(  # u, lower v, upper v
        (start[0], *sorted((start[1], end[1])))
        for points in ([] if task.title_first else routes)
        for start, end in pairwise(points)
        if abs(start[0] - end[0]) < abs(start[1] - end[1])
    )
    for title, (u0, v0, u1, _), slot, (tops, bottoms) in zip(
        task.titles, frames, between, grid.borders, strict=True
    ):
        if title is None:
            corners.append(None)
            continue
        u, v = u0 + gaps.pad / 2, v0 + gaps.pad / 2
        if task.title_first:
            first, last = slot
            if first is None:
                room = inf if last is None else places[last[0]] + last[1] - gaps.edge / 2
                corners.append((u, min(v0 + gaps.pad, room - title[1])))
            else:
                room = max(0.0, spare(grid, title, (tops[0], bottoms[0]), slot, places))
                away = (gaps.edge + min(gaps.edge, room)) / 2  # further from the line where there is room
                corners.append((u, places[first[0]] + first[1] + away))
            continue
        at: float | None = u0 + gaps.pad
        begin, end = bisect_right(upright, (u0, inf, inf)), bisect_left(upright, (u1, -inf, -inf))
        crossed = [where for where, low, high in upright[begin:end] if low < v + title[1] and high > v]
        for where in crossed:
            if at is not None and where - gaps.edge / 2 < at + title[0] and where + gaps.edge / 2 > at:
                at = where + gaps.edge / 2
        if at is not None and at + title[0] > u1 - gaps.pad + 1e-6:
            at = None
        corners.append(None if at is None else (at, v))
    return corners
