"""Characters that no label may hold, and what became of a backslash in a double-quoted YAML string."""

from __future__ import annotations

from bisect import bisect

from lorafig.notation.read.commands import COMMANDS
from lorafig.notation.read.fault import MAX_LABEL, code_point, fault
from lorafig.notation.read.scan import LETTERS, end_of

# Ranges of code points, each with the first one after it: controls, what does not show, what changes the
# direction, halves of pairs, and code points that are not characters.
_SUSPECT = (
    0x00, 0x20, 0x7F, 0xA0, 0x61C, 0x61D, 0x200B, 0x2010, 0x2028, 0x202F, 0x2060, 0x2070, 0xD800, 0xE000,
    0xFE00, 0xFE10, 0xFEFF, 0xFF00, 0xFFF9, 0xFFFC, 0xFFFE, 0x10000, 0xE0000, 0xE0080,
)  # fmt: skip
_WHITE = {"\t": "a tab", "\n": "a line break", "\r": "a carriage return"}
# YAML's escapes in double quotes, by the character that they give.
_YAML_ESCAPE: dict[str, str] = {
    "\x00": "0", "\x07": "a", "\x08": "b", "\t": "t", "\n": "n", "\x0b": "v", "\x0c": "f", "\r": "r",
    "\x1b": "e", "\x85": "N", "\u2028": "L", "\u2029": "P",
}  # fmt: skip
_BIDI = frozenset("\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def refuse_hazards(source: str) -> None:
    """Raise for the first character of `source` that must not be drawn, and for an overlong label."""
    if len(source) > MAX_LABEL:
        what = f"a label of {len(source):,} characters; the limit is {MAX_LABEL:,}"
        raise fault(source, 0, what, kind="limit")
    if source.isascii() and source.isprintable():
        return
    for offset, char in enumerate(source):
        if bisect(_SUSPECT, ord(char)) % 2 == 0:
            continue
        letter = _YAML_ESCAPE.get(char, "")
        if letter != "":
            name = letter + source[offset + 1 : end_of(source, offset + 1, LETTERS)]
            if name in COMMANDS and len(name) > 1:
                what = _WHITE.get(char, f"a control character ({code_point(char)})")
                what += f" where \\{name} was meant"
                raise fault(source, offset, what, f"write the label in single quotes: '\\{name}'")
        if char not in _WHITE:
            raise fault(source, offset, *_hazard(char, letter))


def _hazard(char: str, letter: str) -> tuple[str, str]:
    point = code_point(char)
    if char in _BIDI:
        return f"a bidirectional control character ({point})", "remove it"
    if "\ud800" <= char <= "\udfff":
        return f"half of a surrogate pair ({point})", "write the whole character"
    if char < "\xa0":
        meant = f"; if a backslash and {letter} was meant, write the label in single quotes"
        return f"a control character ({point})", "remove it" + meant * (letter != "")
    return f"an invisible character ({point})", "remove it"
