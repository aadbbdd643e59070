"""Glyph outlines: the scene's path strings read, moved and scaled."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from operator import sub
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
    x = y = 0
    first = start = 0, 0
    previous = ""
    for letter, numbers in commands(outline):
        if letter == "Z":
            parts.append("z")
            x, y = start
            previous = "z"
            continue
        points = [round(value * (GRID / 1000)) for value in numbers]
        moves = list(map(sub, points, (x, y, x, y, x, y)))
        x, y = points[-2:]
        command = letter.lower()
        if letter == "M":
            start = x, y
            if not previous:
                first, previous = start, "M"
                continue
        elif letter == "L" and 0 in moves:
            command = "h" if moves[1] == 0 else "v"
            moves.remove(0)
        text = join(moves)
        if command == previous:  # a repeated letter need not be written
            parts.append(text if text.startswith("-") else f" {text}")
        else:
            parts.append(command + text)
        previous = command
    return *first, "".join(parts)


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
    inks: dict[tuple[float, float], list[Stamp | Bar]] = {}
    for line in label.lines:
        left, base, size = line.origin[0] - x, line.origin[1] - y, line.size
        unit = size / GRID
        for glyph in line.glyphs:
            up = unit * glyph.scale
            across = up * glyph.stretch
            stamp = glyph.key, round((left + glyph.x * size) / across), round((base + glyph.y * size) / up)
            inks.setdefault((round(across, 7), round(up, 7)), []).append(stamp)
        for rule in line.rules:
            at_x, at_y = round((left + rule.x * size) / unit), round((base + rule.y * size) / unit)
            bar = at_x, at_y, round(rule.width * GRID), round(rule.height * GRID)
            inks.setdefault((round(unit, 7), round(unit, 7)), []).append(bar)
    return inks


def paths(label: Label, outlines: Mapping[str, str]) -> dict[tuple[float, float], str]:
    """The ink of a label as SVG paths, one for each size of its glyphs: see `stamps`."""
    inks = {
        units: "".join([bar(mark) if len(mark) == 4 else _stamp(mark, outlines) for mark in marks])
        for units, marks in stamps(label).items()
    }
    return {units: path for units, path in inks.items() if path}


def _stamp(stamp: Stamp, outlines: Mapping[str, str]) -> str:
    """A glyph as a path; '' for one without ink."""
    key, x, y = stamp
    first_x, first_y, rest = relative(outlines[key])
    return f"M{join((x + first_x, y + first_y))}{rest}" if rest else ""


def bar(rule: Bar) -> str:
    """A rule as a path."""
    x, y, width, height = rule
    return f"M{join((x, y))}h{width}v{height}h{-width}z"
