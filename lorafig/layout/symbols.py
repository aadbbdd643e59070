"""What layout asks of the table of symbols: their shapes, and the role in which each is drawn."""

from __future__ import annotations

from collections.abc import Collection, Container, Iterator, Mapping
from math import prod
from typing import TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from lorafig.core.adapter import Shape
from lorafig.errors import LorafigError
from lorafig.graph import ops
from lorafig.graph.lower import entries
from lorafig.graph.picture import Picture
from lorafig.graph.structure import Graph
from lorafig.language.functions import Functions
from lorafig.language.model import Figure, Model, Scope
from lorafig.language.scope import length_of, panels, scoped
from lorafig.language.table import Made, Table, called, table
from lorafig.layout.extent import ONE, TIMES, Extents
from lorafig.layout.parts import Sides
from lorafig.notation.canonical import key
from lorafig.notation.children import children
from lorafig.notation.named import plain, symbols_in
from lorafig.notation.read.parse import parse_math
from lorafig.notation.tree import Node

# The shapes of what `let` defines, by the model of the panel: None for the figure's own.
Shapes: TypeAlias = Mapping[Scope | None, Mapping[str, Shape]]
# The palette's role of what a symbol is.
LOOKS: Mapping[Made, str] = {
    "frozen": "frozen",
    "random": "frozen",
    "trained": "adapter",
    "merged": "merged",
    "input": "activation",
    "output": "activation",
    "data": "activation",
}


class Symbols(Struct, frozen=True):
    """`inferred` are the shapes of symbols that the table has none of: their definitions say them."""

    table: Table
    inferred: Mapping[str, Shape]
    sides: Sides
    functions: Container[str] = frozenset()  # those that the model declares

    def shape(self, name: str) -> Shape:
        """Rows and columns, one entry for a vector, none for anything else."""
        row = self.table.row(name)
        own = None if row is None else row.shape
        return own if own is not None else self.inferred.get(name, ())

    def extent(self, source: str) -> Shape:
        """The shape of an expression, as `shape` gives it."""
        try:
            found = Extents(self).of(parse_math(source))
        except LorafigError:
            return ()
        return () if found is None else tuple(size for size in found if size != ONE)

    def matrix(self, symbol: str, otherwise: tuple[str, str]) -> tuple[str, str]:
        """Rows and columns of a matrix, V^⊤ for one; `otherwise` for what has no shape that is known."""
        found = self.shape(called(symbol))
        if not found:
            whole = Extents(self).of(parse_math(symbol)) or ()
            found = whole if "1" not in whole else ()  # a vector
        return (found[0], found[1]) if len(found) == 2 else otherwise

    def vector(self, source: str) -> str | None:
        """The dimension of a vector; None for a number. Of an expression, that of the first vector in it."""
        whole = self.extent(source)
        if len(whole) == 1:
            return whole[0]
        for name in _names(parse_math(source)):
            found = self.shape(name)
            if len(found) == 1:
                return found[0]
        return None

    def role(self, symbol: str, otherwise: str) -> str:
        """The role in which a symbol is drawn; `otherwise` if nothing says what it is."""
        row = self.table.row(called(symbol))
        if row is None or row.role is None:
            declared = row is not None and row.own and row.shape is not None
            return "plain" if declared else otherwise
        return LOOKS[row.role]

    def factor_role(self, source: str, otherwise: str) -> str:
        """That of a factor, which may be an expression: trained where anything in it is."""
        role = self.table.made(parse_math(source))
        role = "trained" if role == "merged" and key(parse_math(source)) is None else role
        return otherwise if role is None or role == "data" else LOOKS[role]

    def roles(self, source: str) -> set[str]:
        """Those of the symbols in an expression that the table has a role of."""
        rows = [self.table.row(name) for name in symbols_in(parse_math(source))]
        return {LOOKS[row.role] for row in rows if row is not None and row.role is not None}

    def made_role(self, source: str, otherwise: str = "plain", mixed: str = "merged") -> str:
        """That of a symbol, or of an expression by all that it is made of; `mixed` is of trained and frozen
        ones together."""
        node = parse_math(source)
        if key(node) is not None:
            return self.role(source, otherwise)
        role = self.table.made(node)
        return mixed if role == "merged" else otherwise if role is None else LOOKS[role]


def _names(node: Node) -> Iterator[str]:
    """The symbols in an expression, from left to right: of g_i that one, not g."""
    name = key(plain(node))
    if name is not None:
        yield name
        return
    for child in children(node):
        yield from _names(child)


def of_model(
    model: Model, drawn: Collection[str] = (), inferred: Mapping[str, Shape] | None = None
) -> Symbols:
    """`drawn` are the symbols that are: the sizes of one's own that their shapes have are drawn too."""
    known = table(model)
    shapes = {} if inferred is None else inferred
    symbols = Symbols(known, shapes, Sides({"d": 1}, {}))
    sizes = known.adapter.sizes(1, 1, 1) if known.adapter.symbols else {}
    used = {size for name in drawn for size in (symbols.shape(name) or symbols.extent(name))}
    names = [size for size in known.sizes if size in sizes or size in used]
    values = {name: known.sizes[name] for name in names}
    values |= {size: int(size) for size in sorted(used) if size.isdecimal()}
    values |= _multiplied(symbols, drawn)
    values = values or {"d": known.sizes["d"]}
    longest = max(values, key=values.__getitem__)
    # What nothing is known of is drawn as long as the longest.
    aliases = dict(known.ties) if "d" in values else {}
    aliases |= {name: longest for name in ("d", "k") if name not in values and name not in aliases}
    return Symbols(known, shapes, Sides(values, aliases), Functions(model))


def _multiplied(symbols: Symbols, drawn: Collection[str]) -> dict[str, int]:
    """The sizes of Kronecker products that are drawn, n·p, by their values."""
    lets = symbols.table.lets
    extents = (Extents(symbols).of(lets[name]) for name in drawn if name in lets)
    given = {size for name in drawn for size in (symbols.shape(name) or symbols.extent(name))}
    names = {size for extent in extents for size in extent or ()} | given
    parts = {
        name: [symbols.table.size(part) for part in name.split(TIMES)]
        for name in sorted(names)
        if TIMES in name
    }
    return {name: prod(filter(None, sizes)) for name, sizes in parts.items() if None not in sizes}


def of_figure(
    figure: Figure, shares: Mapping[str, float] | None = None, shapes: Shapes | None = None
) -> tuple[Symbols, Mapping[Scope, Symbols]]:
    """The symbols of a figure, and those of each panel with a model of its own. All have the same lengths:
    those of the sizes of all panels. `shares` are of the longest, where they are given."""
    proportion = figure.proportion
    known = {} if shapes is None else shapes
    base = of_model(figure.model, drawn_on(figure, None), known.get(None))
    values = dict(base.sides.values)
    own: dict[Scope, tuple[Symbols, dict[str, str]]] = {}
    for panel in panels(figure):
        if panel.model is None or panel.model in own:
            continue
        there = drawn_on(figure, panel.model)
        symbols = of_model(scoped(figure, panel).model, there, known.get(panel.model))
        drawn = {size: length_of(figure, panel, size) for size in symbols.sides.values}
        values |= {name: symbols.sides.values[size] for size, name in drawn.items()}
        tied = {alias: drawn[size] for alias, size in symbols.sides.aliases.items()}
        own[panel.model] = symbols, {**{size: name for size, name in drawn.items() if size != name}, **tied}

    def with_sides(symbols: Symbols, aliases: Mapping[str, str]) -> Symbols:
        return replace(symbols, sides=Sides(values, aliases, shares or {}, proportion))

    scopes = {scope: with_sides(symbols, aliases) for scope, (symbols, aliases) in own.items()}
    return with_sides(base, base.sides.aliases), scopes


def drawn_on(figure: Figure, scope: Scope | None) -> set[str]:
    """The symbols that are drawn on the panels of a figure that have this model."""
    pictured = {
        name
        for picture in entries(figure)
        if isinstance(picture, Picture) and picture.panel.model == scope
        for factor in picture.factors()
        for name in (called(factor.symbol), *_names(parse_math(factor.symbol)))
    }
    return pictured | {
        called(symbol)
        for graph in entries(figure)
        if isinstance(graph, Graph) and graph.panel.model == scope
        for node in graph.nodes.values()
        for symbol in (*node.symbols, *_terms(node.operation))
    }


def _terms(operation: ops.Operation) -> tuple[str, ...]:
    return operation.terms if isinstance(operation, ops.Sum) else ()
