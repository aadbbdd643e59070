"""What an index stands in, with a number or another letter in its place."""

from __future__ import annotations

from msgspec.structs import replace

from lorafig.notation.canonical import key
from lorafig.notation.children import rebuild
from lorafig.notation.tree import Fenced, Listing, Node, Number, Script, Sum


def at(node: Node, letter: str, value: Node) -> Node:
    """The node with another one for an index, in scripts too: d_l -> d_1, and d_{l-1} -> d_0."""
    if key(node) == letter:
        return value
    new = rebuild(node, lambda child: at(child, letter, value))
    if isinstance(new, Script) and new != node:
        sup = new.sup if new.sup is None or not isinstance(new.sup, Fenced) else _worked_out(new.sup)
        return replace(new, sub=None if new.sub is None else _worked_out(new.sub), sup=sup)
    return new


def _worked_out(index: Node) -> Node:
    """An index with its sums of numbers as numbers: 3 for 4 - 1."""
    match index:
        case Sum(parts, signs) if all(isinstance(part, Number) and part.digits.isdecimal() for part in parts):
            values = [int(part.digits) for part in parts if isinstance(part, Number)]
            whole = sum(-value if sign == "-" else value for value, sign in zip(values, signs, strict=True))
            return Number(str(whole)) if whole >= 0 else index
        case Fenced() | Listing():
            return rebuild(index, _worked_out)
    return index
