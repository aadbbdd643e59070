"""Edges as an author writes them: `x -> W, A -> sum` is x -> W, x -> A, W -> sum, A -> sum."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal, TypeAlias, get_args

from msgspec import Struct

from lorafig.language.nodes import shorten

Stroke: TypeAlias = Literal["->", "--", "<->"]
STROKES: tuple[Stroke, ...] = get_args(Stroke)
_STROKE: dict[str, Stroke] = {stroke: stroke for stroke in STROKES}
MAX_LINKS = 10_000  # of one chain: lists on both sides of an arrow multiply

_NAME = "[A-Za-z](?:[A-Za-z0-9]|-(?=[A-Za-z0-9]))*"
_NAMES = rf"{_NAME}(?:\s*,\s*{_NAME})*"
PATTERN = rf"^\s*{_NAMES}(?:\s*(?:<->|->|--)\s*{_NAMES})+\s*$"  # of a chain, for the schema

# A name may have '-' in it, but does not end with it: 'a->b' and 'a--b' need no blanks.
_TOKEN = rf"\s*(?:(?P<name>{_NAME})|(?P<stroke><->|->|--)|(?P<comma>,))"
_ARROWS = r"\s*(?:-->|==>|=>|-\.->|→|->)\s*"  # to the right, as other languages write them
_OTHERS = ("<--", "-->", "=>", "==>", "→", "<-", "←", "-.->", "↔")


class Link(Struct, frozen=True, gc=False):
    """One edge, and where in the chain its two names begin."""

    tail: str
    head: str
    stroke: Stroke
    at: tuple[int, int]


class ChainError(ValueError):
    """What is wrong with a chain, at an offset into it."""

    def __init__(self, offset: int, what: str, hint: str | None) -> None:
        super().__init__(what)
        self.offset = offset
        self.what = what
        self.hint = hint


@lru_cache(16_384)  # a figure has 10,000 elements at most, and each is read by several parts
def links(text: str) -> tuple[Link, ...]:
    """The edges of a chain, in the order of its arrows. Raises ChainError."""
    token = re.compile(_TOKEN)
    edges: list[Link] = []
    before: list[tuple[str, int]] = []
    here: list[tuple[str, int]] = []
    stroke: Stroke | None = None
    expected, end, length = "a name", 0, len(text.rstrip())
    while end < length:
        match = token.match(text, end)
        if match is None:
            at = len(text) - len(text[end:].lstrip())
            raise ChainError(at, f"'{text[at]}' is not part of an edge", _hint(text, at))
        kind = match.lastgroup or ""
        word, at, end = match[kind], match.start(kind), match.end()
        if (kind == "name") != (expected == "a name"):
            raise ChainError(at, f"expected {expected}, found {shorten(word)}", _hint(text, at))
        expected = "an arrow or ','" if kind == "name" else "a name"
        if kind == "name":
            here.append((word, at))
        elif kind == "stroke":
            _join(edges, before, stroke, here)
            before, here = here, []
            stroke = _STROKE[word]
    if expected == "a name":
        raise ChainError(
            len(text),
            "a name is missing at the end of this edge",
            "write a node's name after the arrow, or delete it",
        )
    if stroke is None:
        hint = "write an arrow between two nodes: x -> W; within [ ], quote an edge that has a comma"
        raise ChainError(0, f"{shorten(text)} is not an edge", hint)
    _join(edges, before, stroke, here)
    return tuple(edges)


def _join(
    edges: list[Link], before: list[tuple[str, int]], stroke: Stroke | None, here: list[tuple[str, int]]
) -> None:
    if stroke is None:
        return
    if len(edges) + len(before) * len(here) > MAX_LINKS:
        raise ChainError(0, f"more than {MAX_LINKS:,} edges in one chain", "list fewer nodes")
    for tail, start in before:
        for head, stop in here:
            edges.append(Link(tail, head, stroke, (start, stop)))


def _label(written: str) -> str:
    return f"text: {written}" if " " in written or len(written) > 3 else f"math: {written}"


def _hint(text: str, at: int) -> str:
    label = re.fullmatch(r"(.+?)\s*:\s*(\S.*)", text) or re.fullmatch(r"(.*)--?>\s*\|(.*)\|.*", text)
    if label is not None:
        ends = text.replace(f"|{label[2]}|", " ") if "|" in text else label[1]
        edge = re.sub(r"\s*--?>\s*", " -> ", ends).strip()
        return f"what is on an edge has a key of its own: {{edge: '{edge}', {_label(label[2].strip())}}}"
    if any(text.startswith(other, at) or text.startswith(other, max(0, at - 2)) for other in _OTHERS):
        written = re.sub(_ARROWS, " -> ", text).strip()
        if re.fullmatch(PATTERN, written):
            return f"write '{written}'"
        return "the arrows are '->', '--' and '<->'"
    if text[at] == "&":
        return f"write '{re.sub(r'[ ]*&[ ]*', ', ', text).strip()}'"
    if text[at] in "_./ ":
        return "a name is letters a-z, A-Z, digits and '-', here and under nodes, such as 'my-node'"
    return "write an edge as 'x -> W', a split as 'x -> W, A', a chain as 'x -> A -> B'"
