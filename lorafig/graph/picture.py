"""A product as what it shows: its matrices and signs in order, and the equation that they make."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeAlias

from msgspec import Struct, structs

from lorafig.errors import LorafigError, Problem
from lorafig.language import model
from lorafig.language.product import DOTS, RELATIONS, TERMS, Item, faults, sign, summed, symbol
from lorafig.notation import tree
from lorafig.notation.read.parse import parse_math


class Factor(Struct, frozen=True):
    """A matrix, a vector or a number. `spec` is None for one that is given by its symbol alone."""

    symbol: str
    spec: model.Matrix | model.Vector | None = None


class Sign(Struct, frozen=True):
    """What stands between matrices, or `\\sum_{i=1}^{N}` before what is added."""

    sign: str


class Bracketed(Struct, frozen=True):
    """What stands in brackets."""

    parts: tuple[Factor | Sign, ...]


Part: TypeAlias = Factor | Sign | Bracketed


class Picture(Struct, frozen=True):
    """A panel with a product. `node` is the equation, or the expression of one that says nothing is equal."""

    panel: model.Panel
    parts: tuple[Part, ...]
    node: tree.Node

    def factors(self) -> Iterator[Factor]:
        """What is drawn to scale, and numbers, from left to right."""
        for part in self.parts:
            match part:
                case Factor(symbol=symbol) if symbol in DOTS:
                    pass
                case Factor():
                    yield part
                case Bracketed(parts):
                    yield from (inner for inner in parts if isinstance(inner, Factor))
                case Sign():
                    pass


def picture(panel: model.Panel) -> Picture:
    """The product of a panel. Raises LorafigError where signs and matrices do not take turns."""
    for _, what, hint in faults(panel.product):
        raise LorafigError(Problem(what, panel.where, hint, code="layout"))
    parts = tuple(_part(item) for item in panel.product)
    return Picture(panel, parts, _relation(parts))


def _part(item: Item) -> Part:
    here = sign(item)
    if here is not None:
        return Sign(here)
    if isinstance(item, str) and summed(item) is not None:
        return Sign(item)
    if isinstance(item, tuple):
        inner = (_part(entry) for entry in item)
        return Bracketed(tuple(part for part in inner if not isinstance(part, Bracketed)))
    return Factor(symbol(item), None if isinstance(item, str) else item)


def _relation(parts: Sequence[Part]) -> tree.Node:
    sides, ops = _divided(parts, RELATIONS)
    nodes = tuple(_sum(side) for side in sides)
    return nodes[0] if not ops else tree.Relation(nodes, tuple(ops))


def _sum(parts: Sequence[Part]) -> tree.Node:
    terms, signs = _divided(parts, TERMS)
    nodes = tuple(_product(term) for term in terms)
    return nodes[0] if not signs else tree.Sum(nodes, ("", *signs))


def _divided(parts: Sequence[Part], at: Sequence[str]) -> tuple[list[list[Part]], list[str]]:
    """The parts between these signs, and the signs."""
    pieces: list[list[Part]] = [[]]
    signs: list[str] = []
    for part in parts:
        if isinstance(part, Sign) and part.sign in at:
            signs.append(part.sign)
            pieces.append([])
        else:
            pieces[-1].append(part)
    return pieces, signs


def _product(parts: Sequence[Part]) -> tree.Node:
    """Factors with what stands between them; × between matrices is their product, which has no sign."""
    factors: list[tree.Node] = []
    ops: list[str] = []
    op = ""
    for place, part in enumerate(parts):
        big = summed(part.sign) if isinstance(part, Sign) else None
        if big is not None:
            whole = structs.replace(big, body=_product(parts[place + 1 :]))
            before = (*factors, whole)
            return whole if not factors else tree.Product(before, (*ops, op), ("",) * len(factors))
        match part:
            case Sign(sign=written):
                op = "" if written == "×" else written
                continue
            case Factor(symbol=source):
                node = parse_math(source)
                factor = tree.Fenced("(", ")", node) if isinstance(node, (tree.Sum, tree.Product)) else node
            case Bracketed(parts=inner):
                factor = tree.Fenced("(", ")", _sum(inner))
        if factors:
            ops.append(op)
        factors.append(factor)
        op = ""
    return factors[0] if not ops else tree.Product(tuple(factors), tuple(ops), ("",) * len(ops))
