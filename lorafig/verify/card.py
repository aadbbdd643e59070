"""The claims of a card: its rows are text, and a row that begins with symbols counts their entries."""

from __future__ import annotations

import re

from lorafig.notation.parse import parse_text
from lorafig.notation.tree import Relation
from lorafig.spec.model import Card, CardRow, Figure
from lorafig.verify import exact
from lorafig.verify.answer import Answer
from lorafig.verify.collector import Collector, place_of
from lorafig.verify.shapes import add, elaborate, multiply, spaced
from lorafig.verify.terms import ONE, Doubt, Term, number

_COUNTED = re.compile(r"parameter|entries|weights|参数", re.IGNORECASE)
_ABOUT = re.compile(r"\s*([A-Za-z](?:_?\w)?'?(?:\s*(?:\+|,|&|and)\s*[A-Za-z](?:_?\w)?'?)*)\s*[:\uff1a]\s*\Z")
_NAMES = re.compile(r"\s*(?:\+|,|&|\band\b)\s*")


def run(card: Card, figure: Figure, collector: Collector) -> None:
    if card.title is not None:
        collector.text(card.title, figure.unverified)
    counts = card.title is not None and _COUNTED.search(card.title) is not None
    for row in card.rows:
        text = row.row if isinstance(row, CardRow) else row
        own = row.unverified if isinstance(row, CardRow) else None
        excuse = own if own is not None else figure.unverified
        collector.text(text, excuse)
        if counts:
            _counted(text, excuse, collector)


def _counted(text: str, unverified: str | None, collector: Collector) -> None:
    """`A + B: $2dr = …$` on a card of parameters: 2dr must be how many entries A and B have."""
    runs = parse_text(text)
    about = _ABOUT.match(runs[0].text) if runs[0].math is None else None
    if about is None or len(runs) < 2 or runs[1].math is None:
        return
    symbols = collector.judge.symbols
    names = _NAMES.split(about[1])
    if not all(symbols.knows(name) for name in names):
        return
    said = runs[1].math
    first = said.sides[0] if isinstance(said, Relation) else said
    try:
        due = _entries([symbols.term(name) for name in names], collector)
        claimed = elaborate(first, symbols)
        equal = claimed.type.is_scalar and exact.same(claimed, due, collector.judge.seed).equal
    except Doubt:
        return  # the row itself says why
    what = f"the entries of {' and '.join(names)}"
    shown = spaced(first)
    if equal:
        answer = Answer("count", "holds", shown=shown, detail=f"{shown} counts {what}")
    else:
        answer = Answer("count", "fails", shown=shown, detail=f"{shown} does not count {what}")
    collector.add(answer, about[1], unverified, place_of(text))


def _entries(terms: list[Term], collector: Collector) -> Term:
    """The number of entries of all of them, as a term of the dimensions."""
    symbols = collector.judge.symbols
    from lorafig.notation.tree import Symbol

    counts = []
    for term in terms:
        sizes = [size for size in (term.type.rows, term.type.columns) if size != ONE]
        product: Term = number(1)
        for size in sizes:
            product = multiply(product, symbols.term(size), (Symbol("1"),), Symbol(size))
        counts.append(product)
    return add(counts, [1] * len(counts), [Symbol("n")] * len(counts))
