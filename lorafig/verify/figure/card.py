"""The claims of a card: its rows are text, and a row that begins with symbols counts their entries."""

from __future__ import annotations

import re

from lorafig.language.model import Card, CardRow, Figure
from lorafig.notation.read.parse import parse_text
from lorafig.notation.tree import Node, Relation
from lorafig.verify.decide import counts
from lorafig.verify.decide.answer import Answer, doubtful
from lorafig.verify.decide.conditions import FAILS, Compares, Condition, Same, holds
from lorafig.verify.figure import stepwords
from lorafig.verify.figure.collector import Collector, place_of
from lorafig.verify.meaning.operations import plus
from lorafig.verify.meaning.shapes import elaborate
from lorafig.verify.meaning.terms import Constant, Doubt, Term
from lorafig.verify.read.classify import shown
from lorafig.verify.read.quoted import spaced

_COUNTED = ("parameter", "entries", "weights", "参数")
_ABOUT = r"\s*([A-Za-z](?:_?\w)?'?(?:\s*(?:\+|,|&|and)\s*[A-Za-z](?:_?\w)?'?)*)\s*[:\uff1a]\s*\Z"
_NAMES = r"\s*(?:\+|,|&|\band\b)\s*"


def run(card: Card, figure: Figure, collector: Collector) -> None:
    if card.title is not None:
        collector.text(card.title, figure.unverified)
    title = "" if card.title is None else card.title.lower()
    counted = any(word in title for word in _COUNTED)
    for row in card.rows:
        line = row if isinstance(row, CardRow) else CardRow(row)
        text, excuse, mark = line.row, line.unverified, stepwords.MARKS.get(str(line.like), "")
        due = _due(text, collector) if counted else None
        if due is None:
            collector.text(text, excuse, mark=mark, heading=card.title)
            continue
        about, said, entries = due
        # A number by itself has its meaning from the names before it: the words are claims, it is none.
        alone = shown(said)
        collector.text(text if alone is None else _without(text), excuse, mark=mark)
        if card.title is not None:
            collector.called(card.title, re.split(_NAMES, about), excuse)
        collector.add(_counted(about, said, entries, collector), about, excuse, place_of(text))


def _due(text: str, collector: Collector) -> tuple[str, Node, Term] | None:
    """`A + B: $2dr = …$` on a card of parameters: the names, what is said of them, and how many entries they
    have; None for any other row."""
    runs = parse_text(text)
    about = re.match(_ABOUT, runs[0].text) if runs[0].math is None else None
    if about is None or len(runs) < 2 or runs[1].math is None:
        return None
    symbols = collector.judge.symbols
    names = re.split(_NAMES, about[1])
    if not all(symbols.knows(name) for name in names):
        return None
    try:
        entries = plus(*(counts.entries_of(symbols.term(name), symbols) for name in names))
        return about[1], runs[1].math, entries
    except Doubt:
        return None


def _without(text: str) -> str:
    """A row without its first piece of mathematics."""
    return re.sub(r"(?<!\\)\$(?:[^$\\]|\\.)*\$", "", text, count=1)


def _counted(about: str, said: Node, entries: Term, collector: Collector) -> Answer:
    """What stands behind the names must be how many entries they have: an expression whatever the dimensions
    are, a number at those of the figure."""
    judge = collector.judge
    first = said.sides[0] if isinstance(said, Relation) else said
    number = shown(first)
    what = f"the entries of {' and '.join(re.split(_NAMES, about))}"
    try:
        if number is not None:
            return counts.against(judge, entries, number, "count")
        claimed = elaborate(first, judge.symbols)
        condition: Condition = FAILS
        if isinstance(claimed, Constant):
            condition = Compares(claimed, "=", entries)
        elif claimed.type.is_scalar:
            condition = Same(claimed, entries, judge.seed)
    except Doubt as doubt:
        return doubtful("count", doubt)
    written = spaced(first)
    if holds(condition):
        return Answer("count", "holds", shown=written, detail=f"{written} counts {what}", condition=condition)
    detail = f"{written} does not count {what}"
    return Answer("count", "fails", shown=written, detail=detail, condition=condition)
