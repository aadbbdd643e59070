"""Which long edges go round something: there is another way from their tail to their head."""

from __future__ import annotations

from collections.abc import Sequence

REACH = 64  # nodes looked at for another way; an edge with more than these below it counts as going round


def find_bypasses(
    edges: Sequence[tuple[int, int]], ranks: Sequence[int], back: Sequence[bool]
) -> dict[int, int]:
    """The length in ranks of each edge that goes round. A path beside another is none: x to W in LoRA."""
    out: list[list[int]] = [[] for _ in ranks]
    for number, (tail, head) in enumerate(edges):
        if not back[number]:
            out[tail].append(head)
    bypasses = {}
    for number, (tail, head) in enumerate(edges):
        span = ranks[head] - ranks[tail]
        if not back[number] and span > 1 and _another_way(out, ranks, tail, head):
            bypasses[number] = span
    return bypasses


def _another_way(out: Sequence[Sequence[int]], ranks: Sequence[int], tail: int, head: int) -> bool:
    reached = [node for node in out[tail] if ranks[node] < ranks[head]]
    seen = set(reached)
    for node in reached:
        if len(seen) > REACH:
            return True
        for other in out[node]:
            if other == head:
                return True
            if ranks[other] < ranks[head] and other not in seen:
                seen.add(other)
                reached.append(other)
    return False
