"""A description as HTML, made of escaped words and parsed trees: no label becomes markup."""

from __future__ import annotations

from collections.abc import Iterable
from typing import assert_never

from markupsafe import Markup, escape

from lorafig.notation.tree import Node
from lorafig.notation.write.mathml import to_mathml
from lorafig.words.blocks import Block, Item, List, Paragraph, Phrase, Piece, Section, Strong, Table
from lorafig.words.write.breaks import breakable

# Wider than a narrow window: it scrolls by itself, by keyboard too.
_TABLE = Markup(
    '<div class="wide" tabindex="0" role="group" aria-label="Table">'
    "<table><thead><tr>{}</tr></thead><tbody>{}</tbody></table></div>"
)


def write(blocks: Iterable[Block], level: int) -> Markup:
    """Blocks one after the other; the titles of sections among them are headings of this level."""
    return Markup("\n").join(_block(block, level) for block in blocks)


def mathematics(node: Node, font: str = "") -> Markup:
    """MathML in which a line can end."""
    return breakable(to_mathml(node, font=font))


def phrase(said: Phrase) -> Markup:
    return Markup("").join(_piece(piece) for piece in said.pieces)


def _piece(piece: Piece) -> Markup:
    match piece:
        case Strong(words):
            return Markup("<strong>{}</strong>").format(words)
        case str():
            return escape(piece)
        case _:
            return mathematics(piece)


def _block(block: Block, level: int) -> Markup:
    match block:
        case Section(title, blocks):
            heading = _element(f"h{min(level, 6)}", phrase(title))
            return Markup("\n").join([heading, *(_block(inner, level + 1) for inner in blocks)])
        case Paragraph(text):
            return _element("p", phrase(text))
        case List():
            return _list(block)
        case Table(head, rows):
            names = Markup("").join(Markup('<th scope="col">{}</th>').format(phrase(cell)) for cell in head)
            return _TABLE.format(names, _all("tr", (_all("td", map(phrase, row)) for row in rows)))
        case _:
            assert_never(block)


def _list(block: List) -> Markup:
    return _element("ol" if block.numbered else "ul", _all("li", map(_item, block.items)))


def _item(item: Item) -> Markup:
    return phrase(item.text) + (_list(item.inner) if item.inner is not None else "")


def _element(tag: str, content: Markup) -> Markup:
    return Markup("<{0}>{1}</{0}>").format(Markup(tag), content)


def _all(tag: str, contents: Iterable[Markup]) -> Markup:
    return Markup("").join(_element(tag, content) for content in contents)
