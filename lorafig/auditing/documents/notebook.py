"""Jupyter notebooks: their cells of Markdown. A place is that of the text in the file's JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from msgspec.structs import replace

from lorafig.auditing.documents import markdown
from lorafig.auditing.documents.block import MAX_TEXT, Block, Document, Include, Item, Setting
from lorafig.errors import LorafigError, Problem


def read(document: Document) -> Iterator[Item]:
    try:
        notebook: Any = json.loads(document.text)
        cells = [cell for cell in notebook["cells"] if cell["cell_type"] == "markdown"]
        sources = [cell["source"] for cell in cells]
    except (ValueError, TypeError, KeyError, RecursionError):
        problem = Problem(
            f"{document.file} is not a notebook", None, "it is JSON with cells", code="file-unreadable"
        )
        raise LorafigError(problem) from None
    if sum(len(line) for source in sources for line in source) > MAX_TEXT:
        what = f"the text of {document.file} is larger than {MAX_TEXT >> 20} MiB"
        raise LorafigError(Problem(what, None, "audit its parts", code="limit"), "limit")
    cursor = 0
    for source in sources:
        lines = source if isinstance(source, list) else [source]
        if not all(isinstance(line, str) for line in lines):
            continue
        text = "".join(lines)
        places: list[int] = []
        for line in lines:
            cursor, own = _places(document.text, line, cursor)
            places += own
        inner = Document(document.file, text)
        for item in markdown.read(inner):
            if not isinstance(item, Include):  # a notebook has none
                yield _placed(item, places)


def _places(text: str, line: str, cursor: int) -> tuple[int, list[int]]:
    """Where the characters of a string stand in the JSON, behind `cursor`."""
    for ascii_only in (False, True):
        written = json.dumps(line, ensure_ascii=ascii_only)
        found = text.find(written, cursor)
        if found >= 0:
            at, places = found + 1, []
            for char in line:
                places.append(at)
                at += len(json.dumps(char, ensure_ascii=ascii_only)) - 2
            return found + len(written), places
    return cursor, [cursor] * len(line)


def _placed(item: Block | Setting, places: list[int]) -> Block | Setting:
    if isinstance(item, Setting):
        return replace(item, offset=places[min(item.offset, len(places) - 1)])
    pieces = tuple(replace(piece, places=[places[at] for at in piece.places]) for piece in item.pieces)
    return Block(pieces, item.level)
