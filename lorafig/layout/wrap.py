"""Breaking a text into lines: between words, never inside mathematics or bold words."""

from __future__ import annotations

import re

from lorafig.theme import MM_PER_POINT
from lorafig.typeset import SetLine, Typesetter

BLANK = 0.333  # em, between two words
# A word, with the mathematics and the bold words that it touches.
_WORD = re.compile(r"(?:\$(?:\\.|[^$\\])*\$|\*\*(?:\\.|(?!\*\*).)*\*\*|\\.|[^\s$\\])+", re.DOTALL)


def wrapped(typesetter: Typesetter, source: str, size: float, width: float) -> list[SetLine]:
    """The lines of a text, each at most `width` mm long where its words allow."""
    whole = typesetter.text(source, size)
    if whole.width * whole.em <= width:
        return [whole]
    lines: list[list[str]] = [[]]
    used = 0.0
    for word in _WORD.findall(source):
        length = typesetter.text(word, size).width * size * MM_PER_POINT
        blank = BLANK * size * MM_PER_POINT
        if lines[-1] and used + blank + length > width:
            lines.append([])
            used = 0.0
        used += length if not lines[-1] else blank + length
        lines[-1].append(word)
    return [typesetter.text(" ".join(words), size) for words in lines]
