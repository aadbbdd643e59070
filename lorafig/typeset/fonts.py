"""The fonts: advances, extents, kerning and outlines by HarfBuzz, all in em."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Literal, TypeAlias

import uharfbuzz as hb

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


@dataclass(frozen=True, slots=True)
class Metrics:
    """One glyph: its outline's `key`, `advance`, italic correction and ink box, in em."""

    key: str
    advance: float
    italic: float
    left: float
    right: float
    height: float
    depth: float
    accent: float  # where an accent is centred


@dataclass(frozen=True, slots=True)
class Shaped:
    """A glyph of a run of text after shaping: where it stands and which characters it shows."""

    metrics: Metrics
    char: str
    x: float


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of an assembled glyph: its length, how far neighbours may overlap it, repeatable or not."""

    glyph: int
    length: float
    start: float
    end: float
    repeats: bool


@dataclass(slots=True)
class Font:
    """A font file, opened once. Lengths are divided by `upem` at this border and nowhere else."""

    face: Face
    font: Any
    upem: int
    known: dict[tuple[int, float], Metrics] = field(default_factory=dict)
    drawn: dict[str, str] = field(default_factory=dict)

    def glyph(self, char: str) -> int | None:
        """The glyph index of one character, or None where the font lacks it."""
        index: int | None = self.font.get_nominal_glyph(ord(char))
        return index if index is not None and index != 0 else None

    def metrics(self, index: int, stretch: float = 1.0) -> Metrics:
        """A glyph, made `stretch` times as wide: the small sizes of Computer Modern are wider drawings."""
        found = self.known.get((index, stretch))
        if found is None:
            box = self.font.get_glyph_extents(index)
            em, wide = self.upem, stretch / self.upem
            math = self.face == "math"
            advance = self.font.get_glyph_h_advance(index) * wide
            accent = self.font.get_math_glyph_top_accent_attachment(index) if math else 0
            found = Metrics(
                key=f"{self.face[0]}{index}",
                advance=advance,
                italic=self.font.get_math_glyph_italics_correction(index) * wide if math else 0.0,
                left=box.x_bearing * wide,
                right=(box.x_bearing + box.width) * wide,
                height=max(0.0, box.y_bearing / em),
                depth=max(0.0, -(box.y_bearing + box.height) / em),
                accent=accent * wide if accent else advance / 2,
            )
            self.known[(index, stretch)] = found
        return found

    def shape(self, text: str, stretch: float = 1.0) -> tuple[list[Shaped], float]:
        """Shape a run of text with kerning and ligatures; its glyphs and its width."""
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
            shaped.append(Shaped(metrics, char, x + position.x_offset * stretch / self.upem))
            x += position.x_advance * stretch / self.upem
        return shaped, x

    def outline(self, key: str) -> str:
        """The outline of a glyph in 1/1000 em, as SVG path commands, y up."""
        found = self.drawn.get(key)
        if found is None:
            commands: list[str] = []
            self.font.draw_glyph(int(key[1:]), _draw_functions(), (commands, 1000 / self.upem))
            found = "".join(commands)
            self.drawn[key] = found
        return found

    def variants(self, index: int, vertical: bool) -> list[tuple[int, float]]:
        """Larger forms of a glyph with their lengths in em, smallest first (OpenType MATH)."""
        direction = "ttb" if vertical else "ltr"
        return [(v.glyph, v.advance / self.upem) for v in self.font.get_math_glyph_variants(index, direction)]

    def assembly(self, index: int, vertical: bool) -> list[Piece]:
        """The pieces that a longer form is put together from, in order; empty where there are none."""
        parts, _ = self.font.get_math_glyph_assembly(index, "ttb" if vertical else "ltr")
        em = self.upem
        return [
            Piece(
                p.glyph,
                p.full_advance / em,
                p.start_connector_length / em,
                p.end_connector_length / em,
                bool(p.flags),
            )
            for p in parts
        ]

    def overlap(self, vertical: bool) -> float:
        """The least overlap of two pieces, in em."""
        least: int = self.font.get_math_min_connector_overlap("ttb" if vertical else "ltr")
        return least / self.upem


@cache
def font(face: Face) -> Font:
    blob = hb.Blob.from_file_path(str(Path(__file__).parent.parent / "fonts" / FILES[face]))
    opened = hb.Face(blob)
    return Font(face, hb.Font(opened), opened.upem)


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
