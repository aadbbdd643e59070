"""The panels of training, and those of the merged weight."""

from __future__ import annotations

from lorafig.core.adapters import ADAPTERS
from lorafig.errors import LorafigError, Problem
from lorafig.language import model
from lorafig.language.model import Figure, Panel
from lorafig.notation.canonical import key
from lorafig.notation.children import walk
from lorafig.notation.read.parse import parse_math
from lorafig.values import replace


def in_mode(figure: Figure, mode: str) -> Figure:
    """The figure with the panels of training, or those of the merged weight; equations stay."""
    names = set(ADAPTERS[figure.model.adapter].trainable)
    row = tuple(
        entry
        for entry in figure.row
        if not isinstance(entry, Panel) or (_trains(entry, names) == (mode == "training"))
    )
    if not any(isinstance(entry, Panel) for entry in row):
        controls = figure.controls
        what = f"no panel of the figure shows {'training' if mode == 'training' else 'the merged weight'}"
        hint = "give the figure a 'row' with a panel for each mode, or leave 'mode' out"
        raise LorafigError(Problem(what, None if controls is None else controls.where, hint))
    return replace(figure, row=row)


def _trains(value: object, names: set[str]) -> bool:
    """Whether a trained symbol stands anywhere in a part of the spec."""
    match value:
        case tuple():
            return any(_trains(one, names) for one in value)
        case model.Bar(bar=symbol) | model.Square(square=symbol) | model.Trapezoid(trapezoid=symbol):
            return any(key(node) in names for node in walk(parse_math(symbol)))
        case model.Bottleneck(bottleneck=parts):
            return _trains(tuple(p if isinstance(p, model.Trapezoid) else model.Bar(p) for p in parts), names)
        case model.Split(split=branches):
            return _trains(branches, names)
        case model.Panel(stack=stack, flow=flow):
            return _trains(stack, names) or (flow is not None and _trains(flow.nodes, names))
        case model.FlowNode():
            labels = value.label if isinstance(value.label, tuple) else (value.label,)
            if value.shape != "bottleneck" and isinstance(value.label, tuple):
                return False
            return _trains(tuple(model.Bar(one) for one in labels), names)
        case _:
            return False
