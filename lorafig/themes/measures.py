"""Lengths and text sizes of every figure.

Every length is a multiple of the text's em (`lengths.json`), so that a figure keeps its proportions at every
font size. The names are what a reader of the TikZ output edits.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import log2

from lorafig.values import read_table

MM_PER_POINT = 25.4 / 72.27  # TeX points
EMS: Mapping[str, float] = read_table(__file__, "lengths.json", dict[str, float])
MARKS = frozenset({"arrow head", "badge", "icon", "sign", "brace", "hairline", "legend mark"})
INSIDE = frozenset({"pad", "badge inset", "border", "wire gap", "legend row"})
LEAST_INSIDE = 0.75  # of these lengths: less, and text and badges would touch the lines beside them
LEAST_SIDE = 7.5  # em: the longest dimension is drawn at least this long
LEADING = 1.2  # of the text size, as LaTeX's \baselineskip
SHORTEST = 0.25  # what a dimension of 1 is drawn at, as a part of the longest: see `side`
# LaTeX's sizes in points: what lies between is replaced by one of them in many documents. Those from 29.86 on
# are for posters: each a fifth larger than the one before.
SIZES = (
    5.0,
    6.0,
    7.0,
    8.0,
    9.0,
    10.0,
    10.95,
    12.0,
    14.4,
    17.28,
    20.74,
    24.88,
    29.86,
    35.83,
    43.0,
    51.6,
    61.92,
    74.3,
)


LEAST_TEXT = 6.0  # points, indices counted: what venues ask for in print
NOTES = sorted((*SIZES, 7.5))  # 7.5 is what notes beside 8.5 have


def equation_size(size: float) -> float:
    """The size of equations beside text of `size` points: the first of LaTeX's that is a sixth larger."""
    return next((larger for larger in SIZES if larger >= 7 / 6 * size), SIZES[-1])


def sign_size(size: float) -> float:
    """The size of a sign in a circle, whose strokes then reach over six tenths of it."""
    return next((larger for larger in SIZES if larger >= 1.6 * size), SIZES[-1])


def title_size(size: float) -> float:
    """The size of titles, which are bold: the first of LaTeX's that is no smaller than the text."""
    return next((larger for larger in SIZES if larger >= size), size)


def caption_size(size: float) -> float:
    """The size of captions, notes and labels at equations' braces: the next that is a twelfth smaller, but
    none below what print can show."""
    smaller = next((smaller for smaller in reversed(NOTES) if smaller <= 0.92 * size), SIZES[0])
    return max(smaller, min(size, LEAST_TEXT))


# The power of a size that its side is drawn as; `log` is a scale of its own.
POWERS: Mapping[str, float] = {"root": 0.25, "linear": 1.0}


def side(value: int, largest: int, proportion: str = "root") -> float:
    """How long a dimension is drawn, as a part of the longest: 1 for it, and less below.

    To scale, a rank of 8 in 768 would be a hair; the order is kept, and equal dimensions are equal.
    """
    if proportion in POWERS:
        return float((value / largest) ** POWERS[proportion])
    return SHORTEST + (1 - SHORTEST) * log2(1 + value) / log2(1 + largest)
