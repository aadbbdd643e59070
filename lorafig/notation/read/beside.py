"""Statements beside one another with a blank between: `r=8 alpha=16` is two, and no product 8α."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lorafig.pattern import Pattern

_NAME = r"(?<![\w\\])\\?[A-Za-zΑ-Ωα-ω]\w*(?:_\{\w+\})?['′]?"
_VALUE = r"[-−]?\d(?:[\d,]*\d)?(?:\.\d+)?(?:e[-−+]?\d+)?[%KMBT]?"
_BESIDE = Pattern(rf"{_NAME}\s?=\s?{_VALUE}\s+(?={_NAME}(\s?)=(?!=)(\s?))", "=")
_WORD = re.compile(r"[A-Za-z]{2}")


def beginnings(source: str) -> Iterator[int]:
    """Where a statement begins anew behind `name = number`: at a word, or at any name where no blanks stand
    round its `=`. `n = 4 d = 1024` goes on."""
    for match in _BESIDE.finditer(source):
        if not (match[1] or match[2]) or _WORD.match(source, match.end()):
            yield match.end()
