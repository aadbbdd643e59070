"""HTML: a page without scripts, styles and blocks of code; formulas between dollars or escaped brackets."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from html.parser import HTMLParser

from lorafig.auditing.documents.block import Block, Builder, Document, Item, Piece, Setting
from lorafig.auditing.documents.inline import inline

_LEFT_OUT = frozenset(("script", "style", "pre", "svg", "textarea", "template", "noscript", "math", "head"))
_INLINE = frozenset(
    ("a", "abbr", "b", "bdi", "bdo", "cite", "code", "data", "dfn", "em", "i", "kbd", "mark", "q", "s",
     "samp", "small", "span", "strong", "sub", "sup", "time", "u", "var", "wbr", "del", "ins")
)  # fmt: skip


# The parser tries a tag that is never closed again and again.
_UNCLOSED = re.compile(r"<(?!!--|[^<>]{0,4000}>)")


def read(document: Document) -> Iterator[Item]:
    parser = _Parser(document)
    parser.feed(_UNCLOSED.sub(" ", document.text))
    parser.close()
    parser.end()
    return iter(parser.items)


class _Parser(HTMLParser):
    def __init__(self, document: Document) -> None:
        super().__init__(convert_charrefs=False)
        self.starts = [0, *(at + 1 for at, char in enumerate(document.text) if char == "\n")]
        self.items: list[Item] = []
        self.built = Builder()
        self.outside: list[str] = []  # the elements that are left out and not closed
        self.level = 0

    def _at(self) -> int:
        line, column = self.getpos()
        return self.starts[line - 1] + column

    def end(self) -> None:
        """Ends a block. Mathematics may reach over tags, so it is looked for in all of the text."""
        for block in self.built.take(self.level):
            again = Builder()
            text = "".join(piece.text for piece in block.pieces)
            places = [place for piece in block.pieces for place in piece.places]
            inline(text, places, again, markup=False)
            self.items += again.take(self.level)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _LEFT_OUT:
            self.outside.append(tag)
        if tag not in _INLINE:
            self.end()
            self.level = int(tag[1]) if len(tag) == 2 and tag[0] == "h" and tag[1].isdigit() else 0
        for name, value in attrs:
            if name == "alt" and value:
                self.items.append(Block((Piece(value, [self._at()] * len(value)),)))

    def handle_endtag(self, tag: str) -> None:
        if tag in self.outside:
            del self.outside[self.outside.index(tag) :]
        if tag not in _INLINE:
            self.end()
            self.level = 0

    def handle_data(self, data: str) -> None:
        if not self.outside:
            self.built.word(data, self._at())

    def handle_entityref(self, name: str) -> None:
        self._sign(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self._sign(f"&#{name};")

    def _sign(self, written: str) -> None:
        if not self.outside:
            self.built.sign(unescape(written), self._at())

    def handle_comment(self, data: str) -> None:
        said = data.strip()
        if said.startswith("lorafig:"):
            self.end()
            said = said.removeprefix("lorafig:")
            self.items.append(
                Setting(said.strip(), self._at() + 4 + data.index(said) + len(said) - len(said.lstrip()))
            )
