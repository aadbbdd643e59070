"""Crossings of pieces between two layers, counted from the positions of their ends."""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections.abc import Sequence


def crossings(layer: Sequence[int], out: Sequence[Sequence[int]], position: Sequence[int]) -> int:
    """Pairs of pieces that cross, of those from a layer's vertices `out` to the next layer."""
    seen: list[int] = []
    total = 0
    for vertex in layer:
        ends = sorted([position[other] for other in out[vertex]])
        for end in ends:
            total += len(seen) - bisect_right(seen, end)
        for end in ends:
            insort(seen, end)
    return total


def surplus(ends: list[int], others: list[int]) -> int:
    """How many more pairs have the first's end after the second's than before it; both ascend."""
    total = -len(ends) * len(others)
    for end in ends:
        total += bisect_left(others, end) + bisect_right(others, end)
    return total
