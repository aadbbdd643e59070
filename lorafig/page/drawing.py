"""The picture as the page moves it: every number in its SVG as a function of the drawn sides.

The layout decides by comparisons (which of two columns is the wider), and between them every coordinate is
a sum of multiples of the drawn lengths of d, k and r. So the picture is laid out at a few settings of each
order of these, the coefficients are solved for, and more settings are held to them. Nothing of the layout
is written a second time for the browser.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from math import log2

from lorafig.themes.measures import POWERS, SHORTEST, side

NUMBER = re.compile(r"-?(?:\d+\.?\d*|\.\d+)")
TOLERANCE = 0.02  # mm, for outlines
LABEL_TOLERANCE = 0.6  # mm, for where labels stand: in a trapezoid they follow its centroid
APART = 1e-3  # of the longest length: sides nearer than that are not laid out, either order holds there

# An attribute of the picture: the element's id, which child of it (-1 for itself), the attribute's name.
Spot = tuple[str, int, str]
Row = tuple[float, ...]  # a constant, and a coefficient for each side that moves


@dataclass(frozen=True, slots=True)
class Sides:
    """How long a dimension is drawn, as a part of the longest: `values` are the dimensions as the figure
    begins."""

    values: Mapping[str, int]
    low: Mapping[str, float]  # the shares that the sliders reach, by dimension
    high: Mapping[str, float]
    proportion: str = "root"

    @property
    def moving(self) -> tuple[str, ...]:
        return tuple(name for name in self.low if self.high[name] > self.low[name] + 1e-9)


def share(value: int, largest: int, proportion: str = "root") -> float:
    """A dimension's drawn length as a part of the longest. On the log scale doubling it adds the same length
    each time.

    1 is drawn as `SHORTEST`, `largest` as 1. As `theme.side` but for the 1 added there, so that the scale
    can be stated in a sentence.
    """
    if value == largest:
        return 1.0
    if proportion in POWERS:
        return side(value, largest, proportion)
    return SHORTEST + (1 - SHORTEST) * log2(value) / log2(max(largest, 2))


@dataclass(frozen=True, slots=True)
class Motion:
    """What moves: for every order of the sides the rows of all numbers, and the attributes they stand in.

    `pieces[spot]` is the attribute's text around the numbers that move, `rows[spot]` the row of each by
    order, as indices into `table`.
    """

    names: tuple[str, ...] = ()
    orders: tuple[tuple[str, ...], ...] = ()
    table: list[Row] = field(default_factory=list)
    pieces: dict[Spot, list[str]] = field(default_factory=dict)
    rows: dict[Spot, list[tuple[int, ...]]] = field(default_factory=dict)


def orders(sides: Sides) -> list[tuple[str, ...]]:
    """Every way in which the sides can follow each other in length, shortest first. Those that do not move
    are among them: the layout compares with them too."""
    found: list[tuple[str, ...]] = [()]
    for _ in sides.low:  # what cannot begin so is left out at once: there are many orders of many sides
        longer = ((*order, name) for order in found for name in sides.low if name not in order)
        found = [order for order in longer if _ladder(order, sides, 0.5, 0.5) is not None]
    return found


def samples(order: tuple[str, ...], sides: Sides) -> list[dict[str, float]]:
    """Shares at which the picture is laid out: well inside of one order, in general position."""
    found: list[dict[str, float]] = []
    grid = (0.15, 0.5, 0.85)
    for one in grid:
        for spread in grid:
            lengths = _ladder(order, sides, one, spread)
            if lengths is not None and lengths not in found:
                found.append(lengths)
    # One side moved by itself, so that the others' coefficients are told from its own.
    for base in list(found[:2]):
        for name in sides.moving:
            for step in (-0.35, 0.35):
                room = _room(order, base, name, sides)
                moved = base[name] + step * ((room[1] - base[name]) if step > 0 else (base[name] - room[0]))
                if abs(moved - base[name]) > 1e-4:
                    found.append({**base, name: moved})
    return found


def _ladder(order: tuple[str, ...], sides: Sides, at: float, spread: float) -> dict[str, float] | None:
    """Shares in this order, each within its own reach; None where there are none."""
    least, most = [sides.low[name] for name in order], [sides.high[name] for name in order]
    for index in range(1, len(order)):
        least[index] = max(least[index], least[index - 1] + _apart(order, index, sides))
    for index in reversed(range(len(order) - 1)):
        most[index] = min(most[index], most[index + 1] - _apart(order, index + 1, sides))
    found: dict[str, float] = {}
    previous = 0.0
    for index, name in enumerate(order):
        low = max(least[index], previous + (_apart(order, index, sides) if index > 0 else 0.0))
        if low > most[index] + 1e-12:
            return None
        fraction = at if index % 2 == 0 else at + (1 - at) * spread
        found[name] = previous = low + (most[index] - low) * fraction
    return found


def _apart(order: tuple[str, ...], index: int, sides: Sides) -> float:
    """How far a side keeps from the one before it: two that do not move may be equal."""
    return APART if {order[index - 1], order[index]} & set(sides.moving) else 0.0


def _room(order: tuple[str, ...], base: Mapping[str, float], name: str, sides: Sides) -> tuple[float, float]:
    place = order.index(name)
    low = max(sides.low[name], base[order[place - 1]] + APART if place > 0 else 0.0)
    high = min(sides.high[name], base[order[place + 1]] - APART if place + 1 < len(order) else 2.0)
    return min(low, base[name]), max(high, base[name])


def attributes(svg: str) -> Iterator[tuple[Spot, str]]:
    """Every attribute of a picture that can hold a coordinate."""
    from xml.etree.ElementTree import fromstring

    root = fromstring(svg)
    yield ("", -1, "viewBox"), root.get("viewBox", "")
    yield ("", 0, "transform"), _turn(root)

    def inside(element: object) -> Iterator[tuple[Spot, str]]:
        for child in element:  # type: ignore[attr-defined]
            name = child.get("id")
            if name is None:
                continue
            for key in ("transform", "d"):
                if child.get(key) is not None:
                    yield (name, -1, key), child.get(key)
            if child.tag.endswith("}g") and all(one.get("id") is None for one in child):
                for place, part in enumerate(child):
                    for key in ("transform", "d"):
                        if part.get(key) is not None:
                            yield (name, place, key), part.get(key)
            yield from inside(child)

    for group in root:
        if group.tag.endswith("}g"):
            yield from inside(group)


def _turn(root: object) -> str:
    for child in root:  # type: ignore[attr-defined]
        if child.tag.endswith("}g"):
            return str(child.get("transform", ""))
    return ""


def split(text: str) -> tuple[list[str], list[float]]:
    """An attribute's text around its numbers, and the numbers."""
    return NUMBER.split(text), [float(one) for one in NUMBER.findall(text)]


class NotAffineError(Exception):
    """The layout takes a decision between the settings that were tried."""


Picture = tuple[Mapping[str, float], Mapping[Spot, str]]  # drawn lengths in mm, and all attributes


def solve(pictures: Mapping[tuple[str, ...], Sequence[Picture]], names: tuple[str, ...]) -> Motion:
    """The rows of every number that moves, from pictures of each order at known lengths.

    Raises NotAffineError where a picture is not what the rows say.
    """
    motion = Motion(names, tuple(pictures))
    everywhere = [picture for some in pictures.values() for picture in some]
    first = everywhere[0][1]
    if any(attributes.keys() != first.keys() for _, attributes in everywhere):
        raise NotAffineError("other parts are drawn")
    known: dict[Row, int] = {}
    for spot, text in first.items():
        if all(attributes[spot] == text for _, attributes in everywhere):
            continue
        split_up = [split(attributes[spot]) for _, attributes in everywhere]
        pieces = _letters(split_up[0][0])
        if any(_letters(one) != pieces for one, _ in split_up):
            raise NotAffineError(f"{spot} is drawn in another way")
        numbers = [values for _, values in split_up]
        moving = [i for i in range(len(numbers[0])) if any(values[i] != numbers[0][i] for values in numbers)]
        motion.pieces[spot] = _around(pieces, NUMBER.findall(text), moving)
        limit = LABEL_TOLERANCE if "-label" in spot[0] else TOLERANCE
        at = 0
        for some in pictures.values():
            own = [values for _, values in split_up[at : at + len(some)]]
            at += len(some)
            rows = _rows(
                [lengths for lengths, _ in some], [[one[i] for i in moving] for one in own], names, limit
            )
            if rows is None:
                raise NotAffineError(f"{spot} does not follow the lengths")
            motion.rows.setdefault(spot, []).append(tuple(known.setdefault(row, len(known)) for row in rows))
    motion.table.extend(known)
    return motion


def _around(pieces: Sequence[str], numbers: Sequence[str], moving: Sequence[int]) -> list[str]:
    """The text around the numbers that move, with those that do not in it."""
    found, text = [], pieces[0]
    for index, number in enumerate(numbers):
        if index in moving:
            found.append(text)
            text = ""
        else:
            text += number
        text += pieces[index + 1]
    return [*found, text]


def _rows(
    lengths: Sequence[Mapping[str, float]],
    numbers: Sequence[Sequence[float]],
    names: Sequence[str],
    limit: float,
) -> list[Row] | None:
    import numpy as np

    known = np.array([[1.0, *(one[name] for name in names)] for one in lengths])
    wanted = np.array(numbers)
    rows, *_ = np.linalg.lstsq(known, wanted, rcond=None)
    # Lengths are rounded to hundredths: what is meant is a multiple of an eighth of each, if that fits.
    plain = np.round(8 * rows[1:]) / 8
    constant = np.round((wanted - known[:, 1:] @ plain).mean(axis=0), 3)
    simple = np.vstack([constant, plain])
    fits = np.abs(known @ simple - wanted).max(axis=0) <= TOLERANCE
    rounded = np.asarray(np.where(fits, simple, np.round(rows, 4)) + 0.0)  # never -0
    if float(np.abs(known @ rounded - wanted).max()) > limit:
        return None
    return [tuple(column) for column in rounded.T.tolist()]


def _letters(pieces: Sequence[str]) -> list[str]:
    """What stands around numbers, with a blank where SVG needs none before a minus sign."""
    between = [piece.strip() or " " for piece in pieces[1:-1]]
    return [pieces[0].strip(), *between, pieces[-1].strip()] if len(pieces) > 1 else [pieces[0].strip()]


def lengths(longest: float, shares: Mapping[str, float]) -> dict[str, float]:
    """Drawn lengths in mm, as `layout` rounds them."""
    return {name: round(longest * one, 2) for name, one in shares.items()}
