"""The paths and transforms of SVG (SVG 2, 9.3 and CSS Transforms 1, 8), as far as straight pieces."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import TypeAlias

Point: TypeAlias = tuple[float, float]
Matrix: TypeAlias = tuple[float, float, float, float, float, float]

IDENTITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
_PIECES = 12  # straight pieces of a curve
_NUMBER = re.compile(r"[\s,]*([-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)")
_FLAG = re.compile(r"[\s,]*([01])")
_COMMAND = re.compile(r"[\s,]*([MmLlHhVvCcSsQqTtAaZz])")
_COUNTS = {"M": 2, "L": 2, "H": 1, "V": 1, "C": 6, "S": 4, "Q": 4, "T": 2, "A": 7, "Z": 0}
_FUNCTION = re.compile(r"(\w+)\s*\(([^)]*)\)")


def multiplied(a: Matrix, b: Matrix) -> Matrix:
    """b, then a."""
    return (
        a[0] * b[0] + a[2] * b[1], a[1] * b[0] + a[3] * b[1],
        a[0] * b[2] + a[2] * b[3], a[1] * b[2] + a[3] * b[3],
        a[0] * b[4] + a[2] * b[5] + a[4], a[1] * b[4] + a[3] * b[5] + a[5],
    )  # fmt: skip


def moved(a: Matrix, point: Point) -> Point:
    return a[0] * point[0] + a[2] * point[1] + a[4], a[1] * point[0] + a[3] * point[1] + a[5]


def transform(text: str) -> Matrix:
    """A list of transforms as one matrix. Errors: ValueError."""
    matrix = IDENTITY
    for name, inside in _FUNCTION.findall(text):
        given = [float(number) for number in _NUMBER.findall(inside)]
        matrix = multiplied(matrix, _one(name, given))
    return matrix


def _one(name: str, given: list[float]) -> Matrix:
    match name, given:
        case "matrix", [a, b, c, d, e, f]:
            return a, b, c, d, e, f
        case "translate", [x, *rest]:
            return 1.0, 0.0, 0.0, 1.0, x, rest[0] if rest else 0.0
        case "scale", [x, *rest]:
            return x, 0.0, 0.0, rest[0] if rest else x, 0.0, 0.0
        case "rotate", [angle, *rest]:
            sine, cosine = math.sin(math.radians(angle)), math.cos(math.radians(angle))
            turn = (cosine, sine, -sine, cosine, 0.0, 0.0)
            if len(rest) < 2:
                return turn
            there, back = (1.0, 0.0, 0.0, 1.0, *rest[:2]), (1.0, 0.0, 0.0, 1.0, -rest[0], -rest[1])
            return multiplied(multiplied((*there,), turn), back)  # type: ignore[arg-type]
        case "skewX", [angle]:
            return 1.0, 0.0, math.tan(math.radians(angle)), 1.0, 0.0, 0.0
        case "skewY", [angle]:
            return 1.0, math.tan(math.radians(angle)), 0.0, 1.0, 0.0, 0.0
    raise ValueError(f"a transform '{name}'")


def path_of(name: str, attributes: Mapping[str, str]) -> str:
    """A basic shape as a path. Errors: ValueError."""
    if name == "path":
        return attributes.get("d", "")
    if name in ("polyline", "polygon"):
        return f"M{attributes.get('points', '')}{'z' if name == 'polygon' else ''}"
    x, y, width, height, r, cx, cy, x1, y1, x2, y2 = (
        float(attributes.get(key, "0"))
        for key in ("x", "y", "width", "height", "r", "cx", "cy", "x1", "y1", "x2", "y2")
    )
    rx, ry = (
        float(attributes.get(key, attributes.get(other, "0"))) for key, other in (("rx", "ry"), ("ry", "rx"))
    )
    if name == "line":
        return f"M{x1} {y1}L{x2} {y2}"
    if name in ("circle", "ellipse"):
        rx, ry = (r, r) if name == "circle" else (rx, ry)
        return f"M{cx - rx} {cy}a{rx} {ry} 0 1 0 {2 * rx} 0a{rx} {ry} 0 1 0 {-2 * rx} 0z"
    rx, ry = min(rx, width / 2), min(ry, height / 2)
    if rx == 0 or ry == 0:
        return f"M{x} {y}h{width}v{height}h{-width}z"
    arc = f"a{rx} {ry} 0 0 1"
    return (
        f"M{x + rx} {y}h{width - 2 * rx}{arc} {rx} {ry}v{height - 2 * ry}{arc} {-rx} {ry}"
        f"h{2 * rx - width}{arc} {-rx} {-ry}v{2 * ry - height}{arc} {rx} {-ry}z"
    )


def flattened(path: str) -> Iterator[tuple[list[Point], bool]]:
    """The parts of a path as points, and whether each is closed. Errors: ValueError."""
    points: list[Point] = []
    start = at = control = (0.0, 0.0)
    before = ""
    for letter, numbers in _commands(path):
        upper, (x, y) = letter.upper(), at
        relative = letter.islower() and upper not in "AHVZ"
        given = [number + (x, y)[place % 2] for place, number in enumerate(numbers)] if relative else numbers
        if upper in "MZ":
            if upper == "Z":
                yield points, True
                at, points = start, []
            else:
                if points:
                    yield points, False
                start = at = (given[0], given[1])
                points = [at]
            control, before = at, upper
            continue
        points = points or [at]  # a line that goes on after a closed part
        match upper:
            case "H":
                end = (given[0] + (x if letter == "h" else 0.0), y)
                curve: tuple[Point, ...] = (at, end)
            case "V":
                end = (x, given[0] + (y if letter == "v" else 0.0))
                curve = (at, end)
            case "A":
                end = (given[5] + (x if letter == "a" else 0.0), given[6] + (y if letter == "a" else 0.0))
                points += _arc(at, given, end)
                curve = ()
            case _:
                pairs = list(zip(given[::2], given[1::2], strict=True))
                if upper in "ST":
                    mirrored = before in ("CS" if upper == "S" else "QT")
                    pairs.insert(0, (2 * x - control[0], 2 * y - control[1]) if mirrored else at)
                end, curve = pairs[-1], (at, *pairs)
        if len(curve) == 2:
            points.append(end)
        elif curve:
            points += [_bezier(curve, step / _PIECES) for step in range(1, _PIECES + 1)]
        control, at, before = curve[-2] if len(curve) > 2 else end, end, upper
    if points:
        yield points, False


def _commands(path: str) -> Iterator[tuple[str, list[float]]]:
    at = 0
    while (match := _COMMAND.match(path, at)) is not None:
        letter, at = match[1], match.end()
        first = True
        while first or (_COUNTS[letter.upper()] and _NUMBER.match(path, at) is not None):
            given = []
            for place in range(_COUNTS[letter.upper()]):
                pattern = _FLAG if letter in "Aa" and place in (3, 4) else _NUMBER
                number = pattern.match(path, at)
                if number is None:
                    raise ValueError("a path that is cut off")
                given.append(float(number[1]))
                at = number.end()
            yield letter, given
            first = False
            letter = {"M": "L", "m": "l"}.get(letter, letter)
    if path[at:].strip(" \t\r\n,"):
        raise ValueError("a path with a letter that is not a command")


def _bezier(points: tuple[Point, ...], t: float) -> Point:
    """The point at t of a Bézier curve, by de Casteljau."""
    while len(points) > 1:
        points = tuple((a + (c - a) * t, b + (d - b) * t) for (a, b), (c, d) in pairwise(points))
    return points[0]


def _arc(start: Point, given: list[float], end: Point) -> list[Point]:
    """An elliptical arc in points (SVG 2, B.2.4)."""
    rx, ry, angle, large, sweep = abs(given[0]), abs(given[1]), math.radians(given[2]), given[3], given[4]
    if rx == 0 or ry == 0 or start == end:
        return [end]
    cosine, sine = math.cos(angle), math.sin(angle)
    dx, dy = (start[0] - end[0]) / 2, (start[1] - end[1]) / 2
    x, y = cosine * dx + sine * dy, cosine * dy - sine * dx
    grown = math.sqrt(max(1.0, (x / rx) ** 2 + (y / ry) ** 2))
    rx, ry = rx * grown, ry * grown
    rest = (rx * ry) ** 2 - (rx * y) ** 2 - (ry * x) ** 2
    factor = math.sqrt(max(0.0, rest / ((rx * y) ** 2 + (ry * x) ** 2))) * (1 if large != sweep else -1)
    cx, cy = factor * rx * y / ry, -factor * ry * x / rx
    first = math.atan2((y - cy) / ry, (x - cx) / rx)
    turn = math.atan2((-y - cy) / ry, (-x - cx) / rx) - first
    turn += (2 * math.pi if sweep and turn < 0 else 0.0) - (2 * math.pi if not sweep and turn > 0 else 0.0)
    middle = (start[0] + end[0]) / 2, (start[1] + end[1]) / 2
    points = []
    for step in range(1, _PIECES + 1):
        a, b = rx * math.cos(first + turn * step / _PIECES), ry * math.sin(first + turn * step / _PIECES)
        points.append(
            (cosine * (cx + a) - sine * (cy + b) + middle[0], sine * (cx + a) + cosine * (cy + b) + middle[1])
        )
    return [*points[:-1], end]
