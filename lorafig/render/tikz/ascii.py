"""Words as TeX can read them: plain ASCII, nothing that TeX acts on."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping

# Characters that a description may hold and that have no ASCII form of their own.
ASCII: Mapping[str, str] = {
    "×": " x ", "·": "*", "−": "-", "–": "-", "—": "-", "’": "'", "‘": "'", "“": '"', "”": '"', "…": "...",
    "∈": " in ", "≤": " <= ", "≥": " >= ", "≪": " << ", "≫": " >> ", "≈": " ~ ", "→": " -> ", "←": " <- ",
    "⊤": "T",
}  # fmt: skip
TEX_SPECIAL: Mapping[int, str] = str.maketrans({
    "\\": "/", "{": "(", "}": ")", "^": "", "~": " ", "#": r"\#", "$": r"\$", "%": r"\%", "&": r"\&",
    "_": r"\_",
})  # fmt: skip


def ascii_text(text: str) -> str:
    """One line of printable ASCII that says the same, as far as that goes."""
    return " ".join("".join(map(_ascii, unicodedata.normalize("NFKC", text))).split())


def _ascii(char: str) -> str:
    plain = ASCII.get(char)
    if plain is None:
        parts = unicodedata.normalize("NFKD", char)
        plain = "".join(part for part in parts if not unicodedata.combining(part))
    if plain.isascii():
        return plain if plain.isprintable() else " "
    _, letter, name = unicodedata.name(char, "").rpartition(" LETTER ")
    return name.lower() if letter else "?"


def one_line(text: str) -> str:
    """The same with Chinese, Japanese, Korean and Cyrillic as they are written (the file is UTF-8 then)."""
    if text.isascii():
        return ascii_text(text)
    pieces = [""]  # of other scripts and of these in turn
    for char in text:
        if _stays(char) != (len(pieces) % 2 == 0):
            pieces.append("")
        pieces[-1] += char
    for at in range(0, len(pieces), 2):
        left, right = (" " if edge.isspace() else "" for edge in (pieces[at][:1], pieces[at][-1:]))
        pieces[at] = f"{left}{ascii_text(pieces[at])}{right}"
    return " ".join("".join(pieces).split())


def _stays(char: str) -> bool:
    """Whether it is Cyrillic, or a letter or a punctuation mark as wide as it is high; no emoji, no blank."""
    wide = unicodedata.east_asian_width(char) in "WF"
    return "\u0400" <= char < "\u0530" or (wide and unicodedata.category(char)[0] in "LNP")


def alt_text(text: str) -> str:
    """One line that may stand in an argument: braces balanced, nothing that TeX acts on."""
    return one_line(text).translate(TEX_SPECIAL)
