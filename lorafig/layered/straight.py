"""Which vertices lie on one straight line: the vertical alignment of Brandes and Köpf (2001), made fair.

Brandes and Köpf align a box with one of its two middle neighbours and average four results. Here a box is
aligned with its middle neighbour only if there is one and the neighbour agrees; between an even number it
is left to the least squares that follow, which put it in the middle. So forks and joins are symmetric.
"""

from __future__ import annotations

from bisect import bisect_left
from itertools import pairwise
from typing import Literal

from msgspec import Struct

from lorafig.layered.grid import Grid, Kind
from lorafig.layered.ports import Ports
from lorafig.layered.ties import Tie, beside


class Lines(Struct):
    """Alignments made so far: for every channel, pieces that are straight, none crossing another."""

    after: dict[int, tuple[int, float]]  # vertex -> the one it is aligned with in the next layer, its offset
    before: dict[int, int]
    channels: list[list[tuple[int, int]]]  # positions left and right, ascending in both
    tied: list[Tie] = []

    def take(self, grid: Grid, left: int, right: int, offset: float) -> bool:
        """Aligns two vertices of neighbouring layers if both are free and nothing straight is crossed."""
        if left in self.after or right in self.before:
            return False
        channel = self.channels[grid.layer[left]]
        pair = (grid.position[left], grid.position[right])
        place = bisect_left(channel, pair)
        if place > 0 and channel[place - 1][1] >= pair[1]:
            return False
        if place < len(channel) and channel[place][1] <= pair[1]:
            return False
        channel.insert(place, pair)
        self.after[left] = (right, offset)
        self.before[right] = left
        return True


def align(grid: Grid, ports: Ports) -> Lines:
    """Borders first, then long edges, then chains and the middle of forks and joins."""
    lines = Lines({}, {}, [[] for _ in grid.layers], beside(grid, ports))
    for pair in grid.borders:
        for chain in pair:
            for left, right in pairwise(chain):
                lines.take(grid, left, right, 0.0)
    favourite = _favourites(grid, ports)
    inner, outer = [], []
    for number, piece in enumerate(grid.pieces):
        if grid.kinds[piece.left] is not Kind.BOX and grid.kinds[piece.right] is not Kind.BOX:
            inner.append(number)
        elif _at_side(grid, number) is not None:
            continue
        elif favourite[0].get(piece.left, number) == number == favourite[1].get(piece.right, number):
            outer.append(number)
    # Where straight edges would cross, the longer one is straight.
    inner.sort(key=lambda number: -grid.pieces[number].span)
    outer.sort(key=lambda number: grid.pieces[number].span)
    for number in inner + outer:
        piece = grid.pieces[number]
        lines.take(grid, piece.left, piece.right, ports.left[number] - ports.right[number])
    return lines


def _at_side(grid: Grid, number: int) -> Literal["head", "tail"] | None:
    """The end at which a piece leaves the middle of its box to others."""
    piece = grid.pieces[number]
    side = grid.task.side[piece.edge]
    end = piece.right if side == "head" else piece.left
    return side if side is not None and grid.kinds[end] is Kind.BOX else None


def _favourites(grid: Grid, ports: Ports) -> tuple[dict[int, int], dict[int, int]]:
    """For each box and side the piece that should be straight, -1 where there are two in the middle.

    Only the edges to the nearest rank count: one that skips over others goes round them. Nor do
    those that are not drawn, unless they share the way of others.
    """
    out: dict[int, list[int]] = {}
    into: dict[int, list[int]] = {}
    for number, piece in enumerate(grid.pieces):
        side = _at_side(grid, number)
        if not grid.task.drawn[piece.edge] and ports.piece_net[number][0] == "piece":
            continue
        if side != "tail":
            out.setdefault(piece.left, []).append(number)
        if side != "head":
            into.setdefault(piece.right, []).append(number)

    def middle(numbers: list[int], right: bool) -> int:
        nearest = min(grid.pieces[number].span for number in numbers)
        some = [number for number in numbers if grid.pieces[number].span == nearest]
        if len(some) % 2 == 0:
            return -1
        some.sort(key=lambda n: (grid.position[grid.pieces[n].right if right else grid.pieces[n].left], n))
        return some[len(some) // 2]

    return (
        {vertex: middle(numbers, True) for vertex, numbers in out.items() if len(numbers) > 1},
        {vertex: middle(numbers, False) for vertex, numbers in into.items() if len(numbers) > 1},
    )
