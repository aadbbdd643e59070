"""Names, numbers and lengths as TeX can read them."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

from lorafig.scene import Length

DIGITS = ("Zero", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine")


def number(value: float) -> str:
    """At most four decimals, no trailing zeros, no -0."""
    text = f"{value:.4f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def mm(value: float) -> str:
    return f"{number(value)}mm"


def letters(name: str) -> str:
    """A name as TeX letters: `brace gap` is BraceGap, `gap 2` is GapTwo."""
    words = re.findall(r"[A-Za-z]+|[0-9]", name)
    return "".join(DIGITS[int(word)] if word.isdigit() else word[0].upper() + word[1:] for word in words)


def colour(name: str) -> str:
    return "lorafig-" + re.sub(r"[^A-Za-z0-9]+", "-", name)


def node(name: str) -> str:
    return re.sub(r"[^A-Za-z0-9-]+", "-", name)


def free(name: str, taken: Collection[str], joint: str = " ") -> str:
    """The name, with a number if it is taken."""
    stem, count = name, 2
    while name in taken:
        name, count = f"{stem}{joint}{count}", count + 1
    return name


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
