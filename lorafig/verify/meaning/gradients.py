"""Gradients: what a loss gains by a symbol has the symbol's shape, `\\nabla_A L` that of A."""

from __future__ import annotations

from lorafig.notation import tree
from lorafig.notation.canonical import bare, key
from lorafig.notation.tree import Node
from lorafig.notation.write.plain import to_plain
from lorafig.verify.meaning import terms
from lorafig.verify.meaning.scope import Scope
from lorafig.verify.meaning.terms import Term

PARTIAL, NABLA = tree.Symbol("∂"), "∇_"


def slope(by: str, loss: Node, symbols: Scope) -> Term:
    """What a loss gains by a symbol, whatever the loss is. Raises Unknown."""
    return terms.Variable(f"{NABLA}{by} {to_plain(bare(loss))}", symbols.term(by).type)


def fraction(above: Node, below: Node, symbols: Scope) -> Term | None:
    """`\\frac{\\partial L}{\\partial A}`; None for any other fraction."""
    match above, below:
        case tree.Product((first, loss), ("",)), tree.Product((second, by), ("",)):
            name = key(by)
            if first == second == PARTIAL and name is not None:
                return slope(name, loss, symbols)
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
