"""Regular expressions that are compiled when a text may need them.

Python keeps no compiled expressions on disk, and to compile all that a figure's texts are held to would take
longer than to draw it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any


class Pattern:
    """A regular expression with its signs, `"left|right"`: texts in lower case, of which every match has one.
    A text without any has no match, and nothing is compiled for it. Without signs, any text is searched."""

    __slots__ = ("_compiled", "expression", "flags", "signs")

    def __init__(self, expression: str, signs: str = "", flags: re.RegexFlag = re.NOFLAG) -> None:
        self.expression, self.flags = expression, flags
        self.signs = tuple(signs.split("|")) if signs else ()
        self._compiled: re.Pattern[str] | None = None

    def compiled(self) -> re.Pattern[str]:
        if self._compiled is None:
            self._compiled = re.compile(self.expression, self.flags)
        return self._compiled

    def may_be_in(self, text: str) -> bool:
        if not self.signs:
            return True
        folded = text.casefold()
        return any(sign in folded for sign in self.signs)

    def search(self, text: str) -> re.Match[str] | None:
        return self.compiled().search(text) if self.may_be_in(text) else None

    def match(self, text: str) -> re.Match[str] | None:
        return self.compiled().match(text) if self.may_be_in(text) else None

    def matcher(self, text: str) -> Callable[[int], re.Match[str] | None]:
        """The match that begins at a place of the text, for many places."""
        if not self.may_be_in(text):
            return lambda at: None
        compiled = self.compiled()
        return lambda at: compiled.match(text, at)

    def fullmatch(self, text: str) -> re.Match[str] | None:
        return self.compiled().fullmatch(text) if self.may_be_in(text) else None

    def finditer(self, text: str) -> Iterator[re.Match[str]]:
        return self.compiled().finditer(text) if self.may_be_in(text) else iter(())

    def split(self, text: str, most: int = 0) -> list[str | Any]:
        return self.compiled().split(text, most) if self.may_be_in(text) else [text]

    def sub(self, by: str | Callable[[re.Match[str]], str], text: str) -> str:
        return self.compiled().sub(by, text) if self.may_be_in(text) else text


def any_case(expression: str, signs: str = "") -> Pattern:
    """A pattern to which upper and lower case are one."""
    return Pattern(expression, signs, re.IGNORECASE)
