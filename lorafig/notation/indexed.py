"""What an index stands in, with a number or another letter in its place."""

from __future__ import annotations

from collections.abc import Container

from msgspec.structs import replace

from lorafig.notation.canonical import key
from lorafig.notation.children import rebuild
from lorafig.notation.tree import Fenced, Listing, Node, Number, Relation, Script, Sum, Symbol


def at(node: Node, letter: str, value: Node) -> Node:
    """The node with another one for an index, in scripts too: d_l -> d_1, and d_{l-1} -> d_0."""
    if key(node) == letter:
        return value
    new = rebuild(node, lambda child: at(child, letter, value))
    if isinstance(new, Script) and new != node:
        sup = new.sup if new.sup is None or not isinstance(new.sup, Fenced) else _worked_out(new.sup)
        return replace(new, sub=None if new.sub is None else _worked_out(new.sub), sup=sup)
    return new


def further(index: Node, by: int) -> Node:
    """What is so many behind: 4 for 3, N + 1 for N."""
    return _worked_out(Sum((index, Number(str(by))), ("", "+"))) if by else index


def of_any(node: Node, sizes: Container[str]) -> Node:
    """`y_{i+1} = A_i y_i` as what it says of any of them, `y_i = A_{i-1} y_{i-1}`; all else, and what has one
    of the sizes for an index, as it is."""
    left = node.sides[0] if isinstance(node, Relation) else None
    above = left.sup if isinstance(left, Script) else None
    index = above.body if isinstance(above, Fenced) else left.sub if isinstance(left, Script) else None
    match index:
        case Sum((Symbol() as letter, Number(digits)), ("", "+")) if letter.name not in sizes:
            back = Sum((letter, Number(digits)), ("", "-"))
            return at(node, letter.name, back)
    return node


def _worked_out(index: Node) -> Node:
    """An index with its numbers added up: 3 for 4 - 1, i for i - 1 + 1."""
    match index:
        case Sum() if all(_counted(part) for part in index.terms):
            letters, whole = _added(index)
            if not letters and whole >= 0:
                return Number(str(whole))
            if len(letters) == 1:
                more = (Number(str(abs(whole))),) if whole else ()
                signs = ("-" if whole < 0 else "+",) if whole else ()
                return Sum((letters[0], *more), ("", *signs)) if more else letters[0]
        case Fenced() | Listing():
            return rebuild(index, _worked_out)
    return index


def _counted(node: Node) -> bool:
    """Whether it is a whole number, a letter, or a sum of these."""
    if isinstance(node, Sum):
        return all(map(_counted, node.terms))
    return isinstance(node, Symbol) or (isinstance(node, Number) and node.digits.isdecimal())


def _added(node: Node) -> tuple[tuple[Node, ...], int]:
    """The letters and the number of a sum; one that is taken away counts twice: it has no place."""
    if isinstance(node, Number):
        return (), int(node.digits)
    if not isinstance(node, Sum):
        return (node,), 0
    letters: tuple[Node, ...] = ()
    whole = 0
    for part, sign in zip(node.terms, node.signs, strict=True):
        more, number = _added(part)
        letters = (*letters, *more, *(more if sign == "-" else ()))
        whole += -number if sign == "-" else number
    return letters, whole
