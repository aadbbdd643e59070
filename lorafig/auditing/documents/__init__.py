"""Documents as blocks of text: a reader for each kind, by the ending of the file's name."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from importlib import import_module

from lorafig.auditing.documents.block import Document, Item

# The module that reads what ends so; what is not listed is plain text.
READERS: Mapping[str, str] = {
    **dict.fromkeys((".md", ".markdown", ".mdx", ".qmd", ".rmd", ".myst"), "markdown"),
    **dict.fromkeys((".tex", ".ltx", ".latex"), "latex"),
    **dict.fromkeys((".html", ".htm", ".xhtml"), "html"),
    ".rst": "rst",
    ".ipynb": "notebook",
}


def read(document: Document) -> Iterator[Item]:
    """The blocks of a document, and what it says of its model, in the order in which they stand.

    Code, addresses and markup are left out. Errors: LorafigError."""
    ending = os.path.splitext(document.file)[1].lower()
    reader: Callable[[Document], Iterator[Item]] = import_module(
        f"lorafig.auditing.documents.{READERS.get(ending, 'plain')}"
    ).read
    return reader(document)
