"""Coordinates along the layers: straight lines as units, least squares between them, distances kept."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from lorafig.layered.grid import Grid, Kind, Piece
from lorafig.layered.ports import Ports
from lorafig.layered.separation import Separation
from lorafig.layered.straight import Lines
from lorafig.layered.ties import nearly, tie
from lorafig.layered.titles import NEAR, Slot, crossing, least, slots, spare

WORK = 400_000  # constraints looked at in all: what large graphs share out between fewer iterations
JOIN = 100.0  # how much more a box keeps to the middle of two lines into it, or out of it
SWEEPS = 240
SETTLED = 1e-6  # mm
TIGHT = 1e-6  # mm of room, and less, between two that touch
PUSHES = 4  # times in each direction
MOST_PUSHED = 64  # by one
LANES = (Kind.LANE, Kind.LABEL)


def coordinates(grid: Grid, ports: Ports, lines: Lines) -> list[float]:
    """The v of each vertex. Then lines that miss each other by less than a gap are tried as one line, and
    so are boxes whose middles do."""
    titled = grid.task.title_first and any(title is not None for title in grid.task.titles)
    crossed = crossing(grid, ports) if titled else []
    between: list[Slot | None] = [(None, next(iter(several), None)) for several in crossed]
    places = _solve(grid, ports, lines, None, between)
    tight = [
        cluster
        for cluster, slot in enumerate(between)
        if slot is not None and _tight(grid, cluster, slot, places)
    ]
    if tight:  # before the first line they push it aside: they may have room behind it
        loose = [None if cluster in tight else slot for cluster, slot in enumerate(between)]
        free = slots(grid, crossed, _solve(grid, ports, lines, None, loose))
        if any(free[cluster][0] is not None for cluster in tight):
            between = [free[cluster] if cluster in tight else slot for cluster, slot in enumerate(between)]
            places = _solve(grid, ports, lines, None, between)
    joined, reach = False, _reach(grid, ports)
    near = []
    for number, piece in enumerate(grid.pieces):
        offset = ports.left[number] - ports.right[number]
        miss = abs(places[piece.left] + offset - places[piece.right])
        if not _straight(lines, piece) and miss < max(grid.gaps.edge, reach.get(number, 0.0)):
            near.append((miss, number, offset))
    for _, number, offset in sorted(near):
        piece = grid.pieces[number]
        joined |= lines.take(grid, piece.left, piece.right, offset)
    if joined:
        places = _solve(grid, ports, lines, places, between)
    if ties := nearly(grid, places):
        lines.tied += ties
        places = _solve(grid, ports, lines, places, between)
    return places


def _reach(grid: Grid, ports: Ports) -> dict[int, float]:
    """Of the pieces that leave or enter a box at three places or more, how far they may be from straight for
    one of them to become it: half the length of the side."""
    found: dict[int, float] = {}
    for ends, offsets in (
        ([piece.left for piece in grid.pieces], ports.left),
        ([piece.right for piece in grid.pieces], ports.right),
    ):
        places: dict[int, set[float]] = {}
        for end, offset in zip(ends, offsets, strict=True):
            places.setdefault(end, set()).add(offset)
        found |= {
            number: max(found.get(number, 0.0), grid.task.cores[end] / 2)
            for number, end in enumerate(ends)
            if grid.kinds[end] is Kind.BOX and len(places[end]) > 2
        }
    return found


def _tight(grid: Grid, cluster: int, slot: Slot, places: Sequence[float]) -> bool:
    """Whether a title has just the room that it needs before the first line that crosses its band."""
    title, (tops, bottoms) = grid.task.titles[cluster], grid.borders[cluster]
    return (
        title is not None
        and slot[1] is not None
        and spare(grid, title, (tops[0], bottoms[0]), slot, places) < NEAR
    )


def distance(grid: Grid, first: int, second: int) -> float:
    """The least distance along v between the lines of two neighbours in a layer."""
    gaps, task = grid.gaps, grid.task
    a, b = grid.kinds[first], grid.kinds[second]
    reach = grid.after[first] + grid.before[second]
    if a is Kind.TOP:
        title = task.titles[grid.owner[first]]
        room = 0.0 if title is None or task.title_first else title[1]
        return reach + task.beside(grid.owner[first], gaps) + room
    if b is Kind.BOTTOM:
        return reach + task.beside(grid.owner[second], gaps)
    if a in LANES or b in LANES:
        return reach + gaps.edge
    return reach + gaps.box


def _solve(
    grid: Grid,
    ports: Ports,
    lines: Lines,
    first: Sequence[float] | None,
    between: Sequence[Slot | None],
) -> list[float]:
    """`between` says where titles stand in a figure that runs down, as far as that is settled."""
    task, gaps, borders = grid.task, grid.gaps, grid.borders
    unit, offset, count = _units(grid, lines)
    constraints: dict[tuple[int, int], float] = {}

    def apart(before: int, after: int, least: float) -> None:
        key = (unit[before], unit[after])
        gap = least + offset[before] - offset[after]
        if gap > constraints.get(key, float("-inf")):
            constraints[key] = gap

    for layer in grid.layers:
        for before, after in pairwise(layer):
            apart(before, after, distance(grid, before, after))
        boxes = [vertex for vertex in layer if grid.kinds[vertex] is Kind.BOX]
        for before, after in pairwise(boxes):
            apart(before, after, grid.after[before] + grid.before[after] + gaps.box)
    for cluster, (tops, bottoms) in enumerate(borders):
        title = task.titles[cluster]
        if title is not None and task.title_first:
            apart(tops[0], bottoms[0], title[1] + 2 * gaps.pad)
            slot = between[cluster]
            if slot is not None:
                (one, begin), (other, end) = slot[0] or (tops[0], 0.0), slot[1] or (bottoms[0], 0.0)
                if one != other:  # the room between two lines of one box is what it is
                    apart(one, other, least(grid, title, slot) + begin - end)

    tie(unit, offset, constraints, lines.tied)
    springs: list[tuple[int, int, float, float]] = []  # units, length, strength
    joined = _joined(grid, lines)
    middle: list[list[tuple[int, float, float]]] = [[] for _ in range(count)]  # of what each is in the middle
    for number, piece in enumerate(grid.pieces):
        left, right = unit[piece.left], unit[piece.right]
        if left != right:
            length = offset[piece.left] + ports.left[number] - offset[piece.right] - ports.right[number]
            ends = joined.get(number, ())
            springs.append((left, right, length, (JOIN if ends else 1.0) / piece.span))
            if piece.left in ends:
                middle[left].append((right, -length, 1.0))
            if piece.right in ends:
                middle[right].append((left, length, 1.0))
    for number, turn in enumerate(grid.turns):
        if unit[turn.box] != unit[turn.lane]:
            length = offset[turn.box] + ports.turn[number] - offset[turn.lane]
            springs.append((unit[turn.box], unit[turn.lane], length, 0.1))
    for tops, bottoms in borders:
        springs.append((unit[tops[0]], unit[bottoms[0]], offset[tops[0]] - offset[bottoms[0]], 0.1))
    return _relax(grid, unit, offset, count, constraints, springs, middle, first)


def _settle(
    places: list[float],
    near: Sequence[Sequence[tuple[int, float, float]]],
    into: Sequence[Sequence[tuple[int, float]]],
    sweeps: int,
) -> None:
    """Moves each by itself to where its springs pull it, as far as its distances let it.

    What the projection glues together stays so although one end may have moved away: this takes it apart.
    """
    pulled = []  # each with where its springs pull it: a constant, and parts of the places of others
    out: list[list[tuple[int, float]]] = [[] for _ in places]
    for right, bounds in enumerate(into):
        for left, gap in bounds:
            out[left].append((right, gap))
    for which, around in enumerate(near):
        total = sum([strength for _, _, strength in around])
        if total > 0.0:
            base = sum([strength * length for _, length, strength in around]) / total
            parts = [(other, strength / total) for other, _, strength in around]
            pulled.append((which, base, parts, into[which], out[which]))
    for _ in range(sweeps):
        moved = 0.0
        for which, base, parts, before, behind in pulled:
            wish = base
            for other, part in parts:
                wish += part * places[other]
            low = high = wish
            if before:
                low = max([places[left] + gap for left, gap in before])
            if behind:
                high = min([places[right] - gap for right, gap in behind])
            if low > high:
                continue
            place = low if wish < low else min(wish, high)
            moved = max(moved, abs(place - places[which]))
            places[which] = place
        if moved < SETTLED:
            break


def _push(
    places: list[float],
    near: Sequence[Sequence[tuple[int, float, float]]],
    beyond: Sequence[Sequence[tuple[int, float]]],
    turned: bool,
) -> None:
    """Moves what is held back by others that would let themselves be moved with it: `beyond` are the
    constraints to those behind each, to its right, or, `turned`, to its left."""
    sign = -1.0 if turned else 1.0

    def room(one: int, other: int, gap: float) -> float:
        return sign * (places[other] - places[one]) - gap

    for first, bounds in enumerate(beyond):
        here = places[first]
        for other, gap in bounds:
            if sign * (places[other] - here) - gap < TIGHT:
                break
        else:  # nothing holds it
            continue
        block, pending = {first}, [first]
        while pending and len(block) <= MOST_PUSHED:
            one = pending.pop()
            held = {other for other, gap in beyond[one] if room(one, other, gap) < TIGHT} - block
            block |= held
            pending += held
        pull = strength = 0.0
        for one in block:
            for other, length, stiff in near[one]:
                if other not in block:
                    pull += sign * stiff * (places[other] + length - places[one])
                    strength += stiff
        if pending or strength == 0.0 or pull <= SETTLED * strength:
            continue
        free = (room(one, other, gap) for one in block for other, gap in beyond[one] if other not in block)
        by = sign * min(pull / strength, min(free, default=pull / strength))
        for one in block:
            places[one] += by


def _joined(grid: Grid, lines: Lines) -> dict[int, list[int]]:
    """The pieces that come in twos to one side of a box, neither of them straight, with such boxes."""
    found: dict[int, list[int]] = {}
    for ends in ([piece.right for piece in grid.pieces], [piece.left for piece in grid.pieces]):
        many = Counter(ends)
        straight = {end for piece, end in zip(grid.pieces, ends, strict=True) if _straight(lines, piece)}
        for number, end in enumerate(ends):
            if grid.kinds[end] is Kind.BOX and many[end] == 2 and end not in straight:
                found.setdefault(number, []).append(end)
    return found


def _straight(lines: Lines, piece: Piece) -> bool:
    return piece.left in lines.after and lines.after[piece.left][0] == piece.right


def _units(grid: Grid, lines: Lines) -> tuple[list[int], list[float], int]:
    """The line each vertex is on, and where on it the vertex stands along v."""
    unit = [-1] * len(grid.kinds)
    offset = [0.0] * len(grid.kinds)
    count = 0
    for layer in grid.layers:
        for vertex in layer:
            if unit[vertex] >= 0:
                continue
            at: int = vertex
            here = 0.0
            while True:
                unit[at], offset[at] = count, here
                if at not in lines.after:
                    break
                at, more = lines.after[at]
                here += more
            count += 1
    return unit, offset, count


def _relax(
    grid: Grid,
    unit: Sequence[int],
    offset: Sequence[float],
    count: int,
    constraints: dict[tuple[int, int], float],
    springs: Sequence[tuple[int, int, float, float]],
    middle: Sequence[Sequence[tuple[int, float, float]]],
    first: Sequence[float] | None,
) -> list[float]:
    """Projected gradient steps with momentum (Beck and Teboulle 2009), in the metric of the springs. In the
    end what two lines join in, or part from, goes to their middle."""
    separation = Separation(count, constraints)
    weights = [1e-3] * count
    near: list[list[tuple[int, float, float]]] = [[] for _ in range(count)]
    for left, right, length, strength in springs:
        weights[left] += strength
        weights[right] += strength
        near[left].append((right, -length, strength))
        near[right].append((left, length, strength))
    if first is None:
        now = separation.project([0.0] * count, weights)
    else:
        wishes = [0.0] * count
        for vertex, which in enumerate(unit):
            if which >= 0:
                wishes[which] = first[vertex] - offset[vertex]
        now = separation.project(wishes, weights)
    steps = max(6, min(120, WORK // max(1, len(constraints) + len(springs))))
    ahead = now
    pace = 1.0
    for _ in range(steps):
        wishes = []
        for which, around in enumerate(near):
            here = ahead[which]
            pull = 0.0
            for other, length, strength in around:
                pull += strength * (ahead[other] + length - here)
            wishes.append(here + 0.5 * pull / weights[which])
        then = separation.project(wishes, weights)
        quicker = (1 + (1 + 4 * pace * pace) ** 0.5) / 2
        swing = (pace - 1) / quicker
        moved = max([abs(a - b) for a, b in zip(then, now, strict=True)], default=0.0)
        ahead = [a + swing * (a - b) for a, b in zip(then, now, strict=True)]
        now, pace = then, quicker
        if moved < 1e-9:
            break
    _settle(now, near, separation.into, min(2 * steps, SWEEPS))
    for turned in (False, True) * (PUSHES if grid.borders else 0):
        _push(now, near, separation.into if turned else separation.out, turned)
    _settle(now, middle, separation.into, min(steps, SWEEPS))
    return [now[which] + offset[vertex] if which >= 0 else 0.0 for vertex, which in enumerate(unit)]
