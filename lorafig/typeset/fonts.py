"""The fonts: advances, extents, kerning and outlines by HarfBuzz, all in em."""

from __future__ import annotations

import itertools
import os
from functools import cache
from typing import Any, Literal, TypeAlias

import uharfbuzz as hb
from msgspec import Struct

from lorafig.resources import folder
from lorafig.typeset.line import MissingGlyphError

Face: TypeAlias = Literal["math", "regular", "bold", "song", "hei"]

FILES: dict[Face, str] = {
    "math": "latinmodern-math.otf",
    "regular": "lmroman10-regular.otf",
    "bold": "lmroman10-bold.otf",
    "song": "noto-serif-sc-regular.otf",
    "hei": "noto-sans-sc-bold.otf",
}
# Which font has the Chinese, Japanese and Korean characters beside one for Latin letters.
BESIDE: dict[Face, Face] = {"regular": "song", "bold": "hei"}
_BY_LETTER: dict[str, Face] = {face[0]: face for face in FILES}  # a key's first letter


class Metrics(Struct, frozen=True, gc=False):
    """One glyph: its outline's `key`, `advance`, italic correction and ink box, in em."""

    key: str
    advance: float
    italic: float
    left: float
    right: float
    height: float
    depth: float
    accent: float  # where an accent is centred


class Piece(Struct, frozen=True, gc=False):
    """A piece of an assembled glyph: its length, how far neighbours may overlap it, repeatable or not."""

    glyph: int
    length: float
    start: float
    end: float
    repeats: bool


class Font:
    """A font file, opened once. Lengths are divided by `upem` at this border and nowhere else."""

    def __init__(self, face: Face) -> None:
        opened = hb.Face(hb.Blob.from_file_path(os.path.join(folder("fonts"), FILES[face])))
        self.face = face
        self.upem: int = opened.upem
        self.font: Any = hb.Font(opened)
        self._metrics: dict[tuple[int, float], Metrics] = {}
        self._outlines: dict[str, str] = {}

    def glyph(self, char: str) -> int:
        """The glyph index of one character. Raises MissingGlyphError if the font lacks it."""
        index: int | None = self.font.get_nominal_glyph(ord(char))
        if not index:
            raise MissingGlyphError(char)
        return index

    def metrics(self, index: int, stretch: float = 1.0) -> Metrics:
        """A glyph, made `stretch` times as wide: the small sizes of Computer Modern are wider drawings."""
        if (index, stretch) not in self._metrics:
            self._metrics[index, stretch] = self._measured(index, stretch / self.upem)
        return self._metrics[index, stretch]

    def _measured(self, index: int, wide: float) -> Metrics:
        """`wide` is what a unit across is in em."""
        box, em = self.font.get_glyph_extents(index), self.upem
        math = self.face == "math"
        advance = self.font.get_glyph_h_advance(index) * wide
        accent = self.font.get_math_glyph_top_accent_attachment(index) if math else 0
        return Metrics(
            key=f"{self.face[0]}{index}",
            advance=advance,
            italic=self.font.get_math_glyph_italics_correction(index) * wide if math else 0.0,
            left=box.x_bearing * wide,
            right=(box.x_bearing + box.width) * wide,
            height=max(0.0, box.y_bearing / em),
            depth=max(0.0, -(box.y_bearing + box.height) / em),
            accent=accent * wide if accent else advance / 2,
        )

    def shape(self, text: str, stretch: float = 1.0) -> tuple[list[tuple[Metrics, str, float]], float]:
        """Shape a run of text with kerning and ligatures: its glyphs, each with the characters that it shows
        and where it stands; and its width."""
        buffer = hb.Buffer()
        buffer.add_str(text)
        buffer.guess_segment_properties()
        hb.shape(self.font, buffer, {"kern": True, "liga": True})
        infos, positions = buffer.glyph_infos, buffer.glyph_positions
        starts = [*sorted({info.cluster for info in infos}), len(text)]
        ends = dict(itertools.pairwise(starts))
        shaped, x, seen = [], 0.0, set()
        for info, position in zip(infos, positions, strict=True):
            char = "" if info.cluster in seen else text[info.cluster : ends[info.cluster]]
            seen.add(info.cluster)
            metrics = self.metrics(info.codepoint, stretch)
            shaped.append((metrics, char, x + position.x_offset * stretch / self.upem))
            x += position.x_advance * stretch / self.upem
        return shaped, x

    def outline(self, key: str) -> str:
        """The outline of a glyph in 1/1000 em, as SVG path commands, y up."""
        if key not in self._outlines:
            commands: list[str] = []
            self.font.draw_glyph(int(key[1:]), _draw_functions(), (commands, 1000 / self.upem))
            self._outlines[key] = "".join(commands)
        return self._outlines[key]

    def variants(self, index: int, vertical: bool) -> list[tuple[int, float]]:
        """Larger forms of a glyph with their lengths in em, smallest first (OpenType MATH)."""
        variants = self.font.get_math_glyph_variants(index, _direction(vertical))
        return [(variant.glyph, variant.advance / self.upem) for variant in variants]

    def assembly(self, index: int, vertical: bool) -> list[Piece]:
        """The pieces that a longer form is put together from, in order; empty if it has none."""
        parts, _ = self.font.get_math_glyph_assembly(index, _direction(vertical))
        em = self.upem
        return [
            Piece(
                part.glyph,
                part.full_advance / em,
                part.start_connector_length / em,
                part.end_connector_length / em,
                bool(part.flags),
            )
            for part in parts
        ]

    def overlap(self, vertical: bool) -> float:
        """The least overlap of two pieces, in em."""
        least: int = self.font.get_math_min_connector_overlap(_direction(vertical))
        return least / self.upem


def _direction(vertical: bool) -> str:
    return "ttb" if vertical else "ltr"


font = cache(Font)


def outline(key: str) -> str:
    """The outline named by a glyph's key: the face's first letter, then the glyph's index."""
    return font(_BY_LETTER[key[0]]).outline(key)


Pen: TypeAlias = tuple[list[str], float]  # the commands so far, and what a font unit is


def _move(x: float, y: float, pen: Pen) -> None:
    pen[0].append(f"M{_pair(x, y, pen)}")


def _line(x: float, y: float, pen: Pen) -> None:
    pen[0].append(f"L{_pair(x, y, pen)}")


def _cubic(ax: float, ay: float, bx: float, by: float, x: float, y: float, pen: Pen) -> None:
    pen[0].append(f"C{_pair(ax, ay, pen)} {_pair(bx, by, pen)} {_pair(x, y, pen)}")


def _close(pen: Pen) -> None:
    pen[0].append("Z")


def _pair(x: float, y: float, pen: Pen) -> str:
    return f"{round(x * pen[1])} {round(y * pen[1])}"


@cache
def _draw_functions() -> Any:
    functions = hb.DrawFuncs()
    functions.set_move_to_func(_move)
    functions.set_line_to_func(_line)
    functions.set_cubic_to_func(_cubic)
    functions.set_close_path_func(_close)
    return functions
