"""TeX's four styles, and how large and how wide LaTeX draws letters in each of them."""

from __future__ import annotations

from msgspec import Struct
from msgspec.structs import replace

from lorafig.notation.find import Located

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

# Where LaTeX's are less than print can show; of 6.5, 7.5 and 8.5 it has none, and takes 0.7 and 0.5 of them.
OWN_SCRIPTS: dict[float, tuple[float, float]] = {
    **dict.fromkeys((6, 6.5, 7, 7.5, 8, 8.5, 9), (6, 6)),
    10: (7, 6),
}


def script_ratios(size: float) -> tuple[float, float]:
    """Sizes of scripts as parts of `size` (points), as LaTeX chooses them."""
    script, scripts = (_SCRIPT_SIZES | OWN_SCRIPTS).get(size, (0.7 * size, 0.5 * size))
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


def wider(size: float, regular_text: bool = False) -> float:
    """How much wider than at 10 pt letters of `size` points are drawn."""
    if regular_text and size >= _LARGEST[0]:
        return _LARGEST[1]
    return next(width for limit, width in _DRAWINGS if size < limit)


class Style(Struct, frozen=True, gc=False):
    """Display, text, script or scriptscript (0 to 3), cramped or not, and the sizes of the two last.

    `ratios` are those sizes as parts of the label's, `widths` how much wider letters are drawn: at the
    label's own size, in scripts, and in scripts of scripts.
    """

    level: int
    cramped: bool
    ratios: tuple[float, float]
    widths: tuple[float, float, float]
    face: str = ""  # a font command in force
    part: Located | None = None  # what is marked where it is set
    size: float = 10.0  # of the label, in points

    @staticmethod
    def of(size: float, display: bool, part: Located | None) -> Style:
        """That of a label of `size` points."""
        script, scripts = script_ratios(size)
        widths = wider(size), wider(script * size), wider(scripts * size)
        return Style(0 if display else 1, False, (script, scripts), widths, "", part, size)

    def ratio(self) -> float:
        return 1.0 if self.level < 2 else self.ratios[self.level - 2]

    def stretch(self) -> float:
        return self.widths[max(0, self.level - 1)]

    def at(self, level: int, cramped: bool) -> Style:
        return replace(self, level=min(level, 3), cramped=cramped)

    def script(self, cramped: bool) -> Style:
        return self.at(max(2, self.level + 1), self.cramped or cramped)

    def dressed(self, face: str) -> Style:
        return replace(self, face=face)
