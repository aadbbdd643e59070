"""The sizes of scripts, and how wide letters are drawn at each size, as LaTeX chooses them."""

from __future__ import annotations

# \DeclareMathSizes of LaTeX's fonts: sizes of scripts and of scripts of scripts, in points.
_SCRIPT_SIZES: dict[float, tuple[float, float]] = {
    5: (5, 5),
    6: (5, 5),
    7: (5, 5),
    8: (6, 5),
    9: (6, 5),
    10: (7, 5),
    10.95: (8, 6),
    12: (8, 6),
    14.4: (10, 7),
    17.28: (12, 10),
    20.74: (14.4, 12),
    24.88: (20.74, 17.28),
}


def script_ratios(size: float) -> tuple[float, float]:
    """Sizes of scripts as parts of `size` (points), as LaTeX chooses them."""
    script, scripts = _SCRIPT_SIZES.get(size, (0.7 * size, 0.5 * size))
    return script / size, scripts / size


# Latin Modern has drawings of its own for small and for large sizes. For each: below which size (points,
# t1lmr.fd) a document takes it, and how much wider than at 10 pt its letters are, measured with pdfTeX.
_DRAWINGS = (
    (5.5, 1.37),
    (6.5, 1.225),
    (7.5, 1.14),
    (8.5, 1.06),
    (9.5, 1.027),
    (11, 1.0),
    (float("inf"), 0.979),
)
_LARGEST = (15.0, 0.915)  # from this size on, regular text alone takes lmr17


def letter_widths(size: float) -> tuple[float, float, float]:
    """How much wider than at 10 pt letters are drawn: in labels of `size` points, in scripts, in theirs."""
    script, scripts = script_ratios(size)
    return wider(size), wider(script * size), wider(scripts * size)


def wider(size: float, regular_text: bool = False) -> float:
    """How much wider than at 10 pt letters of `size` points are drawn."""
    if regular_text and size >= _LARGEST[0]:
        return _LARGEST[1]
    return next(width for limit, width in _DRAWINGS if size < limit)
