"""A typesetter of fixed widths: layout must not care which font measures."""

from dataclasses import dataclass, field

from lorafig.scene import Glyph
from lorafig.typeset import SetLine


@dataclass
class FixedWidth:
    """Every character half an em wide, 0.7 em high and 0.2 em deep."""

    outlines: dict[str, str] = field(default_factory=lambda: {"m0": "M0 0L500 0L500 700L0 700Z"})

    def _line(self, source, size, part=None):
        width = 0.5 * len(source)
        glyphs = tuple(Glyph("m0", char, 0.5 * i, 0.0) for i, char in enumerate(source))
        mark = pieces = None
        if part is not None:
            start = source.index(part)
            mark = (0.5 * start, 0.5 * (start + len(part)), 0.7, 0.2)
            pieces = (source[:start], part, source[start + len(part) :])
        return SetLine(size, width, 0.7, 0.2, glyphs, (), source, source, mark, pieces)

    def math(self, source, size, *, display=False, part=None):
        return self._line(source, size, part)

    def within(self, numbers):
        return self

    def text(self, source, size, *, bold=False):
        return self._line(source, size)
