"""The shape, the number or the distribution that a label shows, by the look of its tree alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, TypeAlias

from lorafig.notation.canonical import head, key
from lorafig.notation.tree import (
    Apply,
    Fenced,
    Listing,
    Node,
    Number,
    Product,
    Script,
    Shape,
    Styled,
    Symbol,
    Words,
)

Law: TypeAlias = Literal["normal", "uniform"]
LAWS: Mapping[str, Law] = {
    "N": "normal",
    "Normal": "normal",
    "Gaussian": "normal",
    "U": "uniform",
    "Uniform": "uniform",
}


def law(node: Node) -> Law | None:
    """The distribution that `𝒩(0, σ²)` names, None for anything else."""
    plain = head(node)
    if isinstance(plain, Apply):
        return LAWS.get(key(plain.function) or "")
    name = key(plain)
    return LAWS[name] if name is not None and name in LAWS and len(name) > 1 else None


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
