"""The panels of training, and those of the merged weight."""

from __future__ import annotations

from lorafig.core.adapters import ADAPTERS
from lorafig.errors import LorafigError, Problem
from lorafig.graph.lower import lower
from lorafig.graph.picture import picture
from lorafig.language.model import Figure, Panel
from lorafig.language.scope import scoped
from lorafig.notation.canonical import key
from lorafig.notation.children import walk
from lorafig.notation.read.parse import parse_math
from lorafig.values import replace


def in_mode(figure: Figure, mode: str) -> Figure:
    """The figure with the panels of training, or those of the merged weight; equations stay."""
    row = tuple(
        entry
        for entry in figure.row
        if not isinstance(entry, Panel) or (_trains(entry, figure) == (mode == "training"))
    )
    if not any(isinstance(entry, Panel) for entry in row):
        controls = figure.controls
        what = f"no panel of the figure shows {'training' if mode == 'training' else 'the merged weight'}"
        hint = "give the figure a 'row' with a panel for each mode, or leave 'mode' out"
        raise LorafigError(Problem(what, None if controls is None else controls.where, hint, code="page"))
    return replace(figure, row=row)


def _trains(panel: Panel, figure: Figure) -> bool:
    """Whether something works with a trained symbol on a panel."""
    names = set(ADAPTERS[scoped(figure, panel).model.adapter].trainable)
    if panel.product:
        symbols = [factor.symbol for factor in picture(panel).factors()]
    else:
        symbols = [symbol for node in lower(panel).nodes.values() for symbol in node.symbols]
    return any(key(part) in names for symbol in symbols for part in walk(parse_math(symbol)))
