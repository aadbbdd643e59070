"""A spec as located nodes: what stands in the file, before the language gives it a meaning."""

from __future__ import annotations

from bisect import bisect_right
from typing import TypeAlias

from msgspec import Struct

from lorafig.errors import Place

SHORT = 40  # characters of a text in a message
MAX_DEPTH = 32
MAX_NODES = 100_000  # bounds the time that a hostile file can take; far above what 10,000 elements need
MAX_ELEMENTS = 10_000
MAX_CHARACTERS = 2_000

Value: TypeAlias = str | int | float | bool | None


class Scalar(Struct, frozen=True, gc=False):
    """A single value. `quote` is how it was written: '' (plain), "'", '"', '|' or '>'.

    `raw` is the value as written, without quotes. `exact` says that `raw` is also the value, so that
    its characters can be counted from `where`. `remark` is a comment that took the value's place
    (`palette: #0072B2`).
    """

    value: Value
    raw: str
    quote: str
    where: Place | None
    path: str
    exact: bool = False
    remark: str | None = None


class Sequence(Struct, frozen=True, gc=False):
    items: tuple[Node, ...]
    where: Place | None
    path: str


class Mapping(Struct, frozen=True, gc=False):
    """`entries` are in the order of the file, by what their key says."""

    entries: dict[str, tuple[Scalar, Node]]
    where: Place | None
    path: str

    def get(self, key: str) -> Node | None:
        entry = self.entries.get(key)
        return None if entry is None else entry[1]


Node: TypeAlias = Scalar | Sequence | Mapping


class Lines:
    """Turns offsets into a text into places. Lines end with a line feed."""

    def __init__(self, text: str, file: str) -> None:
        self.file = file
        self.starts = [0]
        at = text.find("\n")
        while at >= 0:
            self.starts.append(at + 1)
            at = text.find("\n", at + 1)

    def place(self, index: int) -> Place:
        line = bisect_right(self.starts, index)
        return Place(self.file, line, index - self.starts[line - 1] + 1)


def describe(node: Node) -> str:
    """What is there, in words: "the text 'W'", 'a list'."""
    if isinstance(node, Sequence):
        return "a list"
    if isinstance(node, Mapping):
        return "a mapping"
    if node.value is None:
        return "nothing"
    if isinstance(node.value, bool):
        return node.raw
    if isinstance(node.value, str):
        return f"the text {shorten(node.value)}"
    return f"the number {node.raw}"


def shorten(text: str) -> str:
    """`text` in quotes, cut in the middle of nothing, without control characters."""
    cut = text if len(text) <= SHORT else text[: SHORT - 1] + "…"
    return "'" + "".join(char if char.isprintable() else f"\\u{ord(char):04x}" for char in cut) + "'"
