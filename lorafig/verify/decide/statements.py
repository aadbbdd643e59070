"""Claims about shapes: `W ∈ ℝ^{d×k}`, `A: r × d`, `W: ℝ^k → ℝ^d`."""

from __future__ import annotations

from lorafig.notation.canonical import key
from lorafig.notation.tree import Node, Relation
from lorafig.verify.decide.answer import Answer
from lorafig.verify.meaning.shapes import elaborate
from lorafig.verify.meaning.symbols import Symbols
from lorafig.verify.meaning.terms import ONE, Constant, Term, Undecidable
from lorafig.verify.read.classify import shown, sizes
from lorafig.verify.read.quoted import spaced


def shape(symbols: Symbols, text: str, term: Term, right: Node) -> Answer:
    claimed = sizes(right)
    assert claimed is not None
    names = [size(symbols, one) for one in claimed]
    actual = [term.type.rows, term.type.columns]
    if term.type.columns == ONE and len(names) == 1:
        actual = actual[:1]
    elif term.type.mark == "row" and len(names) == 1:
        actual = actual[1:]
    if len(names) == 2 and term.type.is_vector and "1" in names:
        beside = 0 if names[0] == "1" and term.type.mark != "" else 1  # a vector as a row or a column
        if names[beside] == "1":
            actual = [term.type.rows if term.type.columns == ONE else term.type.columns]
            names = [names[1 - beside]]
    value = str(term.type)
    said = " × ".join(names)
    same = len(names) == len(actual) and all(
        _agree(symbols, name, own) for name, own in zip(names, actual, strict=False)
    )
    if same:
        return Answer("shape", "holds", value=value, shown=said)
    return Answer(
        "shape",
        "ill-typed",
        value=value,
        shown=said,
        detail=f"{text} is {value}, not {said}",
        hint=f"it should read {value}",
    )


def size(symbols: Symbols, node: Node) -> str:
    """The dimension that a size names: its name, or the number as it is written."""
    name = key(node)
    if name is not None:
        found = symbols.dimension(name)
        if found is not None:
            return found
    term = elaborate(node, symbols)
    if isinstance(term, Constant) and shown(node) is not None and term.value.denominator == 1:
        return str(term.value)
    return spaced(node)


def _agree(symbols: Symbols, name: str, own: str) -> bool:
    if name == own:
        return True
    value = symbols.dimensions.get(own)
    return name.isdecimal() and value is not None and int(name) == value


def mapping(symbols: Symbols, node: Relation) -> Answer:
    """`W: ℝ^k → ℝ^d`."""
    source, target = sizes(node.sides[1]), sizes(node.sides[2])
    if source is None or target is None or len(source) != 1 or len(target) != 1:
        raise Undecidable("a map goes from one space to another", "write W: \\mathbb{R}^k \\to \\mathbb{R}^d")
    term = elaborate(node.sides[0], symbols)
    names = [size(symbols, source[0]), size(symbols, target[0])]
    value = f"{term.type.columns} to {term.type.rows}"
    if _agree(symbols, names[0], term.type.columns) and _agree(symbols, names[1], term.type.rows):
        return Answer("shape", "holds", value=value)
    said = f"{names[0]} to {names[1]}"
    detail = f"{spaced(node.sides[0])} maps {value}, not {said}"
    return Answer("shape", "ill-typed", value=value, shown=said, detail=detail)
