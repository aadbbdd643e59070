"""Two boxes with an edge each way: both run side by side, and neither goes round."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec.structs import replace

from lorafig.layered.grid import Task

BACK = " back"  # of the kind of an edge that was turned round: it shares no way with its twin


def turn_back(task: Task, back: Sequence[bool]) -> tuple[Task, list[bool], set[int]]:
    """The task with each `paired` edge that leads back turned round where another leads there, its twin;
    which edges lead back then, and which were turned. A pair has at most one such edge."""
    ahead = {ends for ends, leads_back in zip(task.edges, back, strict=True) if not leads_back}
    swapped: dict[tuple[int, int], int] = {}
    for number, (tail, head) in enumerate(task.edges):
        if task.paired[number] and back[number] and tail != head and (head, tail) in ahead:
            swapped.setdefault((head, tail), number)
    if not swapped:
        return task, list(back), set()
    turned = set(swapped.values())
    edges = [ends[::-1] if number in turned else ends for number, ends in enumerate(task.edges)]
    shared = [kind + BACK if number in turned else kind for number, kind in enumerate(task.shared)]
    left = [leads_back and number not in turned for number, leads_back in enumerate(back)]
    return replace(task, edges=edges, shared=shared), left, turned


def apart(task: Task) -> Mapping[tuple[int, int], tuple[int, int]]:
    """The pairs of edges that run between the same two boxes, one each way, by these boxes."""
    numbered = list(enumerate(zip(task.edges, task.shared, strict=True)))
    turned = {ends: number for number, (ends, kind) in numbered if kind.endswith(BACK)}
    pairs: dict[tuple[int, int], tuple[int, int]] = {}
    for number, (ends, kind) in numbered:
        if ends in turned and not kind.endswith(BACK):
            pairs.setdefault(ends, (number, turned[ends]))
    return pairs
