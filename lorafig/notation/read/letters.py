"""Letters beyond ASCII: Unicode's mathematical alphabets (`ℝ`, `𝒩`, `𝐖`) and letters with accents (`Ŵ`)."""

from __future__ import annotations

import unicodedata

from lorafig.notation.read.commands import COMBINING

_STYLES: tuple[tuple[str, str], ...] = (  # the beginning of a character's name -> the font
    ("MATHEMATICAL BOLD ITALIC", "bm"),
    ("MATHEMATICAL BOLD SCRIPT", "cal"),
    ("MATHEMATICAL SANS-SERIF BOLD", "bf"),
    ("MATHEMATICAL BOLD FRAKTUR", ""),
    ("MATHEMATICAL BOLD", "bf"),
    ("MATHEMATICAL ITALIC", "it"),
    ("MATHEMATICAL SCRIPT", "cal"),
    ("MATHEMATICAL DOUBLE-STRUCK", "bb"),
    ("MATHEMATICAL SANS-SERIF", "sf"),
    ("MATHEMATICAL MONOSPACE", "tt"),
    ("DOUBLE-STRUCK", "bb"),
    ("SCRIPT CAPITAL", "cal"),
)


def read_letter(char: str) -> tuple[str, str, str]:
    """(letter, font, accent) of a character: `ℝ` -> ('R', 'bb', ''), `Ŵ` -> ('W', '', 'hat'); the letter is
    '' for a character that shows none."""
    name = unicodedata.name(char, "")
    for beginning, font in _STYLES:
        if name.startswith(beginning):
            letter = unicodedata.normalize("NFKC", char)
            if len(letter) == 1 and letter.isalpha() and font != "":
                return letter, "" if font == "it" else font, ""
            return "", "", ""
    parts = unicodedata.normalize("NFD", char)
    if len(parts) == 2 and parts[0].isascii() and parts[0].isalpha() and parts[1] in COMBINING:
        return parts[0], "", COMBINING[parts[1]]
    return "", "", ""
