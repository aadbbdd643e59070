"""The rows and columns that an expression has, by the names of dimensions."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Protocol

from lorafig.core.adapter import Shape
from lorafig.core.functions import function
from lorafig.language.table import Table
from lorafig.notation import tree
from lorafig.notation.canonical import key
from lorafig.notation.gradients import gathered, parts
from lorafig.notation.numbers.arithmetic import evaluate
from lorafig.notation.ranges import NoCut, Sizes, cut_of, cuts
from lorafig.notation.read.parse import parse_math

ONE, TIMES = "1", "·"
TRANSPOSES = frozenset({"T", "⊤", "⊺"})
DEEPEST = 32  # definitions of definitions
Extent = tuple[str, str]


class Known(Protocol):
    """What is known of the symbols of a figure."""

    @property
    def table(self) -> Table: ...

    def shape(self, name: str) -> Shape:
        """Rows and columns, one entry for a vector, none for anything else."""


class Extents:
    """Finds them for the symbols of a figure, those that `let` defines among them."""

    def __init__(self, symbols: Known) -> None:
        self.symbols = symbols

    def of(self, node: tree.Node, depth: int = 0) -> Extent | None:
        """Rows and columns; those of a number are (1, 1), and a vector is a column. None if not known."""
        if depth > DEEPEST:
            return None
        depth += 1
        name = key(node)
        if name is not None:
            return self._named(name, depth)
        cut = cut_of(node)
        if cut is not None:
            return self._cut(*cut, depth)
        match node:
            case tree.Fenced(body=body) | tree.Styled(body=body) | tree.Braced(body=body):
                return self.of(body, depth)
            case tree.Prefix(body=body):
                return self.of(body, depth)
            case tree.Script(base=base, sup=tree.Symbol(name=sign)) if sign in TRANSPOSES:
                plain = tree.Script(base, node.sub, None, node.primes) if node.sub or node.primes else base
                own = self.of(plain, depth)
                return None if own is None else (own[1], own[0])
            case tree.Sum(terms=terms):
                return self._first([self.of(term, depth) for term in terms])
            case tree.Big(op="∑", body=body):
                return self.of(body, depth)
            case tree.Product():
                whole = gathered(node)
                return self._product([self.of(factor, depth) for factor in whole.factors], whole.ops)
            case tree.Apply() | tree.Fraction() if (gradient := parts(node)) is not None:
                return self._named(gradient[0], depth)
            case tree.Apply(function=applied, arguments=(argument,)) if key(applied) == "diag":
                own = self.of(argument, depth)
                return None if own is None else (own[0], own[0])
            case tree.Apply(function=applied, arguments=several) if key(applied) == "diag":
                return self._blocks(several, depth)
            case tree.Apply(function=applied, arguments=(argument,)) if _keeps_shape(applied):
                return self.of(argument, depth)
            case tree.Number():
                return ONE, ONE
            case tree.Fraction(above=above, below=below):
                return self._first([self.of(above, depth), self.of(below, depth)])
            case _:
                return None

    def _named(self, name: str, depth: int) -> Extent | None:
        table = self.symbols.table
        own = self.symbols.shape(name)
        if own and is_diagonal(name, self.symbols):
            return own[0], own[0]
        if own:
            return (own[0], own[1]) if len(own) == 2 else (own[0], ONE)
        if name in table.lets:
            return self.of(table.lets[name], depth)
        if name in table.adapter.defined:
            return self.of(parse_math(table.adapter.defined[name]), depth)
        row = table.row(name)
        whole, _, index = name.rpartition("_")
        if row is None and index != "" and self.of(tree.Symbol(whole), depth) is not None:
            entry = self.of(tree.Symbol(whole), depth)
            return (ONE, ONE) if entry is not None and ONE in entry else None  # of a vector
        number = (row is not None and row.shape == ()) or name in ("α", "s") or name in table.numbers
        return (ONE, ONE) if number or table.size(name) is not None else None

    def _cut(self, base: tree.Node, parts: Sequence[tree.Node], depth: int) -> Extent | None:
        own, table = self.of(base, depth), self.symbols.table
        if own is None:
            return None

        def named(name: str) -> str | Fraction | None:
            name = table.ties.get(name, name)
            return name if name in table.sizes else table.drawn.get(name)

        try:
            rows, columns = cuts(parts, own, Sizes(table.sizes, named))
        except NoCut:
            return None
        return own[0] if rows is None else rows.extent, own[1] if columns is None else columns.extent

    def _blocks(self, several: Sequence[tree.Node], depth: int) -> Extent | None:
        """That of blocks along a diagonal, `diag(R_1, …, R_N)`: as many as there are, or as the index runs
        over."""
        own, count = self.of(several[0], depth), Fraction(len(several))
        values = self.symbols.table.drawn
        if any(isinstance(part, tree.Symbol) and part.name in ("…", "⋯") for part in several):
            row = self.symbols.table.row(key(several[-1]) or "")
            if row is None or len(row.indices) != 1:
                return None
            (over,) = row.indices
            count = evaluate(over.last, values) - evaluate(over.first, values) + 1
        if own is None:
            return None
        sizes = [count * (Fraction(1) if name == ONE else values.get(name, Fraction(0))) for name in own]
        named = {Fraction(size): name for name, size in self.symbols.table.sizes.items()}
        names = [named.get(size) for size in sizes]
        return None if names[0] is None or names[1] is None else (names[0], names[1])

    def _first(self, several: Sequence[Extent | None]) -> Extent | None:
        """That of what is known: all terms of a sum have one, and numbers have none of their own."""
        known = [own for own in several if own is not None]
        return next((own for own in known if own != (ONE, ONE)), known[0] if known else None)

    def _product(self, several: Sequence[Extent | None], ops: Sequence[str]) -> Extent | None:
        if any(own is None for own in several):
            return None
        known = [own for own in several if own is not None]
        whole = [own for own in known if own != (ONE, ONE)]
        if not whole:
            return ONE, ONE
        if "⊙" in ops:
            return max(whole, key=lambda own: (own[1] != ONE) + (own[0] != ONE))
        if "⊗" in ops:
            return self._times([own[0] for own in whole]), self._times([own[1] for own in whole])
        return whole[0][0], whole[-1][1]

    def _times(self, names: Sequence[str]) -> str:
        several = sorted(part for name in names if name != ONE for part in name.split(TIMES))
        known = self.symbols.table.product(several) if len(several) > 1 else None
        return known if known is not None else TIMES.join(several) if several else ONE


def _keeps_shape(name: tree.Node) -> bool:
    """Whether what a function gives has the shape of what it takes."""
    row = function(key(name) or "")
    return row is not None and row.acts != "whole" and row.result is None


def is_diagonal(name: str, symbols: Known) -> bool:
    """Whether a matrix is defined by the vector on its diagonal."""
    table = symbols.table
    let = table.lets.get(name)
    if isinstance(let, tree.Apply):
        return key(let.function) == "diag" and len(let.arguments) == 1
    definition = table.adapter.defined.get(name, "")
    return definition.startswith("diag(") and definition.find(")") == len(definition) - 1
