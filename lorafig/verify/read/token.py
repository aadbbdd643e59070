"""A token of a text."""

from __future__ import annotations

from typing import Literal, TypeAlias

from msgspec import Struct

from lorafig.notation.tree import Node, Number

Kind: TypeAlias = Literal["word", "number", "math", "name", "mark", "memory"]


class Token(Struct, frozen=True):
    """`start` and `stop` are places in the text; `node` is the mathematics, or the number."""

    kind: Kind
    text: str
    start: int = 0
    stop: int = 0
    node: Node | None = None

    @property
    def number(self) -> Number | None:
        return self.node if isinstance(self.node, Number) else None
