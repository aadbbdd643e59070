"""TeX's four styles, and the dimensions of Computer Modern that its rules speak of, in em."""

from __future__ import annotations

from msgspec import Struct

AXIS, RULE = 0.25, 0.04
SUP_DISPLAY, SUP_TEXT, SUP_CRAMPED, SUB, SUB_WITH_SUP = 0.413, 0.363, 0.289, 0.15, 0.247
SUP_DROP, SUB_DROP, X_HEIGHT = 0.386, 0.05, 0.431
NUM_DISPLAY, NUM_TEXT, DENOM_DISPLAY, DENOM_TEXT = 0.677, 0.394, 0.686, 0.345
PRIME = 0.556  # height of cmsy's prime
SCRIPT_SPACE = 0.05  # \scriptspace, 0.5 pt at 10 pt
NULL_DELIMITER = 0.12  # \nulldelimiterspace, 1.2 pt


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

    def ratio(self) -> float:
        return 1.0 if self.level < 2 else self.ratios[self.level - 2]

    def stretch(self) -> float:
        return self.widths[max(0, self.level - 1)]

    def at(self, level: int, cramped: bool) -> Style:
        return Style(min(level, 3), cramped, self.ratios, self.widths, self.face)

    def script(self, cramped: bool) -> Style:
        return self.at(max(2, self.level + 1), self.cramped or cramped)

    def dressed(self, face: str) -> Style:
        return Style(self.level, self.cramped, self.ratios, self.widths, face)
