"""What flows: its term, what messages call it, and the expression that words tell."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice
from typing import TypeGuard

from msgspec import Struct

from lorafig.notation import tree
from lorafig.notation.children import walk
from lorafig.verify.meaning.terms import Term

LONGEST_NAME = 200  # characters; sums of sums would have names as long as the product of all branches
LARGEST = 40  # nodes of an expression; sums of sums double with every split


class Flowing(Struct, frozen=True):
    """`node` is its expression, None where that is too long to be told. `said` is what a label calls it: the
    same where the label holds, at all sizes."""

    term: Term
    name: str
    node: tree.Node | None
    said: Term | None = None

    @property
    def meant(self) -> Term:
        return self.term if self.said is None else self.said

    def factor(self) -> str:
        """Its name as a factor."""
        return f"({self.name})" if any(op in self.name for op in (" + ", " − ", " ⊙ ")) else self.name


def short(name: str) -> str:
    return name if len(name) <= LONGEST_NAME else name[: LONGEST_NAME - 1] + "…"


def times(left: tree.Node, right: tree.Node, op: str) -> tree.Node | None:
    """A product, `BAx` for B and Ax; None where it is too long."""
    left, right = _bracketed(left), _bracketed(right)
    if isinstance(right, tree.Product) and (op != "" or not _is_plain(right)):
        right = tree.Fenced("(", ")", right)
    several = [side.factors if _is_plain(side) else (side,) for side in (left, right)]
    if op == "" and max(map(len, several)) > 1:
        factors = (*several[0], *several[1])
        none = ("",) * (len(factors) - 1)
        return _bounded(tree.Product(factors, none, none))
    return _bounded(tree.Product((left, right), (op,), ("",)))


def added(flows: Sequence[Flowing]) -> tree.Node | None:
    """A sum, that of sums without brackets; None where it is too long."""
    nodes = [flow.node for flow in flows if flow.node is not None]
    if len(nodes) < len(flows) or len(nodes) > LARGEST:
        return None
    if len(nodes) == 1:
        return nodes[0]
    flat: list[tree.Node] = []
    for node in nodes:
        plain = isinstance(node, tree.Sum) and set(node.signs[1:]) == {"+"} and node.signs[0] == ""
        flat.extend(node.terms if isinstance(node, tree.Sum) and plain else [node])
    return _bounded(tree.Sum(tuple(flat), ("", *("+" for _ in flat[1:]))))


def call(function: tree.Node, arguments: Sequence[tree.Node | None]) -> tree.Node | None:
    """A function of arguments; None where that is too long."""
    match function:
        case tree.Apply(function=inner) | tree.Product((inner, _)):
            function = inner  # σ(·)
    known = tuple(node for node in arguments if node is not None)
    return _bounded(tree.Apply(function, known)) if len(known) == len(arguments) else None


def _is_plain(node: tree.Node) -> TypeGuard[tree.Product]:
    """Whether it is factors side by side."""
    return isinstance(node, tree.Product) and set(node.ops) == {""}


def _bracketed(node: tree.Node) -> tree.Node:
    loose = isinstance(node, (tree.Relation, tree.Listing))
    loose = loose or (isinstance(node, tree.Sum) and len(node.terms) > 1)
    return tree.Fenced("(", ")", node) if loose else node


def _bounded(node: tree.Node) -> tree.Node | None:
    return node if sum(1 for _ in islice(walk(node), LARGEST + 1)) <= LARGEST else None
