"""Signs of mathematics stand among words in every font, as TeX sets them between `$`."""

from __future__ import annotations

import pytest

from lorafig.notation.textchars import escape
from lorafig.typeset import coverage
from lorafig.typeset.fonts import WORDS
from lorafig.typeset.glyphs import words


@pytest.mark.parametrize("font", WORDS)
@pytest.mark.parametrize("bold", [False, True])
def test_signs_stand_among_words(font: str, bold: bool) -> None:
    plain, heavy = WORDS[font]
    for char in "≤≥≠≈≪≫→←↔⇒⇔↑↓∈√∂∇∞αβλσμΔΣ·×±−":
        assert coverage.in_words(char), char
        assert escape(char).startswith("$") or char in "·Δ", char
        set_as = words(f"a {char} b", heavy if bold else plain)
        assert "".join(glyph.char for glyph in set_as.glyphs).replace(" ", "")[0] == "a"
        assert len([glyph for glyph in set_as.glyphs if glyph.char.strip()]) == 3, char


def test_letters_of_words_are_not_those_of_mathematics() -> None:
    assert not any(coverage.is_mathematical(char) for char in "aé中…—×²Δ")
    assert all(coverage.is_mathematical(char) for char in "≤α∂")
