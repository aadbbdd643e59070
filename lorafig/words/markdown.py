"""Markdown that says what it is told to and nothing else.

Words of a label are escaped, so that none of them becomes markup, HTML or a link; mathematics is written
as `$…$` in commands that Markdown does not act on, with or without an extension for mathematics.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import TypeAlias

from lorafig.notation.tree import Node, Run
from lorafig.notation.write.plain import to_plain
from lorafig.notation.write.speech import to_speech
from lorafig.notation.write.tex import to_tex

Part: TypeAlias = str | list[str]  # a paragraph or a heading; or the lines of a list or a table

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


def spoken(node: Node) -> str:
    """The tree and, in brackets, what is said for it; the tree alone where that says no more."""
    words = to_speech(node)
    written = mathematics(node)
    if words == to_plain(node) or words == "":
        return written
    return f"{written} ({escape(words)})"


def prose(runs: Iterable[Run]) -> str:
    """A text: its words escaped, its mathematics as `$…$`."""
    pieces: list[str] = []
    for run in runs:
        if run.math is not None:
            pieces.append(mathematics(run.math))
        else:
            head = " " if run.text[:1].isspace() and pieces else ""
            tail = " " if run.text[-1:].isspace() else ""
            words = escape(run.text)
            pieces.append(f"{head}{words}{tail}" if words != "" else " ")
    return " ".join("".join(pieces).split())


def heading(level: int, text: str) -> str:
    return f"{'#' * level} {text}"


def bullets(items: Iterable[str], indent: int = 0) -> list[str]:
    """An item may hold lines of its own, such as a list below it."""
    return [line for item in items for line in _item("- ", item, indent)]


def numbered(items: Sequence[str], indent: int = 0) -> list[str]:
    """A list by number."""
    return [line for number, item in enumerate(items, 1) for line in _item(f"{number}. ", item, indent)]


def _item(mark: str, item: str, indent: int) -> list[str]:
    first, *rest = item.split("\n")
    blank = " " * (indent + len(mark))
    return [" " * indent + mark + first, *(blank + line if line != "" else "" for line in rest)]


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """A table; cells are Markdown on one line."""
    lines = [_row(head), _row(["---"] * len(head))]
    return lines + [_row(row) for row in rows]


def _row(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cells) + " |"
