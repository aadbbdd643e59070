"""The description as a tree: sections of paragraphs, lists and tables, whose text is words and mathematics.

Words are plain text and mathematics is a parsed tree: `words.write` makes Markdown or HTML of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypeAlias

import msgspec

from lorafig.notation.read.parse import parse_text
from lorafig.notation.tree import Node, Run
from lorafig.notation.write.plain import to_plain
from lorafig.notation.write.speech import to_speech


class Strong(msgspec.Struct, frozen=True):
    """Words that stand out."""

    text: str


Piece: TypeAlias = str | Strong | Node


class Phrase(msgspec.Struct, frozen=True):
    """Words and mathematics on one line. Pieces keep their blanks; `+` puts words and phrases together."""

    pieces: tuple[Piece, ...]

    def __add__(self, other: Said) -> Phrase:
        return Phrase(self.pieces + phrase(other).pieces)

    def __radd__(self, other: str) -> Phrase:
        return phrase(other) + self


Said: TypeAlias = str | Phrase


class Paragraph(msgspec.Struct, frozen=True):
    text: Phrase


class Item(msgspec.Struct, frozen=True):
    """`inner` is a list of its own below the text."""

    text: Phrase
    inner: List | None = None


class List(msgspec.Struct, frozen=True):
    items: tuple[Item, ...]
    numbered: bool


class Table(msgspec.Struct, frozen=True):
    head: tuple[Phrase, ...]
    rows: tuple[tuple[Phrase, ...], ...]


class Section(msgspec.Struct, frozen=True):
    """A whole description is a section, too: its title is that of the figure."""

    title: Phrase
    blocks: tuple[Block, ...]


Block: TypeAlias = Paragraph | List | Table | Section


def phrase(said: Said) -> Phrase:
    if isinstance(said, Phrase):
        return said
    return Phrase((said,) if said != "" else ())


def mathematics(node: Node) -> Phrase:
    return Phrase((node,))


def spoken(node: Node) -> Phrase:
    """The tree and, in brackets, what is said for it; the tree alone where that says no more."""
    words = to_speech(node)
    written = mathematics(node)
    return written if words in (to_plain(node), "") else written + " (" + words + ")"


def text(label: str | Iterable[Run]) -> Phrase:
    """A text of a spec, or its runs. Bold is no more than a look, and the blanks at the ends go."""
    runs = label if not isinstance(label, str) else parse_text(label) if label != "" else ()
    pieces: list[Piece] = [run.text if run.math is None else run.math for run in runs]
    if pieces and isinstance(pieces[0], str):
        pieces[0] = pieces[0].lstrip()
    if pieces and isinstance(pieces[-1], str):
        pieces[-1] = pieces[-1].rstrip()
    return Phrase(tuple(piece for piece in pieces if piece != ""))


def after(words: str, said: Said | None) -> Phrase:
    """Words and what is said after them; nothing at all if nothing is said."""
    return Phrase(()) if said is None else words + phrase(said)


def together(said: Iterable[Said], between: str) -> Phrase:
    """Phrases in a row, with `between` between two of them."""
    pieces: list[Piece] = []
    for part in said:
        pieces += [between, *phrase(part).pieces] if pieces else phrase(part).pieces
    return Phrase(tuple(pieces))


def listing(said: Sequence[Said], last: str = "and") -> Phrase:
    """`a`, `a and b`, `a, b and c`."""
    if len(said) == 1:
        return phrase(said[0])
    return together(said[:-1], ", ") + f" {last} " + said[-1]


def paragraph(said: Said) -> Paragraph:
    return Paragraph(phrase(said))


def item(said: Said | Item) -> Item:
    return said if isinstance(said, Item) else Item(phrase(said))


def bullets(said: Iterable[Said | Item]) -> List:
    return List(tuple(item(entry) for entry in said), False)


def numbered(said: Iterable[Said | Item]) -> List:
    return List(tuple(item(entry) for entry in said), True)


def table(head: Iterable[Said], rows: Iterable[Iterable[Said]]) -> Table:
    return Table(tuple(map(phrase, head)), tuple(tuple(map(phrase, row)) for row in rows))


def section(title: Said, *blocks: Block) -> Section:
    return Section(phrase(title), blocks)
