"""A concept of a text: what a word or a phrase stands for."""

from __future__ import annotations

from msgspec import Struct

from lorafig.notation.tree import Node, Number


class Concept(Struct, frozen=True):
    """`sort` and `value` as the lexicon has them; `unknown` for a word that is not in it. `node` is the
    mathematics or the number."""

    sort: str
    value: str
    text: str
    start: int = 0
    node: Node | None = None

    @property
    def number(self) -> Number | None:
        return self.node if isinstance(self.node, Number) else None
