"""A part of a label as messages quote it."""

from __future__ import annotations

from lorafig.notation import tree
from lorafig.notation.canonical import bare
from lorafig.notation.tree import Node
from lorafig.notation.write.plain import to_plain


def spaced(node: Node) -> str:
    """`A B` for a product of letters."""
    plain = bare(node)
    if isinstance(plain, tree.Product) and set(plain.ops) == {""}:
        return " ".join(map(factor, plain.factors))
    return to_plain(plain)


def factor(node: Node) -> str:
    text = to_plain(node)
    return f"({text})" if isinstance(node, tree.Sum) else text
