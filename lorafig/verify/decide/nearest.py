"""The true statement that is one change away from a false one: a sign, an order, a factor."""

from __future__ import annotations

from collections.abc import Iterator

from lorafig.notation import tree
from lorafig.notation.canonical import key
from lorafig.notation.children import rebuild
from lorafig.notation.tree import Node, Product, Relation
from lorafig.values import replace
from lorafig.verify.meaning.shapes import TRANSPOSES

_SCALE = tree.Fraction(tree.Symbol("α"), tree.Symbol("r"))


def neighbours(relation: Relation, scaled: bool) -> Iterator[Relation]:
    """Relations that differ in one place of one side, the right side first. `scaled` tries α / r too."""
    for index in reversed(range(len(relation.sides))):
        for changed in _changes(relation.sides[index], scaled):
            sides = (*relation.sides[:index], changed, *relation.sides[index + 1 :])
            yield replace(relation, sides=sides)
    for index in reversed(range(len(relation.sides))):
        changed = _transposed(relation.sides[index])
        if changed != relation.sides[index]:
            yield replace(relation, sides=(*relation.sides[:index], changed, *relation.sides[index + 1 :]))


def _transposed(node: Node) -> Node:
    """With every matrix by itself transposed: x W + x A B -> x Wᵀ + x Aᵀ Bᵀ."""
    name = key(node)
    if name is not None and name[-1:] != "T" and name.lstrip("Δ")[:1].isupper():
        return tree.Script(node, None, tree.Symbol("⊤"))
    return node if name is not None else rebuild(node, _transposed)


def _changes(node: Node, scaled: bool) -> Iterator[Node]:
    if isinstance(node, tree.Sum):
        for i, sign in enumerate(node.signs):
            flipped = "+" if sign == "-" else "-"
            yield replace(
                node,
                signs=(*node.signs[:i], "" if i == 0 and flipped == "+" else flipped, *node.signs[i + 1 :]),
            )
    if isinstance(node, Product):
        for i in range(len(node.factors) - 1):
            if node.ops[i] in ("", "·", "*"):
                one, other = node.factors[i], node.factors[i + 1]
                yield replace(node, factors=(*node.factors[:i], other, one, *node.factors[i + 2 :]))
        for i in range(len(node.factors)):
            if set(node.ops) <= {"", "·", "*"} and len(node.factors) > 1:
                kept = (*node.factors[:i], *node.factors[i + 1 :])
                ops = node.ops[1:] if i == 0 else (*node.ops[: i - 1], *node.ops[i:])
                spaces = node.spaces[1:] if i == 0 else (*node.spaces[: i - 1], *node.spaces[i:])
                yield kept[0] if len(kept) == 1 else Product(kept, ops, spaces)
    if scaled and isinstance(node, (Product, tree.Symbol, tree.Script)):
        yield _times(_SCALE, node)
    if isinstance(node, (tree.Symbol, Product, tree.Script, tree.Fenced, tree.Sum)):
        yield _times(tree.Fenced("(", ")", node) if isinstance(node, tree.Sum) else node, tree.Symbol("x"))
    if isinstance(node, tree.Script) and node.sup is not None and key(node.sup) in TRANSPOSES:
        yield replace(node, sup=None) if node.sub is not None or node.primes > 0 else node.base
    elif isinstance(node, tree.Symbol) and node.name.isupper():
        yield tree.Script(node, None, tree.Symbol("⊤"))
    if isinstance(node, tree.Sum) and len(node.terms) > 1:
        for i in range(len(node.terms)):
            for changed in _changes(node.terms[i], scaled):
                yield replace(node, terms=(*node.terms[:i], changed, *node.terms[i + 1 :]))
    elif isinstance(node, Product):
        for i in range(len(node.factors)):
            for changed in _changes(node.factors[i], scaled):
                factor = tree.Fenced("(", ")", changed) if isinstance(changed, tree.Sum) else changed
                yield replace(node, factors=(*node.factors[:i], factor, *node.factors[i + 1 :]))
    elif isinstance(node, tree.Fenced):
        for changed in _changes(node.body, scaled):
            yield replace(node, body=changed)
    elif isinstance(node, tree.Script) and isinstance(node.base, tree.Fenced):
        for changed in _changes(node.base, scaled):
            yield replace(node, base=changed)


def _times(left: Node, right: Node) -> Product:
    before = left.factors if isinstance(left, Product) else (left,)
    after = right.factors if isinstance(right, Product) else (right,)
    ops = (
        *(left.ops if isinstance(left, Product) else ()),
        "",
        *(right.ops if isinstance(right, Product) else ()),
    )
    return Product((*before, *after), ops, ("",) * len(ops))
