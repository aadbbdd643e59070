"""What a real Markdown parser reads in a text, and what a figure says by other means than describe's own."""

from __future__ import annotations

import re
from collections.abc import Iterator

from markdown_it import MarkdownIt
from markdown_it.token import Token

# Markup that a description is made of; anything else came out of a label.
TABLE = ("table", "thead", "tbody", "tr", "th", "td")
OWN = frozenset(("heading", "paragraph", "bullet_list", "ordered_list", "list_item", "strong", *TABLE))
PARSER = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])


def tokens(text: str) -> Iterator[Token]:
    for token in PARSER.parse(text):
        yield token
        yield from token.children or ()


def markup(text: str) -> set[str]:
    """The kinds of markup in a text, but for words, breaks and blocks of words."""
    plain = {"text", "inline", "softbreak", "text_special"}
    return {re.sub(r"_(open|close)$", "", token.type) for token in tokens(text)} - plain


def words(text: str) -> str:
    """What a reader sees of a text, without its markup."""
    return "".join(token.content for token in tokens(text) if token.type in ("text", "text_special"))


def tables(text: str) -> list[list[list[str]]]:
    """The tables of a text, row by row, as a parser reads them."""
    found: list[list[list[str]]] = []
    row: list[str] | None = None
    for token in PARSER.parse(text):
        if token.type == "table_open":
            found.append([])
        elif token.type == "tr_open":
            row = []
        elif token.type == "tr_close":
            assert row is not None
            found[-1].append(row)
            row = None
        elif token.type == "inline" and row is not None:
            row.append(token.content)
    return found


def headings(text: str) -> list[str]:
    parsed = PARSER.parse(text)
    return [
        f"{parsed[index - 1].tag} {token.content}"
        for index, token in enumerate(parsed)
        if index > 0 and parsed[index - 1].type == "heading_open"
    ]


def section(text: str, title: str) -> str:
    """A section of the document, from below its heading to the next of its level or above."""
    match = re.search(rf"^(#+) {re.escape(title)}\n\n(.*?)(?=^#{{1,6}} |\Z)", text, re.DOTALL | re.MULTILINE)
    assert match is not None, f"no section {title}"
    return match[2].rstrip("\n")


def dollars(line: str) -> int:
    """The dollar signs of a line that begin or end mathematics."""
    return len(re.findall(r"(?<!\\)(?:\\\\)*\$", line))
