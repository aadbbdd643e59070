"""What each element of a stack is drawn as."""

from __future__ import annotations

from typing import assert_never

from lorafig.errors import LorafigError, Problem
from lorafig.graph.structure import Graph, branches_of
from lorafig.language import model
from lorafig.layout import apply, bar, bottleneck, gate, repeat, scale, skip, square, trapezoid, wiring
from lorafig.layout import sum as sums
from lorafig.layout.lengths import times
from lorafig.layout.parts import BoxPart, Mark, Standing
from lorafig.layout.sheet import Sheet
from lorafig.layout.split import SplitPart
from lorafig.layout.stack import Joint, StackPart
from lorafig.layout.symbols import Symbols

# What stands near to each other, with a short arrow between: the factors of an update, and what scales it.
FACTORS = (model.Trapezoid, model.Bottleneck, model.Square, model.Scale, model.Gate, model.Bias)


def of_panel(sheet: Sheet, symbols: Symbols, graph: Graph) -> StackPart:
    """The stack of a panel with its lines."""
    stack = prepare(sheet, symbols, graph.panel.stack, "k", True)
    stack.wiring = wiring.prepare(sheet, graph, stack.marks())
    return stack


def prepare(
    sheet: Sheet,
    symbols: Symbols,
    elements: tuple[model.StackElement, ...],
    entering: str,
    whole: bool = False,
) -> StackPart:
    """Prepare the parts of a stack, or of a branch that is not the `whole` of one. `entering` is the
    dimension of what flows in."""
    stack = StackPart(sheet, symbols.sides, None)
    flow, arrow, below = entering, None, None
    for number, element in enumerate(elements):
        if isinstance(element, model.Arrow):
            if arrow is not None:
                what = "an arrow follows an arrow"
                raise LorafigError(
                    Problem(what, element.where, "put a bar or a box between them", code="layout")
                )
            if not stack.parts:
                raise _loose(element)
            arrow = element
            continue
        standing = Standing(whole and not stack.parts, whole and number == len(elements) - 1)
        part = _part(sheet, symbols, element, flow, standing, stack.parts, len(elements))
        if below is not None:
            stack.joints.append(_joint(sheet, below, part, stack.parts[-1], element, arrow))
        stack.parts.append(part)
        stack.numbers.append(number)
        stack.levels.append(element.level)
        flow, arrow, below = part.out, None, element
    if arrow is not None:
        raise _loose(arrow)
    _span_bars(stack)
    return stack


def _part(
    sheet: Sheet,
    symbols: Symbols,
    element: model.StackElement,
    flow: str,
    standing: Standing,
    before: list[BoxPart],
    count: int,
) -> BoxPart:
    match element:
        case model.Bar():
            return bar.prepare(sheet, symbols, element, flow, standing)
        case model.Square():
            return square.prepare(sheet, symbols, element, flow, standing)
        case model.Trapezoid():
            return trapezoid.prepare(sheet, symbols, element, flow, standing)
        case model.Bottleneck():
            return bottleneck.prepare(sheet, symbols, element, flow, standing)
        case model.Split():
            return _split(sheet, symbols, element, flow)
        case model.Scale():
            return scale.prepare(sheet, symbols, element, flow)
        case model.Apply():
            return apply.prepare(sheet, symbols, element, flow)
        case model.Gate() | model.Bias():
            return gate.prepare(sheet, symbols, element, flow)
        case model.Repeat():
            return repeat.prepare(sheet, symbols, element, flow)
        case model.Skip() if count == 1:
            return skip.prepare(sheet, symbols, element, flow)
        case model.Skip():
            what, hint = "a skip that is not a branch of a split", "put it into a split by itself"
            raise LorafigError(Problem(what, element.where, hint, code="layout"))
        case model.Sum():
            if not before:
                raise _loose(element)
            split = before[-1] if isinstance(before[-1], SplitPart) else None
            return sums.prepare(sheet, symbols, element, flow, split)
        case model.Arrow():
            raise _loose(element)
        case _:
            assert_never(element)


def _joint(
    sheet: Sheet,
    below: model.StackElement,
    part: BoxPart,
    last: BoxPart,
    element: model.StackElement,
    arrow: model.Arrow | None,
) -> Joint:
    """The room between two elements: more where lines turn, and for what stands beside them."""
    joint = Joint("arrow")
    if isinstance(below, FACTORS) and isinstance(element, FACTORS):
        joint = Joint("waist gap")
    elif _fans(part):
        joint = Joint("fan")
    elif isinstance(last, SplitPart) and len(last.branches) > 1 and not isinstance(element, model.Sum):
        joint = Joint("fan", sheet.lengths["fan"] + len(last.branches) // 2 * sheet.lengths["lane"])
    labels = [] if arrow is None or arrow.arrow is None else [Mark(sheet.math(arrow.arrow))]
    marks = [*last.marks().items(), *part.marks().items()]
    labels += [mark for (_, side), several in marks for mark in several if side in ("under", "over")]
    straight = isinstance(element, model.Sum) and not (
        isinstance(last, SplitPart) and len(last.flowing()) % 2 == 0
    )  # a term stands beside a line from right below, with a shape above it and one beneath
    away = sheet.lengths["label gap" if straight else "wire gap"]
    tall = max((mark.label.height for mark in labels), default=0.0) + 2 * away
    if labels:
        joint.least = max(joint.least, tall * (2 if joint.kind == "fan" else 1))
    return joint


def _fans(part: BoxPart) -> bool:
    """Whether what comes in goes several ways at once."""
    if isinstance(part, StackPart):
        return _fans(part.parts[0])
    return isinstance(part, SplitPart) and (len(part.branches) > 1 or any(map(_fans, part.branches)))


def _loose(element: model.StackElement) -> LorafigError:
    said = "a sum needs something below it" if isinstance(element, model.Sum) else ""
    what = said if said else "an arrow needs something below and something above it"
    return LorafigError(Problem(what, element.where, "add a bar or a box there", code="layout"))


def _split(sheet: Sheet, symbols: Symbols, spec: model.Split, flow: str) -> SplitPart:
    branches = tuple([prepare(sheet, symbols, branch, flow) for branch in branches_of(spec)])
    return SplitPart(sheet, symbols.sides, spec.where, branches)


def _span_bars(stack: StackPart) -> None:
    """Bars that span stretch over the widest part of their stack."""
    bars = [part for part in stack.parts if isinstance(part, bar.BarPart)]
    # Over a single column there is nothing to span: it has the length of its dimension, as all others have.
    columns = any(isinstance(part, SplitPart) for part in stack.parts)
    spans = [part for part in bars if part.spec.span and columns]
    others = [part for part in stack.parts if not any(part is spanning for spanning in spans)]
    if others and (spans or len(bars) < len(stack.parts)):
        sides = [side for part in others for side in part.spans()]
        widest = times(max(sides, key=stack.sheet.mm), 2.0)
        for part in spans:
            part.span = widest
