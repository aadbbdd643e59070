"""What a claim is decided from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, Self

from msgspec import Struct
from msgspec.structs import replace

from lorafig.notation.tree import Node
from lorafig.verify.decide import initial
from lorafig.verify.decide.floating import Floating
from lorafig.verify.meaning.symbols import Symbols
from lorafig.verify.meaning.terms import Term


class Premises(Struct):
    """`floating` is None if the dimensions have no values, or if it is not wanted. `start` is what has one
    value at the time that is spoken of, `given` what the figure takes as true."""

    symbols: Symbols
    seed: str
    rounding: Literal["nearest", "down"] = "nearest"
    floating: Floating | None = None
    start: Mapping[str, Term] = {}
    given: tuple[Node, ...] = ()

    def at_start(self) -> Self:
        """The same at the start of training."""
        return replace(self, floating=None, start=initial.values(self.symbols))
