"""Tracks for the segments that run along v between two layers: no two lines on top of each other.

A segment with an end on the left at some v must lie before any with an end on the right at the same v, or
their lines would overlap; a ring of such demands is broken by giving a segment a step. Among the rest each
pair takes the order with fewer crossings (the hyperedge routing of Sander 2004 as in ELK).
"""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from itertools import combinations, pairwise

from msgspec import Struct

SAME = 1e-6  # mm: ends nearer than this count as one line
PAIRWISE = 120  # segments up to which all pairs are compared


class Segment(Struct):
    """Ends along v on the side of the left layer and on that of the right one; then its track, from 0."""

    net: tuple[str, int]
    left: list[float]
    right: list[float]
    track: int = 0
    next: Segment | None = None  # the second half, where the segment has a step

    @property
    def low(self) -> float:
        return min(self.left + self.right)

    @property
    def high(self) -> float:
        return max(self.left + self.right)


def assign(segments: Sequence[Segment], gap: float) -> int:
    """Gives every segment a track; how many tracks there are. Segments may be broken in two."""
    bent = [segment for segment in segments if segment.high - segment.low > SAME]
    if not bent:
        return 0
    parts, before = _demands(bent)
    ranked = _rank(parts, before, gap)
    # The highest track so far between each two neighbouring ends, those of the room that each line keeps too.
    cuts = sorted({end for part in parts for at in (part.low, part.high) for end in (at - gap, at, at + gap)})
    place = {end: number for number, end in enumerate(cuts)}
    highest = [-1] * len(cuts)
    for number in ranked:
        part = parts[number]
        low, high = place[part.low], place[part.high]
        taken = max(highest[low:high])
        track = max([taken, *(parts[other].track for other in before[number])]) + 1
        highest[low:high] = [track] * (high - low)
        for beside in (*range(place[part.low - gap], low), *range(high, place[part.high + gap])):
            highest[beside] = max(highest[beside], track)
        part.track = track
    return max(part.track for part in parts) + 1


def _demands(bent: Sequence[Segment]) -> tuple[list[Segment], list[set[int]]]:
    """All segments, and which must lie before each; rings are broken by steps, one segment at a time."""
    parts = list(bent)
    halves: list[tuple[int, int]] = []
    ends = sorted({end for part in parts for end in part.left + part.right})
    while True:
        before: list[set[int]] = [set() for _ in parts]
        lefts = sorted((end, number) for number, part in enumerate(parts) for end in part.left)
        rights = sorted((end, number) for number, part in enumerate(parts) for end in part.right)
        start = 0
        for end, number in lefts:
            while start < len(rights) and rights[start][0] < end - SAME:
                start += 1
            place = start
            while place < len(rights) and rights[place][0] <= end + SAME:
                other = rights[place][1]
                if other != number and parts[other].next is not parts[number]:
                    before[other].add(number)
                place += 1
        for number, second in halves:
            before[second].add(number)
        ring = _ring(before)
        if ring is None:
            return parts, before
        first = parts[ring]
        middle = _free(ends, first.low, first.high)
        ends = sorted([*ends, middle])
        first.next = Segment(first.net, [middle], first.right)
        first.right = [middle]
        halves.append((ring, len(parts)))
        parts.append(first.next)


def _ring(before: Sequence[set[int]]) -> int | None:
    """A segment on a ring of demands, the first there is."""
    waiting = [len(some) for some in before]
    after: list[list[int]] = [[] for _ in before]
    for number, some in enumerate(before):
        for other in some:
            after[other].append(number)
    ready = [number for number, count in enumerate(waiting) if count == 0]
    for number in ready:
        for other in after[number]:
            waiting[other] -= 1
            if waiting[other] == 0:
                ready.append(other)
    left = {number for number, count in enumerate(waiting) if count > 0}
    if not left:
        return None
    # Walk against the demands: whatever comes twice is on a ring.
    number = min(left)
    seen = set()
    while number not in seen:
        seen.add(number)
        number = min(before[number] & left)
    return number


def _free(ends: Sequence[float], low: float, high: float) -> float:
    """The middle of the widest room between two ends from `low` to `high`."""
    inside = [end for end in ends if low <= end <= high]
    _, at = max((upper - lower, (lower + upper) / 2) for lower, upper in pairwise(inside))
    return at


def _rank(parts: Sequence[Segment], before: Sequence[set[int]], gap: float) -> list[int]:
    """An order of segments that keeps all demands and crosses little."""
    wanted = _pairs(parts, gap) if len(parts) <= PAIRWISE else [dict[int, int]() for _ in parts]
    waiting = [len(some) for some in before]
    after: list[list[int]] = [[] for _ in parts]
    for number, some in enumerate(before):
        for other in some:
            after[other].append(number)
    against: list[list[int]] = [[] for _ in parts]
    for number, costs in enumerate(wanted):
        for other in costs:
            against[other].append(number)
    # What it costs to come next: crossings with all that would then come later.
    cost = [sum(costs.values()) for costs in wanted]

    def slope(number: int) -> float:
        # Segments that lead on to larger v nest from the largest down, the others from the smallest up.
        part = parts[number]
        left = sum(part.left) / len(part.left) if part.left else part.low
        right = sum(part.right) / len(part.right) if part.right else part.high
        return -left if right > left else left

    slopes = [slope(number) for number in range(len(parts))]
    ready = [(cost[number], slopes[number], number) for number in range(len(parts)) if waiting[number] == 0]
    heapq.heapify(ready)
    done = [False] * len(parts)
    ranked: list[int] = []
    while ready:
        _, _, number = heapq.heappop(ready)
        if done[number]:
            continue
        done[number] = True
        ranked.append(number)
        touched = []
        for other in against[number]:
            if not done[other]:
                cost[other] -= wanted[other][number]
                touched.append(other)
        for other in after[number]:
            waiting[other] -= 1
            if waiting[other] == 0:
                touched.append(other)
        for other in touched:
            if waiting[other] == 0:
                heapq.heappush(ready, (cost[other], slopes[other], other))
    return ranked


def _pairs(parts: Sequence[Segment], gap: float) -> list[dict[int, int]]:
    """For each segment the others before which it would better not come, by how many crossings it costs."""
    result: list[dict[int, int]] = [{} for _ in parts]
    spans = [(part.low, part.high) for part in parts]
    for a, b in combinations(range(len(parts)), 2):
        if spans[a][0] > spans[b][1] + gap or spans[b][0] > spans[a][1] + gap:
            continue
        forth = _cost(parts[a].right, spans[a], parts[b].left, spans[b], gap)
        back = _cost(parts[b].right, spans[b], parts[a].left, spans[a], gap)
        if forth > back:
            result[a][b] = forth - back
        elif back > forth:
            result[b][a] = back - forth
    return result


def _cost(
    right: list[float], span: tuple[float, float], left: list[float], other: tuple[float, float], gap: float
) -> int:
    """Crossings if a segment with this right side lies before an `other` with this left side, tenfold, and
    lines that then run along each other too near."""
    crossed = sum([other[0] < end < other[1] for end in right])
    crossed += sum([span[0] < end < span[1] for end in left])
    return 10 * crossed + 5 * sum([abs(end - start) < gap for end in right for start in left])
