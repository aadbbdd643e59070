"""Names, numbers and words as TeX can read them: plain ASCII, nothing that TeX acts on."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

from lorafig.scene import Length

DIGITS = ("Zero", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine")
# Characters that a description may hold and that have no ASCII form of their own.
ASCII: Mapping[str, str] = {
    "×": " x ", "·": "*", "−": "-", "–": "-", "—": "-", "’": "'", "‘": "'", "“": '"', "”": '"', "…": "...",
    "∈": " in ", "≤": " <= ", "≥": " >= ", "≪": " << ", "≫": " >> ", "≈": " ~ ", "→": " -> ", "←": " <- ",
    "⊤": "T",
}  # fmt: skip
TEX_SPECIAL: Mapping[str, str] = {
    "\\": "/", "{": "(", "}": ")", "^": "", "~": " ", "#": r"\#", "$": r"\$", "%": r"\%", "&": r"\&",
    "_": r"\_",
}  # fmt: skip


def ascii_text(text: str) -> str:
    """One line of printable ASCII that says the same, as far as that goes."""
    words: list[str] = []
    for char in unicodedata.normalize("NFKC", text):
        plain = ASCII.get(char)
        if plain is None:
            parts = unicodedata.normalize("NFKD", char)
            plain = "".join(part for part in parts if not unicodedata.combining(part))
        if plain.isascii():
            words.append(plain if plain.isprintable() else " ")
            continue
        _, letter, name = unicodedata.name(char, "").rpartition(" LETTER ")
        words.append(name.lower() if letter else "?")
    return " ".join("".join(words).split())


def one_line(text: str) -> str:
    """The same with Chinese, Japanese and Korean as they are written (the file is UTF-8 then)."""
    if text.isascii():
        return ascii_text(text)
    pieces = [""]  # of other scripts and of these in turn
    for char in text:
        if _is_wide(char) != (len(pieces) % 2 == 0):
            pieces.append("")
        pieces[-1] += char
    for at in range(0, len(pieces), 2):
        left, right = (" " if edge.isspace() else "" for edge in (pieces[at][:1], pieces[at][-1:]))
        pieces[at] = f"{left}{ascii_text(pieces[at])}{right}"
    return " ".join("".join(pieces).split())


def _is_wide(char: str) -> bool:
    """A letter or a punctuation mark as wide as it is high; no emoji, no blank."""
    wide = unicodedata.east_asian_width(char) in "WF"
    return wide and unicodedata.category(char)[0] in "LNP"


def alt_text(text: str) -> str:
    """One line that may stand in an argument: braces balanced, nothing that TeX acts on."""
    return "".join(TEX_SPECIAL.get(char, char) for char in one_line(text))


def number(value: float) -> str:
    """At most four decimals, no trailing zeros, no -0."""
    text = f"{value:.4f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def mm(value: float) -> str:
    return f"{number(value)}mm"


def coordinate(x: int, y: int) -> str:
    """A point of an icon, from thousandths of its size to parts of it."""
    return f"({number(x / 1000)},{number(y / 1000)})"


def letters(name: str) -> str:
    """A name as TeX letters: `brace gap` is BraceGap, `gap 2` is GapTwo."""
    words = re.findall(r"[A-Za-z]+|[0-9]", name)
    return "".join(DIGITS[int(word)] if word.isdigit() else word[0].upper() + word[1:] for word in words)


def colour(name: str) -> str:
    return "lorafig-" + re.sub(r"[^A-Za-z0-9]+", "-", name)


def node(name: str) -> str:
    return re.sub(r"[^A-Za-z0-9-]+", "-", name)


class Lengths:
    """Lengths and their macros. Those that are used are what the picture defines."""

    def __init__(self, lengths: Mapping[str, float]) -> None:
        self._values: dict[str, float] = {}
        self._macros: dict[str, str] = {}  # name -> macro
        self._taken: set[str] = set()
        self._owned: dict[tuple[str, float], str] = {}  # (stem, value) -> name
        self._counts: dict[str, int] = {}
        self._used: set[str] = set()
        for name, value in lengths.items():
            self.own(name, value)

    def own(self, name: str, value: float) -> str:
        """Give a length a macro; the name it is then known by, numbered where another has it."""
        if (name, value) in self._owned:
            return self._owned[name, value]
        stem, count = name, self._counts.get(name, 2)
        while self._values.setdefault(name, value) != value:
            name, count = f"{stem} {count}", count + 1
        self._owned[stem, value], self._counts[stem] = name, count
        if name not in self._macros:
            macro = "\\lorafig" + letters(name)
            while macro in self._taken:
                macro += "X"
            self._taken.add(macro)
            self._macros[name] = macro
        return name

    def macro(self, name: str, value: float | None = None) -> str:
        """The macro of a length; with a value, a length of that name and value is made first."""
        name = name if value is None else self.own(name, value)
        self._used.add(name)
        return self._macros[name]

    def sum(self, length: Length) -> str:
        """`\\lorafigGap + 0.5*\\lorafigD`; `0mm` for none."""
        text = ""
        for factor, name in length:
            size = "" if abs(factor) == 1 else f"{number(abs(factor))}*"
            sign = ("-" if factor < 0 else "") if not text else (" - " if factor < 0 else " + ")
            text += f"{sign}{size}{self.macro(name)}"
        return text or "0mm"

    def used(self) -> list[tuple[str, float]]:
        """(macro, value in mm) of what was used, in the order in which they were made."""
        return [(self._macros[name], value) for name, value in self._values.items() if name in self._used]
