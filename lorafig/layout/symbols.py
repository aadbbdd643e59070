"""What layout asks of the adapter: the shapes of its symbols, and the role in which each is drawn."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct
from msgspec.structs import replace

from lorafig.core.adapters import ADAPTERS
from lorafig.language.functions import names
from lorafig.language.model import Figure, Model, Scope
from lorafig.language.scope import length_of, panels, scoped
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
    functions: frozenset[str] = frozenset()  # those that the model declares

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


def of_figure(
    figure: Figure, shares: Mapping[str, float] | None = None
) -> tuple[Symbols, Mapping[Scope, Symbols]]:
    """The symbols of a figure, and those of each panel with a model of its own. All have the same lengths:
    those of the sizes of all panels. `shares` are of the longest, where they are given."""
    base = of_model(figure.model)
    values = dict(base.sides.values)
    own: dict[Scope, tuple[Symbols, dict[str, str]]] = {}
    for panel in panels(figure):
        if panel.model is None or panel.model in own:
            continue
        symbols = of_model(scoped(figure, panel).model)
        drawn = {size: length_of(figure, panel, size) for size in symbols.sides.values}
        values |= {name: symbols.sides.values[size] for size, name in drawn.items()}
        tied = {alias: drawn[size] for alias, size in symbols.sides.aliases.items()}
        own[panel.model] = symbols, {**{size: name for size, name in drawn.items() if size != name}, **tied}

    def with_sides(symbols: Symbols, aliases: Mapping[str, str]) -> Symbols:
        return replace(symbols, sides=Sides(values, aliases, shares or {}))

    scopes = {scope: with_sides(symbols, aliases) for scope, (symbols, aliases) in own.items()}
    return with_sides(base, base.sides.aliases), scopes


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
    return Symbols(shapes, frozenset(trained), frozenset(frozen), Sides(values, aliases), names(model))
