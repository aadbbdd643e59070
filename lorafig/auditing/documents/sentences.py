"""Sentences of a block in the notation of labels, mathematics between `$…$`: each character has its place."""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterator, MutableSequence, Sequence

from lorafig.auditing.documents.block import PRINTED, Block, Document
from lorafig.errors import Place

MAX_SENTENCE = 2000  # characters; a longer one is a table or data, and no sentence
_ESCAPED = "\\$*"
_SHORT = frozenset(
    ("e.g", "i.e", "al", "fig", "figs", "eq", "eqs", "sec", "secs", "tab", "app", "no", "vs", "cf", "approx",
     "resp", "ca", "etc", "ch", "ref", "refs", "vol", "pp", "dr", "mr", "st", "et", "incl", "max", "min")
)  # fmt: skip
_END = re.compile(r"[.!?。！？]+[\"'”’)\]]*(?=\s|\Z)|[。！？]")


class Sentence(str):
    """A sentence that knows where each of its characters stands, as a label of a spec does."""

    document: Document
    places: MutableSequence[int]

    def at(self, offset: int) -> Place:
        return self.document.place(self.places[min(offset, len(self.places) - 1)])

    def part(self, start: int, end: int) -> Sentence:
        """Some of it, with the places of its characters."""
        part = Sentence(self[start:end])
        part.document, part.places = self.document, self.places[start:end]
        return part


def sentences(block: Block, document: Document) -> Iterator[Sentence]:
    chars: list[str] = []
    places: list[int] = []
    for piece in block.pieces:
        if piece.math:
            chars += ["$", *piece.text, "$"]
            places += [piece.places[0], *piece.places, piece.places[-1]]
            continue
        start = 0
        for end in _ends(piece.text):
            _words(piece.text[start:end], piece.places[start:end], chars, places)
            yield from _made(chars, places, document)
            chars, places, start = [], [], end
        _words(piece.text[start:], piece.places[start:], chars, places)
    yield from _made(chars, places, document)


def _ends(text: str) -> list[int]:
    """Where sentences end in words; what PEFT printed is one by itself."""
    around = (place for match in PRINTED.finditer(text) for place in match.span() if place)
    return sorted({*_stops(text), *around})


def _stops(text: str) -> Iterator[int]:
    """Behind a stop, but not behind an abbreviation, an initial, or before a small letter."""
    for match in _END.finditer(text):
        before = re.search(r"[\w.]*\Z", text[max(0, match.start() - 12) : match.start()])
        word = "" if before is None else before[0].lower()
        after = text[match.end() :].lstrip()[:1]
        if match[0].startswith(".") and (
            word in _SHORT or (len(word) == 1 and word.isalpha()) or after.islower()
        ):
            continue
        yield match.end()


def _words(text: str, from_: Sequence[int], chars: list[str], places: list[int]) -> None:
    """Words with what would be markup in a label escaped; white space is one blank."""
    for char, place in zip(text, from_, strict=True):
        if char.isspace() or not char.isprintable():
            if chars and chars[-1] != " ":
                chars.append(" ")
                places.append(place)
            continue
        if char in _ESCAPED:
            chars.append("\\")
            places.append(place)
        chars.append(char)
        places.append(place)


def _made(chars: list[str], places: list[int], document: Document) -> Iterator[Sentence]:
    start = 1 if chars[:1] == [" "] else 0
    end = len(chars) - (1 if chars[-1:] == [" "] else 0)
    if 0 < end - start <= MAX_SENTENCE:
        sentence = Sentence("".join(chars[start:end]))
        sentence.document, sentence.places = document, array("l", places[start:end])
        yield sentence
