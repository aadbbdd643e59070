"""Where a spec that is written into a page stands in the page's file.

Tools hand over its text without what was before it. Looked up in the file and put back at its lines and
columns, it is read like any other, and the places of its problems are places of the page.
"""

from __future__ import annotations

from collections.abc import Sequence

PREFIX = "> \t"  # what may stand before each of its lines: quotes and indentation


def normal(lines: Sequence[str]) -> list[str]:
    """Lines with tabs expanded as Markdown does, without blank ones at the end."""
    kept = [line.expandtabs(4).rstrip() for line in lines]
    while kept and kept[-1] == "":
        kept.pop()
    return kept


def lines_of(path: str) -> list[str]:
    """The normal lines of a page's file; none where it cannot be read."""
    try:
        with open(path, encoding="utf-8-sig", errors="replace") as file:
            return normal(file.read().splitlines())
    except OSError:
        return []


def find(block: Sequence[str], lines: Sequence[str], start: int = 0) -> tuple[int, int] | None:
    """The line, from 1, at which a block begins, and the columns before it; at index `start` or later."""
    wanted = [line.lstrip(PREFIX) for line in normal(block)]
    for at in range(start, len(lines) - len(wanted) + 1):
        if all(lines[at + number].lstrip(PREFIX) == line for number, line in enumerate(wanted)):
            return at + 1, len(lines[at]) - len(lines[at].lstrip(PREFIX))
    return None


def put(text: str, line: int, columns: int) -> str:
    """The text with its first line at `line`, `columns` further to the right."""
    moved = [" " * columns + line if line.strip() != "" else "" for line in text.split("\n")]
    return "\n" * (line - 1) + "\n".join(moved)
