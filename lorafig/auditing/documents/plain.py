"""Plain text: paragraphs between empty lines; mathematics between dollars."""

from __future__ import annotations

from collections.abc import Iterator

from lorafig.auditing.documents.block import Builder, Document, Item
from lorafig.auditing.documents.inline import inline


def read(document: Document) -> Iterator[Item]:
    built = Builder()
    at = 0
    for paragraph in document.text.split("\n\n"):
        inline(paragraph, range(at, at + len(paragraph)), built, markup=False)
        yield from built.take()
        at += len(paragraph) + 2
