"""What kind of claim a label makes, by the look of its tree alone."""

from __future__ import annotations

from msgspec import Struct

from lorafig.notation import tree
from lorafig.notation.canonical import head, key
from lorafig.notation.children import walk
from lorafig.notation.shapes import law as law
from lorafig.notation.shapes import shown as shown
from lorafig.notation.shapes import sizes as sizes
from lorafig.notation.tree import Node, Number, Relation
from lorafig.verify.verdicts import Kind

EQUALITIES = frozenset({"=", "≡", "≔"})
ORDERS = frozenset({"<", ">", "≤", "≥", "≪", "≫"})


def is_zero(node: Node) -> bool:
    plain = head(node, brackets=True)
    return isinstance(plain, Number) and plain.unit == "" and not plain.digits.strip("0.")


def is_one(node: Node) -> bool:
    return head(node, brackets=True) in (Number("1"), Number("1.0"))


def words(node: Node) -> str:
    """The words in a label, in lower case."""
    return " ".join(part.text.strip().lower() for part in walk(node) if isinstance(part, tree.Words))


def number_kind(*nodes: Node) -> Kind:
    """Of a statement about numbers: by the unit shown, or by whether something is divided."""
    parts = [part for node in nodes for part in walk(node)]
    units = {part.unit for part in parts if isinstance(part, Number)}
    forms = {part.form for part in parts if isinstance(part, tree.Computed)}
    if "%" in units or any("%" in form for form in forms):
        return "percent"
    times = "×" in units or any("x" in form or "×" in form for form in forms)
    divided = any(
        isinstance(part, tree.Fraction) or (isinstance(part, tree.Product) and "/" in part.ops)
        for part in parts
    )
    return "ratio" if times or divided else "count"


def kind_of(node: Node) -> Kind:
    """The kind, before any symbol is looked up."""
    if not isinstance(node, Relation):
        first = node.factors[0] if isinstance(node, tree.Product) else node
        if shown(node) is not None or isinstance(first, tree.Computed):
            return number_kind(node)
        return "shape"
    parts = (part for side in node.sides for part in walk(side))
    if any(isinstance(part, tree.Apply) and key(part.function) == "rank" for part in parts):
        return "rank"
    right = node.sides[1]
    op = node.ops[0]
    if op in ("~",) or law(right) is not None:
        return "init"
    named = sizes(right)
    if op == ":" and named is not None and len(named) == 1 and isinstance(named[0], Number):
        return "count"
    if op in ("∈", "→") or (op in (":", "=") and named is not None):
        return "shape"
    if op == ":":
        return number_kind(right)
    if op in EQUALITIES and is_zero(right):
        return "init"
    if op in ORDERS:
        return "inequality"
    if any(shown(side) is not None or isinstance(side, tree.Computed) for side in node.sides[1:]):
        return number_kind(*node.sides)
    return "equation"


class Pair(Struct, frozen=True):
    """Two neighbouring sides of a relation."""

    left: Node
    op: str
    right: Node
    whole: Relation

    @property
    def kind(self) -> Kind:
        return kind_of(Relation((self.left, self.right), (self.op,)))
