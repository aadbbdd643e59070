"""Mermaid's links: `-->`, `-.-`, `== text ==>`, `o--o` and their like, by the lexer's own rules.

A link swallows the white space round it, line ends too, so that a chain may go over several lines.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

# Whole links, and those that text follows, in the order in which they are tried. Blanks are taken without
# backtracking: long runs of them would take quadratic time.
WHOLE = re.compile(r"\s*+(?P<link>[xo<]?(?:--+[-xo>]|==+[=xo>]|-?\.+-[xo>]?)|~~~+)\s*+")
START = re.compile(r"\s*+(?P<start>[xo<]?(?:--|==|-\.))\s*+")
_END = {
    "-": re.compile(r"(?<!\s)\s*+(?P<link>[xo<]?--+[-xo>])\s*+"),
    "=": re.compile(r"(?<!\s)\s*+(?P<link>[xo<]?==+[=xo>])\s*+"),
    ".": re.compile(r"(?<!\s)\s*+(?P<link>[xo<]?(?:-|(?<!\.))\.++-[xo>]?)\s*+"),
}
_HEADS = {"x": "arrow_cross", "o": "arrow_circle", ">": "arrow_point", "<": "arrow_point"}
_OPPOSITE = {"x": "x", "o": "o", ">": "<"}


@dataclass(frozen=True, slots=True)
class Arrow:
    """`kind` is Mermaid's name of its heads, such as 'arrow_open' or 'double_arrow_point'; `lost` is a head
    at its start that Mermaid does not draw."""

    kind: str
    stroke: str
    length: int
    lost: bool = False


def end_of(start: str) -> re.Pattern[str]:
    """What ends the text after the start of a link."""
    return _END["=" if "=" in start else "." if "." in start else "-"]


def whole(link: str) -> Arrow:
    """A link without text in it."""
    line, last = link[:-1], link[-1]
    kind = _HEADS.get(last, "arrow_open")
    double = last in _OPPOSITE and link[0] == _OPPOSITE[last]
    if double:
        kind, line = "double_" + kind, line[1:]
    stroke, length = "normal", len(line) - 1
    if line.startswith("="):
        stroke = "thick"
    if line.startswith("~"):
        stroke = "invisible"
    if "." in line:
        stroke, length = "dotted", line.count(".")
    return Arrow(kind, stroke, length, link[0] in "xo<" and not double)


def around(start: str, end: str) -> Arrow | None:
    """A link with text between its two parts; None where they do not fit each other."""
    arrow = whole(end)
    stroke = "thick" if "=" in start else "dotted" if "." in start else "normal"
    if stroke != arrow.stroke:
        return None
    if start[0] not in "xo<":
        return Arrow(arrow.kind, stroke, arrow.length)
    if _HEADS[start[0]] != arrow.kind:
        return None
    return Arrow("double_" + arrow.kind, stroke, arrow.length)
