"""Words as a Mermaid string that reads back to the same characters, in Mermaid 11 and 12.

A string goes through Mermaid's entities, Markdown and HTML: whatever any of them could take for its own is
written as an entity (`#quot;`, `#60;`). The one piece of HTML is the line break, the one of Markdown bold.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

# Always: quotes and entities of Mermaid, HTML, code, emphasis, strikethrough, escapes, formulas ($$), links.
_ALWAYS = re.compile(r"[\"#&<>`*~\\$\[\]{}|]")
# Where Markdown or a browser would see a mark: `_` not within a word, addresses, directives and comments.
_SOMETIMES = re.compile(r"(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])|(?<=[A-Za-z]):(?=//)|@|(?i:(?<=www)\.)|%")
# A list, a heading or a rule at the beginning of a label.
_FIRST = re.compile(r"(?:(?<=^)|(?<=\n))\s*(?:\d{1,9}(?P<dot>[.)])|(?P<mark>[-+=]))")
# What Mermaid looks for when entities are characters again: formulas, line breaks, icons. A blank without
# width within it is seen by nobody but Mermaid.
_LATE = re.compile(r"\$(?=\$)|\\(?=n)|fa[a-z]{0,2}:(?=fa-)")
_NO_WIDTH = "#8203;"
_MARKS = re.compile(r"[*_~`\\\[\]<>|]")


def quoted(lines: Iterable[Sequence[tuple[str, bool]]]) -> str:
    """Lines of pieces, each with whether it is bold, as one string in its quotes."""
    rows = [[(text, bold) for text, bold in line if text != ""] for line in lines]
    pieces = [piece for row in rows for piece in row]
    # Markdown sees a mark where its entity stands: a label with one of its own cannot have bold words too.
    marked = any(bold for _, bold in pieces) and not any(_MARKS.search(text) for text, _ in pieces)
    written = []
    for row in rows:
        parts = [
            f"**{escape(text)}**" if marked and bold and _emphatic(text) else escape(text)
            for text, bold in row
        ]
        written.append(" ".join("".join(parts).split()))
    text = "<br/>".join(line for line in written if line != "") or " "
    return f'"`{text}`"' if marked else f'"{text}"'


def _emphatic(text: str) -> bool:
    """Whether Markdown takes `**` before and after it for bold wherever it stands: signs make it wary."""
    return text[0].isalnum() and text[-1].isalnum()


def escape(text: str) -> str:
    """Each character that Mermaid would not write as it stands as its entity."""
    special = {match.end() - 1 for match in _FIRST.finditer(text)}
    special |= {match.start() for match in _ALWAYS.finditer(text)}
    special |= {match.start() for match in _SOMETIMES.finditer(text)}
    parted = {match.end() - 1 for match in _LATE.finditer(text)}
    pieces = []
    for place, char in enumerate(text):
        pieces.append(("#quot;" if char == '"' else f"#{ord(char)};") if place in special else char)
        if place in parted:
            pieces.append(_NO_WIDTH)
    return "".join(pieces)
