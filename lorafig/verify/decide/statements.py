"""Claims about shapes: `W ∈ ℝ^{d×k}`, `A: r × d`, `W: ℝ^k → ℝ^d`."""

from __future__ import annotations

from lorafig.notation.canonical import key
from lorafig.notation.tree import Node, Relation
from lorafig.verify.decide.answer import Answer
from lorafig.verify.decide.conditions import FAILS, HOLDS, Compares, Condition, every, holds
from lorafig.verify.meaning.shapes import elaborate
from lorafig.verify.meaning.symbols import Symbols
from lorafig.verify.meaning.terms import ONE, Constant, Term, Undecidable, number
from lorafig.verify.read.classify import shown, sizes
from lorafig.verify.read.quoted import spaced


def shape(symbols: Symbols, text: str, term: Term, right: Node) -> Answer:
    claimed = sizes(right)
    assert claimed is not None
    names = [size(symbols, node) for node in claimed]
    kind, value = term.type, str(term.type)
    actual = [kind.rows, kind.columns]
    if kind.columns == ONE and len(names) == 1:
        actual = actual[:1]
    elif kind.mark == "row" and len(names) == 1:
        actual = actual[1:]
    elif len(names) == 2 and kind.is_vector and "1" in names:
        beside = 0 if names[0] == "1" and kind.mark != "" else 1  # a vector as a row or a column
        if names[beside] == "1":
            actual = [kind.length]
            names = [names[1 - beside]]
    said = " × ".join(names)
    condition: Condition = FAILS
    if len(names) == len(actual):
        condition = every(_agree(symbols, name, own) for name, own in zip(names, actual, strict=True))
    if holds(condition):
        return Answer("shape", "holds", value=value, shown=said, condition=condition)
    detail, hint = f"{text} is {value}, not {said}", f"it should read {value}"
    return Answer("shape", "ill-typed", value, said, detail=detail, hint=hint, condition=condition)


def size(symbols: Symbols, node: Node) -> str:
    """The dimension that a size names: its name, or the number as it is written."""
    dimension = symbols.dimension(key(node))
    if dimension is not None:
        return dimension
    term = elaborate(node, symbols)
    if isinstance(term, Constant) and shown(node) is not None and term.value.denominator == 1:
        return str(term.value)
    return spaced(node)


def _agree(symbols: Symbols, name: str, own: str) -> Condition:
    if name == own:
        return HOLDS
    if not name.isdecimal() or symbols.dimensions.get(own) is None:
        return FAILS
    return Compares(symbols.size(own), "=", number(int(name)))


def mapping(symbols: Symbols, node: Relation) -> Answer:
    """`W: ℝ^k → ℝ^d`."""
    source, target = (
        (side,) if symbols.dimension(key(side)) is not None else sizes(side) for side in node.sides[1:]
    )
    if source is None or target is None or len(source) != 1 or len(target) != 1:
        raise Undecidable("a map goes from one space to another", "write W: \\mathbb{R}^k \\to \\mathbb{R}^d")
    kind = elaborate(node.sides[0], symbols).type
    names = [size(symbols, source[0]), size(symbols, target[0])]
    value = f"{kind.columns} to {kind.rows}"
    condition = every(
        _agree(symbols, name, own) for name, own in zip(names, (kind.columns, kind.rows), strict=True)
    )
    if holds(condition):
        return Answer("shape", "holds", value=value, condition=condition)
    said = f"{names[0]} to {names[1]}"
    detail = f"{spaced(node.sides[0])} maps {value}, not {said}"
    return Answer("shape", "ill-typed", value=value, shown=said, detail=detail, condition=condition)
