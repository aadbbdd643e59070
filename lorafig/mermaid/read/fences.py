"""Charts in a file: one flowchart by itself, or the fences of a page of Markdown."""

from __future__ import annotations

import re
from typing import NamedTuple

_OPEN = re.compile(r"(?:[ \t]|>|[-*+][ \t]|\d+[.)][ \t])*(`{3,}|~{3,}|:{3,})[ \t]*\{?mermaid\}?[^`]*")
_FLOWCHART = re.compile(r"(?:\s|%%[^\n]*\n|---\n.*?\n[ \t]*---)*(?:flowchart|graph)\b", re.DOTALL)
_HEADING = re.compile(r"#{1,6}[ \t]+(.*?)[ \t#]*")


class Fence(NamedTuple):
    """A chart in a page: its text, with empty lines for those before it, so that places are the file's."""

    text: str
    heading: str | None


def fences(text: str) -> list[Fence] | None:
    """The flowcharts of a page, in order; None if it has neither a fence of Mermaid's nor a heading, and is a
    chart itself."""
    found: list[Fence] = []
    any_fence = False
    heading: str | None = None
    lines = text.removeprefix("\ufeff").replace("\r\n", "\n").split("\n")
    at = 0
    while at < len(lines):
        opened = _OPEN.fullmatch(lines[at])
        if opened is None:
            titled = _HEADING.fullmatch(lines[at])
            heading = heading if titled is None else titled[1]
            at += 1
            continue
        any_fence = True
        inside, fence = [], opened[1]
        at += 1
        begin = at
        while at < len(lines) and not _closes(lines[at], fence):
            inside.append(re.sub(r"^[ \t]*(?:>[ \t]?)+", lambda match: " " * len(match[0]), lines[at]))
            at += 1
        at += 1
        chart = "\n".join(inside)
        if _FLOWCHART.match(chart):
            found.append(Fence("\n" * begin + chart + "\n", heading))
    return found if any_fence or heading is not None else None


def _closes(line: str, fence: str) -> bool:
    bare = line.strip(" \t>")
    return len(bare) >= len(fence) and set(bare) == {fence[0]}
