"""The order of vertices in each layer: sweeps by barycentre, then exchanges of neighbours.

Clusters stay whole in each layer, and two clusters beside each other stand in the same order in all layers
that they share: frames can then be rectangles (Sander 1996, Forster 2002).
"""

from __future__ import annotations

from bisect import bisect_right, insort
from collections.abc import Callable, Sequence
from random import Random

from lorafig.layered.grid import Grid

WORK = 1_500_000  # vertices and pieces looked at before the best order so far is kept: some 2 s
WORK_EACH = 600  # and for each vertex, where there are many
STARTS = 12
WINDOW = 40  # places that a vertex may move at once
SWEEPS = 24


def order(grid: Grid, parents: Sequence[int]) -> int:
    """Orders `grid.layers` in place; the number of crossings that are left."""
    sorter = _Sorter(grid, parents)
    best: list[list[int]] | None = None
    fewest = -1
    for start in range(STARTS):
        sorter.begin(start)
        count, layers = sorter.improve()
        if best is None or count < fewest:
            best, fewest = layers, count
        if fewest == 0 or sorter.work > sorter.limit:
            break
    assert best is not None
    grid.layers = best
    return sorter.plain(best)


class _Sorter:
    """One grid's neighbours, positions and the standing of its clusters."""

    def __init__(self, grid: Grid, parents: Sequence[int]) -> None:
        self.grid, self.parents = grid, parents
        self.into, self.out = grid.neighbours()
        self.position = [0] * len(grid.kinds)
        self.standing = [float(number) for number in range(len(parents))]
        self.wish = [(0.0, 0)] * len(parents)
        self.layers: list[list[int]] = []
        self.work = 0
        self.limit = max(WORK, WORK_EACH * len(grid.kinds))
        self.paths = [self._path(cluster) for cluster in grid.cluster] if parents else []
        self.turn_of = {turn.lane: turn.box for turn in grid.turns}

    def _path(self, cluster: int) -> tuple[int, ...]:
        path = []
        while cluster >= 0:
            path.append(cluster)
            cluster = self.parents[cluster]
        return tuple(reversed(path))

    # -- beginnings -----------------------------------------------------------------------------------

    def begin(self, start: int) -> None:
        """One of a few first orders: by search from the left or the right, in several orders."""
        grid = self.grid
        self.standing = [float(number) for number in range(len(self.parents))]
        found = self._search(start % 2 == 1, start)
        self.layers = [[] for _ in grid.layers]
        for vertex in found:
            self.layers[grid.layer[vertex]].append(vertex)
        self._number_all()
        self._settle()

    def _search(self, from_right: bool, start: int) -> list[int]:
        """Vertices depth first along pieces and turns, so that what hangs together lies together.

        Ways are taken as the author wrote them, then the other way round, then in mixed order.
        """
        grid = self.grid
        links: list[list[int]] = [[] for _ in grid.kinds]
        for piece in grid.pieces:
            links[piece.left].append(piece.right)
            links[piece.right].append(piece.left)
        for turn in grid.turns:
            links[turn.box].append(turn.lane)
            links[turn.lane].append(turn.box)
        if start in (2, 3):
            links = [some[::-1] for some in links]
        elif start >= 4:
            mix = Random(start)
            for some in links:
                mix.shuffle(some)
        sign = -1 if from_right else 1
        starts = sorted(range(len(grid.kinds)), key=lambda vertex: sign * grid.layer[vertex])
        seen = [False] * len(grid.kinds)
        found: list[int] = []
        for first in starts:
            if seen[first]:
                continue
            seen[first] = True
            found.append(first)
            way = [iter(links[first])]
            while way:
                for vertex in way[-1]:
                    if not seen[vertex]:
                        seen[vertex] = True
                        found.append(vertex)
                        way.append(iter(links[vertex]))
                        break
                else:
                    way.pop()
        return found

    # -- sweeps ---------------------------------------------------------------------------------------

    def improve(self) -> tuple[int, list[list[int]]]:
        """Sweeps to and fro until nothing gets better; the count and the order of the best."""
        self._until_still(self._exchange)
        best, least = [layer[:] for layer in self.layers], self.count()
        idle = 0
        for sweep in range(SWEEPS):
            if least == 0 or idle >= 6 or self.work > self.limit:
                break
            self.wish = [(0.0, 0)] * len(self.parents)
            rightwards = sweep % 2 == 0
            numbers = range(1, len(self.layers)) if rightwards else range(len(self.layers) - 2, -1, -1)
            for number in numbers:
                self._sort(number, rightwards, reverse_ties=sweep % 4 >= 2)
            if self.parents:
                self._stand()
            self._until_still(self._exchange)
            count = self.count()
            if count < least:
                best, least, idle = [layer[:] for layer in self.layers], count, 0
            else:
                idle += 1
        self.layers = best
        self._number_all()
        self._until_still(self._sift)
        return self.count(), best

    def _sort(self, number: int, rightwards: bool, reverse_ties: bool) -> None:
        near = self.into if rightwards else self.out
        position = self.position
        layer = self.layers[number]
        fixed = self.layers[number - 1 if rightwards else number + 1]
        scale = 1.0 / max(1, len(fixed))
        keys: dict[int, float] = {}
        last = -1.0
        for vertex in layer:
            around = near[vertex]
            if around:
                last = sum([position[other] for other in around]) / len(around)
                keys[vertex] = last
        # What has nobody on that side keeps to its cluster, to the box it turns to, or to its neighbour.
        last = -1.0
        for vertex in layer:
            if vertex in keys:
                last = keys[vertex]
            else:
                box = self.turn_of.get(vertex)
                keys[vertex] = keys.get(box, last) if box is not None else last
        self.work += 2 * len(layer)
        ranked = layer[::-1] if reverse_ties else layer[:]
        ranked.sort(key=keys.__getitem__)
        if self.parents:
            ranked = self._whole(ranked, keys, scale)
        self.layers[number] = ranked
        for place, vertex in enumerate(ranked):
            position[vertex] = place

    def _whole(self, ranked: list[int], keys: dict[int, float], scale: float) -> list[int]:
        """The same vertices with clusters whole, nested, and in their standing order."""
        return self._nest(ranked, 0, keys, scale)

    def _nest(self, ranked: list[int], depth: int, keys: dict[int, float], scale: float) -> list[int]:
        groups: dict[int, list[int]] = {}  # a cluster, or -1 - vertex
        for vertex in ranked:
            path = self.paths[vertex]
            groups.setdefault(path[depth] if len(path) > depth else -1 - vertex, []).append(vertex)
        if len(groups) == 1:
            ((name, members),) = groups.items()
            return members if name < 0 else self._nest(members, depth + 1, keys, scale)
        means = {}
        for name, members in groups.items():
            mean = sum([keys[vertex] for vertex in members]) / len(members)
            means[name] = mean
            if name >= 0:
                total, count = self.wish[name]
                self.wish[name] = (total + mean * scale, count + 1)
        names = sorted(groups, key=means.__getitem__)
        slots = [place for place, name in enumerate(names) if name >= 0]
        if len(slots) > 1:
            standing = sorted((names[place] for place in slots), key=lambda name: (self.standing[name], name))
            for place, name in zip(slots, standing, strict=True):
                names[place] = name
        result: list[int] = []
        for name in names:
            members = groups[name]
            result += members if name < 0 else self._nest(members, depth + 1, keys, scale)
        return result

    def _stand(self) -> None:
        """Lets clusters change places where the sweep wished it, in all layers at once."""
        wished = [total / count if count else 0.0 for total, count in self.wish]
        if wished != self.standing:
            # a wish where there was a choice, else where it stood
            self.standing = wished
            self._settle()

    def _settle(self) -> None:
        """Makes the order in all layers one that clusters allow."""
        if not self.parents:
            return
        for number, layer in enumerate(self.layers):
            keys = {vertex: float(place) for place, vertex in enumerate(layer)}
            self.layers[number] = self._nest(layer, 0, keys, 1.0 / max(1, len(layer)))
        self._number_all()

    def _number_all(self) -> None:
        for layer in self.layers:
            for place, vertex in enumerate(layer):
                self.position[vertex] = place

    # -- exchanges ------------------------------------------------------------------------------------

    def _until_still(self, change: Callable[[int], bool]) -> None:
        """Changes layers one by one; again where a neighbouring layer has changed."""
        active = set(range(len(self.layers)))
        while active and self.work <= self.limit:
            changed: set[int] = set()
            for number in sorted(active):
                if change(number):
                    changed |= {number - 1, number, number + 1}
            active = {number for number in changed if 0 <= number < len(self.layers)}

    def _exchange(self, number: int) -> bool:
        """Exchanges neighbours in a layer wherever that leaves fewer crossings."""
        layer, position, cluster = self.layers[number], self.position, self.grid.cluster
        into = [sorted([position[other] for other in self.into[vertex]]) for vertex in layer]
        out = [sorted([position[other] for other in self.out[vertex]]) for vertex in layer]
        changed = False
        self.work += 3 * len(layer)
        for place in range(len(layer) - 1):
            one, two = layer[place], layer[place + 1]
            if cluster[one] != cluster[two]:
                continue
            gain = 0
            for side in (into, out):
                a, b = side[place], side[place + 1]
                if len(a) == 1 and len(b) == 1:
                    gain += (a > b) - (b > a)
                elif a and b:
                    gain += _inversions(a, b) - _inversions(b, a)
            if gain > 0:
                layer[place], layer[place + 1] = two, one
                into[place], into[place + 1] = into[place + 1], into[place]
                out[place], out[place + 1] = out[place + 1], out[place]
                position[one], position[two] = place + 1, place
                changed = True
        return changed

    def _sift(self, number: int) -> bool:
        """Tries each vertex at all places near its own; the crossings are those with what it passes."""
        layer, position, cluster = self.layers[number], self.position, self.grid.cluster
        into = {vertex: sorted([position[other] for other in self.into[vertex]]) for vertex in layer}
        out = {vertex: sorted([position[other] for other in self.out[vertex]]) for vertex in layer}
        changed = False
        for vertex in layer[:]:
            at = layer.index(vertex)
            before, after, own = into[vertex], out[vertex], cluster[vertex]
            least, best = 0, at
            for step in (-1, 1):
                cost = 0
                place = at + step
                end = max(-1, at - WINDOW) if step < 0 else min(len(layer), at + WINDOW)
                while place != end:
                    other = layer[place]
                    if cluster[other] != own:
                        break
                    ends = into[other]
                    if before and ends:
                        cost += step * (_inversions(ends, before) - _inversions(before, ends))
                    ends = out[other]
                    if after and ends:
                        cost += step * (_inversions(ends, after) - _inversions(after, ends))
                    if cost < least:
                        least, best = cost, place
                    place += step
                self.work += abs(place - at)
            if best != at:
                layer.insert(best, layer.pop(at))
                changed = True
        if changed:
            for place, vertex in enumerate(layer):
                position[vertex] = place
        return changed

    # -- counting -------------------------------------------------------------------------------------

    def count(self) -> int:
        """What the order is judged by: crossings, and pieces that edges leading back must cross to turn."""
        total = 0
        for layer in self.layers[:-1]:
            total += self._between(layer)
            self.work += len(layer)
        for turn in self.grid.turns:
            side = self.out if turn.after else self.into
            low, high = sorted((self.position[turn.box], self.position[turn.lane]))
            layer = self.layers[self.grid.layer[turn.box]]
            total += sum([len(side[vertex]) for vertex in layer[low + 1 : high]])
        return total

    def _between(self, layer: list[int]) -> int:
        position = self.position
        seen: list[int] = []
        total = 0
        for vertex in layer:
            ends = sorted([position[other] for other in self.out[vertex]])
            for end in ends:
                total += len(seen) - bisect_right(seen, end)
            for end in ends:
                insort(seen, end)
            self.work += len(ends)
        return total

    def plain(self, layers: list[list[int]]) -> int:
        """Crossings of pieces alone."""
        self.layers = layers
        self._number_all()
        return sum(self._between(layer) for layer in layers[:-1])


def _inversions(one: list[int], two: list[int]) -> int:
    """Pairs with the first's end after the second's; both ascend."""
    total = 0
    for end in one:
        for other in two:
            if other >= end:
                break
            total += 1
    return total
