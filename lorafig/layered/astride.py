"""Ways that change from one side of a frame to the other within its span: they would lead through it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from lorafig.layered.grid import Grid, Kind

MOST = 20_000  # pieces and frames looked at each time; where there are more, ways may lead through frames
ROUNDS = 8
WEIGHT = 3  # crossings that are taken rather than one way through a frame


class Astride:
    """The pieces of a grid that lie astride a frame, and how to lead them round."""

    def __init__(self, grid: Grid) -> None:
        self.grid = grid
        clusters = range(len(grid.task.clusters))
        self.paths = [frozenset(grid.path(cluster)) for cluster in grid.cluster]
        self.looked = len(grid.pieces) * len(clusters)
        # Of each frame the pieces that run within its span, and have no end in it.
        self.beside: list[list[int]] = [[] for _ in clusters]
        for cluster in clusters if self.looked <= MOST else ():
            first, last = grid.spans[cluster]
            self.beside[cluster] = [
                number
                for number, piece in enumerate(grid.pieces)
                if first <= grid.layer[piece.left] < last
                and cluster not in self.paths[piece.left] | self.paths[piece.right]
            ]

    def found(self, layers: Sequence[Sequence[int]], position: Sequence[int]) -> Iterator[tuple[int, int]]:
        """The pieces that lie astride, each with its frame."""
        grid = self.grid
        for cluster, pieces in enumerate(self.beside):
            if not pieces:
                continue
            first, last = grid.spans[cluster]
            starts = [
                next(position[vertex] for vertex in layers[number] if cluster in self.paths[vertex])
                for number in range(first, last + 1)
            ]
            for number in pieces:
                piece = grid.pieces[number]
                at = grid.layer[piece.left] - first
                if (position[piece.left] < starts[at]) != (position[piece.right] < starts[at + 1]):
                    yield number, cluster

    def led_round(
        self, layers: list[list[int]], position: list[int], count: Callable[[list[list[int]]], int]
    ) -> list[list[int]]:
        """The layers with such ways led round their frames, as long as `count` grows less: an end of a piece
        changes sides, or all of a long edge does."""
        least = count(layers)
        for _ in range(ROUNDS):
            best: list[list[int]] | None = None
            for number, cluster in list(self.found(layers, position)):
                for moved in self._moves(number, cluster):
                    other = [self._across(layer, moved, cluster) for layer in layers]
                    amount = count(other)
                    if amount < least:
                        best, least = other, amount
            count(layers if best is None else best)  # the positions are those of the layers again
            if best is None:
                break
            layers = best
        return layers

    def _moves(self, number: int, cluster: int) -> Iterator[set[int]]:
        grid = self.grid
        first, last = grid.spans[cluster]
        piece = grid.pieces[number]
        around = self.paths_around(cluster)
        lanes = {vertex for vertex in grid.chains[piece.edge] if grid.kinds[vertex] is not Kind.BOX}
        lanes = {vertex for vertex in lanes if first <= grid.layer[vertex] <= last}
        for several in ({piece.left}, {piece.right}, lanes, {piece.left, *lanes}, {piece.right, *lanes}):
            if several and all(self.paths[vertex] == around for vertex in several):
                yield several

    def paths_around(self, cluster: int) -> frozenset[int]:
        """The frames around a frame: what is in just these may stand on either side of it. What is outside of
        one of them would come to stand in it."""
        return frozenset(self.grid.path(cluster)) - {cluster}

    def _across(self, layer: list[int], moved: set[int], cluster: int) -> list[int]:
        """The layer with what is moved on the other side of the frame, if both are in it."""
        own = [vertex for vertex in layer if vertex in moved]
        frame = [place for place, vertex in enumerate(layer) if cluster in self.paths[vertex]]
        if not own or not frame:
            return layer
        low, high = frame[0], frame[-1] + 1
        begin, inside, end = layer[:low], layer[low:high], layer[high:]
        before = [vertex for vertex in begin if vertex not in moved]
        after = [vertex for vertex in end if vertex not in moved]
        return [
            *before,
            *(vertex for vertex in end if vertex in moved),
            *inside,
            *(vertex for vertex in begin if vertex in moved),
            *after,
        ]
