"""What each element of a stack is drawn as."""

from __future__ import annotations

from typing import assert_never

from lorafig.errors import LorafigError, Problem
from lorafig.graph.structure import branches_of
from lorafig.language import model
from lorafig.layout import apply, bar, bottleneck, gate, repeat, scale, skip, square, trapezoid
from lorafig.layout import sum as sums
from lorafig.layout.parts import BoxPart
from lorafig.layout.sheet import Sheet
from lorafig.layout.split import SplitPart
from lorafig.layout.stack import Joint, StackPart
from lorafig.layout.symbols import Symbols


def prepare(
    sheet: Sheet, symbols: Symbols, elements: tuple[model.StackElement, ...], entering: str
) -> StackPart:
    """Prepare the parts of a stack. `entering` is the dimension of what flows in."""
    stack = StackPart(sheet, symbols.sides, None)
    flow, joint = entering, Joint()
    below: SplitPart | None = None
    for number, element in enumerate(elements):
        part: BoxPart
        match element:
            case model.Arrow() | model.Sum() if joint.kind == "arrow" and _is_arrows(element):
                what = "an arrow follows an arrow"
                raise LorafigError(Problem(what, element.where, "put a bar or a box between them"))
            case model.Arrow():
                joint = Joint("arrow", None if element.arrow is None else sheet.math(element.arrow))
                continue
            case model.Sum() if _is_arrows(element):
                terms = () if isinstance(element.sum, str) else element.sum
                joint = Joint("arrow", None, True, tuple([sheet.math(term) for term in terms]))
                continue
            case model.Bar():
                part = bar.prepare(sheet, symbols, element, flow, "over" if stack.parts else "under")
            case model.Square():
                part = square.prepare(sheet, symbols, element, flow)
            case model.Trapezoid():
                part = trapezoid.prepare(sheet, symbols, element, flow)
            case model.Bottleneck():
                part = bottleneck.prepare(sheet, symbols, element, flow)
            case model.Split():
                part = _split(sheet, symbols, element, flow)
            case model.Scale():
                part = scale.prepare(sheet, symbols, element, flow)
            case model.Apply():
                part = apply.prepare(sheet, symbols, element, flow)
            case model.Gate():
                part = gate.prepare(sheet, symbols, element, flow)
            case model.Repeat():
                part = repeat.prepare(sheet, symbols, element, flow)
            case model.Skip() if len(elements) == 1:
                part = skip.prepare(sheet, symbols, element, flow)
            case model.Skip():
                what, hint = "a skip that is no branch of a split", "put it into a split by itself"
                raise LorafigError(Problem(what, element.where, hint))
            case model.Sum():
                part = sums.prepare(sheet, symbols, element, flow, below)
            case _:
                assert_never(element)
        below = part if isinstance(part, SplitPart) else None
        if stack.parts:
            stack.joints.append(joint)
        elif joint.kind == "arrow":
            raise _loose(elements[number - 1])
        stack.parts.append(part)
        stack.levels.append(element.level)
        flow, joint = part.out, Joint()
    if joint.kind == "arrow" or not stack.parts:
        raise _loose(elements[-1])
    _span_bars(stack)
    return stack


def _is_arrows(element: model.Arrow | model.Sum) -> bool:
    return isinstance(element, model.Arrow) or element.as_ == "arrows" or element.sum == "arrows"


def _loose(element: model.StackElement) -> LorafigError:
    what = "an arrow needs something below and something above it"
    return LorafigError(Problem(what, element.where, "add a bar or a box there"))


def _split(sheet: Sheet, symbols: Symbols, spec: model.Split, flow: str) -> SplitPart:
    branches: list[BoxPart] = []
    for branch in branches_of(spec):
        stack = prepare(sheet, symbols, branch, flow)
        branches.append(stack.parts[0] if len(stack.parts) == 1 else stack)
    return SplitPart(sheet, symbols.sides, spec.where, tuple(branches))


def _span_bars(stack: StackPart) -> None:
    """Bars that span stretch over the widest part of their stack."""
    bars = [part for part in stack.parts if isinstance(part, bar.BarPart)]
    spans = [part for part in bars if part.spec.span]
    others = [part for part in stack.parts if not (isinstance(part, bar.BarPart) and part.spec.span)]
    if others and (spans or len(bars) < len(stack.parts)):
        widest = max((part.width() for part in others), key=stack.sheet.mm)
        for part in spans:
            part.span = widest
