"""What flows: the expression that a drawing has computed up to some point, and how many numbers it is."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice

from lorafig.notation.children import walk
from lorafig.notation.read.parse import parse_math
from lorafig.notation.tree import Fenced, Listing, Node, Product, Relation, Sum
from lorafig.verify.meaning.terms import ONE
from lorafig.words.blocks import Phrase, mathematics, phrase
from lorafig.words.facts import Facts
from lorafig.words.labels import quantity

LARGEST = 40  # nodes of an expression; sums of sums double with every split


@dataclass(frozen=True, slots=True)
class Stream:
    """`node` is None where the expression is too long to be told, `rows` where its size is not known."""

    node: Node | None
    rows: str | None

    def passed(self, factor: Node, facts: Facts) -> Stream:
        """What comes out of a matrix or a number."""
        kind = facts.type_of(factor)
        rows = self.rows if kind is None or kind.is_scalar else kind.rows
        return Stream(self._times(factor, ""), None if kind is None else rows)

    def scaled(self, factor: Node, facts: Facts) -> Stream:
        """What comes out of a scaling: by a number, or entry by entry by a vector."""
        kind = facts.type_of(factor)
        entrywise = kind is not None and not kind.is_scalar
        return Stream(self._times(factor, "⊙" if entrywise else ""), self.rows)

    def _times(self, factor: Node, op: str) -> Node | None:
        if self.node is None:
            return None
        left, right = bracketed(factor), bracketed(self.node)
        if isinstance(right, Product):
            if op == "" and set(right.ops) == {""}:
                factors = (left, *right.factors)
                return _bounded(Product(factors, ("",) * (len(factors) - 1), ("",) * (len(factors) - 1)))
            right = Fenced("(", ")", right)
        return _bounded(Product((left, right), (op,), ("",)))

    def told(self, facts: Facts) -> Phrase | None:
        """`$BAx$, 768 numbers ($d$)`, as far as it is known; None where nothing is."""
        size = sized(self.rows, facts)
        if self.node is None:
            return size
        written = mathematics(self.node)
        return written if size is None else written + ", " + size


def added(streams: list[Stream]) -> Stream:
    """The sum of what flows together."""
    rows = {stream.rows for stream in streams}
    terms = tuple(stream.node for stream in streams if stream.node is not None)
    row = rows.pop() if len(rows) == 1 else None
    if len(terms) < len(streams) or len(terms) < 2:
        return Stream(terms[0] if len(streams) == len(terms) == 1 else None, row)
    flat: list[Node] = []
    for term in terms:
        plain = isinstance(term, Sum) and set(term.signs[1:]) == {"+"} and term.signs[0] == ""
        flat.extend(term.terms if isinstance(term, Sum) and plain else [term])
    return Stream(_bounded(Sum(tuple(flat), ("", *("+" for _ in flat[1:])))), row)


def bracketed(node: Node) -> Node:
    loose = isinstance(node, (Relation, Listing)) or (isinstance(node, Sum) and len(node.terms) > 1)
    return Fenced("(", ")", node) if loose else node


def sized(rows: str | None, facts: Facts) -> Phrase | None:
    """`768 numbers ($d$)`, None where the size is not known."""
    if rows is None:
        return None
    if rows == ONE:
        return phrase("1 number")
    size = facts.size(rows)
    return None if size is None else f"{quantity(size, 'number')} (" + dimension(rows) + ")"


def dimension(name: str) -> Phrase:
    """A dimension's name as mathematics."""
    return phrase(name) if name.isdecimal() else mathematics(parse_math(name))


def _bounded(node: Node) -> Node | None:
    return node if sum(1 for _ in islice(walk(node), LARGEST + 1)) <= LARGEST else None
