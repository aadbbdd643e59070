"""What kind of claim a label makes, by the look of its tree alone."""

from __future__ import annotations

from msgspec import Struct

from lorafig.notation import tree
from lorafig.notation.canonical import bare, key
from lorafig.notation.children import walk
from lorafig.notation.tree import Node, Number, Relation
from lorafig.verify.verdicts import Kind

LAWS = {"N": "normal", "Normal": "normal", "Gaussian": "normal", "U": "uniform", "Uniform": "uniform"}
EQUALITIES = frozenset({"=", "≡", "≔"})
ORDERS = frozenset({"<", ">", "≤", "≥", "≪", "≫"})


def law(node: Node) -> str | None:
    """The distribution that `𝒩(0, σ²)` names, None for anything else."""
    plain = bare(node)
    if isinstance(plain, tree.Apply):
        return LAWS.get(key(plain.function) or "")
    name = key(plain)
    return LAWS[name] if name in LAWS and len(name) > 1 else None


def is_zero(node: Node) -> bool:
    plain = _inner(node)
    return isinstance(plain, Number) and plain.unit == "" and not plain.digits.strip("0.")


def is_one(node: Node) -> bool:
    return _inner(node) in (Number("1"), Number("1.0"))


def _inner(node: Node) -> Node:
    plain = bare(node)
    while isinstance(plain, (tree.Fenced, tree.Styled)):
        plain = plain.body
    return plain


def sizes(node: Node) -> tuple[Node, ...] | None:
    """The sizes that a shape names: of `d × k`, `(d, k)`, `ℝ^{d×k}` or `ℝ^d`."""
    match node:
        case tree.Shape(named) | tree.Fenced("(" | "[", ")" | "]", tree.Listing(named)):
            return named
        case tree.Fenced("(", ")", body) | tree.Styled(_, body):
            return sizes(body)
        case tree.Script(tree.Symbol("R"), None, sup, 0) if sup is not None:
            inner = sizes(sup)
            if inner is not None:
                return inner
            if isinstance(sup, tree.Product) and set(sup.ops) == {"×"}:
                return sup.factors
            return (sup,)
        case tree.Product(factors) if set(node.ops) == {"×"} and shown(node) is None:
            return factors
        case _:
            return None


def shown(node: Node, loose: bool = False) -> Number | None:
    """The number that a label shows, without the words behind it: `65.5K parameters`, `5.9 × 10^5`. A power
    of ten by itself shows its exponent only, and is such a number where it is `loose` (after ≈)."""
    match node:
        case Number():
            return node
        case tree.Product((first, *rest)) if rest and all(isinstance(part, tree.Words) for part in rest):
            return shown(first, loose)
        case tree.Product((Number() as mantissa, power), (op,)) if op in ("×", "·") and mantissa.unit == "":
            tens = _tens(power)
            return None if tens is None or "e" in mantissa.digits else Number(f"{mantissa.digits}e{tens}")
        case tree.Script() if loose:
            tens = _tens(node)
            return None if tens is None else Number(f"1e{tens}")
        case tree.Styled(_, body):
            return shown(body, loose)
        case _:
            return None


def _tens(node: Node) -> int | None:
    match node:
        case tree.Script(Number("10", ""), None, Number(digits, ""), 0) if (
            digits.isdecimal() and int(digits) <= 300
        ):
            return int(digits)
        case _:
            return None


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
    if any(isinstance(part, tree.Apply) and key(part.function) == "rank" for part in walk(node)):
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
