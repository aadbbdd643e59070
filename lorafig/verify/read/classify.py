"""What kind of claim a label makes, by the look of its tree alone."""

from __future__ import annotations

from msgspec import Struct

from lorafig.notation.canonical import bare, key
from lorafig.notation.children import walk
from lorafig.notation.tree import (
    Apply,
    Computed,
    Fenced,
    Fraction,
    Listing,
    Node,
    Number,
    Product,
    Relation,
    Script,
    Shape,
    Styled,
    Symbol,
    Words,
)
from lorafig.verify.verdicts import Kind

LAWS = {"N": "normal", "Normal": "normal", "Gaussian": "normal", "U": "uniform", "Uniform": "uniform"}
EQUALITIES = frozenset({"=", "≡", "≔"})
ORDERS = frozenset({"<", ">", "≤", "≥", "≪", "≫"})


def law(node: Node) -> str | None:
    """The distribution that `𝒩(0, σ²)` names, None for anything else."""
    plain = bare(node)
    if isinstance(plain, Apply):
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
    while isinstance(plain, (Fenced, Styled)):
        plain = plain.body
    return plain


def sizes(node: Node) -> tuple[Node, ...] | None:
    """The sizes that a shape names: of `d × k`, `(d, k)`, `ℝ^{d×k}` or `ℝ^d`."""
    match node:
        case Shape(found):
            return found
        case Fenced("(" | "[", ")" | "]", Listing(found)):
            return found
        case Fenced("(", ")", body):
            return sizes(body)
        case Styled(_, body):
            return sizes(body)
        case Script(Symbol("R"), None, sup, 0) if sup is not None:
            found_ = sizes(sup)
            if found_ is not None:
                return found_
            if isinstance(sup, Product) and set(sup.ops) == {"×"}:
                return sup.factors
            return (sup,)
        case Product(factors) if set(node.ops) == {"×"} and shown(node) is None:
            return factors
        case _:
            return None


def shown(node: Node, loose: bool = False) -> Number | None:
    """The number that a label shows, without the words behind it: `65.5K parameters`, `5.9 × 10^5`. A power
    of ten by itself shows its exponent only, and is such a number where it is `loose` (after ≈)."""
    match node:
        case Number():
            return node
        case Product((first, *rest)) if rest and all(isinstance(one, Words) for one in rest):
            return shown(first, loose)
        case Product((Number() as mantissa, power), (op,)) if op in ("×", "·") and mantissa.unit == "":
            tens = _tens(power)
            return None if tens is None or "e" in mantissa.digits else Number(f"{mantissa.digits}e{tens}")
        case Script() if loose:
            tens = _tens(node)
            return None if tens is None else Number(f"1e{tens}")
        case Styled(_, body):
            return shown(body, loose)
        case _:
            return None


def _tens(node: Node) -> int | None:
    match node:
        case Script(Number("10", ""), None, Number(digits, ""), 0) if (
            digits.isdecimal() and int(digits) <= 300
        ):
            return int(digits)
        case _:
            return None


def words(node: Node) -> str:
    """The words in a label, in lower case."""
    return " ".join(one.text.strip().lower() for one in walk(node) if isinstance(one, Words))


def number_kind(*nodes: Node) -> Kind:
    """Of a statement about numbers: by the unit shown, or by whether something is divided."""
    found = [one for node in nodes for one in walk(node)]
    units = {one.unit for one in found if isinstance(one, Number)} | {
        "%" if "%" in one.form else "×" if "x" in one.form or "×" in one.form else ""
        for one in found
        if isinstance(one, Computed)
    }
    if "%" in units:
        return "percent"
    divided = any(isinstance(one, Fraction) or (isinstance(one, Product) and "/" in one.ops) for one in found)
    return "ratio" if "×" in units or divided else "count"


def kind_of(node: Node) -> Kind:
    """The kind, before any symbol is looked up."""
    if not isinstance(node, Relation):
        first = node.factors[0] if isinstance(node, Product) else node
        if shown(node) is not None or isinstance(first, Computed):
            return number_kind(node)
        return "shape"
    if any(isinstance(one, Apply) and key(one.function) == "rank" for one in walk(node)):
        return "rank"
    right = node.sides[1]
    op = node.ops[0]
    if op in ("~",) or law(right) is not None:
        return "init"
    found = sizes(right)
    if op == ":" and found is not None and len(found) == 1 and isinstance(found[0], Number):
        return "count"
    if op in ("∈", "→") or (op in (":", "=") and sizes(right) is not None):
        return "shape"
    if op == ":":
        return number_kind(right)
    if op in EQUALITIES and is_zero(right):
        return "init"
    if op in ORDERS:
        return "inequality"
    if any(shown(side) is not None or isinstance(side, Computed) for side in node.sides[1:]):
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
