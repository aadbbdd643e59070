"""Frames that hold the ways of the edges between what is in them: those that lead back turn beyond it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from lorafig.layered.frames import Frame
from lorafig.layered.grid import Grid

Place = tuple[float, float]


def hold(
    grid: Grid, framed: Sequence[Frame], routes: Sequence[Sequence[Place]], centres: Sequence[Place]
) -> list[Frame]:
    """The frames, larger where the way of an edge inside leaves them, as far as nothing is in the way."""
    task, frames = grid.task, list(framed)
    ways: dict[int, list[Frame]] = {}
    for (tail, head), points in zip(task.edges, routes, strict=True):
        for cluster in _around(grid, tail, head):
            a, b, c, d = framed[cluster]
            if any(not (a <= u <= c and b <= v <= d) for u, v in points):
                ways.setdefault(cluster, []).append(_box(points, grid.gaps.edge / 2))
    if not ways:
        return frames
    boxes = [
        (u - du / 2, v - dv / 2, u + du / 2, v + dv / 2)
        for (u, v), (du, dv) in zip(centres, task.sizes, strict=True)
    ]
    for cluster in reversed(range(len(frames))):  # inner ones come after those around them
        inner = [child for child, parent in enumerate(task.clusters) if parent == cluster]
        pad = grid.gaps.edge / 2
        needed = [frames[cluster], *ways.get(cluster, ())]
        needed += [_box([frames[child][:2], frames[child][2:]], pad) for child in inner]
        grown = _box([(box[side], box[side + 1]) for box in needed for side in (0, 2)], 0.0)
        if grown == frames[cluster]:
            continue
        held = set(_held(grid, cluster))
        others = [box for number, box in enumerate(boxes) if number not in held]
        others += [
            frames[other]
            for other in range(len(frames))
            if other not in _lineage(grid, cluster) and cluster not in _lineage(grid, other)
        ]
        if any(_meets(grown, box) for box in others):
            for child in inner:
                if not _within(frames[child], frames[cluster]):
                    frames[child] = framed[child]
        else:
            frames[cluster] = grown
    return frames


def _lineage(grid: Grid, cluster: int) -> Iterator[int]:
    """A cluster and those around it."""
    while cluster >= 0:
        yield cluster
        cluster = grid.task.clusters[cluster]


def _around(grid: Grid, tail: int, head: int) -> Iterator[int]:
    """The clusters that hold both ends of an edge."""
    others = set(_lineage(grid, grid.task.inside[head]))
    return (cluster for cluster in _lineage(grid, grid.task.inside[tail]) if cluster in others)


def _held(grid: Grid, cluster: int) -> Iterator[int]:
    return (box for box, inside in enumerate(grid.task.inside) if cluster in _lineage(grid, inside))


def _box(points: Sequence[Place], pad: float) -> Frame:
    us, vs = zip(*points, strict=True)
    return min(us) - pad, min(vs) - pad, max(us) + pad, max(vs) + pad


def _meets(one: Frame, other: Frame) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _within(inner: Frame, outer: Frame) -> bool:
    return all((outer[0] <= inner[0], outer[1] <= inner[1], inner[2] <= outer[2], inner[3] <= outer[3]))
