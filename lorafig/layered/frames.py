"""Frames of clusters: the room they need between layers, and where they end up."""

from __future__ import annotations

from collections.abc import Sequence
from math import inf

from lorafig.layered.grid import Grid, Kind, Task
from lorafig.layered.titles import Slot

Frame = tuple[float, float, float, float]  # u0, v0, u1, v1


def frame_room(grid: Grid) -> tuple[list[float], list[float]]:
    """What frames need along u before and after each layer; frames that end together lie in each other."""
    task, gaps = grid.task, grid.gaps
    before = [0.0] * len(grid.layers)
    after = [0.0] * len(grid.layers)
    closing = [task.pad(cluster, gaps) for cluster in range(len(task.clusters))]
    opening = [pad + _title(task, cluster, 0) for cluster, pad in enumerate(closing)]
    inner_opening = [0.0] * len(task.clusters)
    inner_closing = [0.0] * len(task.clusters)
    for cluster in reversed(range(len(task.clusters))):
        first, last = grid.spans[cluster]
        opening[cluster] += inner_opening[cluster]
        closing[cluster] += inner_closing[cluster]
        before[first] = max(before[first], opening[cluster])
        after[last] = max(after[last], closing[cluster])
        parent = task.clusters[cluster]
        if parent >= 0 and grid.spans[parent][0] == first:
            inner_opening[parent] = max(inner_opening[parent], opening[cluster])
        if parent >= 0 and grid.spans[parent][1] == last:
            inner_closing[parent] = max(inner_closing[parent], closing[cluster])
    return before, after


def widen(grid: Grid, blocked: Sequence[int]) -> None:
    """Layers grow where a title is longer than its frame along u.

    Where edges leave it no room, the first layer alone grows to its length: none crosses there.
    """
    task, gaps = grid.task, grid.gaps
    if task.title_first:
        return
    for cluster in blocked:
        title = task.titles[cluster]
        if title is not None:
            grid.breadth[grid.borders[cluster][0][0]] = title[0] + gaps.pad
    for cluster, title in enumerate(task.titles):
        if title is None:
            continue
        first, last = grid.spans[cluster]
        breadths = [
            max([grid.breadth[vertex] for vertex in grid.layers[layer]], default=0.0)
            for layer in range(first, last + 1)
        ]
        least = sum(breadths) + gaps.layer / 2 * (last - first)
        if least < title[0]:
            share = (title[0] - least) / (last - first + 1)
            for border, breadth in zip(grid.borders[cluster][0], breadths, strict=True):
                grid.breadth[border] = breadth + share


def frames(
    grid: Grid,
    centres: Sequence[float],
    places: Sequence[float],
    between: Sequence[Slot],
    blocked: Sequence[int],
) -> list[Frame]:
    """Each cluster's frame around what it holds, with its lanes, and its title, which stands `between` lines
    in a figure that runs down."""
    task, gaps = grid.task, grid.gaps
    framed: list[Frame] = [(inf, inf, -inf, -inf)] * len(task.clusters)

    def grow(cluster: int, more: Frame) -> None:
        u0, v0, u1, v1 = framed[cluster]
        framed[cluster] = min(u0, more[0]), min(v0, more[1]), max(u1, more[2]), max(v1, more[3])

    for vertex, cluster in enumerate(grid.cluster):
        kind = grid.kinds[vertex]
        if cluster < 0 or kind in (Kind.TOP, Kind.BOTTOM, Kind.HOLD):
            continue
        u, v, half = centres[grid.layer[vertex]], places[vertex], grid.breadth[vertex] / 2
        grow(cluster, (u - half, v - grid.before[vertex], u + half, v + grid.after[vertex]))
    for cluster in reversed(range(len(task.clusters))):
        u0, v0, u1, v1 = framed[cluster]
        title = task.titles[cluster]
        if title is not None:
            # The frame grows about its middle where the title is longer than it.
            if task.title_first:
                start, line = between[cluster]
                if start is None and line is not None:
                    v0 = min(v0, places[line[0]] + line[1] - gaps.edge / 2 - title[1])
                v1 = max(v1, min(v0 + title[1], places[grid.borders[cluster][1][0]] - gaps.pad))
                v0 = min(v0, v1 - title[1])  # what it holds may stand at the end of its room
            elif cluster in blocked:
                border = grid.borders[cluster][0][0]
                middle, half = centres[grid.spans[cluster][0]], grid.breadth[border] / 2
                u0, u1 = min(u0, middle - half), max(u1, middle + half)
            else:
                more = max(0.0, title[0] - (u1 - u0)) / 2
                u0, u1 = u0 - more, u1 + more
        pad = task.pad(cluster, gaps)
        framed[cluster] = (
            u0 - pad - _title(task, cluster, 0),
            v0 - pad - _title(task, cluster, 1),
            u1 + pad,
            v1 + pad,
        )
        if task.clusters[cluster] >= 0:
            grow(task.clusters[cluster], framed[cluster])
    return framed


def _title(task: Task, cluster: int, axis: int) -> float:
    title = task.titles[cluster]
    along = 0 if task.title_first else 1
    return 0.0 if title is None or axis != along else title[axis]
