"""Which edges lead back: a depth-first search in the order the author wrote things."""

from __future__ import annotations

from collections.abc import Sequence


def feedback(count: int, edges: Sequence[tuple[int, int]]) -> list[bool]:
    """For each edge (tail, head) between `count` nodes, whether it closes a cycle; self loops do.

    Without these edges the graph has no cycle: they are the edges to an ancestor in the search. The search
    starts at nodes that nothing leads to, so a loop is cut where a reader would say that it returns.
    """
    out: list[list[int]] = [[] for _ in range(count)]
    entered = [False] * count
    for number, (tail, head) in enumerate(edges):
        out[tail].append(number)
        if tail != head:
            entered[head] = True
    back = [False] * len(edges)
    state = [0] * count  # 0 not seen, 1 on the way down, 2 done
    starts = [node for node in range(count) if not entered[node]] + list(range(count))
    for start in starts:
        if state[start]:
            continue
        state[start] = 1
        way = [(start, iter(out[start]))]
        while way:
            node, rest = way[-1]
            for number in rest:
                head = edges[number][1]
                if state[head] == 1:
                    back[number] = True
                elif state[head] == 0:
                    state[head] = 1
                    way.append((head, iter(out[head])))
                    break
            else:
                state[node] = 2
                way.pop()
    return back
