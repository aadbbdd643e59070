"""Lines into the circle of a sign: from both of its sides, and from behind, each along an axis.

The layers lead all lines to the side of a circle that looks back to where they come from. One that comes from
beside it goes on as far as the circle's middle and turns there, where nothing is in its way. So does the line
that brings a row of cells its vector.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from itertools import pairwise
from math import dist

from msgspec import Struct
from msgspec.structs import replace

from lorafig.layered import Arrangement, Box, Direction
from lorafig.scene import Box as Bounds
from lorafig.scene import Point

GRAIN = 1e-6  # mm
NEAR = 1e-3  # mm: a line along the side of a box does not go through it


class Sign(Struct, frozen=True):
    """What a line may enter at a side: its middle, how far it reaches from there, its own boxes, and how the
    line looks."""

    centre: Point
    reach: float
    boxes: frozenset[str]
    look: str = ""


def turning(
    placed: Arrangement,
    boxes: Sequence[Box],
    ends: Sequence[tuple[str, str]],
    signs: Mapping[int, Sign],
    rooms: Sequence[tuple[float, float] | None],
    direction: Direction,
    least: float,
) -> set[int]:
    """The lines that can be led to the sides of their `signs`, by number.

    `ends` are the tail and the head of each edge, `rooms` the sizes of the labels, `least` the shortest piece
    that leads into a sign, in mm.
    """
    along = _along(direction)
    sizes = {box.name: (box.width, box.height) for box in boxes}
    routes = [route.points for route in placed.edges]
    obstacles = {name: _bounds(placed.boxes[name], sizes[name], NEAR) for name in sizes}
    placed_words = ((route.label, room) for route, room in zip(placed.edges, rooms, strict=True))
    words = [_bounds(at, room) for at, room in placed_words if at is not None and room is not None]
    found: set[int] = set()
    for number, sign in signs.items():
        tail = ends[number][0]
        turned = _turned(routes[number], sign.centre, sign.reach, along)
        others = [box for name, box in obstacles.items() if name != tail and name not in sign.boxes]
        # It may run along lines of its look into the same sign, and along those that it shares a trunk with.
        beside = {n for n, other in signs.items() if other.look == sign.look and other.boxes == sign.boxes}
        apart = (n for n, end in enumerate(ends) if n not in beside and end[0] != tail)
        lines = [routes[other] for other in apart]
        if (
            turned is not None
            and dist(*turned[-2:]) >= least
            and _clear(turned[-3:], [*others, *words], lines)
        ):
            routes[number] = turned
            found.add(number)
    return found


def entered(
    placed: Arrangement, signs: Mapping[int, Sign], turns: Collection[int], direction: Direction
) -> Arrangement:
    """The arrangement with these lines led to the sides of the signs that they end at."""
    routes = list(placed.edges)
    for number in turns:
        sign = signs[number]
        turned = _turned(routes[number].points, sign.centre, sign.reach, _along(direction))
        if turned is not None:
            routes[number] = replace(routes[number], points=turned)
    return replace(placed, edges=tuple(routes))


def parted(
    placed: Arrangement,
    boxes: Sequence[Box],
    ends: Sequence[tuple[str, str]],
    signs: Mapping[int, Sign],
    rooms: Sequence[tuple[float, float] | None],
    direction: Direction,
    least: float,
) -> Arrangement:
    """The arrangement with the lines that leave these shapes led from their sides, as far as they can be."""
    back = _backwards(placed)
    turns = turning(back, boxes, [pair[::-1] for pair in ends], signs, rooms, direction, least)
    return _backwards(entered(back, signs, turns, direction))


def _backwards(placed: Arrangement) -> Arrangement:
    return replace(placed, edges=tuple(replace(way, points=way.points[::-1]) for way in placed.edges))


def _along(direction: Direction) -> int:
    """The axis along which the data flows: 0 across the page, 1 up or down it."""
    return 0 if direction in ("right", "left") else 1


def _turned(points: Sequence[Point], centre: Point, radius: float, along: int) -> tuple[Point, ...] | None:
    """The line that goes on beside the circle up to its middle; None for one from right behind it."""
    if len(points) < 4:
        return None
    across = 1 - along
    *before, start, corner, bend, last = points
    legs = (start[across] - corner[across], corner[along] - bend[along], bend[across] - last[across])
    if max(map(abs, legs)) > GRAIN:
        return None
    away = corner[across] - centre[across]
    if abs(away) <= radius:
        return None
    turn, side = [0.0, 0.0], [0.0, 0.0]
    turn[across], turn[along] = corner[across], centre[along]
    side[across], side[along] = centre[across] + (radius if away > 0 else -radius), centre[along]
    return (*before, start, (turn[0], turn[1]), (side[0], side[1]))


def _clear(points: Sequence[Point], boxes: Sequence[Bounds], lines: Sequence[Sequence[Point]]) -> bool:
    pieces = [_piece(*piece) for piece in pairwise(points)]
    others = [_piece(*piece) for line in lines for piece in pairwise(line)]
    return not any(_meet(piece, other) for piece in pieces for other in (*boxes, *others))


def _piece(start: Point, end: Point) -> Bounds:
    (x0, y0), (x1, y1) = start, end
    return min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)


def _meet(one: Bounds, other: Bounds) -> bool:
    return one[0] <= other[2] and other[0] <= one[2] and one[1] <= other[3] and other[1] <= one[3]


def _bounds(centre: Point, size: tuple[float, float], less: float = 0.0) -> Bounds:
    (x, y), (wide, high) = centre, (size[0] / 2 - less, size[1] / 2 - less)
    return x - wide, y - high, x + wide, y + high
