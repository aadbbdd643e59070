"""Claims about shapes: `W ∈ ℝ^{d×k}`, `A: r × d`, `W: ℝ^k → ℝ^d`."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from lorafig.notation.canonical import key
from lorafig.notation.tree import Fenced, Node, Number, Product, Relation, Shape
from lorafig.verify.decide.answer import Answer
from lorafig.verify.decide.conditions import FAILS, Compares, Condition, every, holds
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
        condition = _agree(symbols, names, actual)
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


def _agree(symbols: Symbols, names: Sequence[str], actual: Sequence[str]) -> Condition:
    """That sizes are these: names by themselves, numbers by the value of the size. Raises Undecidable if that
    has none."""
    apart = [(name, own) for name, own in zip(names, actual, strict=True) if name != own]
    if not all(name.isdecimal() and own in symbols.dimensions for name, own in apart):
        return FAILS
    missing = [own for _, own in apart if symbols.dimensions[own] is None]
    if missing:
        raise symbols.valueless(missing)
    return every(Compares(symbols.size(own), "=", number(int(name))) for name, own in apart)


def mapping(symbols: Symbols, node: Relation) -> Answer:
    """`W: ℝ^k → ℝ^d`."""
    names = _lengths(symbols, node.sides[1:])
    kind = elaborate(node.sides[0], symbols).type
    value = f"{kind.columns} to {kind.rows}"
    condition = _agree(symbols, names, (kind.columns, kind.rows))
    if holds(condition):
        return Answer("shape", "holds", value=value, condition=condition)
    said = f"{names[0]} to {names[1]}"
    detail = f"{spaced(node.sides[0])} maps {value}, not {said}"
    return Answer("shape", "ill-typed", value=value, shown=said, detail=detail, condition=condition)


def path(symbols: Symbols, node: Relation) -> Answer:
    """`k → r → d`, how long the vectors are on the way through A and B; `k → d` through W."""
    names = _lengths(symbols, node.sides)
    if not symbols.knows("A") or not symbols.knows("B"):
        raise Undecidable("a way through A and B, which are not here")
    narrow, wide = symbols.term("A").type, symbols.term("B").type
    whole = [narrow.columns, narrow.rows, wide.rows]
    ways = [whole] if len(names) == 3 else [whole[:2], whole[1:], whole[::2]]
    agreed = [[_agree(symbols, [name], [own]) for name, own in zip(names, way, strict=True)] for way in ways
              if len(way) == len(names)]  # fmt: skip
    value = " → ".join(whole)
    for way in agreed:
        if holds(every(way)):
            return Answer("shape", "holds", value, condition=every(way))
    if len(names) != 3 or sum(holds(one) is True for one in agreed[0]) < 2:
        raise Undecidable(
            "lengths, and nothing says of what", "name the matrix: A: \\mathbb{R}^k \\to \\mathbb{R}^r"
        )
    said = " → ".join(names)
    return Answer(
        "shape", "fails", value, said, detail=f"A and B lead {value}, not {said}", condition=every(agreed[0])
    )


def _lengths(symbols: Symbols, sides: tuple[Node, ...]) -> list[str]:
    """How long the vectors of spaces are: of `ℝ^k`, `k`, `4,096`."""
    names: list[str] = []
    for side in sides:
        plain = symbols.dimension(key(side)) is not None or isinstance(side, Number)
        space = (side,) if plain else sizes(side)
        if space is None or len(space) != 1:
            what = "a map goes from one space to another"
            raise Undecidable(what, "write W: \\mathbb{R}^k \\to \\mathbb{R}^d")
        names.append(size(symbols, space[0]))
    return names


def joined(symbols: Symbols, node: Relation) -> Answer | None:
    """`(d × r)(r × k) = d × k`, the shape of a product of matrices; None for anything else."""
    left, right = node.sides[0], node.sides[-1]
    if len(node.sides) != 2 or not isinstance(left, Product) or set(left.ops) - {"", "·", "×"}:
        return None
    shapes = [_pair(symbols, factor) for factor in left.factors if isinstance(factor, Fenced)]
    whole = _pair(symbols, right)
    if len(shapes) != len(left.factors) or whole is None:
        return None
    known = [pair for pair in shapes if pair is not None]
    if len(known) != len(shapes):
        return None
    said, value = " × ".join(whole), f"{known[0][0]} × {known[-1][1]}"
    inner = next(((one[1], other[0]) for one, other in pairwise(known) if one[1] != other[0]), None)
    if inner is not None:
        return Answer("shape", "ill-typed", detail=f"the inner dimensions differ: {inner[0]} and {inner[1]}")
    if whole == (known[0][0], known[-1][1]):
        return Answer("shape", "holds", value, said)
    return Answer(
        "shape", "fails", value, said, detail=f"it is {value}, not {said}", hint=f"it should read {value}"
    )


def _pair(symbols: Symbols, node: Node) -> tuple[str, str] | None:
    """The two sizes of `(d × r)`."""
    body = node.body if isinstance(node, Fenced) else node
    sizes_ = body.sizes if isinstance(body, Shape) else body.factors if isinstance(body, Product) else ()
    crossed = isinstance(body, Shape) or (isinstance(body, Product) and body.ops == ("×",))
    numbers = [size.digits.replace(",", "") if isinstance(size, Number) else "" for size in sizes_]
    names = [symbols.dimension(key(size)) or number for size, number in zip(sizes_, numbers, strict=True)]
    return (names[0], names[1]) if crossed and len(names) == 2 and all(names) else None
