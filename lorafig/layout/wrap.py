"""Breaking a text into lines: between words and ideographs, never inside mathematics or bold words."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lorafig.notation import cjk
from lorafig.themes.measures import MM_PER_POINT
from lorafig.typeset import SetLine, Typesetter

# A word, with the mathematics and the bold words that it touches.
_WORD = re.compile(r"(?:\$(?:\\.|[^$\\])*\$|\*\*(?:\\.|(?!\*\*).)*\*\*|\\.|[^\s$\\])+", re.DOTALL)
# The parts of a word that stay whole; what is left is single characters.
_PART = re.compile(r"\$(?:\\.|[^$\\])*\$|\*\*(?:\\.|(?!\*\*).)*\*\*|\\.|.", re.DOTALL)


def wrapped(
    typesetter: Typesetter, source: str, size: float, width: float, *, bold: bool = False
) -> list[SetLine]:
    """The lines of a text, each at most `width` mm long where its words allow."""
    whole = typesetter.text(source, size, bold=bold)
    if whole.width * whole.em <= width:
        return [whole]
    em = size * MM_PER_POINT
    blank = (typesetter.text("n n", size).width - 2 * typesetter.text("n", size).width) * em
    lines = [""]
    used = 0.0
    for word in _WORD.findall(source):
        for number, piece in enumerate(_pieces(word)):
            length = typesetter.text(piece, size, bold=bold).width * em
            typed = number == 0 and lines[-1] != ""
            gap = blank if _apart(lines[-1], piece, typed) else 0.0
            if lines[-1] != "" and used + gap + length > width:
                lines.append("")
                used, typed, gap = 0.0, False, 0.0
            used += gap + length
            lines[-1] += f" {piece}" if typed else piece
    return [typesetter.text(line, size, bold=bold) for line in lines]


def halves(source: str) -> tuple[str, ...]:
    """A text in two lines, as even by their letters as its words allow; in one if it has but one word."""
    words = _WORD.findall(source)
    ways = [(" ".join(words[:cut]), " ".join(words[cut:])) for cut in range(1, len(words))]
    return min(ways, key=lambda way: max(map(len, way)), default=(source,))


def _pieces(word: str) -> Iterator[str]:
    """The parts of a word that a line may end between: none but the whole where it has no ideograph."""
    if not cjk.has_cjk(word):
        yield word
        return
    piece = ""
    for part in _PART.findall(word):
        if piece != "" and cjk.breaks(_letter(piece, -1), _letter(part, 0)):
            yield piece
            piece = ""
        piece += part
    yield piece


def _apart(line: str, piece: str, typed: bool) -> bool:
    """Whether a blank stands between what is on a line already and the piece that comes next."""
    return line != "" and cjk.blank(_letter(line, -1), _letter(piece, 0), typed)


def _letter(piece: str, at: int) -> str:
    """The first (0) or last (-1) character of a piece as it is drawn; mathematics counts as a letter."""
    shown = piece.strip("*")
    return "x" if shown == "" or shown[at] == "$" else shown[at]
