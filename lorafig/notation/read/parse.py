"""A label's source -> its tree (mathematics) or its runs (words with mathematics between `$…$`)."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

from lorafig.errors import LorafigError, Place
from lorafig.notation.read.commands import FORBIDDEN
from lorafig.notation.read.fault import fault
from lorafig.notation.read.grammar import read_label
from lorafig.notation.read.hazards import refuse_hazards
from lorafig.notation.read.lex import forbidden
from lorafig.notation.read.scan import LETTERS, after_white, end_of
from lorafig.notation.textchars import read_character
from lorafig.notation.tree import Node, Run, Symbol

# A sign by itself is the label of a node that joins what flows into it.
SIGNS = {
    "+": "+", "\\oplus": "⊕", "⊕": "⊕", "\\times": "×", "×": "×", "\\odot": "⊙", "⊙": "⊙",
    "\\otimes": "⊗", "⊗": "⊗", "\\approx": "≈", "≈": "≈", "-": "−", "−": "−",
    "\\to": "→", "→": "→", "\\leftarrow": "←", "←": "←",
}  # fmt: skip
_ESCAPABLE = "$%&#_{}\\*"
_ARGUMENT = re.compile(r"\s*(?:\[[^\]]*\])?\s*\{([^{}]*)\}")


def parse_math(source: str) -> Node:
    """The tree of a label of mathematics, in LaTeX or plain Unicode.

    Raises LorafigError: kind 'spec' with the column and a hint; kind 'limit' for a label of more
    than 2,000 characters or 32 levels. A `language.Source` gives the error its place in the file.
    """
    try:
        return _math(str(source))
    except LorafigError:
        return _read_math(source)  # once more, for the place that a Source knows


def _read_math(source: str) -> Node:
    sign = SIGNS.get(source.strip())
    if sign is not None:
        return Symbol(sign)
    refuse_hazards(source)
    return read_label(source)


def parse_text(source: str) -> tuple[Run, ...]:
    """The runs of a text: words, `**bold**` words, and mathematics between `$…$`.

    `\\$ \\% \\& \\# \\_ \\{ \\} \\\\ \\*` stand for the character. White space is one blank.
    """
    try:
        return _text(str(source))
    except LorafigError:
        return _read_text(source)


def _read_text(source: str) -> tuple[Run, ...]:
    refuse_hazards(source)
    return _Text(source).run()


# Trees are frozen, and the same label is read by the reader, layout and verification: as many as the largest
# figure has.
_math = lru_cache(maxsize=16_384)(_read_math)
_text = lru_cache(maxsize=16_384)(_read_text)


class _Text:
    def __init__(self, source: str) -> None:
        self.source = source
        self.runs: list[Run] = []
        self.words: list[str] = []
        self.begin = 0
        self.bold = False
        self.bold_at = 0

    def flush(self, position: int) -> None:
        text = "".join(self.words)
        if text != "":
            self.runs.append(Run(text, None, self.bold, self.begin))
        self.words = []
        self.begin = position

    def run(self) -> tuple[Run, ...]:
        source = self.source
        at = self.begin = len(source) - len(source.lstrip())
        length = len(source.rstrip())
        if at >= length:
            raise fault(source, 0, "the text is empty", "write some words, or leave the text out")
        while at < length:
            char = source[at]
            if char == "\\":
                at = self.escape(at)
            elif char == "$":
                at = self.mathematics(at)
            elif char == "*" and source.startswith("**", at, length):
                self.flush(at + 2)
                self.bold, self.bold_at = not self.bold, at
                at += 2
            elif char.isspace():
                self.words.append(" ")
                at = after_white(source, at)
            else:
                self.words.append(char)
                at += 1
        self.flush(length)
        if self.bold:
            raise fault(source, self.bold_at, "** is never closed", "add ** after the bold words")
        return tuple(self.runs)

    def escape(self, start: int) -> int:
        source = self.source
        following = source[start + 1 : start + 2]
        if following == "":
            raise fault(source, start, "a backslash at the end", "write \\\\ for a backslash")
        if following in _ESCAPABLE:
            self.words.append(following)
            return start + 2
        read = read_character(source, start)
        if read is not None:
            self.words.append(read[0])
            return read[1]
        shown = source[start : max(end_of(source, start + 1, LETTERS), start + 2)]
        if shown[1:] in FORBIDDEN:
            raise forbidden(source, start, shown)
        argument = _ARGUMENT.match(source, start + len(shown))
        words = argument[1] if argument is not None else ""
        if shown[1:] in ("textbf", "textit", "emph", "textrm", "texttt", "textsc", "underline"):
            hint = f"write **{words}**" if shown == "\\textbf" else f"write the words alone: {words}"
            raise fault(source, start, f"the command {shown} in a text", hint)
        if shown in ("\\(", "\\["):
            raise fault(source, start, f"{shown} in a text", "mathematics goes between $…$")
        hint = f"mathematics goes between $…$: ${shown}{argument[0] if argument is not None else ''}$"
        if shown[1:] in ("SI", "si", "qty", "unit"):
            hint = "write the number and its unit as words, such as 4 MB"
        raise fault(source, start, f"the command {shown} in a text", hint)

    def mathematics(self, start: int) -> int:
        source = self.source
        end = start + 1
        while end < len(source) and source[end] != "$":
            end += 2 if source[end] == "\\" else 1
        if end >= len(source):
            hint = "add $ after the mathematics, or write \\$ for the sign"
            raise fault(source, start, "$ is never closed", hint)
        self.flush(end + 1)
        inside = source[start + 1 : end]
        doubled = re.match(r"\$\$([^$]+)\$\$", source[start:])
        if doubled is not None:
            what, hint = "two $ around mathematics", f"one on each side: ${doubled[1].strip()}$"
            raise fault(source, start, what, hint)
        if inside.strip() == "":
            raise fault(source, start, "nothing stands between $ and $", "write \\$ for a dollar sign")
        # Blanks keep every offset that of the whole text, in spans and in errors.
        node = _read_math(_like(source, " " * (start + 1) + inside))
        self.runs.append(Run("", node, self.bold, start))
        return end + 1


def _like(source: str, text: str) -> str:
    """`text` as a string of the same kind as `source`: a `language.Source` keeps its place."""
    if not hasattr(source, "where"):
        return text
    kind: Callable[[str, Place | None, bool], str] = type(source)
    return kind(text, source.where, getattr(source, "exact", False))
