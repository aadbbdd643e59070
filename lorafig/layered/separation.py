"""Positions nearest to the wished ones that keep all distances: Dwyer, Marriott and Stuckey (2005).

Minimises the sum of weight · (position - wish)² under position[right] >= position[left] + gap. Variables are
taken in the order of the constraints; one that is too near is glued to its neighbour, and glued blocks stand
at the weighted mean of what their variables wish (their algorithm satisfy_VPSC).
"""

from __future__ import annotations

import heapq
from collections.abc import Sequence

TOLERANCE = 1e-9


class Separation:
    """Constraints (left, right, gap) between `count` variables, without a cycle; solved for many wishes."""

    def __init__(self, count: int, constraints: dict[tuple[int, int], float]) -> None:
        self.into: list[list[tuple[int, float]]] = [[] for _ in range(count)]
        self.out: list[list[tuple[int, float]]] = [[] for _ in range(count)]
        waiting = [0] * count
        for (left, right), gap in constraints.items():
            self.into[right].append((left, gap))
            self.out[left].append((right, gap))
            waiting[right] += 1
        self.order = [variable for variable in range(count) if waiting[variable] == 0]
        for variable in self.order:
            for right, _ in self.out[variable]:
                waiting[right] -= 1
                if waiting[right] == 0:
                    self.order.append(right)
        assert len(self.order) == count, "constraints form a cycle"

    def project(self, wishes: Sequence[float], weights: Sequence[float]) -> list[float]:
        """The nearest positions that keep all gaps."""
        count = len(wishes)
        place = list(wishes)  # of the block that a variable leads
        offset = [0.0] * count
        leader = list(range(count))
        members: list[list[int]] = [[variable] for variable in range(count)]
        heaps: list[list[tuple[float, int, int, float]] | None] = [None] * count
        weight = list(weights)
        total = [w * wish for w, wish in zip(weights, wishes, strict=True)]
        into = self.into

        def heap_of(block: int) -> list[tuple[float, int, int, float]]:
            """Constraints into a block by how far right each wants it, the most urgent first."""
            heap = heaps[block]
            if heap is None:
                heap = []
                for right in members[block]:
                    for left, gap in into[right]:
                        bound = place[leader[left]] + offset[left] + gap - offset[right]
                        heap.append((-bound, left, right, gap))
                heapq.heapify(heap)
                heaps[block] = heap
            return heap

        for variable in self.order:
            block = variable
            own = wishes[variable]
            worst = own + TOLERANCE
            for left, gap in into[variable]:
                bound = place[leader[left]] + offset[left] + gap
                if bound > worst:
                    worst = bound
            if worst == own + TOLERANCE:
                continue
            while True:
                heap = heap_of(block)
                while heap:
                    key, left, right, gap = heap[0]
                    other = leader[left]
                    if other == block:
                        heapq.heappop(heap)
                        continue
                    bound = place[other] + offset[left] + gap - offset[right]
                    if bound < -key - 1e-12:
                        heapq.heapreplace(heap, (-bound, left, right, gap))
                        continue
                    break
                if not heap or -heap[0][0] <= place[block] + TOLERANCE:
                    break
                key, left, right, gap = heapq.heappop(heap)
                other = leader[left]
                # in the frame of `block`, the other's leader stands here
                shift = offset[right] - gap - offset[left]
                other_heap = heap_of(other)
                if len(members[other]) <= len(members[block]):
                    kept, gone, moved = block, other, shift
                    small = other_heap
                    large = heap
                else:
                    kept, gone, moved = other, block, -shift
                    small = heap
                    large = other_heap
                for member in members[gone]:
                    offset[member] += moved
                    leader[member] = kept
                members[kept] += members[gone]
                total[kept] += total[gone] - moved * weight[gone]
                weight[kept] += weight[gone]
                place[kept] = total[kept] / weight[kept]
                for key, left, right, gap in small:
                    if leader[left] != kept:
                        heapq.heappush(large, (key + moved, left, right, gap))
                heaps[kept] = large
                members[gone] = []
                heaps[gone] = None
                block = kept
        return [place[leader[variable]] + offset[variable] for variable in range(count)]
