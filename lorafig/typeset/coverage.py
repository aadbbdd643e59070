"""Which characters can be set: those of the fonts for words, and formulas."""

from __future__ import annotations

from functools import lru_cache

from lorafig.errors import LorafigError
from lorafig.notation.textchars import is_sign
from lorafig.typeset import setting
from lorafig.typeset.fonts import WORDS, font
from lorafig.typeset.glyphs import words
from lorafig.typeset.line import MissingGlyphError


@lru_cache(1024)
def in_words(char: str) -> bool:
    """Whether words may have the character, in regular and in bold type."""
    if char == " " or (char.isascii() and char.isprintable()):
        return True
    try:
        words(char, "regular")
        words(char, "bold")
    except MissingGlyphError:
        return False
    return True


@lru_cache(1024)
def is_mathematical(char: str) -> bool:
    """Whether it is a sign of mathematics that words have no letter for: `≤`, `α`."""
    return is_sign(char) and not font(WORDS["serif"][0]).has(char)


@lru_cache(1024)
def as_formula(text: str) -> bool:
    """Whether the text is a formula all of whose characters can be set."""
    try:
        setting.line("math", text, 9.0, False, None, None)
    except (LorafigError, MissingGlyphError):
        return False
    return True
