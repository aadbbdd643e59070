"""What mathematics among words is, for those who read the words around it."""

from __future__ import annotations

from lorafig.notation import tree
from lorafig.notation.canonical import bare, key
from lorafig.notation.tree import Node
from lorafig.verify.meaning.shapes import type_of
from lorafig.verify.meaning.symbols import Symbols
from lorafig.verify.read.classify import sizes


def sort_of(node: Node, symbols: Symbols) -> str:
    """'matrix' or 'size' for a symbol, 'amount' for another number, 'shapes', 'relation', 'formula' for
    what has a shape, 'unknown' for what is none of these."""
    plain = bare(node)
    if isinstance(plain, tree.Relation):
        return "relation"
    name = key(plain)
    if name is not None:
        if symbols.dimension(name) is not None:
            return "size"
        if not symbols.knows(name):
            return "unknown"
        any_ = symbols.any_of(name)  # of a family without its index
        kind = type_of(plain if any_ == name else tree.Symbol(any_), symbols)
        if kind is None:
            return "unknown"
        if not kind.is_scalar:
            return "matrix"
        return "size" if symbols.canonical(name) in ("α", "s") else "amount"
    if isinstance(plain, tree.Number | tree.Computed):
        return "amount"
    if isinstance(plain, tree.Product) and any(
        isinstance(part, tree.Computed) or part in (tree.Symbol("×"), tree.Symbol("%"))
        for part in plain.factors
    ):
        return "amount"
    kind = type_of(plain, symbols)
    if kind is not None and not kind.is_scalar:
        return "formula"
    named = sizes(plain)
    if named is not None and len(named) == 2:
        return "shapes"
    if kind is not None:
        return "amount"
    return "unknown"
