"""Vectors as columns, W x, and as rows, x Wᵀ: a figure that writes both is told, for its reader has to turn
half of it round."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

from lorafig.notation.children import walk
from lorafig.notation.tree import Node, Product
from lorafig.verify.decide.answer import Answer
from lorafig.verify.meaning.shapes import type_of
from lorafig.verify.meaning.symbols import Symbols
from lorafig.verify.read.quoted import spaced

HINT = "write every product as W x, or every one as x W^\\top"


def mixed(trees: Iterable[Node], symbols: Symbols) -> Answer | None:
    """What to tell of labels that have vectors both as columns and as rows; None where they agree."""
    columns: Node | None = None
    rows: Node | None = None
    products = (part for tree in trees for part in walk(tree) if isinstance(part, Product))
    for product in products:
        if not set(product.ops) <= {"", "·", "*"}:
            continue
        for left, right in pairwise(type_of(factor, symbols) for factor in product.factors):
            if left is None or right is None or left.is_scalar or right.is_scalar:
                continue
            if left.is_vector and not right.is_vector:
                rows = rows if rows is not None else product
            elif right.is_vector and not left.is_vector:
                columns = columns if columns is not None else product
    if columns is None or rows is None:
        return None
    detail = f"vectors are columns in {spaced(columns)}, and rows in {spaced(rows)}"
    return Answer("shape", "holds", detail=detail, hint=HINT)
