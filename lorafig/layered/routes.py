"""From layers, tracks and coordinates along v to where everything is: u, routes, labels, frames."""

from __future__ import annotations

from collections.abc import Sequence
from math import floor, inf, sqrt

from msgspec import Struct

from lorafig.layered.grid import Grid, Kind
from lorafig.layered.ports import Ports
from lorafig.layered.tracks import SAME, Segment, assign

Place = tuple[float, float]  # u, v
_Ends = dict[int, float]


class Channel(Struct, frozen=True):
    """The room before a layer (the last one: after all layers): where its first track is and the next."""

    segments: dict[tuple[str, int], Segment]
    first: float
    step: float

    def at(self, track: int) -> float:
        return self.first + track * self.step


class Plan(Struct, frozen=True):
    """Everything placed, in u and v."""

    centres: list[float]  # u of each layer's middle
    routes: list[list[Place]]
    labels: list[Place | None]


def route(grid: Grid, ports: Ports, places: Sequence[float], room: tuple[list[float], list[float]]) -> Plan:
    """`room` is what frames need before and after each layer. Routes run from tail to head."""
    nets = _nets(grid, ports, places)
    counts = [assign(list(channel.values()), grid.gaps.edge) for channel in nets]
    breadths = [max([grid.breadth[vertex] for vertex in layer], default=0.0) for layer in grid.layers]
    centres, channels = _across(grid, nets, counts, breadths, room)
    routes, labels = [], []
    turns = {(turn.edge, turn.after): number for number, turn in enumerate(grid.turns)}
    pieces: dict[int, list[int]] = {}
    for number, piece in enumerate(grid.pieces):
        pieces.setdefault(piece.edge, []).append(number)
    for edge, (tail, head) in enumerate(grid.task.edges):
        numbers = pieces.get(edge, [])
        points: list[Place] = []
        if grid.back[edge]:
            start, end = turns[edge, True], turns[edge, False]
            out, into = places[tail] + ports.turn[start], places[head] + ports.turn[end]
            points.append(_border(grid, centres, tail, places[tail], out, 1))
            lane = grid.turns[start].lane
            track = _track(channels[grid.layer[tail] + 1], ports.turn_net[start], left=True)
            points += [(track, out), (track, places[lane])]
            for number in reversed(numbers):
                points += _bend(grid, ports, places, channels, number)[::-1]
            lane = grid.turns[end].lane
            track = _track(channels[grid.layer[head]], ports.turn_net[end], left=False)
            points += [(track, places[lane]), (track, into)]
            points.append(_border(grid, centres, head, places[head], into, -1))
        else:
            out = places[tail] + ports.left[numbers[0]]
            into = places[head] + ports.right[numbers[-1]]
            points.append(_border(grid, centres, tail, places[tail], out, 1))
            for number in numbers:
                points += _bend(grid, ports, places, channels, number)
            if len(points) == 1:
                into = out  # straight to the last digit
            points.append(_border(grid, centres, head, places[head], into, -1))
        routes.append(_plain(points))
        labels.append(_label(grid, centres, places, edge))
    return Plan(centres, routes, labels)


def _nets(grid: Grid, ports: Ports, places: Sequence[float]) -> list[dict[tuple[str, int], Segment]]:
    nets: list[dict[tuple[str, int], tuple[_Ends, _Ends]]] = [{} for _ in range(len(grid.layers) + 1)]
    for number, piece in enumerate(grid.pieces):
        left, right = nets[grid.layer[piece.right]].setdefault(ports.piece_net[number], ({}, {}))
        _end(left, places[piece.left] + ports.left[number])
        _end(right, places[piece.right] + ports.right[number])
    for number, turn in enumerate(grid.turns):
        sides = nets[grid.layer[turn.box] + turn.after].setdefault(ports.turn_net[number], ({}, {}))
        _end(sides[not turn.after], places[turn.box] + ports.turn[number])
        _end(sides[not turn.after], places[turn.lane])
    return [
        {name: Segment(name, [*left.values()], [*right.values()]) for name, (left, right) in channel.items()}
        for channel in nets
    ]


def _end(ends: _Ends, end: float) -> None:
    """Adds an end unless one is there already; they lie in cells as long as what counts as the same."""
    cell = floor(end / SAME)
    if all(abs(end - ends.get(near, inf)) > SAME for near in (cell - 1, cell, cell + 1)):
        ends[cell] = end


def _across(
    grid: Grid,
    nets: Sequence[dict[tuple[str, int], Segment]],
    counts: Sequence[int],
    breadths: Sequence[float],
    room: tuple[list[float], list[float]],
) -> tuple[list[float], list[Channel]]:
    """Layers and tracks along u. Frames that end or begin between two layers have their room beside these."""
    gaps = grid.gaps
    centres: list[float] = []
    channels: list[Channel] = []
    at = 0.0
    last = len(breadths)
    for number, (segments, count) in enumerate(zip(nets, counts, strict=True)):
        closing = room[1][number - 1] if number > 0 else 0.0
        opening = room[0][number] if number < last else 0.0
        needed = (count + 1) * gaps.edge if count else 0.0
        if 0 < number < last:
            beside = grid.labelled[number - 1] or grid.labelled[number]
            least = gaps.layer + (gaps.turn if count else 0.0)
            needed = max(needed, least / 2 if beside else least)
        wide = max(closing + opening + needed, needed)
        free = at + closing + (wide - closing - opening) / 2
        channels.append(Channel(segments, free - (count - 1) * gaps.edge / 2, gaps.edge))
        at += wide
        if number < last:
            centres.append(at + breadths[number] / 2)
            at += breadths[number]
    return centres, channels


def _border(grid: Grid, centres: Sequence[float], node: int, place: float, v: float, side: int) -> Place:
    """Where a line at `v` meets the outline of a box, after (1) or before (-1) its middle."""
    half_u, half_v = grid.task.sizes[node][0] / 2, grid.task.sizes[node][1] / 2
    part = min(1.0, abs(v - place) / half_v) if half_v > 0 else 0.0
    outline = grid.task.outlines[node]
    if outline == "ellipse":
        half_u *= sqrt(1 - part * part)
    elif outline == "diamond":
        half_u *= 1 - part
    return centres[grid.layer[node]] + side * half_u, v


def _track(channel: Channel, net: tuple[str, int], left: bool) -> float:
    """The u of a net's segment, of its half on that side where it has a step."""
    segment = channel.segments[net]
    if not left and segment.next is not None:
        segment = segment.next
    return channel.at(segment.track)


def _bend(
    grid: Grid, ports: Ports, places: Sequence[float], channels: Sequence[Channel], number: int
) -> list[Place]:
    """The corners of one piece from left to right; none where it is straight."""
    piece = grid.pieces[number]
    start = places[piece.left] + ports.left[number]
    stop = places[piece.right] + ports.right[number]
    channel = channels[grid.layer[piece.right]]
    segment = channel.segments[ports.piece_net[number]]
    if segment.next is None:
        if abs(start - stop) <= SAME:
            return []
        track = channel.at(segment.track)
        return [(track, start), (track, stop)]
    first, second = channel.at(segment.track), channel.at(segment.next.track)
    middle = segment.next.left[0]
    return [(first, start), (first, middle), (second, middle), (second, stop)]


def _plain(points: Sequence[Place]) -> list[Place]:
    """The same line without corners that are none."""
    result: list[Place] = []
    for point in points:
        if result and abs(point[0] - result[-1][0]) <= SAME and abs(point[1] - result[-1][1]) <= SAME:
            continue
        while len(result) >= 2 and (
            (abs(result[-2][0] - result[-1][0]) <= SAME and abs(result[-1][0] - point[0]) <= SAME)
            or (abs(result[-2][1] - result[-1][1]) <= SAME and abs(result[-1][1] - point[1]) <= SAME)
        ):
            result.pop()
        result.append(point)
    return result


def _label(grid: Grid, centres: Sequence[float], places: Sequence[float], edge: int) -> Place | None:
    size = grid.task.labels[edge]
    if size is None:
        return None
    vertex = next(vertex for vertex in grid.chains[edge] if grid.kinds[vertex] is Kind.LABEL)
    # The label ends a gap short of its line, and its room begins where the label does; behind its line it is
    # the other way round.
    before, after = grid.before[vertex], grid.after[vertex]
    away = size[1] / 2 - before if before > 0 else after - size[1] / 2
    return centres[grid.layer[vertex]], places[vertex] + away
