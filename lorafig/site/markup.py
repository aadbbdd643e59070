"""Labels and claims of a figure as HTML, of escaped words and parsed trees alone, and as plain text."""

from __future__ import annotations

import re

from markupsafe import Markup, escape

from lorafig.errors import LorafigError
from lorafig.notation.read.wordlike import is_prose
from lorafig.notation.write.mathml import runs_html
from lorafig.notation.write.plain import text_to_plain
from lorafig.words.labels import Labels
from lorafig.words.write.html import mathematics

_TO = " → "
_BETWEEN = re.compile(r"( → |, )")
_SIGNS = frozenset("+⊙×·")  # stations that are not a label

# A word that is not a command and in no argument of one.
_WORD = re.compile(r"(?<![\\{A-Za-z])[A-Za-z]{2,}")


def text(source: str | None, labels: Labels) -> Markup:
    """A text, its mathematics as MathML with the computed numbers filled in; nothing for none."""
    pieces = []
    for run in () if source is None else labels.runs(source):
        if run.math is None:
            pieces.append(Markup(runs_html((run,))))
        else:
            pieces.append(mathematics(run.math, font="bm" if run.bold else ""))
    return Markup("").join(pieces)


def plain(source: str, labels: Labels) -> str:
    """The same in Unicode, on one line."""
    return " ".join(text_to_plain(labels.runs(source)).split())


def language(text: str) -> str:
    """The language that a text is in as far as its letters say: '' for that of the page, which is English."""
    if any("\u3040" <= char <= "\u30ff" for char in text):
        return "ja"
    if any("\uac00" <= char <= "\ud7a3" for char in text):
        return "ko"
    return "zh" if any("\u4e00" <= char <= "\u9fff" for char in text) else ""


def claim(source: str, labels: Labels) -> Markup:
    """What a figure claims: mathematics where it reads as such, a way through the drawing with its stations
    as mathematics, else the words as the report has them."""
    if any(is_prose(word) for word in _WORD.findall(source)):
        return escape(source)
    try:
        if _TO in source:
            return Markup("").join(_station(piece, labels) for piece in _BETWEEN.split(source))
        return mathematics(labels.tree(source))
    except LorafigError:
        return escape(source)


def _station(piece: str, labels: Labels) -> Markup:
    """`(W`, `A`, `B)` of `x → (W, A → B) → + → h`, or what stands between them."""
    if _BETWEEN.fullmatch(piece) is not None or piece in _SIGNS:
        return escape(piece)
    bare = piece.lstrip("(")
    closing = max(0, bare.count(")") - bare.count("("))
    bare = bare[: len(bare) - closing]
    opening = piece[: len(piece) - len(bare) - closing]
    return escape(opening) + mathematics(labels.tree(bare)) + escape(")" * closing)
