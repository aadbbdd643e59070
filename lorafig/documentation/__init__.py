"""The pages of our own documentation that are written from code.

`python -m lorafig.documentation docs` writes them into a folder; a test holds them equal to what is there.
"""

from __future__ import annotations

from collections.abc import Callable

from lorafig.documentation import api, pages, tables

PAGES: dict[str, Callable[[], str]] = {
    "command-line.md": pages.command_line,
    "gallery.md": pages.figures,
    "python.md": api.python,
    "errors.md": tables.errors,
    "methods.md": tables.methods,
    "functions.md": tables.functions,
    "networks.md": tables.networks,
    "venues.md": tables.venues,
    "llms.txt": tables.llms,
}
