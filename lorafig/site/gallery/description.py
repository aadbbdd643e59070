"""The description of a figure, from the Markdown that `lorafig.words` writes to HTML.

That Markdown is a small closed language: headings, paragraphs, nested lists and tables, with escaped words,
`$…$` and bold in them. This reads no more than that, so nothing that a label says can become markup.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias, assert_never

from markupsafe import Markup, escape

from lorafig.errors import LorafigError
from lorafig.notation.read.parse import parse_math
from lorafig.site.gallery.words import mathematics


@dataclass(frozen=True, slots=True)
class Heading:
    level: int
    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    text: str


@dataclass(frozen=True, slots=True)
class Item:
    text: str
    inner: tuple[List, ...]


@dataclass(frozen=True, slots=True)
class List:
    numbered: bool
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Table:
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


Block: TypeAlias = Heading | Paragraph | List | Table

_HEADING = re.compile(r"(#{1,6}) (.*)")
_ITEM = re.compile(r"(?P<mark>- |(?P<number>[0-9]+)\. )(?P<text>.*)")
_CELLS = re.compile(r"(?<!\\)((?:\\\\)*)\|")
_INLINE = re.compile(r"\\(?P<escaped>[!-/:-@\[-`{-~])|\$(?P<tex>[^$]+)\$|\*\*(?P<bold>(?:[^*\\]|\\.)+)\*\*")
# Commands that describe writes for signs that Markdown acts on, and the signs.
_SIGNS: dict[str, str] = {
    "thinspace": "\\,", "thickspace": "\\;", "medspace": "\\:", "negthinspace": "\\!",
    "lbrace": "\\{", "rbrace": "\\}", "Vert": "\\|", "lbrack": "[", "rbrack": "]", "vert": "|", "ast": "*",
}  # fmt: skip
_SIGN = re.compile(r"\\(" + "|".join(_SIGNS) + r")(?![A-Za-z]) ?")


def read(markdown: str) -> tuple[Block, ...]:
    """The blocks of a description."""
    return tuple(_block(group.split("\n")) for group in re.split(r"\n{2,}", markdown.strip("\n")))


def sections(blocks: Sequence[Block]) -> Iterator[tuple[str, tuple[Block, ...]]]:
    """The blocks below each heading of level 2 with its text; '' for those before the first."""
    title = ""
    found: list[Block] = []
    for block in blocks:
        if isinstance(block, Heading) and block.level == 2:
            yield title, tuple(found)
            title, found = block.text, []
        else:
            found.append(block)
    yield title, tuple(found)


def html(blocks: Sequence[Block], lower: int = 0) -> Markup:
    """The blocks as HTML, their headings `lower` levels lower."""
    return Markup("\n").join(_html(block, lower) for block in blocks)


def _block(lines: list[str]) -> Block:
    heading = _HEADING.fullmatch(lines[0])
    if heading is not None:
        return Heading(len(heading[1]), heading[2])
    if lines[0].startswith("| "):
        head, _, *rows = (_row(line) for line in lines)
        return Table(head, tuple(rows))
    if _ITEM.match(lines[0]) is not None:
        (found,) = _lists(lines)
        return found
    return Paragraph(" ".join(lines))


def _row(line: str) -> tuple[str, ...]:
    """The cells of `| … | … |`; a sign of their own is escaped in them."""
    _, *cells, _ = _CELLS.sub("\\1\0", line.strip()).split("\0")
    return tuple(cell.strip() for cell in cells)


def _lists(lines: Sequence[str]) -> tuple[List, ...]:
    """Lists one after the other; what belongs to an item is as far to the right as its text."""
    found: list[tuple[bool, list[Item]]] = []
    at = 0
    while at < len(lines):
        item = _ITEM.match(lines[at])
        assert item is not None, lines[at]  # describe writes nothing else
        width = len(item["mark"])
        end = at + 1
        while end < len(lines) and lines[end].startswith(" " * width):
            end += 1
        inner = _lists([line[width:] for line in lines[at + 1 : end]])
        numbered = item["number"] is not None
        if not found or found[-1][0] is not numbered:
            found.append((numbered, []))
        found[-1][1].append(Item(item["text"], inner))
        at = end
    return tuple(List(numbered, tuple(items)) for numbered, items in found)


def _html(block: Block, lower: int) -> Markup:
    match block:
        case Heading(level, text):
            tag = Markup(f"h{min(level + lower, 6)}")
            return Markup("<{0}>{1}</{0}>").format(tag, inline(text))
        case Paragraph(text):
            return Markup("<p>{}</p>").format(inline(text))
        case List(numbered, items):
            tag = Markup("ol" if numbered else "ul")
            rows = (
                Markup("<li>{}{}</li>").format(
                    inline(item.text), Markup("").join(_html(one, lower) for one in item.inner)
                )
                for item in items
            )
            return Markup("<{0}>{1}</{0}>").format(tag, Markup("").join(rows))
        case Table(head, rows):
            names = Markup("").join(Markup('<th scope="col">{}</th>').format(inline(cell)) for cell in head)
            body = Markup("").join(_line(row) for row in rows)
            table = Markup("<table><thead><tr>{}</tr></thead><tbody>{}</tbody></table>").format(names, body)
            # Wider than a narrow window: it scrolls by itself, by keyboard too.
            return Markup('<div class="wide" tabindex="0" role="group" aria-label="Table">{}</div>').format(
                table
            )
        case _:
            assert_never(block)


def _line(row: tuple[str, ...]) -> Markup:
    cells = Markup("").join(Markup("<td>{}</td>").format(inline(cell)) for cell in row)
    return Markup("<tr>{}</tr>").format(cells)


def inline(text: str) -> Markup:
    """Escaped words, mathematics and bold."""
    pieces: list[Markup] = []
    at = 0
    for match in _INLINE.finditer(text):
        pieces.append(escape(text[at : match.start()]))
        if match["escaped"] is not None:
            pieces.append(escape(match["escaped"]))
        elif match["tex"] is not None:
            pieces.append(_mathematics(match["tex"]))
        else:
            pieces.append(Markup("<strong>{}</strong>").format(inline(match["bold"])))
        at = match.end()
    pieces.append(escape(text[at:]))
    return Markup("").join(pieces)


def _mathematics(tex: str) -> Markup:
    source = tex if "\\text" in tex else _SIGN.sub(lambda match: _SIGNS[match[1]], tex)
    try:
        return mathematics(parse_math(source))
    except LorafigError:  # no figure of the tests comes here
        return Markup("<code>{}</code>").format(tex)
