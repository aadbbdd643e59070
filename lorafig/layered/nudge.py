"""Ports moved along their sides so that lines that would jog are straight."""

from __future__ import annotations

from collections.abc import Sequence

from lorafig.layered.grid import Grid, Kind
from lorafig.layered.ports import Ports
from lorafig.layered.tracks import SAME

PART = 0.25  # of a side: how far a port may move


def nudge(grid: Grid, ports: Ports, places: Sequence[float]) -> None:
    """Moves a port of several on a side to where its line is straight, if it keeps its place among them."""
    for left in (True, False):
        sides: dict[int, list[int]] = {}
        for number, piece in enumerate(grid.pieces):
            end = piece.left if left else piece.right
            if grid.kinds[end] is Kind.BOX and grid.task.outlines[end] == "rectangle":
                sides.setdefault(end, []).append(number)
        turned = {turn.box for turn in grid.turns if turn.after == left}
        for box, numbers in sides.items():
            if len(numbers) > 1 and box not in turned:
                _side(grid, ports, places, box, numbers, left)


def _side(
    grid: Grid, ports: Ports, places: Sequence[float], box: int, numbers: Sequence[int], left: bool
) -> None:
    own, other = (ports.left, ports.right) if left else (ports.right, ports.left)
    half = grid.task.cores[box] / 2
    reach = half - grid.gaps.edge / 2
    for number in numbers:
        piece = grid.pieces[number]
        far = places[piece.right if left else piece.left] + other[number]
        wish = far - places[box]
        if ports.piece_net[number][0] != "piece" or grid.task.side[piece.edge] is not None:
            continue
        if not SAME < abs(wish - own[number]) <= max(grid.gaps.edge, 2 * PART * half) or abs(wish) > reach:
            continue
        others = [own[beside] for beside in numbers if own[beside] != own[number]]
        before = max((at for at in others if at < own[number]), default=-reach - grid.gaps.edge)
        after = min((at for at in others if at > own[number]), default=reach + grid.gaps.edge)
        if others and before + grid.gaps.edge <= wish <= after - grid.gaps.edge:
            own[number] = wish
