"""Characters that no label may hold, and what became of a backslash in a double-quoted YAML string."""

from __future__ import annotations

import re

from lorafig.notation.read.commands import COMMANDS
from lorafig.notation.read.fault import MAX_LABEL, code_point, fault

# Everything that could be wrong; a label without any of these is clean. Of the white space, only
# that which may be what YAML made of a backslash is looked at.
_SUSPECT = re.compile(
    "[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u061c\ufeff\ufe00-\ufe0f\ufff9-\ufffb"
    "\ud800-\udfff\ufffe\uffff\U000e0000-\U000e007f]"
)
_WHITE = frozenset("\t\n\r")
# YAML's escapes in double quotes, by the character that they give.
_YAML_ESCAPE: dict[str, str] = {
    "\x00": "0", "\x07": "a", "\x08": "b", "\t": "t", "\n": "n", "\x0b": "v", "\x0c": "f", "\r": "r",
    "\x1b": "e", "\x85": "N", "\u2028": "L", "\u2029": "P",
}  # fmt: skip
_LETTERS = re.compile(r"[A-Za-z]*")
_BIDI = frozenset("\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def refuse_hazards(source: str) -> None:
    """Raise for the first character of `source` that must not be drawn, and for an overlong label."""
    if len(source) > MAX_LABEL:
        what = f"a label of {len(source):,} characters; the limit is {MAX_LABEL:,}"
        raise fault(source, 0, what, kind="limit")
    for match in _SUSPECT.finditer(source):
        char, offset = match[0], match.start()
        letter = _YAML_ESCAPE.get(char)
        if letter is not None:
            tail = _LETTERS.match(source, offset + 1)
            name = letter + (tail[0] if tail is not None else "")
            if name in COMMANDS and len(name) > 1:
                what = f"{_name(char)} where \\{name} was meant"
                raise fault(source, offset, what, f"write the label in single quotes: '\\{name}'")
        if char in _WHITE:
            continue
        if char in _BIDI:
            raise fault(
                source, offset, f"a bidirectional control character ({code_point(char)})", "remove it"
            )
        if "\ud800" <= char <= "\udfff":
            raise fault(
                source, offset, f"half of a surrogate pair ({code_point(char)})", "write the whole character"
            )
        if char < "\xa0":
            raise fault(source, offset, f"a control character ({code_point(char)})", _control_hint(letter))
        raise fault(source, offset, f"an invisible character ({code_point(char)})", "remove it")


def _control_hint(letter: str | None) -> str:
    if letter is None:
        return "remove it"
    return f"remove it; if a backslash and {letter} was meant, write the label in single quotes"


def _name(char: str) -> str:
    names = {"\t": "a tab", "\n": "a line break", "\r": "a carriage return"}
    return names.get(char, f"a control character ({code_point(char)})")
