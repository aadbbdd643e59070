"""The panels of training, and those of the merged weight."""

from __future__ import annotations

from typing import Literal, TypeAlias

from lorafig.core.adapters import ADAPTERS
from lorafig.errors import LorafigError, Problem
from lorafig.graph.lower import lower
from lorafig.graph.picture import picture
from lorafig.language.model import Figure, Panel
from lorafig.language.scope import scoped
from lorafig.notation.canonical import key
from lorafig.notation.children import walk
from lorafig.notation.read.parse import parse_math

Mode: TypeAlias = Literal["training", "merged"]


def modes(figure: Figure) -> tuple[Mode | None, ...]:
    """What each panel of the row shows; None of all if the figure has no control for it.

    Errors: LorafigError if it has one, and no panel for one of the two.
    """
    panels = [entry for entry in figure.row if isinstance(entry, Panel)]
    controls = figure.controls
    if controls is None or not controls.mode:
        return (None,) * len(panels)
    found: tuple[Mode, ...] = tuple("training" if _trains(panel, figure) else "merged" for panel in panels)
    for mode in controls.mode:
        if mode not in found:
            what = f"no panel of the figure shows {'training' if mode == 'training' else 'the merged weight'}"
            hint = "give the figure a 'row' with a panel for each mode, or leave 'mode' out"
            raise LorafigError(Problem(what, controls.where, hint, code="page"))
    return found


def _trains(panel: Panel, figure: Figure) -> bool:
    """Whether something works with a trained symbol on a panel."""
    names = set(ADAPTERS[scoped(figure, panel).model.adapter].trainable)
    if panel.product:
        symbols = [factor.symbol for factor in picture(panel).factors()]
    else:
        symbols = [symbol for node in lower(panel).nodes.values() for symbol in node.symbols]
    return any(key(part) in names for symbol in symbols for part in walk(parse_math(symbol)))
