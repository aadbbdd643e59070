"""The true statement that is one change away from a false one: a sign, an order, a factor."""

from __future__ import annotations

from collections.abc import Iterator

from lorafig.notation.canonical import key
from lorafig.notation.children import rebuild
from lorafig.notation.tree import Fenced, Fraction, Node, Product, Relation, Script, Sum, Symbol
from lorafig.values import replace
from lorafig.verify.meaning.shapes import TRANSPOSES

_SCALE = Fraction(Symbol("α"), Symbol("r"))


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
        return Script(node, None, Symbol("⊤"))
    return node if name is not None else rebuild(node, _transposed)


def _changes(node: Node, scaled: bool) -> Iterator[Node]:
    if isinstance(node, Sum):
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
    if scaled and isinstance(node, (Product, Symbol, Script)):
        yield _times(_SCALE, node)
    if isinstance(node, (Symbol, Product, Script, Fenced, Sum)):
        yield _times(Fenced("(", ")", node) if isinstance(node, Sum) else node, Symbol("x"))
    if isinstance(node, Script) and node.sup is not None and key(node.sup) in TRANSPOSES:
        yield replace(node, sup=None) if node.sub is not None or node.primes > 0 else node.base
    elif isinstance(node, Symbol) and node.name.isupper():
        yield Script(node, None, Symbol("⊤"))
    if isinstance(node, Sum) and len(node.terms) > 1:
        for i in range(len(node.terms)):
            for changed in _changes(node.terms[i], scaled):
                yield replace(node, terms=(*node.terms[:i], changed, *node.terms[i + 1 :]))
    elif isinstance(node, Product):
        for i in range(len(node.factors)):
            for changed in _changes(node.factors[i], scaled):
                factor = Fenced("(", ")", changed) if isinstance(changed, Sum) else changed
                yield replace(node, factors=(*node.factors[:i], factor, *node.factors[i + 1 :]))
    elif isinstance(node, Fenced):
        for changed in _changes(node.body, scaled):
            yield replace(node, body=changed)
    elif isinstance(node, Script) and isinstance(node.base, Fenced):
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
