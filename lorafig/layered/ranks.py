"""Ranks that make the sum of all edges' lengths least: the network simplex of Gansner et al. (1993).

It starts from a tight tree that a heap grows in O(m log n), so that few exchanges are left; these are
capped by counted work, so that very large graphs end in near linear time with ranks that are valid and short.
"""

from __future__ import annotations

import heapq
from collections.abc import Sequence

WORK = 3_000_000  # nodes and edges looked at in exchanges before ranks are taken as good enough


def rank(count: int, edges: Sequence[tuple[int, int]], backwards: bool = False) -> list[int]:
    """A rank from 0 for each of `count` connected nodes; every edge (tail, head) goes up by 1 or more. With
    `backwards`, data flows from the heads of edges to their tails."""
    if count == 1 or not edges:
        return [0] * count
    weights: dict[tuple[int, int], int] = {}
    for edge in edges:
        weights[edge] = weights.get(edge, 0) + 1
    simplex = Simplex(count, list(weights), list(weights.values()))
    simplex.run()
    ranks = simplex.ranks
    lowest = min(ranks)
    ranks = [value - lowest for value in ranks]
    _balance(count, ranks, edges, backwards)
    return ranks


def longest_path(count: int, edges: Sequence[tuple[int, int]]) -> list[int]:
    """The least ranks: as far from the start as the longest way there."""
    out: list[list[int]] = [[] for _ in range(count)]
    waiting = [0] * count
    for tail, head in edges:
        out[tail].append(head)
        waiting[head] += 1
    ranks = [0] * count
    ready = [node for node in range(count) if waiting[node] == 0]
    for node in ready:
        for head in out[node]:
            ranks[head] = max(ranks[head], ranks[node] + 1)
            waiting[head] -= 1
            if waiting[head] == 0:
                ready.append(head)
    return ranks


def _balance(count: int, ranks: list[int], edges: Sequence[tuple[int, int]], backwards: bool) -> None:
    """Nodes with as many edges in as out move to the middle of their room, where the total is the same; of
    two ranks in the middle to the one nearer to where their data comes from. Those that are fed by the same
    nodes move to the middle of the room that all of them have, so that they stand level."""
    into: list[list[int]] = [[] for _ in range(count)]
    out: list[list[int]] = [[] for _ in range(count)]
    for tail, head in edges:
        out[tail].append(head)
        into[head].append(tail)
    fed: dict[tuple[int, ...], list[tuple[int, int, int]]] = {}
    for node in range(count):
        if into[node] and len(into[node]) == len(out[node]):
            low = max(ranks[tail] for tail in into[node]) + 1
            high = min(ranks[head] for head in out[node]) - 1
            if low < high:
                source = tuple(sorted(out[node] if backwards else into[node]))
                fed.setdefault(source, []).append((node, low, high))
    for rooms in fed.values():
        low, high = max(low for _, low, _ in rooms), min(high for _, _, high in rooms)
        for node, *room in rooms:
            first, last = (low, high) if low <= high else room
            ranks[node] = (first + last + backwards) // 2


class Simplex:
    """Nodes, edges with weights, ranks, and a spanning tree of edges of length 1."""

    def __init__(self, count: int, edges: list[tuple[int, int]], weights: list[int]) -> None:
        self.count, self.edges, self.weights = count, edges, weights
        self.touching: list[list[int]] = [[] for _ in range(count)]
        for number, (tail, head) in enumerate(edges):
            self.touching[tail].append(number)
            self.touching[head].append(number)
        self.ranks = longest_path(count, edges)
        self.in_tree = [False] * len(edges)
        self.tree: list[list[int]] = [[] for _ in range(count)]  # tree edges at a node
        self.cut = [0] * len(edges)
        self.parent = [-1] * count  # the tree edge towards the root
        self.low = [0] * count
        self.number = [0] * count  # postorder
        self.work = 0

    def run(self) -> None:
        self._tight_tree()
        self._walk(0, -1, 0)
        self._cut_values()
        start = 0
        total = len(self.edges)
        while self.work < WORK:
            leaving = -1
            best = 0
            seen = 0
            # Gansner et al.: search on from where the last search ended, take the worst of some
            for step in range(total):
                edge = (start + step) % total
                if self.in_tree[edge] and self.cut[edge] < 0:
                    seen += 1
                    if self.cut[edge] < best:
                        best, leaving = self.cut[edge], edge
                    if seen >= 30:
                        break
            self.work += step + 1
            if leaving < 0:
                return
            start = (start + step + 1) % total
            self._exchange(leaving)

    def _length(self, edge: int) -> int:
        tail, head = self.edges[edge]
        return self.ranks[head] - self.ranks[tail]

    def _tight_tree(self) -> None:
        """Grows the tree by its tightest edge, moving the whole tree by that edge's slack.

        A move changes the slack of all edges out of the tree by the same amount, and of all edges into it
        by the opposite, so that two heaps with one shift need no update.
        """
        ranks, edges = self.ranks, self.edges
        inside = [False] * self.count
        shift = 0
        out: list[tuple[int, int]] = []
        into: list[tuple[int, int]] = []

        def enter(node: int) -> None:
            inside[node] = True
            ranks[node] -= shift
            for edge in self.touching[node]:
                tail, head = edges[edge]
                if tail == node and not inside[head]:
                    heapq.heappush(out, (ranks[head] - ranks[node] - 1, edge))
                elif head == node and not inside[tail]:
                    heapq.heappush(into, (ranks[node] - ranks[tail] - 1, edge))

        enter(0)
        for _ in range(self.count - 1):
            while out and inside[edges[out[0][1]][1]]:
                heapq.heappop(out)
            while into and inside[edges[into[0][1]][0]]:
                heapq.heappop(into)
            if out and (not into or out[0][0] - shift <= into[0][0] + shift):
                key, edge = heapq.heappop(out)
                shift = key
                node = edges[edge][1]
            else:
                key, edge = heapq.heappop(into)
                shift = -key
                node = edges[edge][0]
            self.in_tree[edge] = True
            for end in edges[edge]:
                self.tree[end].append(edge)
            enter(node)
        self.ranks = [value + shift for value in ranks]

    def _walk(self, root: int, parent: int, low: int) -> int:
        """Numbers the subtree under `root` in postorder from `low` on; the next free number."""
        edges, tree, numbers = self.edges, self.tree, self.number
        self.parent[root] = parent
        self.low[root] = low
        way = [(root, iter(tree[root]))]
        while way:
            node, rest = way[-1]
            for edge in rest:
                if edge != self.parent[node]:
                    tail, head = edges[edge]
                    child = head if tail == node else tail
                    self.parent[child] = edge
                    self.low[child] = low
                    way.append((child, iter(tree[child])))
                    break
            else:
                numbers[node] = low
                low += 1
                self.work += 1
                way.pop()
        return low

    def _cut_values(self) -> None:
        """Cut values from the leaves up, each from those of its child's other tree edges."""
        for node in sorted(range(self.count), key=self.number.__getitem__):
            if self.parent[node] >= 0:
                self.cut[self.parent[node]] = self._cut_value(node)

    def _cut_value(self, node: int) -> int:
        """The cut value of the tree edge above `node`, once those below are known."""
        above = self.parent[node]
        down = self.edges[above][1] == node  # the edge goes down, into the subtree
        value = 0
        for edge in self.touching[node]:
            weight = self.weights[edge]
            into = self.edges[edge][1] == node
            sign = 1 if into == down else -1
            if edge == above:
                value += weight
            elif self.in_tree[edge]:
                value += sign * (weight - self.cut[edge])
            else:
                value += sign * weight
        self.work += len(self.touching[node])
        return value

    def _exchange(self, leaving: int) -> None:
        tail, head = self.edges[leaving]
        child = head if self.parent[head] == leaving else tail
        low, high = self.low[child], self.number[child]
        below = self._below(child)
        child_is_tail = child == tail
        # The entering edge crosses the cut the other way, with the least slack.
        entering, slack = -1, 0
        numbers = self.number
        for node in below:
            for edge in self.touching[node]:
                a, b = self.edges[edge]
                outside, right_way = (a, b == node) if child_is_tail else (b, a == node)
                if right_way and not low <= numbers[outside] <= high:
                    length = self._length(edge) - 1
                    if entering < 0 or length < slack or (length == slack and edge < entering):
                        entering, slack = edge, length
            self.work += len(self.touching[node])
        if slack:
            move = -slack if child_is_tail else slack
            for node in below:
                self.ranks[node] += move
        a, b = self.edges[entering]
        inner, outer = (a, b) if low <= numbers[a] <= high else (b, a)
        self._swap(leaving, entering, inner, outer, child)

    def _below(self, root: int) -> list[int]:
        nodes = [root]
        for node in nodes:
            for edge in self.tree[node]:
                if edge != self.parent[node]:
                    tail, head = self.edges[edge]
                    nodes.append(head if tail == node else tail)
        self.work += len(nodes)
        return nodes

    def _swap(self, leaving: int, entering: int, inner: int, outer: int, child: int) -> None:
        """Takes one edge out of the tree and another in; cut values change on the cycle these close."""
        changed: list[int] = []
        node = inner
        while node != child:
            changed.append(node)
            edge = self.parent[node]
            tail, head = self.edges[edge]
            node = head if tail == node else tail
        path_inner = [*changed, child]
        # up from both ends of the leaving edge and of the entering one to the nearest common ancestor
        tail, head = self.edges[leaving]
        upper = head if child == tail else tail
        ancestors = set()
        node = upper
        while True:
            ancestors.add(node)
            if self.parent[node] < 0:
                break
            node = self._up(node)
        common = outer
        path_outer = []
        while common not in ancestors:
            path_outer.append(common)
            common = self._up(common)
        path_upper = []
        node = upper
        while node != common:
            path_upper.append(node)
            node = self._up(node)
        self.work += len(ancestors) + len(path_outer)
        self.in_tree[leaving], self.in_tree[entering] = False, True
        for end in self.edges[leaving]:
            self.tree[end].remove(leaving)
        for end in self.edges[entering]:
            self.tree[end].append(entering)
        self.cut[leaving] = 0
        self._walk(common, self.parent[common], self.low[common])
        # the way from the old place of the subtree to the common ancestor, then inside out
        for node in path_upper:
            self.cut[self.parent[node]] = self._cut_value(node)
        for node in reversed(path_inner):
            self.cut[self.parent[node]] = self._cut_value(node)
        for node in path_outer:
            self.cut[self.parent[node]] = self._cut_value(node)

    def _up(self, node: int) -> int:
        tail, head = self.edges[self.parent[node]]
        return head if tail == node else tail
