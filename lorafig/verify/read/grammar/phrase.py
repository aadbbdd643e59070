"""What a noun phrase stands for."""

from __future__ import annotations

from msgspec import Struct
from msgspec.structs import replace

from lorafig.notation.canonical import bare
from lorafig.notation.tree import Node, Number
from lorafig.verify.read.assertions import Assertion, Counted, Full, Moves, Starts, Subject
from lorafig.verify.read.clause import unit_of


class Np(Struct, frozen=True):
    """What a noun phrase stands for, by its `head`:

    'who'       the `who` of it: matrices, the base, the adapter
    'count'     `amount` of `what` is counted, or how many that is
    'amount'    a number of its own
    'size'      a size by its `name`, perhaps with its amount
    'it'        what the clause before spoke of
    'rank'      'low' or 'full', by `name`
    'law'       what something starts as, by `name`
    'role'      'frozen' or 'trained', by `name`
    'lines'     'rows' or 'columns', by `name`
    'gradient', 'state'  of `who`
    'data'      a vector, by its formula `node`
    'first'     the first output
    'effect'    that something has
    'change'    of a size by its `name`, `compare` times
    'same'      what is the same: `name` 'shape', 'entries', 'rank'
    'dims'      so many entries of a vector
    'shape'     a shape `node`
    'method'    by `name`
    'things'    layers or heads or what is adapted of a network, by `name`
    'statement' a relation `node`
    'compare'   how one compares with another: `compare`, and `whole` with whom
    'list'      several of these, `items`
    """

    head: str
    who: tuple[Subject, ...] = ()
    name: str = ""
    amount: Node | None = None
    op: str = "="
    what: Counted = Counted()
    node: Node | None = None
    items: tuple[Np, ...] = ()
    said: tuple[Assertion, ...] = ()
    only: bool = False
    none: bool = False
    every: bool = False
    whole: Np | None = None  # of which it is a part, or with whom it compares
    compare: str = ""  # 'fewer', 'more', 'as'

    @property
    def unit(self) -> str:
        """'×', '%', '/' of a fraction, '' of a plain number."""
        if self.amount is None:
            return ""
        sign = unit_of(self.amount)
        plain = bare(self.amount)
        fraction = isinstance(plain, Number) and "/" in plain.digits
        return sign if sign in ("×", "%") else "/" if fraction else ""


def described(phrase: Np, role: str, law: str, low: str) -> Np:
    said = phrase.said
    if role:
        said = (*said, Moves(phrase.who, role == "trained"))
    if law:
        said = (*said, Starts(phrase.who, law))
    if (low and phrase.who[0] in ("update", "adapter")) or (low and not isinstance(phrase.who[0], str)):
        said = (*said, Full(phrase.who, low == "full"))
    return replace(phrase, said=said)


def joined(items: tuple[Np, ...]) -> Np:
    if len(items) == 1:
        return items[0]
    if all(item.head == "who" for item in items):
        who = tuple(dict.fromkeys(one for item in items for one in item.who))
        said = tuple(one for item in items for one in item.said)
        return replace(items[0], who=who, said=said)
    return Np("list", items=items, only=items[0].only, none=items[0].none)
