"""Boxes that bring no data may stand outside all others, where their lines cross fewer: a store, say."""

from __future__ import annotations

from collections.abc import Sequence

from lorafig.layered.grid import Task

MOST = 60  # boxes: a small figure is laid out twice, a large one is not


def outside(task: Task, ranks: Sequence[int]) -> list[int] | None:
    """The ranks with each box that only weak edges leave before all others, and each that only such edges
    enter behind all; None if there is no such box. One in a frame, or level with another, stays there."""
    if len(ranks) > MOST:
        return None
    edges = list(zip(task.edges, task.weak, strict=True))
    bound = {tail for (tail, _), weak in edges if not weak} | {head for (_, head), weak in edges if not weak}
    tails, heads = {tail for (tail, _), _ in edges}, {head for (_, head), _ in edges}
    free = {
        box
        for box in range(len(ranks))
        if box not in bound
        and task.inside[box] < 0
        and not task.levels[box]
        and task.stands.count(task.stands[box]) == 1
    }
    first, last = free & tails - heads, free & heads - tails
    others = [rank for box, rank in enumerate(ranks) if box not in first | last]
    if not others or not first | last:
        return None
    low, high = min(others), max(others)
    found = [low - 1 if box in first else high + 1 if box in last else rank for box, rank in enumerate(ranks)]
    least = min(found)
    return [rank - least for rank in found]
