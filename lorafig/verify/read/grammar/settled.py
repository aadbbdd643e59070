"""A clause without what it says by the way."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct
from msgspec.structs import replace

from lorafig.notation import tree
from lorafig.notation.canonical import bare
from lorafig.notation.tree import Node, Number
from lorafig.notation.write.plain import to_plain
from lorafig.verify.read.assertions import (
    Assertion,
    Sized,
    Stated,
    Subject,
)
from lorafig.verify.read.clause import Context
from lorafig.verify.read.grammar.clauses import Clause, Verb
from lorafig.verify.read.grammar.phrase import Np

_BESIDE = ("with", "at", "for", "in", "from", "of", "under", "using", "by")


class Settled(Struct, frozen=True):
    """A clause without what it says by the way: `said` of sizes, in another `method`."""

    clause: Clause
    said: tuple[Assertion, ...]
    method: str

    @property
    def flags(self) -> frozenset[str]:
        return self.clause.flags

    def acts(self, *flags: str) -> Verb | None:
        """Its verb, where it is active and not denied, of the figure's own method, with these flags alone."""
        verb = self.clause.verb
        if verb is None or verb.denied or verb.passive or self.method or not self.flags <= {*flags}:
            return None
        return verb


def settled(clause: Clause, context: Context) -> Settled | None:
    said: list[Assertion] = []
    left: list[tuple[str, Np]] = []
    method = context.within if context.within != context.method else ""
    for prep, phrase in clause.behind:
        settings = prep in _BESIDE and not (phrase.none or phrase.only)
        if settings and phrase.head == "size" and phrase.amount is not None and not phrase.who:
            said.append(Sized(phrase.name, (phrase.amount,), phrase.op))
        elif settings and phrase.head == "statement" and phrase.node is not None:
            said.append(Stated(phrase.node, is_zero(phrase.node)))
        elif settings and phrase.head == "size" and phrase.said:
            pass  # what it says by the way is asserted with the rest
        elif settings and phrase.head == "method":
            if method and method != phrase.name:
                return None
            method = "" if phrase.name == context.method else phrase.name
        else:
            left.append((prep, phrase))
    subject = clause.subject
    if subject is not None and subject.head == "method":
        if method and method != subject.name:
            return None
        method = "" if subject.name == context.method else subject.name
        subject = Np("agent", only=subject.only, none=subject.none)
    return Settled(replace(clause, subject=subject, behind=tuple(left)), tuple(said), method)


def is_zero(node: Node) -> bool:
    """Whether it says that a matrix is zero, which it is at the start: `B = 0`."""
    last = bare(node.sides[-1]) if isinstance(node, tree.Relation) else None
    return isinstance(last, Number) and last.digits == "0"


def names(who: Sequence[Subject]) -> list[str]:
    """Subjects by name."""
    return [one if isinstance(one, str) else to_plain(one) for one in who]
