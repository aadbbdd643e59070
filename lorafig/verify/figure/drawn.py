"""The picture itself, held to the spec: what is as long as it says, on which side, and in which order.

Works on the scene, after layout: a mistake there is found as one in the spec is.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, TypeAlias

from lorafig.language.model import Arrow as Arrow_
from lorafig.language.model import (
    Bar,
    Bottleneck,
    Figure,
    Panel,
    Scale,
    Split,
    Square,
    StackElement,
    Sum,
    Trapezoid,
)
from lorafig.notation.canonical import key
from lorafig.scene import Arrow, Brace, Group, Icon, Label, Part, Scene, Shape, walk
from lorafig.verify.decide.answer import Answer
from lorafig.verify.figure.geometry import matrix
from lorafig.verify.meaning.shapes import elaborate
from lorafig.verify.meaning.terms import ONE, Doubt

if TYPE_CHECKING:
    from lorafig.verify.figure.collector import Collector

_Drawn: TypeAlias = Label | Shape | Arrow | Brace | Icon
EXACT = 1e-6  # mm
ROUNDED = 1e-3  # mm; what is placed is rounded to tenths of a micrometre, what is measured is not


@dataclass(frozen=True, slots=True)
class _Expected:
    """A shape that the spec asks for: its symbol, and the dimensions of its lower and upper edge and of
    its height; None for a length that stands for no dimension."""

    symbol: str
    lower: str | None
    upper: str | None
    height: str | None
    element: StackElement


def check(figure: Figure, scene: Scene, collector: Collector) -> None:
    """Adds a claim for everything that is drawn wrong, or one that all is drawn right."""
    items = list(walk(scene.items))
    entries = figure.row if figure.row else (Panel(figure.stack, flow=figure.flow),)
    groups = [item for item in scene.items if isinstance(item, Group)]
    flows = [
        (entry.flow, group)
        for entry, group in zip(entries, groups, strict=False)
        if isinstance(entry, Panel) and entry.flow is not None
    ]
    # A flow and the card are looked at by themselves.
    apart = {id(item) for _, group in flows for item in walk(group.items)}
    apart |= {id(item) for group in groups[len(entries) :] for item in walk(group.items)}
    shapes = [item for item in items if isinstance(item, Shape) and id(item) not in apart]
    panels = [entry.stack for entry in entries if isinstance(entry, Panel) and entry.flow is None]
    expected = [one for stack in panels for element in stack for one in _expected(element, collector)]
    found = list(_lengths(scene, collector))
    if len(expected) != len(shapes):
        found.append(
            ("shapes", f"the spec asks for {len(expected)} shapes, and {len(shapes)} are drawn", None)
        )
    else:
        for one, shape in zip(expected, shapes, strict=True):
            found += [(one.symbol, what, one.element) for what in _shape(one, shape, scene)]
        upwards = _Order(iter(shapes))
        for stack in panels:
            upwards.stack(stack, float("-inf"), "")
        found += [(symbol, what, None) for symbol, what in upwards.found]
    boxes = {item.name: item for item in items}
    for item in items:
        if isinstance(item, Brace):
            found += [(item.name, what, None) for what in _brace(item, boxes, scene)]
        elif isinstance(item, Arrow) and id(item) not in apart:
            found += [(item.name, what, None) for what in _arrow(item, boxes)]
    for flow, group in flows:
        from lorafig.verify.figure import drawn_flow

        found += [(name, what, None) for name, what in drawn_flow.check(flow, group, scene, collector)]
    for text, what, element in found:
        where = element.where if element is not None else figure.where
        unverified = element.unverified if element is not None else figure.unverified
        collector.add(Answer("geometry", "fails", detail=what), text, unverified, where)
    if not found:
        braces = sum(isinstance(item, Brace) for item in items)
        arrows = sum(isinstance(item, Arrow) for item in items)
        shapes = [item for item in items if isinstance(item, Shape)]
        what = f"{len(shapes)} shapes, {braces} braces and {arrows} arrows"
        detail = f"{what} are drawn as long and where they should be"
        collector.add(Answer("geometry", "holds", detail=detail), "the picture", None, figure.where)


def _expected(element: StackElement, collector: Collector) -> Iterator[_Expected]:
    match element:
        case Bar():
            dimension = None if element.span else _vector(element.bar, collector)
            yield _Expected(element.bar, dimension, dimension, None, element)
        case Square():
            own = matrix(element.square, collector)
            columns, rows = (None, None) if own is None else own
            yield _Expected(element.square, columns, columns, rows, element)
        case Trapezoid():
            yield _trapezoid(element, element, collector)
        case Bottleneck():
            for part in element.bottleneck:
                yield _trapezoid(part if isinstance(part, Trapezoid) else Trapezoid(part), element, collector)
        case Scale():
            dimension = _vector(element.scale, collector)
            yield _Expected(element.scale, dimension, dimension, None, element)
        case Split():
            for branch in element.split:
                for one in branch if isinstance(branch, tuple) else (branch,):
                    yield from _expected(one, collector)
        case Sum():
            if element.sum != "arrows" and element.as_ != "arrows":
                for term in element.sum:
                    dimension = _vector(term, collector)
                    yield _Expected(term, dimension, dimension, None, element)
        case _:
            pass


def _trapezoid(part: Trapezoid, element: StackElement, collector: Collector) -> _Expected:
    """Drawn from and to what the spec says: whether that is what its matrix maps is a claim of the spec."""
    own = matrix(part.trapezoid, collector)
    sides: list[str | None] = [None, None] if own is None else [*own]
    for i, given in enumerate((part.from_, part.to)):
        if given is not None:
            name = key(collector.tree(given))
            sides[i] = None if name is None else collector.judge.symbols.dimension(name)
    return _Expected(part.trapezoid, sides[0], sides[1], None, element)


def _vector(symbol: str, collector: Collector) -> str | None:
    """The dimension of a vector, None for what is none."""
    try:
        kind = elaborate(collector.tree(symbol), collector.judge.symbols).type
    except Doubt:
        return None
    if not kind.is_vector:
        return None
    return kind.rows if kind.columns == ONE else kind.columns


def _lengths(scene: Scene, collector: Collector) -> Iterator[tuple[str, str, StackElement | None]]:
    """Dimensions in the order of their values: longer ones longer, equal ones equal."""
    values = {
        name: value
        for name, value in collector.judge.symbols.dimensions.items()
        if value is not None and name in scene.lengths
    }
    names = sorted(values, key=lambda name: (values[name], name))
    for one, other in pairwise(names):
        short, long = scene.lengths[one], scene.lengths[other]
        if values[one] == values[other]:
            if abs(short - long) > 1e-9:
                yield one, f"{one} and {other} are equal, and are drawn {short:g} and {long:g} mm long", None
        elif not short < long:
            less = f"{one} = {values[one]:,} is drawn {short:g} mm long"
            yield one, f"{less}, {other} = {values[other]:,} only {long:g} mm", None


def _edge(shape: Shape, side: str) -> tuple[float, float, float]:
    """Left and right end and height of the lower ('under') or upper ('over') edge."""
    _, y0, _, y1 = shape.box
    y = y1 if side == "over" else y0
    xs = [x for x, at in shape.points if abs(at - y) <= EXACT]
    return min(xs), max(xs), y


def _shape(one: _Expected, shape: Shape, scene: Scene) -> Iterator[str]:
    _, y0, _, y1 = shape.box
    sides = (
        ("lower side", one.lower, _edge(shape, "under")),
        ("upper side", one.upper, _edge(shape, "over")),
    )
    measured = [(what, dimension, right - left) for what, dimension, (left, right, _) in sides]
    measured.append(("height", one.height, y1 - y0))
    for what, dimension, length in measured:
        if dimension is None:
            continue
        due = scene.lengths.get(dimension)
        if due is None:
            yield f"the {what} of {one.symbol} stands for {dimension}, which is drawn at no length"
        elif abs(length - due) > EXACT:
            yield f"the {what} of {one.symbol} is {length:.3f} mm long, and {dimension} is {due:.3f} mm"
    (left, right, _), (first, last, _) = _edge(shape, "under"), _edge(shape, "over")
    if abs((left + right) - (first + last)) > EXACT:
        yield f"{one.symbol} leans to one side"


@dataclass(slots=True)
class _Order:
    """Every shape lies above those that it takes its data from. Shapes come in the order of the spec."""

    shapes: Iterator[Shape]
    found: list[tuple[str, str]] = field(default_factory=list)

    def stack(self, elements: Sequence[StackElement], floor: float, below: str) -> tuple[float, str]:
        """Goes through a stack above `floor`; gives the height of its top, and what is there."""
        for element in elements:
            match element:
                case Split():
                    tops = [
                        self.stack(branch if isinstance(branch, tuple) else (branch,), floor, below)
                        for branch in element.split
                    ]
                    floor, below = max(tops)
                case Bottleneck():
                    for _ in element.bottleneck:
                        floor, below = self.shape(floor, below)
                case Sum():
                    terms = () if element.sum == "arrows" or element.as_ == "arrows" else element.sum
                    above = [self.shape(floor, below) for _ in terms]
                    floor, below = max(above, default=(floor, below))
                case Arrow_():
                    pass
                case _:
                    floor, below = self.shape(floor, below)
        return floor, below

    def shape(self, floor: float, below: str) -> tuple[float, str]:
        shape = next(self.shapes)
        _, bottom, _, top = shape.box
        if bottom < floor - EXACT:
            self.found.append((shape.name, f"{shape.name} is not drawn above {below}"))
        return top, shape.name


def _brace(brace: Brace, boxes: dict[str, _Drawn], scene: Scene) -> Iterator[str]:
    (left, y), (right, end_y) = brace.start, brace.end
    if abs(y - end_y) > EXACT or right <= left:
        yield f"the brace {brace.name} is not level from left to right"
    if isinstance(brace.of, Part):
        label = boxes.get(brace.of.label)
        if not isinstance(label, Label):
            yield f"the brace {brace.name} spans a part of {brace.of.label}, which is not drawn"
        elif (
            left < label.centre[0] - label.width / 2 - ROUNDED
            or right > label.centre[0] + label.width / 2 + ROUNDED
        ):
            yield f"the brace {brace.name} reaches beyond {brace.of.label}"
        return
    shape = boxes.get(brace.of)
    if not isinstance(shape, Shape):
        yield f"the brace {brace.name} measures {brace.of}, which is not drawn"
        return
    first, last, edge = _edge(shape, brace.side)
    if abs(left - first) > EXACT or abs(right - last) > EXACT:
        yield (
            f"the brace {brace.name} goes from {left:.3f} to {right:.3f} mm, and the edge of {shape.name}"
            f" that it measures from {first:.3f} to {last:.3f} mm"
        )
    gap = scene.lengths.get(brace.gap, 0.0) * (1 if brace.side == "over" else -1)
    if abs(y - edge - gap) > EXACT:
        yield f"the brace {brace.name} does not lie along the edge of {shape.name}"


def _arrow(arrow: Arrow, boxes: dict[str, _Drawn]) -> Iterator[str]:
    (x0, y0), (x1, y1) = arrow.points[0], arrow.points[-1]
    if y1 <= y0:
        yield f"the arrow {arrow.name} does not point upwards, the way the data flows"
    for name, x, y, side in ((arrow.start.of, x0, y0, "over"), (arrow.end.of, x1, y1, "under")):
        shape = boxes.get(name)
        if isinstance(shape, Shape):
            left, right, edge = _edge(shape, side)
            if abs(y - edge) > EXACT or not left - EXACT <= x <= right + EXACT:
                yield f"the arrow {arrow.name} misses the edge of {name}"
