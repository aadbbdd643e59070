"""What is known of a figure before any of its labels is judged: its symbols, with what `let` defines."""

from __future__ import annotations

import msgspec

from lorafig.language.model import Figure
from lorafig.notation.read.parse import parse_math
from lorafig.notation.tree import Node
from lorafig.verify.decide.answer import Answer
from lorafig.verify.decide.definitions import define
from lorafig.verify.decide.floating import Floating
from lorafig.verify.decide.judge import Judge
from lorafig.verify.meaning import symbols


class Known(msgspec.Struct, frozen=True):
    """`judge` has the symbols and decides more about them; `trees` are the labels that were read, by their
    source; `definitions` are the answers on each `let`, in order."""

    judge: Judge
    trees: dict[str, Node]
    definitions: tuple[Answer, ...]

    @property
    def symbols(self) -> symbols.Symbols:
        return self.judge.symbols


def known(figure: Figure, floating: bool = False) -> Known:
    """`floating` is True to evaluate in float64 what is judged later."""
    table = symbols.of_figure(figure)
    sizes = {name: size for name, size in table.dimensions.items() if size is not None}
    evaluator = Floating(sizes, figure.id) if floating else None
    judge = Judge(table, str(figure.id), figure.numbers.rounding, evaluator)
    trees = {source: parse_math(source) for source in figure.model.let}
    return Known(judge, trees, tuple(define(trees[source], judge) for source in figure.model.let))
