"""Letters, words and brackets of any length as boxes."""

from __future__ import annotations

from functools import lru_cache

from lorafig.notation.cjk import spaced, stretches
from lorafig.scene import Glyph
from lorafig.typeset import computer_modern as cm
from lorafig.typeset.boxes import Box, beside, placed
from lorafig.typeset.fonts import BESIDE, Face, Font, font
from lorafig.typeset.style import Style


def _glyph(face: Font, index: int, char: str, stretch: float = 1.0) -> Box:
    metrics = face.metrics(index, stretch)
    return Box(
        metrics.advance + metrics.italic,
        metrics.height,
        metrics.depth,
        (Glyph(metrics.key, char, 0.0, 0.0, 1.0, stretch),),
        italic=metrics.italic,
        accent=metrics.accent,
    )


def char_box(char: str, style: Style) -> Box:
    return _letter(char, style.stretch())


@lru_cache(maxsize=1024)
def _letter(char: str, stretch: float) -> Box:
    face = font("math")
    return _glyph(face, face.glyph(char), char, stretch)


def words(text: str, face: Face, stretch: float = 1.0) -> Box:
    """Words in a text font, with kerning and ligatures; Chinese and Japanese in the one beside it."""
    if text.isascii():
        return _run(text, face, stretch)
    return beside(
        _run(piece, BESIDE[face], 1.0) if cjk else _run(piece, face, stretch)
        for piece, cjk in stretches(spaced(text))
    )


def _run(text: str, face: Face, stretch: float) -> Box:
    chosen = font(face)
    for char in text:
        chosen.glyph(char)  # each of them must be there
    shaped, width = chosen.shape(text, stretch)
    glyphs = tuple(Glyph(metrics.key, char, x, 0.0, 1.0, stretch) for metrics, char, x in shaped)
    height = max((metrics.height for metrics, _, _ in shaped), default=0.0)
    depth = max((metrics.depth for metrics, _, _ in shaped), default=0.0)
    return Box(width, height, depth, glyphs)


def stretched(char: str, size: float, vertical: bool = True) -> Box:
    """A bracket at least `size` long: the first large enough form, or put together from pieces.

    A vertical one is centred on the axis.
    """
    face = font("math")
    index = face.glyph(char)
    variants, pieces = face.variants(index, vertical), face.assembly(index, vertical)
    form = next((variant for variant, length in variants if length >= size), None)
    if form is None and not pieces:
        form = variants[-1][0] if variants else index
    if form is not None:
        return _centred(_glyph(face, form, char)) if vertical else _glyph(face, form, char)
    least = face.overlap(vertical)
    repeats = 0
    while True:
        chain = [piece for piece in pieces for _ in range(repeats if piece.repeats else 1)]
        longest = sum(piece.length for piece in chain) - least * (len(chain) - 1)
        if longest >= size or repeats > 200:
            break
        repeats += 1
    spare = (longest - size) / max(1, len(chain) - 1)
    at, parts = 0.0, []
    for number, piece in enumerate(chain):
        box = _glyph(face, piece.glyph, char if number == 0 else "")
        parts.append((box, 0.0, at + box.depth) if vertical else (box, at, 0.0))
        following = chain[number + 1] if number + 1 < len(chain) else piece
        at += piece.length - least - min(spare, piece.end, following.start)
    if not vertical:
        return placed(at + least, parts)
    return _centred(placed(max(box.width for box, _, _ in parts), parts))


def _centred(box: Box) -> Box:
    return placed(box.width, [(box, 0.0, cm.AXIS - (box.height - box.depth) / 2)])


def ink(box: Box) -> tuple[float, float]:
    """Lowest and highest point of the glyphs of a horizontally stretched form."""
    face = font("math")
    low, high = 10.0, -10.0
    for glyph in box.glyphs:
        extents = face.font.get_glyph_extents(int(glyph.key[1:]))
        high = max(high, extents.y_bearing / face.upem)
        low = min(low, (extents.y_bearing + extents.height) / face.upem)
    return low, high
