"""Which edges lead back: a depth-first search in the order the author wrote things."""

from __future__ import annotations

from collections.abc import Sequence

MOST_WEAK = 500  # edges that are looked at one by one


def feedback(
    count: int,
    edges: Sequence[tuple[int, int]],
    weak: Sequence[bool] = (),
    before: Sequence[tuple[int, int]] = (),
) -> list[bool]:
    """For each edge (tail, head) between `count` nodes, whether it closes a cycle; self loops do.

    Without these edges the graph has no cycle: they are the edges to an ancestor in the search. The search
    starts at nodes that nothing leads to, so a loop is cut where a reader would say that it returns. A `weak`
    edge leads back wherever it closes a cycle of the others, and of pairs that lie `before` each other.
    """
    if not before and (not any(weak) or sum(weak) > MOST_WEAK):
        return _feedback(count, edges)
    strong = [number for number in range(len(edges)) if not weak[number]]
    found = _feedback(count, [*before, *(edges[number] for number in strong)])
    back = [False] * len(edges)
    out: list[list[int]] = [[] for _ in range(count)]
    for (tail, head), leads_back in zip(before, found, strict=False):
        if not leads_back:
            out[tail].append(head)
    for number, leads_back in zip(strong, found[len(before) :], strict=True):
        back[number] = leads_back
        if not leads_back:
            out[edges[number][0]].append(edges[number][1])
    for number in range(len(edges)):
        if weak[number]:
            tail, head = edges[number]
            back[number] = _reaches(out, head, tail)
            if not back[number]:
                out[tail].append(head)
    return back


def _reaches(out: Sequence[Sequence[int]], start: int, end: int) -> bool:
    seen, pending = {start}, [start]
    while pending:
        node = pending.pop()
        if node == end:
            return True
        pending += [head for head in out[node] if head not in seen]
        seen.update(out[node])
    return False


def _feedback(count: int, edges: Sequence[tuple[int, int]]) -> list[bool]:
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
