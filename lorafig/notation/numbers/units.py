"""The unit of a number: `65.5K`, `16.8 M`, `0.39 %`, `32× fewer`."""

from __future__ import annotations

import re

from lorafig.notation.read.commands import CHARACTERS, RELATIONS
from lorafig.notation.read.wordlike import PROSE, is_prose

_RELATION_NAMES = "|".join(RELATIONS)
_RELATION_SIGNS = "".join(char for char, (kind, _) in CHARACTERS.items() if kind == "relation")
BLANK = "[ \t\n\r\u00a0\u2002-\u200a\u202f\u3000]"
_SPACE = rf"(?:{BLANK}|~|\\[,:;>! ])*"
_UNIT = re.compile(
    rf"{_SPACE}(?:(?P<percent>\\?%)"
    r"|(?:(?P<plain>[KMBT])|\\(?:mathrm|text)\{\s*(?P<upright>[KMBT])\s*\})(?![A-Za-z0-9_^'₀-₉⁰¹²³⁴-⁹ᵀ(\[]))"
)
_AFTER_UNIT = re.compile(
    rf"{_SPACE}(?:$|[{_RELATION_SIGNS},;(){{\]}}|‖⌋⌉⟩+−–/·×*%-]|~(?={BLANK})|(?P<word>[a-z]{{2,}})"
    rf"|\\(?:{_RELATION_NAMES}|times|cdot|pm|right|text|q?quad|r(?:vert|Vert|floor|ceil|angle))(?![A-Za-z])|\\[%|}}])"
)
_TIMES = re.compile(rf"{_SPACE}(?:[×✕]|\\times(?![A-Za-z])|\{{\\times\}})")
_AFTER_TIMES = re.compile(
    rf"(?:{_SPACE}|\\q?quad(?![A-Za-z]))*(?:$|[{_RELATION_SIGNS},;)\]}}|‖⌋⌉⟩]"
    rf"|\\(?:{_RELATION_NAMES}|right|text|r(?:vert|Vert|floor|ceil|angle))(?![A-Za-z])|\\[|}}]|(?P<word>[A-Za-z]+))"
)


def read_unit(source: str, digits: str, end: int) -> tuple[str, int]:
    """The unit of the number `digits` that ends at `end`, and where the unit ends; '' where it has none."""
    match = _UNIT.match(source, end)
    if match is not None:
        if match["percent"] is not None:
            return "%", match.end()
        after = _AFTER_UNIT.match(source, match.end())
        if after is not None and (after["word"] is None or is_prose(after["word"])):
            if match["upright"] is not None:
                return match["upright"], match.end()
            if not _is_symbol(source, match["plain"]):
                return match["plain"], match.end()
    match = _TIMES.match(source, end)
    if match is not None:
        after = _AFTER_TIMES.match(source, match.end())
        if after is not None and (
            after["word"] is None or (len(after["word"]) > 1 and after["word"] in PROSE)
        ):
            return "×", match.end()
    if source[end] == "x":
        after = re.compile(r"x\s+([a-z]+)").match(source, end)
        if after is not None and len(after[1]) > 1 and after[1] in PROSE:
            return "×", end + 1
    if source[end] == "k" and "." in digits:
        after = re.compile(r"k\s+([a-z]+)").match(source, end)
        if after is not None and len(after[1]) > 1 and after[1] in PROSE:
            return "K", end + 1
    return "", end


def _is_symbol(source: str, letter: str) -> bool:
    """Whether the label also uses `letter` as a symbol: then `2B` in it is a product."""
    rest = re.sub(r"\\[A-Za-z]+|[A-Za-z]*[a-z]{3,}|[0-9]\s?" + letter, " ", source)
    return letter in rest
