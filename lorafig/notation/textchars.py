"""Words in TeX: the characters that need a command, and the commands that stand for a character."""

from __future__ import annotations

import re
from functools import cache

from lorafig.notation.cjk import Script, is_foreign, spaced, stretches
from lorafig.notation.read.commands import DELIMITERS, OPERATORS, RELATIONS, SYMBOLS

# Characters that every engine sets by an ASCII command, whatever its input encoding.
_COMMAND: dict[str, str] = {
    "\\": "\\textbackslash", "^": "\\textasciicircum", "~": "\\textasciitilde", "<": "\\textless",
    ">": "\\textgreater", "|": "\\textbar", "`": "\\textasciigrave",
    "'": "\\textquotesingle", "…": "\\dots", "•": "\\textbullet", "·": "\\textperiodcentered",
    "©": "\\textcopyright", "®": "\\textregistered", "°": "\\textdegree", "§": "\\S", "¶": "\\P",
    "†": "\\dag", "‡": "\\ddag", "™": "\\texttrademark", "ß": "\\ss", "æ": "\\ae", "Æ": "\\AE",
    "œ": "\\oe", "Œ": "\\OE", "ø": "\\o", "Ø": "\\O", "å": "\\aa", "Å": "\\AA", "ł": "\\l", "Ł": "\\L",
    "ı": "\\i", "–": "\\textendash", "—": "\\textemdash", "‘": "\\textquoteleft", "’": "\\textquoteright",
    "“": "\\textquotedblleft", "”": "\\textquotedblright", "¿": "\\textquestiondown", "¡": "\\textexclamdown",
}  # fmt: skip
# What a careful author types for it; the commands above are read as well.
_TYPED: dict[str, str] = {
    "{": "\\{", "}": "\\}", "$": "\\$", "&": "\\&", "#": "\\#", "%": "\\%", "_": "\\_", "'": "'", "–": "--",
    "—": "---", "‘": "`", "’": "'", "“": "``", "”": "''", '"': "''",
    "\u00a0": "~", "\u2009": "\\,", "\u202f": "\\,",
    "×": "$\\times$", "²": "$^2$", "³": "$^3$", "µ": "$\\mu$", "−": "$-$", "±": "$\\pm$",
    "⇒": "$\\Rightarrow$", "⇐": "$\\Leftarrow$", "⇔": "$\\Leftrightarrow$", "↔": "$\\leftrightarrow$",
    "ℝ": "$\\mathbb{R}$", "⋅": "$\\cdot$", "√": "$\\surd$", "↑": "$\\uparrow$", "↓": "$\\downarrow$",
}  # fmt: skip
_ACCENT: dict[str, str] = {
    "\u0300": "`", "\u0301": "'", "\u0302": "^", "\u0303": "~", "\u0304": "=", "\u0306": "u", "\u0307": ".",
    "\u0308": '"', "\u030a": "r", "\u030b": "H", "\u030c": "v", "\u0327": "c", "\u0328": "k",
}  # fmt: skip
_MACRO: dict[Script, str] = {"cjk": "lorafigCJK", "cyrillic": "lorafigCyrillic"}
_COMBINING = {command: char for char, command in _ACCENT.items()}
_NAMED = {command[1:]: char for char, command in _COMMAND.items()}
_DELIMITERS = {name: char for name, (_, char) in DELIMITERS.items() if name.isalpha() and name[0] in "lr"}
_SIGNS = {
    char: f"$\\{name}$"
    for table in (_DELIMITERS, {"Delta": "Δ", "sum": "∑", "prod": "∏"}, OPERATORS, RELATIONS, SYMBOLS)
    for name, char in reversed(table.items())
    if not char.isascii()
}
# A blank that TeX would make wider, as between sentences. Labels are too short for that, and no other
# backend does it.
_SENTENCE = r"(?<=[.?!:]) |(?<=[.?!:][)\]']) |(?<=[.?!:]'') "
_READ = (
    r"\\(?:(?P<name>[A-Za-z]{2,}|[SPoOlLi])(?![A-Za-z])(?:\{\}|[ ]+)?"
    r"|(?P<accent>[`'^~=.\"]|[urHvck](?![A-Za-z]))\s*(?:\{\\?(?P<braced>[A-Za-z])\}|\\?(?P<letter>[A-Za-z])))"
)


@cache
def is_sign(char: str) -> bool:
    """Whether TeX sets a character of words as mathematics, between `$`."""
    return not char.isascii() and escape(char).startswith("$")


def escape(text: str) -> str:
    """Words as TeX for text mode: every special escaped, Latin letters with accents as commands (`é` ->
    `\\'{e}`), quotes and dashes as ligatures, mathematical signs between `$`; Chinese, Japanese and
    Korean as UTF-8 in `\\lorafigCJK{…}` and Cyrillic in `\\lorafigCyrillic{…}`, for which a figure has a
    definition where the document has none.

    Any other character (emoji) is left as UTF-8: XeLaTeX and LuaLaTeX set it where the
    font has it, pdfLaTeX where the document loads a package for its script.
    """
    if text.isascii() and text.isalnum():
        return text
    if is_foreign(text):
        return _with_scripts(text)
    pieces: list[str] = []
    for char in text:
        piece = _character(char)
        if pieces and pieces[-1][-1:] in "-`'?!" and piece[:1] in "-`'" and char in "-`'–—‘’“”":
            pieces.append("{}")  # no ligature across two characters
        pieces.append(piece)
    return re.sub(_SENTENCE, r"\\ ", "".join(pieces))


def _with_scripts(text: str) -> str:
    parts = stretches(spaced(text))
    pieces: list[str] = []
    for index, (piece, script) in enumerate(parts):
        if script is not None:
            pieces.append(f"\\{_MACRO[script]}{{{piece}}}")
        elif piece == " " and 0 < index < len(parts) - 1:
            pieces.append("\\ ")  # xeCJK drops a mere blank between two words of Hangul
        else:
            pieces.append(escape(piece))
    return "".join(pieces)


def _character(char: str) -> str:
    if char in _TYPED:
        return _TYPED[char]
    if char in _COMMAND:
        return _COMMAND[char] + "{}"
    if char.isascii():
        return char
    if char in _SIGNS:
        return _SIGNS[char]
    import unicodedata

    parts = unicodedata.normalize("NFD", char)
    if len(parts) == 2 and parts[0].isascii() and parts[0].isalpha() and parts[1] in _ACCENT:
        letter = f"\\{parts[0]}" if parts[0] in "ij" and parts[1] not in "\u0327\u0328" else parts[0]
        return f"\\{_ACCENT[parts[1]]}{{{letter}}}"
    return char


def read_character(source: str, position: int) -> tuple[str, int] | None:
    """The character that the text command at `position` stands for, and where the command ends: `\\'e`,
    `\\"{o}`, `\\ss{}`, `\\dots`. None if there is no such command."""
    match = re.compile(_READ).match(source, position)
    if match is None:
        return None
    if match["name"] is not None:
        char = _NAMED.get(match["name"])
        return None if char is None else (char, match.end())
    import unicodedata

    letter = match["braced"] or match["letter"]
    composed = unicodedata.normalize("NFC", letter + _COMBINING[match["accent"]])
    return (composed, match.end()) if len(composed) == 1 else None
