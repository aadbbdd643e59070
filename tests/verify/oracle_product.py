"""A product of matrices, worked out anew: the equation that it shows, and what is written on its matrices."""

from __future__ import annotations

from typing import Any

import numpy as np

from lorafig.language.model import Cells, Matrix, Panel, Vector
from lorafig.notation import tree
from lorafig.notation.canonical import key
from tests.verify.oracle import (
    False_,
    NoOpinion,
    Value,
    World,
    braced,
    labelled,
    parse_math,
    relation,
    texts,
    value,
)

SIGNS = {"\\times": "", "×": "", "≈": "\\approx", "⊙": "\\odot", "⊗": "\\otimes", "−": "-"}
KNOWN = {"=", "+", "-", "\\odot", "\\approx", ""}


def claims(panel: Panel, at: World) -> list[bool]:
    found = []
    whole = parse_math(_source(panel.product))
    if isinstance(whole, tree.Relation):
        found.append(relation(whole, at))
    else:
        value(whole, at)
    for item in _items(panel.product):
        found += _on(item, at)
    return found


def _source(items: tuple[Any, ...]) -> str:
    """The formula of a product, as one would write it in a line."""
    written = []
    crosses = [isinstance(item, str) and item in ("\\times", "×") for item in items]
    signs = [cross or item in KNOWN | {"≈", "−"} for cross, item in zip(crosses, items, strict=True)]
    for place, cross in enumerate(crosses):
        if cross and (place in (0, len(items) - 1) or signs[place - 1] or signs[place + 1]):
            raise False_("a cross between what are not two matrices")
    for item in items:
        if isinstance(item, tuple):
            written.append(f"({_source(item)})")
        elif isinstance(item, Matrix | Vector):
            written.append(str(item.matrix if isinstance(item, Matrix) else item.vector))
        else:
            sign = SIGNS.get(str(item), str(item))
            if sign.startswith("\\to") or sign in ("→", "←", "\\leftarrow", "\\otimes") or "sum" in sign:
                raise NoOpinion(sign)
            written.append(sign)
    return " ".join(written)


def _items(items: tuple[Any, ...]) -> list[Matrix | Vector]:
    several = [_items(item) if isinstance(item, tuple) else [item] for item in items]
    return [item for inner in several for item in inner if isinstance(item, Matrix | Vector)]


def _on(item: Matrix | Vector, at: World) -> list[bool]:
    symbol = str(item.matrix if isinstance(item, Matrix) else item.vector)
    own = value(parse_math(symbol), at)
    if own.scalar or (1 in own.array.shape) == isinstance(item, Matrix):
        raise False_("it is drawn as something else")
    found = labelled(symbol, item.math, at)
    for line in item.text:
        found += texts(line, at, key(parse_math(symbol)))
    braces = item.brace if isinstance(item.brace, tuple) else (item.brace,)
    for brace in braces:
        if brace is not None:
            along = 0 if brace.side in ("left", "right") else 1
            found += braced(brace, [Value(np.zeros((own.array.shape[along], 1)))], at)
    if isinstance(item, Matrix) and item.blocks:
        raise NoOpinion("blocks")
    if isinstance(item.cells, Cells):
        found += _cells(item.cells, own, at)
    return found


def _cells(cells: Cells, own: Value, at: World) -> list[bool]:
    """So many cells of one size make the whole."""
    true = {small: at.true[name] for name, small in at.small.items()}
    sides = [1 if length == 1 else true[length] for length in own.array.shape]
    each = [1, 1]
    if cells.of:
        values = [value(parse_math(str(size)), at) for size in cells.of]
        if not all(one.scalar for one in values):
            raise False_("the size of a cell is no number")
        each = [int(one.array) for one in values]
    if cells.excerpt:
        raise NoOpinion("an excerpt")
    many = (cells.rows, cells.columns)
    return [count * size == side for count, size, side in zip(many, each, sides, strict=True)]
