"""The icons' outlines: whole, in their square, alike in weight, and no two the same."""

from __future__ import annotations

import re

import pytest

from lorafig.icons import ICONS, IconArt
from lorafig.render.outlines import commands

Point = tuple[float, float]
NAMES = ["frozen", "lock", "trainable", "data", "model", "adapter", "merge", "save"]


def subpaths(art: IconArt) -> list[list[Point]]:
    """Closed paths, their curves cut into 16 pieces."""
    paths: list[list[Point]] = []
    for letter, numbers in commands(art.outline):
        points = list(zip(numbers[::2], numbers[1::2], strict=True))
        if letter == "M":
            paths.append([*points])
        elif letter == "L":
            paths[-1] += points
        elif letter == "C":
            start, (a, b, c) = paths[-1][-1], points
            for i in range(1, 17):
                t = i / 16
                weights = (1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3
                paths[-1].append(
                    tuple(
                        sum(w * p[k] for w, p in zip(weights, (start, a, b, c), strict=True)) for k in (0, 1)
                    )
                )
    return paths


def area(path: list[Point]) -> float:
    """Positive where a path turns counter-clockwise."""
    return sum(x * v - u * y for (x, y), (u, v) in zip(path, [*path[1:], path[0]], strict=True)) / 2


def turns(paths: list[list[Point]], x: float, y: float) -> int:
    """How often the paths go around a point."""
    count = 0
    for path in paths:
        for (x0, y0), (x1, y1) in zip(path, [*path[1:], path[0]], strict=True):
            if (y0 <= y) != (y1 <= y) and (x1 - x0) * (y - y0) / (y1 - y0) + x0 > x:
                count += 1 if y1 > y0 else -1
    return count


def inked(art: IconArt, cells: int = 50) -> list[list[bool]]:
    """Which cells of the square are filled by the non-zero rule, row by row from below."""
    paths, step = subpaths(art), 1000 / cells
    return [
        [turns(paths, (i + 0.5) * step, (j + 0.5) * step) != 0 for i in range(cells)] for j in range(cells)
    ]


def test_there_is_an_icon_for_each_thing_said() -> None:
    assert list(ICONS) == NAMES
    assert {name: art.meaning for name, art in ICONS.items() if art.meaning != name} == {"lock": "frozen"}


@pytest.mark.parametrize("name", NAMES)
def test_an_outline_is_written_as_outlines_are(name: str) -> None:
    outline = ICONS[name].outline
    pair = r"-?\d+ -?\d+"
    assert re.fullmatch(rf"(?:M{pair}(?:L{pair}|C{pair} {pair} {pair})*Z)+", outline)
    assert all(0 <= number <= 1000 for number in map(int, re.findall(r"-?\d+", outline)))
    for path in subpaths(ICONS[name]):
        assert len(set(path)) >= 3
        assert abs(area(path)) > 1000


@pytest.mark.parametrize("name", NAMES)
def test_parts_and_holes_turn_opposite_ways(name: str) -> None:
    """A hole is in a part: all around it, just outside, there is ink, and none just inside."""
    paths = subpaths(ICONS[name])
    solid = [path for path in paths if area(path) > 0]
    holes = [path for path in paths if area(path) < 0]
    assert solid
    for hole in holes:
        assert all(turns(solid, x, y) >= 1 for x, y in hole)
        assert area(hole) > -0.5 * max(area(path) for path in solid)
    assert {name: len(holes)}[name] == {"lock": 1, "trainable": 1, "save": 2}.get(name, 0)


@pytest.mark.parametrize("name", NAMES)
def test_icons_look_equally_large_and_heavy(name: str) -> None:
    points = [point for path in subpaths(ICONS[name]) for point in path]
    (left, right), (low, high) = ((min(axis), max(axis)) for axis in zip(*points, strict=True))
    assert abs((left + right) / 2 - 500) < 20
    assert abs((low + high) / 2 - 500) < 20
    assert 820 <= max(right - left, high - low) <= 930
    cells = [cell for row in inked(ICONS[name]) for cell in row]
    assert 0.22 < sum(cells) / len(cells) < 0.55


@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_too_fine_at_three_millimetres(name: str) -> None:
    """Bars and gaps are 0.15 mm wide and more, two dots of a print at 300 dpi: a square of 3 by 3 cells of
    0.05 mm, moved about in the ink and in what is not ink, reaches nearly all of it; not pointed ends."""
    cells = 60
    ink = {(i, j) for j, row in enumerate(inked(ICONS[name], cells)) for i, cell in enumerate(row) if cell}
    paper = {(i, j) for i in range(-2, cells + 2) for j in range(-2, cells + 2)} - ink
    for covered in (ink, paper):
        whole = {
            (i, j) for i, j in covered if all((i + a, j + b) in covered for a in range(3) for b in range(3))
        }
        reached = {(i + a, j + b) for i, j in whole for a in range(3) for b in range(3)}
        assert len(covered - reached) < 0.06 * len(ink)


def test_no_two_icons_look_the_same() -> None:
    pictures = {name: inked(art) for name, art in ICONS.items()}
    for i, one in enumerate(NAMES):
        for other in NAMES[i + 1 :]:
            pairs = zip(pictures[one], pictures[other], strict=True)
            differing = sum(a != b for row, line in pairs for a, b in zip(row, line, strict=True))
            assert differing > 0.15 * 50 * 50, (one, other)
