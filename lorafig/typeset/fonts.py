"""The fonts: glyphs, words and outlines by HarfBuzz, all in em."""

from __future__ import annotations

import itertools
import os
from functools import cache
from typing import Any, Literal, TypeAlias

import uharfbuzz as hb

from lorafig.notation.cjk import Script
from lorafig.resources import folder
from lorafig.scene import Glyph
from lorafig.typeset.boxes import Box
from lorafig.typeset.line import MissingGlyphError

Face: TypeAlias = Literal[
    "math", "regular", "bold", "gothic", "demi", "song", "hei", "antiqua", "extra", "linear", "wide"
]

FILES: dict[Face, str] = {
    "math": "latinmodern-math.otf",
    "regular": "lmroman10-regular.otf",
    "bold": "lmroman10-bold.otf",
    "gothic": "texgyreheros-regular.otf",
    "demi": "texgyreheros-bold.otf",
    "song": "noto-serif-sc-regular.otf",
    "hei": "noto-sans-sc-bold.otf",
    "antiqua": "cyrillic-serif-regular.ttf",
    "extra": "cyrillic-serif-bold.ttf",
    "linear": "cyrillic-sans-regular.ttf",
    "wide": "cyrillic-sans-bold.ttf",
}
# Which font has the characters of another script beside one for Latin letters.
BESIDE: dict[Script, dict[Face, Face]] = {
    "cjk": {"regular": "song", "bold": "hei", "gothic": "song", "demi": "hei"},
    "cyrillic": {"regular": "antiqua", "bold": "extra", "gothic": "linear", "demi": "wide"},
}
# The fonts of words, plain and bold.
WORDS: dict[str, tuple[Face, Face]] = {"serif": ("regular", "bold"), "sans": ("gothic", "demi")}
_BY_LETTER: dict[str, Face] = {face[0]: face for face in FILES}  # a key's first letter


class Font:
    """A font file, opened once. Lengths are divided by `upem` at this border and nowhere else.

    A glyph may be made `stretch` times as wide: the small sizes of Computer Modern are wider drawings.
    """

    def __init__(self, face: Face) -> None:
        opened = hb.Face(hb.Blob.from_file_path(os.path.join(folder("fonts"), FILES[face])))
        self.face = face
        self.upem: int = opened.upem
        self.font: Any = hb.Font(opened)
        self._outlines: dict[str, str] = {}

    def has(self, char: str) -> bool:
        return bool(self.font.get_nominal_glyph(ord(char)))

    def index(self, char: str) -> int:
        """The glyph index of one character. Raises MissingGlyphError if the font lacks it."""
        index: int | None = self.font.get_nominal_glyph(ord(char))
        if not index:
            raise MissingGlyphError(char)
        return index

    def ink(self, index: int) -> tuple[float, float, float, float]:
        """The box of a glyph's ink: left, right, lowest, highest."""
        box, unit = self.font.get_glyph_extents(index), 1 / self.upem
        top, bottom = box.y_bearing / self.upem, (box.y_bearing + box.height) / self.upem
        return box.x_bearing * unit, (box.x_bearing + box.width) * unit, bottom, top

    def glyph(self, index: int, char: str, stretch: float = 1.0) -> Box:
        """A glyph of the font for mathematics, showing a character."""
        _, _, low, high = self.ink(index)
        unit, glyph = stretch / self.upem, Glyph(f"{self.face[0]}{index}", char, 0.0, 0.0, 1.0, stretch)
        advance = self.font.get_glyph_h_advance(index) * unit
        italic = self.font.get_math_glyph_italics_correction(index) * unit
        accent = self.font.get_math_glyph_top_accent_attachment(index) * unit or advance / 2
        width, height, depth = advance + italic, max(0.0, high), max(0.0, -low)
        return Box(width, height, depth, (glyph,), italic=italic, accent=accent)

    def words(self, text: str, stretch: float = 1.0) -> Box:
        """A run of text with kerning and ligatures."""
        for char in text:
            self.index(char)  # each of them must be there
        buffer = hb.Buffer()
        buffer.add_str(text)
        buffer.guess_segment_properties()
        hb.shape(self.font, buffer, {"kern": True, "liga": True})
        infos, positions = buffer.glyph_infos, buffer.glyph_positions
        starts = [*sorted({info.cluster for info in infos}), len(text)]
        ends = dict(itertools.pairwise(starts))
        glyphs, x, height, depth = [], 0.0, 0.0, 0.0
        for info, position in zip(infos, positions, strict=True):
            start, index = info.cluster, info.codepoint
            char = text[start : ends.pop(start, start)]  # the first glyph of a cluster shows all of it
            at = x + position.x_offset * stretch / self.upem
            glyphs.append(Glyph(f"{self.face[0]}{index}", char, at, 0.0, 1.0, stretch))
            x += position.x_advance * stretch / self.upem
            _, _, low, high = self.ink(index)
            height, depth = max(height, high), max(depth, -low)
        return Box(x, height, depth, tuple(glyphs))

    def outline(self, key: str) -> str:
        """The outline of a glyph in 1/1000 em, as SVG path commands, y up."""
        if key not in self._outlines:
            commands: list[str] = []
            self.font.draw_glyph(int(key[1:]), _draw_functions(), (commands, 1000 / self.upem))
            self._outlines[key] = "".join(commands)
        return self._outlines[key]


font = cache(Font)


def outline(key: str) -> str:
    """The outline named by a glyph's key: the face's first letter, then the glyph's index."""
    return font(_BY_LETTER[key[0]]).outline(key)


Pen: TypeAlias = tuple[list[str], float]  # the commands so far, and what a font unit is


def _write(pen: Pen, letter: str, *coordinates: float) -> None:
    pen[0].append(letter + " ".join([str(round(value * pen[1])) for value in coordinates]))


@cache
def _draw_functions() -> Any:
    functions = hb.DrawFuncs()
    functions.set_move_to_func(lambda x, y, pen: _write(pen, "M", x, y))
    functions.set_line_to_func(lambda x, y, pen: _write(pen, "L", x, y))
    functions.set_cubic_to_func(lambda a, b, c, d, x, y, pen: _write(pen, "C", a, b, c, d, x, y))
    functions.set_close_path_func(lambda pen: _write(pen, "Z"))
    return functions
