"""Glyph outlines: the scene's path strings read, moved and scaled."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import TypeAlias

from lorafig.scene import Label

# A command letter and its absolute coordinates, x and y in turn, in 1/1000 em.
Command: TypeAlias = tuple[str, tuple[int, ...]]

# SVG writes outlines on a grid of this many units an em. At 9 pt a unit is a 33rd of a CSS pixel; a grid
# of 1000 would be 11 % more bytes for nothing to be seen.
GRID = 400

_COMMAND = re.compile(r"([MLQCZ])([^MLQCZ]*)")


@lru_cache(maxsize=4096)
def commands(outline: str) -> tuple[Command, ...]:
    """An outline such as `M0 0L500 0C…Z` as commands."""
    return tuple((letter, tuple(map(int, numbers.split()))) for letter, numbers in _COMMAND.findall(outline))


@lru_cache(maxsize=4096)
def relative(outline: str) -> tuple[int, int, str]:
    """Where an outline starts, and all of it in relative SVG commands after that first point, on the grid.

    The string does not depend on where the glyph stands, so that a letter is written the same way
    each time and compresses well.
    """
    parts: list[str] = []
    x = y = start_x = start_y = first_x = first_y = 0
    previous = ""
    for letter, numbers in commands(outline):
        if letter == "Z":
            parts.append("z")
            x, y = start_x, start_y
            previous = "z"
            continue
        points = [round(value * GRID / 1000) for value in numbers]
        moves = [value - (y if i % 2 else x) for i, value in enumerate(points)]
        x, y = points[-2:]
        command, values = letter.lower(), moves
        if letter == "M":
            start_x, start_y = x, y
            if not previous:
                first_x, first_y, previous = x, y, "M"
                continue
        elif letter == "L" and moves[1] == 0:
            command, values = "h", moves[:1]
        elif letter == "L" and moves[0] == 0:
            command, values = "v", moves[1:]
        text = join(values)
        if command == previous:  # a repeated letter need not be written
            parts.append(text if text.startswith("-") else f" {text}")
        else:
            parts.append(command + text)
        previous = command
    return first_x, first_y, "".join(parts)


def join(numbers: Sequence[int]) -> str:
    """Numbers in SVG's shortest form: a minus sign also separates."""
    text = str(numbers[0])
    for number in numbers[1:]:
        text += str(number) if number < 0 else f" {number}"
    return text


# A glyph by its key and where its origin stands on the grid, or a rule: its lower left corner, width, height.
Stamp: TypeAlias = tuple[str, int, int]
Bar: TypeAlias = tuple[int, int, int, int]


def stamps(label: Label) -> dict[tuple[float, float], list[Stamp | Bar]]:
    """The ink of a label, by what a unit of the grid is in mm, across and up.

    All of it is counted from the label's first baseline. A script is not scaled into its base's units, so
    that its letters are written like any others.
    """
    x, y = label.lines[0].origin
    found: dict[tuple[float, float], list[Stamp | Bar]] = {}
    for line in label.lines:
        left, base = line.origin[0] - x, line.origin[1] - y
        unit = line.size / GRID
        for glyph in line.glyphs:
            up = unit * glyph.scale
            across = up * glyph.stretch
            at_x = round((left + glyph.x * line.size) / across)
            at_y = round((base + glyph.y * line.size) / up)
            found.setdefault((round(across, 7), round(up, 7)), []).append((glyph.key, at_x, at_y))
        for rule in line.rules:
            at_x = round((left + rule.x * line.size) / unit)
            at_y = round((base + rule.y * line.size) / unit)
            bar = at_x, at_y, round(rule.width * GRID), round(rule.height * GRID)
            found.setdefault((round(unit, 7), round(unit, 7)), []).append(bar)
    return found


def paths(label: Label, outlines: Mapping[str, str]) -> dict[tuple[float, float], str]:
    """The ink of a label as SVG paths, one for each size of its glyphs: see `stamps`."""
    found: dict[tuple[float, float], str] = {}
    for units, ink in stamps(label).items():
        pieces = []
        for one in ink:
            if len(one) == 4:
                pieces.append(bar(one))
                continue
            first_x, first_y, rest = relative(outlines[one[0]])
            if rest:
                pieces.append(f"M{join((one[1] + first_x, one[2] + first_y))}{rest}")
        if pieces:
            found[units] = "".join(pieces)
    return found


def bar(rule: Bar) -> str:
    """A rule as a path."""
    x, y, width, height = rule
    return f"M{join((x, y))}h{width}v{height}h{-width}z"
