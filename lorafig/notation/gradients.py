"""Gradients as they are written: `\\nabla_A L` and `\\partial L / \\partial A`, each as one factor."""

from __future__ import annotations

from lorafig.notation import tree
from lorafig.notation.canonical import key
from lorafig.notation.tree import Node

PARTIAL, NABLA = tree.Symbol("∂"), "∇_"


def parts(node: Node) -> tuple[str, Node] | None:
    """What a gradient is by, and of what loss; None for anything else. ∇_A L is gathered first."""
    match node:
        case tree.Apply(function=function, arguments=(loss,)):
            name = key(function)
            return (name.removeprefix(NABLA), loss) if name is not None and name.startswith(NABLA) else None
        case tree.Fraction(tree.Product((first, loss), ("",)), tree.Product((second, by), ("",))):
            name = key(by)
            return (name, loss) if first == second == PARTIAL and name is not None else None
        case _:
            return None


def gathered(node: tree.Product) -> tree.Product:
    """The product with `\\nabla_A L`, and `\\partial L / \\partial A`, as one factor each."""
    factors, ops, spaces = list(node.factors), list(node.ops), list(node.spaces)
    for i in reversed(range(len(factors) - 1)):
        own = key(factors[i])
        if own is not None and own.startswith(NABLA) and ops[i] == "" and key(factors[i + 1]) is not None:
            factors[i : i + 2] = [tree.Apply(factors[i], (factors[i + 1],), "")]
            del ops[i], spaces[i]
        elif ops[i : i + 3] == ["", "/", ""] and factors[i] == factors[i + 2] == PARTIAL:
            halves = [
                tree.Product((PARTIAL, part), ("",), ("",)) for part in (factors[i + 1], factors[i + 3])
            ]
            factors[i : i + 4] = [tree.Fraction(*halves)]
            del ops[i : i + 3], spaces[i : i + 3]
    return (
        tree.Product(tuple(factors), tuple(ops), tuple(spaces)) if len(factors) < len(node.factors) else node
    )
