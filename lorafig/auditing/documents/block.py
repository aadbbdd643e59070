"""What a reader makes of a document: blocks of words and mathematics, each character with its place."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from typing import TypeAlias

from msgspec import Struct

from lorafig.errors import Place

MAX_TEXT = 8 << 20  # characters


class Document:
    """A document's text by the name of its file. Offsets count characters.

    `opened` gives the documents that it includes, by the name that stands in it; None if they are not to be
    followed. `macros` are those of the document that includes this one, as far as it has been read."""

    def __init__(self, file: str, text: str, opened: Callable[[str], Document] | None = None) -> None:
        self.file, self.text, self.opened = file, text, opened
        self.macros: dict[str, object] = {}

    @cached_property
    def _starts(self) -> list[int]:
        return [0, *(match.end() for match in re.finditer("\n", self.text))]

    def place(self, offset: int) -> Place:
        line = bisect_right(self._starts, offset)
        return Place(self.file, line, offset - self._starts[line - 1] + 1)


class Piece(Struct, frozen=True):
    """Words, or mathematics, and the offset of each of its characters."""

    text: str
    places: Sequence[int]
    math: bool = False


class Block(Struct, frozen=True):
    """Pieces that belong together: a paragraph, a heading (of `level` 1 and more), a cell, a formula."""

    pieces: tuple[Piece, ...]
    level: int = 0


class Setting(Struct, frozen=True):
    """What a document says of its model, from here on: `{adapter: lora, r: 8}`, or `off` and `on`."""

    text: str
    offset: int


class Include(Struct, frozen=True):
    """Another document that stands here, by the name that this one gives it."""

    name: str
    offset: int


Item: TypeAlias = Block | Setting | Include


class Builder:
    """Collects the pieces of a block."""

    def __init__(self) -> None:
        self._pieces: list[Piece] = []
        self._chars: list[str] = []
        self._places: list[int] = []

    def word(self, text: str, places: int | Sequence[int]) -> None:
        """Words as they lie in the document from an offset on, or with the offset of each character."""
        self._chars += text
        self._places += range(places, places + len(text)) if isinstance(places, int) else places

    def sign(self, text: str, offset: int) -> None:
        """Characters that something longer or shorter stands for, as `\\%` does."""
        self.word(text, [offset] * len(text))

    def math(self, text: str, places: Sequence[int]) -> None:
        start = len(text) - len(text.lstrip())
        end = len(text.rstrip())
        self._flush()
        if start < end:
            self._pieces.append(Piece(text[start:end], places[start:end], True))

    def _flush(self) -> None:
        if self._chars:
            self._pieces.append(Piece("".join(self._chars), self._places))
        self._chars, self._places = [], []

    def take(self, level: int = 0) -> list[Block]:
        """What was collected, none if that is empty; what follows is another block."""
        self._flush()
        pieces, self._pieces = tuple(self._pieces), []
        if not any(piece.math or piece.text.strip() for piece in pieces):
            return []
        return [Block(pieces, level)]


# What PEFT prints, which stands in blocks of code.
PRINTED = re.compile(
    r"trainable param(?:s|eters): *[0-9][0-9,_]* *\|\|[^|\n]{1,60}\|\| *trainable *% *: *[0-9.]+", re.I
)


def printed(text: str, first: int, last: int) -> Iterator[Block]:
    """The lines of a block of code that PEFT printed: they are statements, whatever else is code."""
    for match in PRINTED.finditer(text, first, last):
        yield Block((Piece(match[0], range(match.start(), match.end())),))
