"""Documents with the verdict on each of their claims: `claiming` make some, `silent` none about the model.

A claim stands between `⟦verdict|` and `⟧`, which are taken out before the document is read; what begins there
is its line and column. The model is LoRA with r = 8 and alpha = 16 beside the queries and values of Llama 2
7B, which trains 4,194,304 of 6,742,609,920 parameters, where the document does not say another. The texts are
written for the tests.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct

FOLDER = Path(__file__).parent
KINDS = ("claiming", "silent")
_MARK = re.compile(r"⟦(?P<verdict>[a-z-]+)\|(?P<text>.*?)⟧", re.DOTALL)


class Label(Struct, frozen=True):
    """A claim: its first place, line and column from 1, the one behind its last, and its verdict."""

    start: tuple[int, int]
    end: tuple[int, int]
    text: str
    verdict: str


class Labelled(Struct, frozen=True):
    """A document without its marks, and its claims."""

    name: str
    text: str
    labels: tuple[Label, ...]


def documents(kind: str) -> Iterator[Labelled]:
    for path in sorted((FOLDER / kind).iterdir()):
        yield labelled(path.name, path.read_text(encoding="utf-8"))


def labelled(name: str, marked: str) -> Labelled:
    parts: list[str] = []
    spans: list[tuple[int, int, str]] = []
    at = length = 0
    for match in _MARK.finditer(marked):
        parts += [marked[at : match.start()], match["text"]]
        length += match.start() - at
        spans.append((length, length + len(match["text"]), match["verdict"]))
        length += len(match["text"])
        at = match.end()
    text = "".join([*parts, marked[at:]])

    def place(offset: int) -> tuple[int, int]:
        before = text[:offset]
        return before.count("\n") + 1, offset - before.rfind("\n")

    labels = (Label(place(first), place(last), text[first:last], verdict) for first, last, verdict in spans)
    return Labelled(name, text, tuple(labels))
