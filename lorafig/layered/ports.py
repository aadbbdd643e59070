"""Where edges leave and enter a box: one trunk that splits or joins, or places of their own along the side.

All edges of one kind out of a box share a trunk. Edges of one kind into a box share its last part only where
no edge is in a trunk at both of its ends between the same two layers: a line that split and then joined again
could be read as leading from any tail to any head.
"""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from lorafig.layered.grid import Grid, Kind
from lorafig.layered.twins import apart

SIDE = 0.4  # of a side from its middle: out of the way of what enters there


class Ports(Struct, frozen=True):
    """Offsets along v from a vertex's line, and which net each piece and turn belongs to.

    Pieces of one net share the segment that runs along v between two layers. A net is named by what is
    shared: ("tail", box), ("head", box), or by itself ("piece", number) and ("turn", number).
    """

    left: list[float]  # of each piece, at its left vertex
    right: list[float]
    turn: list[float]  # of each turn, at its box
    piece_net: list[tuple[str, int]]
    turn_net: list[tuple[str, int]]
    spread: list[bool]  # of each vertex, whether edges enter it at places of their own


def place_ports(grid: Grid) -> Ports:
    """Decides what is shared, and spreads what is not in the order of the other ends."""
    out: dict[int, list[tuple[str, int]]] = {}
    into: dict[int, list[tuple[str, int]]] = {}
    for number, piece in enumerate(grid.pieces):
        if grid.kinds[piece.left] is Kind.BOX and grid.task.side[piece.edge] != "tail":
            out.setdefault(piece.left, []).append(("piece", number))
        if grid.kinds[piece.right] is Kind.BOX and grid.task.side[piece.edge] != "head":
            into.setdefault(piece.right, []).append(("piece", number))
    for number, turn in enumerate(grid.turns):
        (out if turn.after else into).setdefault(turn.box, []).append(("turn", number))
    ports = Ports(
        [0.0] * len(grid.pieces),
        [0.0] * len(grid.pieces),
        [0.0] * len(grid.turns),
        [("piece", number) for number in range(len(grid.pieces))],
        [("turn", number) for number in range(len(grid.turns))],
        [False] * len(grid.kinds),
    )
    for number, piece in enumerate(grid.pieces):
        side = grid.task.side[piece.edge]
        if side == "head" and grid.kinds[piece.right] is Kind.BOX:
            ports.right[number] = SIDE * grid.task.cores[piece.right]
        elif side == "tail" and grid.kinds[piece.left] is Kind.BOX:
            ports.left[number] = SIDE * grid.task.cores[piece.left]
    for box, ends in out.items():
        _by_kind(grid, ports, box, ends, "tail")
    for box, ends in into.items():
        if len(ends) == 1:
            continue
        clean = all(
            name == "turn" or len(out.get(grid.pieces[number].left, ())) <= 1 for name, number in ends
        )
        if clean:
            _by_kind(grid, ports, box, ends, "head")
        else:
            ports.spread[box] = True
            _spread(grid, ports, box, ends)
    for (tail, head), pair in apart(grid.task).items():
        _side_by_side(grid, ports, tail, head, pair, out, into)
    return ports


def _side_by_side(
    grid: Grid,
    ports: Ports,
    tail: int,
    head: int,
    pair: tuple[int, int],
    out: dict[int, list[tuple[str, int]]],
    into: dict[int, list[tuple[str, int]]],
) -> None:
    """Two edges, one each way, as far from each other at both ends, where no other edge is."""
    ends = out[tail], into[head]
    if any(len(side) > 2 or any(name == "turn" for name, _ in side) for side in ends):
        return
    away = min(grid.task.cores[box] for box in (tail, head)) / 4
    for side, offsets in zip(ends, (ports.left, ports.right), strict=True):
        for _, number in side:
            offsets[number] = away if grid.pieces[number].edge == pair[1] else -away
            ports.piece_net[number] = ("piece", number)
    ports.spread[head] = False


def _by_kind(
    grid: Grid,
    ports: Ports,
    box: int,
    ends: list[tuple[str, int]],
    side: Literal["tail", "head"],
) -> None:
    """Ends of one kind share; those of several kinds have a place of their own, in the order of the other
    ends, about the middle or what leads on."""
    groups: dict[str, list[tuple[str, int]]] = {}
    for name, number in ends:
        edge = grid.pieces[number].edge if name == "piece" else grid.turns[number].edge
        groups.setdefault(grid.task.shared[edge], []).append((name, number))
    if len(groups) == 1:
        if len(ends) > 1:
            _share(ports, ends, (side, box))
        return

    def place(kind: str) -> tuple[float, str]:
        others = []
        for name, number in groups[kind]:
            if name == "turn":
                others.append(grid.position[grid.turns[number].lane])
            else:
                piece = grid.pieces[number]
                others.append(grid.position[piece.right if side == "tail" else piece.left])
        return sum(others) / len(others), kind

    groups = {kind: own for kind, own in groups.items() if any(_drawn(grid, end) for end in own)}
    length = grid.task.cores[box]
    pieces = ports.left if side == "tail" else ports.right
    ordered = sorted(groups, key=place)
    onwards = [at for at, kind in enumerate(ordered) if any(name == "piece" for name, _ in groups[kind])]
    middle, steps = (len(groups) - 1) / 2, len(groups)
    if len(onwards) == 1:  # what leads on does so from the middle, beside what leads back
        middle = onwards[0]
        steps = 2 * max(middle, len(groups) - 1 - middle) + 1
    for index, kind in enumerate(ordered):
        offset = length * (index - middle) / steps
        for name, number in groups[kind]:
            (pieces if name == "piece" else ports.turn)[number] = offset
        if len(groups[kind]) > 1:
            _share(ports, groups[kind], (f"{side} {kind}", box))


def _share(ports: Ports, ends: list[tuple[str, int]], net: tuple[str, int]) -> None:
    for name, number in ends:
        (ports.piece_net if name == "piece" else ports.turn_net)[number] = net


def _spread(grid: Grid, ports: Ports, box: int, ends: list[tuple[str, int]]) -> None:
    """Gives each end its place along the side by which edges enter."""

    def key(end: tuple[str, int]) -> tuple[int, int, int]:
        name, number = end
        if name == "piece":
            return (1, grid.position[grid.pieces[number].left], number)
        lane = grid.position[grid.turns[number].lane]
        # Of lanes beside the box the nearest takes the outermost place, so that turns lie in each other.
        return (0 if lane < grid.position[box] else 2, -lane, number)

    ends.sort(key=key)
    ends = [end for end in ends if _drawn(grid, end)]
    side = grid.task.cores[box]
    for place, (name, number) in enumerate(ends, 1):
        offset = side * (place / (len(ends) + 1) - 0.5)
        (ports.right if name == "piece" else ports.turn)[number] = offset


def _drawn(grid: Grid, end: tuple[str, int]) -> bool:
    name, number = end
    return grid.task.drawn[(grid.pieces if name == "piece" else grid.turns)[number].edge]
