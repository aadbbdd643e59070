"""Markdown that says what it is told to and nothing else.

Words of a label are escaped, so that none of them becomes markup, HTML or a link; mathematics is written
as `$…$` in commands that Markdown does not act on, with or without an extension for mathematics.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import assert_never

from lorafig.notation.tree import Node
from lorafig.notation.write.plain import to_plain
from lorafig.notation.write.tex import to_tex
from lorafig.words.blocks import List, Paragraph, Phrase, Piece, Section, Strong, Table

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>|~$&#])")
_LINK = re.compile(r"(?i)(:)(?=//)|(?<=\bwww)(\.)|(?<=\w)(@)(?=\w)|(?<=\bmailto)(:)|(?<=\bxmpp)(:)")
_LEADING = re.compile(r"^(\d{1,9})([.)])|^([-+=])")
# TeX that Markdown acts on, and commands that say the same.
_TEX = re.compile(r"\\([,;:!{}|])|([\[\]|*])|(~)")
_SAFE: dict[str, str] = {
    "\\,": "\\thinspace ", "\\;": "\\thickspace ", "\\:": "\\medspace ", "\\!": "\\negthinspace ",
    "\\{": "\\lbrace ", "\\}": "\\rbrace ", "\\|": "\\Vert ", "[": "\\lbrack ", "]": "\\rbrack ",
    "|": "\\vert ", "*": "\\ast ", "~": "\\ ",
}  # fmt: skip
_INDEX = re.compile(r"(?<=[^\w\s])_")  # between two signs it could begin emphasis, before a blank it cannot
# What no command replaces, and commands that TeX knows for words alone, or a figure of ours.
_UNSAFE = re.compile(r"<(?! )|[$`&|\[\]*@\"]|//|www\.|\\text[a-z]|\\num|\\lorafig")


def escape(text: str) -> str:
    """Words as Markdown, on one line, wherever on it they stand."""
    line = " ".join(text.split())
    line = _SPECIAL.sub(r"\\\1", line)
    line = _LINK.sub(lambda match: "\\" + match[0], line)
    return _LEADING.sub(lambda match: f"{match[1]}\\{match[2]}" if match[1] else f"\\{match[3]}", line)


def mathematics(node: Node) -> str:
    """A tree as `$…$`; in plain words where it holds words that Markdown might act on."""
    tex = to_tex(node)
    if "\\text" not in tex and "\\sqrt[" not in tex:  # words have rules of their own, and so has a degree
        tex = _TEX.sub(lambda match: _SAFE[match[0]], tex)
    tex = " ".join(_INDEX.sub("_ ", tex).split())
    if _UNSAFE.search(tex) is not None or tex == "":
        return escape(to_plain(node))
    return f"${tex}$"


def phrase(said: Phrase) -> str:
    """A phrase on one line: its words escaped, its mathematics as `$…$`."""
    return " ".join("".join(_piece(piece) for piece in said.pieces).split())


def _piece(piece: Piece) -> str:
    match piece:
        case Strong(words):
            return f"**{escape(words)}**"
        case str():
            head, tail = piece[:1].isspace(), piece[-1:].isspace()
            words = escape(piece)
            return f"{' ' * head}{words}{' ' * tail}" if words != "" else " "
        case _:
            return mathematics(piece)


def write(section: Section) -> str:
    """A description. The same one gives the same bytes."""
    return "\n\n".join("\n".join(lines) for lines in _section(section, 1)) + "\n"


def _section(section: Section, level: int) -> Iterator[list[str]]:
    yield [f"{'#' * level} {phrase(section.title)}"]
    for block in section.blocks:
        if isinstance(block, Section):
            yield from _section(block, level + 1)
        else:
            yield lines(block)


def lines(block: Paragraph | List | Table) -> list[str]:
    match block:
        case Paragraph(text):
            return [phrase(text)]
        case List():
            return list(_list(block))
        case Table(head, rows):
            first, *others = (_row(map(phrase, cells)) for cells in (head, *rows))
            return [first, _row(["---"] * len(head)), *others]
        case _:
            assert_never(block)


def _list(block: List) -> Iterator[str]:
    for number, item in enumerate(block.items, 1):
        mark = f"{number}. " if block.numbered else "- "
        yield mark + phrase(item.text)
        if item.inner is not None:
            yield from (" " * len(mark) + line for line in _list(item.inner))


def _row(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cells) + " |"
