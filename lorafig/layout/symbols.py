"""What layout asks of the adapter: the shapes of its symbols, and the role in which each is drawn."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from lorafig.core.adapters import ADAPTERS
from lorafig.language.model import Model
from lorafig.layout.parts import Sides
from lorafig.notation.canonical import key
from lorafig.notation.children import walk
from lorafig.notation.read.parse import parse_math

# Other names of the pretrained weight.
PRETRAINED = ("W_0", "W_pretrained", "W_frozen")


class Symbols(Struct, frozen=True):
    """`shapes` are rows and columns by symbol, one entry for a vector."""

    shapes: Mapping[str, tuple[str, ...]]
    trained: frozenset[str]
    frozen: frozenset[str]
    sides: Sides

    def matrix(self, symbol: str, otherwise: tuple[str, str]) -> tuple[str, str]:
        """Rows and columns of a matrix; `otherwise` for a symbol that the adapter does not have."""
        found = self.shapes.get(name_of(symbol), otherwise)
        return (found[0], found[1]) if len(found) == 2 else otherwise

    def vector(self, source: str) -> str | None:
        """The dimension of a vector; None for a number. Of an expression, that of the first vector in it."""
        for node in walk(parse_math(source)):
            found = self.shapes.get(key(node) or "", ())
            if len(found) == 1:
                return found[0]
        return None

    def role(self, symbol: str, otherwise: str) -> str:
        """The role in which a symbol is drawn: whether the adapter trains it or leaves it as it was."""
        name = name_of(symbol)
        return "adapter" if name in self.trained else "frozen" if name in self.frozen else otherwise

    def factor_role(self, source: str, otherwise: str) -> str:
        """That of a factor, which may be an expression: trained where anything in it is."""
        names = {key(node) for node in walk(parse_math(source))}
        return "adapter" if names & self.trained else "frozen" if names & self.frozen else otherwise


def name_of(symbol: str) -> str:
    """A symbol as it is called, `\\lambda_b` as λ_b; what is an expression stays as it is written."""
    found = key(parse_math(symbol))
    return symbol if found is None else found


def of_model(model: Model) -> Symbols:
    row = ADAPTERS[model.adapter]
    shapes = dict(row.symbols)
    frozen = set(row.frozen)
    if "W" in shapes:
        for name in PRETRAINED:
            shapes[name] = shapes["W"]
            frozen.add(name)
    trained = {*row.trainable, "ΔW", "ΔV"}
    # A matrix with a vector on its diagonal, as VeRA's Λ_b, is drawn as that vector.
    for name, definition in row.defined.items():
        vector = definition.removeprefix("diag(").removesuffix(")")
        if vector in row.symbols:
            shapes[name] = row.symbols[vector]
            if vector in row.trainable:
                trained.add(name)
    values = row.sizes(model.d, model.d if model.k is None else model.k, model.r)
    aliases = {}
    if model.k is None:
        del values["k"]
        aliases["k"] = "d"
    return Symbols(shapes, frozenset(trained), frozenset(frozen), Sides(values, aliases))
