"""The order of vertices in each layer: sweeps by barycentre, then exchanges of neighbours.

Clusters stay whole in each layer, and two clusters beside each other stand in the same order in all layers
that they share: frames can then be rectangles (Sander 1996, Forster 2002).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from itertools import accumulate

from lorafig.layered.astride import MOST, WEIGHT, Astride
from lorafig.layered.crossings import crossings, surplus
from lorafig.layered.grid import Grid, Kind
from lorafig.layered.search import search

WORK = 3_000_000  # vertices and pieces looked at before the best order so far is kept: some 1 s
STARTS = 12
ENOUGH = 5  # the last start that is tried for an order nearer to the author's
WINDOW = 40  # places that a vertex may move at once
SWEEPS = 24


def order(grid: Grid) -> int:
    """Orders `grid.layers` in place; the number of crossings that are left."""
    sorter = Sorter(grid)
    best: list[list[int]] | None = None
    least = (-1, -1)
    listed = any(grid.task.ordered)  # what stands beside copies is as its author lists it
    for start in range(STARTS):
        sorter.begin(start)
        count, layers = sorter.improve()
        if best is None or count <= least[0]:
            rank = count, turned(grid, layers) if listed else 0
            if best is None or rank < least:
                best, least = layers, rank
        if (least[0] == 0 and (least[1] == 0 or start >= ENOUGH)) or sorter.work > WORK:
            break
    assert best is not None
    grid.layers = best
    return sorter.plain(best)


def clear(grid: Grid) -> None:
    """Turns all layers round where more ways pass behind `open` boxes than before them."""
    if any(grid.task.ordered):
        return
    before = behind = 0
    for layer in grid.layers:
        passing = [grid.kinds[vertex] in (Kind.LANE, Kind.LABEL) for vertex in layer]
        for place, vertex in enumerate(layer):
            if grid.kinds[vertex] is Kind.BOX and grid.task.open[vertex]:
                before, behind = before + sum(passing[:place]), behind + sum(passing[place:])
    if behind > before:
        grid.layers = [layer[::-1] for layer in grid.layers]


def turned(grid: Grid, layers: list[list[int]]) -> int:
    """How many pairs in a layer do not stand as the author lists them: boxes, and the ways to boxes."""
    count = 0
    for layer in layers:
        seen: list[int] = []
        for vertex in layer:
            kind, owner = grid.kinds[vertex], grid.owner[vertex]
            if kind in (Kind.LANE, Kind.LABEL):
                owner = grid.task.edges[owner][1]
            elif kind is not Kind.BOX:
                continue
            place = bisect_right(seen, owner)
            count += len(seen) - place
            seen.insert(place, owner)
    return count


class Sorter:
    """One grid's neighbours, positions and the standing of its clusters."""

    def __init__(self, grid: Grid) -> None:
        self.grid, self.parents = grid, grid.task.clusters
        parents = self.parents
        self.into, self.out = grid.neighbours()
        self.position = [0] * len(grid.kinds)
        self.standing = [float(number) for number in range(len(parents))]
        self.wish = [(0.0, 0)] * len(parents)
        self.layers: list[list[int]] = []
        self.work = 0
        self.degrees = [
            sum([len(self.into[vertex]) + len(self.out[vertex]) for vertex in layer]) for layer in grid.layers
        ]
        self.paths = [grid.path(cluster) for cluster in grid.cluster] if parents else []
        self.turn_of = {turn.lane: turn.box for turn in grid.turns}
        self.astride = Astride(grid) if parents else None

    # -- beginnings -----------------------------------------------------------------------------------

    def begin(self, start: int) -> None:
        """One of a few first orders: by search from the left or the right, in several orders."""
        grid = self.grid
        self.work += 2 * len(grid.kinds) + 4 * len(grid.pieces)
        self.standing = [float(number) for number in range(len(self.parents))]
        self.layers = [[] for _ in grid.layers]
        for vertex in search(grid, start):
            self.layers[grid.layer[vertex]].append(vertex)
        self._number_all()
        self._settle()

    # -- sweeps ---------------------------------------------------------------------------------------

    def improve(self) -> tuple[int, list[list[int]]]:
        """Sweeps to and fro until nothing gets better; the count and the order of the best."""
        self._until_still(self._exchange)
        best, least = [layer[:] for layer in self.layers], self.count()
        idle = 0
        for sweep in range(SWEEPS):
            if least == 0 or idle >= 6 or self.work > WORK:
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
        if self.astride is not None and self.work <= WORK:
            self.layers = best = self.astride.led_round(best, self.position, self._counted)
        return self.count(), best

    def _counted(self, layers: list[list[int]]) -> int:
        """The count of other layers, which are then those of the sorter."""
        self.layers = layers
        self._number_all()
        return self.count()

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
            ranked = self._nest(ranked, 0, keys, scale)
        self.layers[number] = ranked
        for place, vertex in enumerate(ranked):
            position[vertex] = place

    def _nest(self, ranked: list[int], depth: int, keys: dict[int, float], scale: float) -> list[int]:
        self.work += len(ranked)
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
            standing = sorted((names[place] for place in slots), key=self._stands)
            for place, name in zip(slots, standing, strict=True):
                names[place] = name
        result: list[int] = []
        for name in names:
            members = groups[name]
            result += members if name < 0 else self._nest(members, depth + 1, keys, scale)
        return result

    def _stands(self, cluster: int) -> tuple[float, int]:
        around = self.parents[cluster]
        return (0.0 if around >= 0 and self.grid.task.ordered[around] else self.standing[cluster]), cluster

    def _stand(self) -> None:
        """Lets clusters change places where the sweep wished it, in all layers at once."""
        wished = [total / count if count else 0.0 for total, count in self.wish]
        if wished != self.standing:
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
        while active and self.work <= WORK:
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
        self.work += 3 * len(layer) + 2 * self.degrees[number]
        for place in range(len(layer) - 1):
            first, second = layer[place], layer[place + 1]
            if cluster[first] != cluster[second]:
                continue
            gain = 0
            for side in (into, out):
                a, b = side[place], side[place + 1]
                if len(a) == 1 and len(b) == 1:
                    gain += (a > b) - (b > a)
                elif a and b:
                    gain += surplus(a, b)
            if gain > 0:
                layer[place], layer[place + 1] = second, first
                into[place], into[place + 1] = into[place + 1], into[place]
                out[place], out[place + 1] = out[place + 1], out[place]
                position[first], position[second] = place + 1, place
                changed = True
        return changed

    def _sift(self, number: int) -> bool:
        """Tries each vertex at all places near its own; the crossings are those with what it passes."""
        layer, position, cluster = self.layers[number], self.position, self.grid.cluster
        into = {vertex: sorted([position[other] for other in self.into[vertex]]) for vertex in layer}
        out = {vertex: sorted([position[other] for other in self.out[vertex]]) for vertex in layer}
        changed = False
        self.work += 3 * len(layer) + self.degrees[number]
        for vertex in layer[:]:
            at = layer.index(vertex)
            before, after, own = into[vertex], out[vertex], cluster[vertex]
            each = 1 + len(before) + len(after)
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
                        cost -= step * surplus(before, ends)
                    ends = out[other]
                    if after and ends:
                        cost -= step * surplus(after, ends)
                    if cost < least:
                        least, best = cost, place
                    place += step
                self.work += each * abs(place - at)
            if best != at:
                layer.insert(best, layer.pop(at))
                changed = True
        if changed:
            for place, vertex in enumerate(layer):
                position[vertex] = place
        return changed

    # -- counting -------------------------------------------------------------------------------------

    def count(self) -> int:
        """What the order is judged by: crossings, pieces that edges leading back must cross to turn, and ways
        through frames."""
        total = 0
        for layer in self.layers[:-1]:
            total += crossings(layer, self.out, self.position)
        self.work += len(self.grid.kinds) + len(self.grid.pieces)
        before: dict[tuple[int, bool], list[int]] = {}  # pieces before each place of a layer, on one side
        for turn in self.grid.turns:
            key = self.grid.layer[turn.box], turn.after
            if key not in before:
                side = self.out if turn.after else self.into
                before[key] = [*accumulate([len(side[vertex]) for vertex in self.layers[key[0]]])]
            low, high = sorted((self.position[turn.box], self.position[turn.lane]))
            total += before[key][high - 1] - before[key][low]
        if self.astride is not None:
            self.work += min(self.astride.looked, MOST)
            total += WEIGHT * sum(1 for _ in self.astride.found(self.layers, self.position))
        return total

    def plain(self, layers: list[list[int]]) -> int:
        """Crossings of pieces alone."""
        self.layers = layers
        self._number_all()
        return sum(crossings(layer, self.out, self.position) for layer in layers[:-1])
