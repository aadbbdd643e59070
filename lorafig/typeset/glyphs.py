"""Letters, words and brackets of any length as boxes."""

from __future__ import annotations

from functools import lru_cache
from itertools import groupby, pairwise

from lorafig.notation.alphabets import styled
from lorafig.notation.cjk import spaced, stretches
from lorafig.notation.textchars import is_sign
from lorafig.typeset import computer_modern as cm
from lorafig.typeset.boxes import Box, beside, placed
from lorafig.typeset.fonts import BESIDE, WORDS, Face, font
from lorafig.typeset.style import Style


def char_box(char: str, style: Style) -> Box:
    return _letter(char, style.stretch())


@lru_cache(maxsize=1024)
def _letter(char: str, stretch: float) -> Box:
    face = font("math")
    return face.glyph(face.index(char), char, stretch)


def words(text: str, face: Face, stretch: float = 1.0) -> Box:
    """Words in a text font, with kerning and ligatures; those of another script in the font beside it. Signs
    that TeX takes from mathematics come from the serif, and from mathematics where the serif has none."""
    if text.isascii():
        return font(face).words(text, stretch)
    if any(_set_in(char, face) != face for char in text):
        pieces = groupby(text, lambda char: _set_in(char, face))
        return beside([_piece("".join(piece), source, stretch) for source, piece in pieces])
    return beside(
        font(face).words(piece, stretch) if script is None else font(BESIDE[script][face]).words(piece)
        for piece, script in stretches(spaced(text))
    )


@lru_cache(1024)
def _set_in(char: str, face: Face) -> Face:
    """The face that a character of words is set in."""
    if not is_sign(char):
        return face
    serif = WORDS["serif"][0]
    if not font(serif).has(char):
        return "math"
    return serif if face in WORDS["sans"] else face


def _piece(text: str, face: Face, stretch: float) -> Box:
    """A piece of words of one face; the signs of mathematics one by one, letters slanted as TeX does."""
    if face == "math":
        return beside([_letter(styled(char, ""), stretch) for char in text])
    return words(text, face, stretch) if face in WORDS["sans"] else font(face).words(text, stretch)


def stretched(char: str, size: float, vertical: bool = True) -> Box:
    """A bracket at least `size` long: the first large enough form, or put together from pieces.

    A vertical one is centred on the axis.
    """
    face, direction = font("math"), "ttb" if vertical else "ltr"
    index, em = face.index(char), face.upem
    variants = face.font.get_math_glyph_variants(index, direction)
    pieces, _ = face.font.get_math_glyph_assembly(index, direction)
    form = next((variant.glyph for variant in variants if variant.advance / em >= size), None)
    if form is None and not pieces:
        form = variants[-1].glyph if variants else index
    if form is not None:
        return _centred(face.glyph(form, char)) if vertical else face.glyph(form, char)
    least = face.font.get_math_min_connector_overlap(direction) / em
    for repeats in range(202):
        chain = [piece for piece in pieces for _ in range(repeats if piece.flags else 1)]
        longest = sum(piece.full_advance / em for piece in chain) - least * (len(chain) - 1)
        if longest >= size:
            break
    spare = (longest - size) / max(1, len(chain) - 1)
    at, parts = 0.0, []
    for number, (piece, following) in enumerate(pairwise([*chain, chain[-1]])):
        box = face.glyph(piece.glyph, char if number == 0 else "")
        parts.append((box, 0.0, at + box.depth) if vertical else (box, at, 0.0))
        joint = min(spare, piece.end_connector_length / em, following.start_connector_length / em)
        at += piece.full_advance / em - least - joint
    if not vertical:
        return placed(at + least, parts)
    return _centred(placed(max(box.width for box, _, _ in parts), parts))


def _centred(box: Box) -> Box:
    return placed(box.width, [(box, 0.0, cm.AXIS - (box.height - box.depth) / 2)])


def ink(box: Box) -> tuple[float, float]:
    """Lowest and highest point of the glyphs of a horizontally stretched form."""
    inks = [font("math").ink(int(glyph.key[1:])) for glyph in box.glyphs]
    return min(low for _, _, low, _ in inks), max(high for _, _, _, high in inks)
