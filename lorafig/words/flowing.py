"""What flows, in words: its expression as far as it was followed, and how many numbers it is."""

from __future__ import annotations

from lorafig.notation.read.parse import parse_math
from lorafig.verify.figure.flowing import Flowing
from lorafig.verify.meaning.terms import ONE, Type
from lorafig.words.blocks import Phrase, after, mathematics, phrase
from lorafig.words.facts import Facts
from lorafig.words.labels import quantity


def told(flow: Flowing | None, facts: Facts) -> Phrase | None:
    """`$BAx$, 768 numbers ($d$)`, as far as it is known; None where nothing is."""
    if flow is None:
        return None
    size = sized(flow.term.type, facts)
    if flow.node is None:
        return size
    return mathematics(flow.node) + after(", ", size)


def sized(kind: Type | None, facts: Facts) -> Phrase | None:
    """`768 numbers ($d$)`, `$d$ numbers` where the figure does not give the size; None for a matrix."""
    if kind is None or not (kind.is_vector or kind.is_scalar):
        return None
    if kind.is_scalar:
        return phrase("1 number")
    name = kind.rows if kind.columns == ONE else kind.columns
    size = facts.size(name)
    if size is None:
        return dimension(name) + " numbers" if name in facts.symbols.dimensions else None
    return f"{quantity(size, 'number')} (" + dimension(name) + ")"


def dimension(name: str) -> Phrase:
    """A dimension's name as mathematics."""
    return phrase(name) if name.isdecimal() else mathematics(parse_math(name))
