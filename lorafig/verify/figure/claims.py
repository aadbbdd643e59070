"""The claims of a figure: for every class of what can be on it, what it says."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from lorafig.graph.lower import entries
from lorafig.graph.structure import Graph
from lorafig.language.model import (
    Arrow,
    Bar,
    Bottleneck,
    Brace,
    Equation,
    Equations,
    Figure,
    Scale,
    Split,
    Square,
    StackElement,
    Sum,
    Trapezoid,
)
from lorafig.verify.decide import conventions
from lorafig.verify.decide.answer import Answer
from lorafig.verify.figure import execute, flow, geometry
from lorafig.verify.figure.collector import Collector, place_of
from lorafig.verify.figure.known import known as known_of
from lorafig.verify.report import Report, report

if TYPE_CHECKING:
    from lorafig.scene import Scene


def of_figure(figure: Figure, scene: Scene | None, floating: bool) -> Report:
    """All claims, in the order of the spec: definitions, words, then element by element."""
    known = known_of(figure, floating)
    collector = Collector(known.judge, trees=known.trees)
    for source, answer in zip(figure.model.let, known.definitions, strict=True):
        collector.add(answer, source, figure.unverified)
    for text in (figure.title, figure.about.shows):
        if text is not None:
            collector.text(text, figure.unverified)
    for entry in entries(figure):
        match entry:
            case Graph():
                _panel(entry, figure, collector)
            case Equations():
                for equation in entry.equations:
                    _equation(equation, figure, collector)
    if figure.card is not None:
        from lorafig.verify.figure import card

        card.run(figure.card, figure, collector)
    if figure.caption is not None:
        collector.text(figure.caption, figure.unverified)
    if figure.lesson is not None:
        from lorafig.verify.figure import lesson

        collector.claims += lesson.claims(figure.lesson, figure, collector)
    told = conventions.mixed(list(collector.trees.values()), known.symbols)
    if told is not None:
        collector.add(told, "rows and columns", figure.unverified, figure.where)
    if scene is not None:
        from lorafig.verify.figure import drawn

        drawn.check(figure, scene, collector)
    file = None if figure.where is None else figure.where.file
    return replace(report(figure.id, file, collector.claims), known=known)


def _panel(graph: Graph, figure: Figure, collector: Collector) -> None:
    panel = graph.panel
    if panel.panel is not None:
        collector.text(panel.panel, figure.unverified)
    if panel.flow is not None:
        flow.own(graph, panel.flow, figure, collector)
    for element in panel.stack:
        _element(element, collector)
    execute.claims(graph, figure, collector)


def _equation(equation: str | Equation, figure: Figure, collector: Collector) -> None:
    if isinstance(equation, str):
        collector.math(equation, figure.unverified)
        return
    unverified = equation.unverified if equation.unverified is not None else figure.unverified
    collector.math(equation.math, unverified)
    braces = equation.brace if isinstance(equation.brace, tuple) else (equation.brace,)
    for brace in braces:
        if brace is not None:
            _part(equation, brace, unverified, collector)


def _part(equation: Equation, brace: Brace, unverified: str | None, collector: Collector) -> None:
    """A brace under a part of an equation says that the part is what its label says."""
    from lorafig.notation.find import locate

    for spanned in (brace.under, brace.over):
        if spanned is None:
            continue
        part, label = collector.tree(spanned), collector.tree(brace.label)
        text = f"{spanned} = {brace.label}"
        if locate(collector.tree(equation.math), part) is None:
            answer = Answer(
                "geometry",
                "fails",
                detail=f"'{spanned}' does not stand in '{equation.math}'",
                hint="name the part as it is written in the equation",
            )
            collector.add(answer, spanned, unverified)
        else:
            collector.add(collector.judge.labelled(part, label), text, unverified, place_of(brace.label))


# One row for each class of element: what it says by itself. What it does is `execute`.


def _bar(bar: Bar, collector: Collector) -> None:
    collector.label(bar.bar, bar.math if bar.math is not None else bar.bar, bar.unverified)
    geometry.bar(bar, collector)


def _square(square: Square, collector: Collector) -> None:
    for line in square.text:
        collector.text(line, square.unverified, square.square)
    collector.label(
        square.square, square.math if square.math is not None else square.square, square.unverified
    )
    geometry.square(square, collector)


def _trapezoid(trapezoid: Trapezoid, collector: Collector) -> None:
    label = trapezoid.math if trapezoid.math is not None else trapezoid.trapezoid
    collector.label(trapezoid.trapezoid, label, trapezoid.unverified)
    geometry.trapezoid(trapezoid, collector)


def _bottleneck(bottleneck: Bottleneck, collector: Collector) -> None:
    for number, part in enumerate(bottleneck.bottleneck):
        symbol = part.trapezoid if isinstance(part, Trapezoid) else part
        own = part.math if isinstance(part, Trapezoid) and part.math is not None else symbol
        label = bottleneck.math[number] if number < len(bottleneck.math) else own
        unverified = (
            part.unverified if isinstance(part, Trapezoid) and part.unverified else bottleneck.unverified
        )
        collector.label(symbol, label, unverified)
        if isinstance(part, Trapezoid):
            geometry.sides(part, collector)
    for source in bottleneck.math[len(bottleneck.bottleneck) :]:
        answer = Answer("geometry", "fails", detail="there is no trapezoid for this label")
        collector.add(answer, source, bottleneck.unverified)
    geometry.bottleneck(bottleneck, collector)


def _split(split: Split, collector: Collector) -> None:
    for branch in split.split:
        for element in branch if isinstance(branch, tuple) else (branch,):
            _element(element, collector)


def _sum(one: Sum, collector: Collector) -> None:
    if one.sum != "arrows":
        for term in one.sum:
            collector.math(term, one.unverified)


def _scale(scale: Scale, collector: Collector) -> None:
    collector.label(scale.scale, scale.math if scale.math is not None else scale.scale, scale.unverified)


def _arrow(arrow: Arrow, collector: Collector) -> None:
    if arrow.arrow is not None:
        collector.math(arrow.arrow, arrow.unverified)


_CLAIMS: dict[type, Callable[[Any, Collector], None]] = {
    Bar: _bar,
    Square: _square,
    Trapezoid: _trapezoid,
    Bottleneck: _bottleneck,
    Split: _split,
    Sum: _sum,
    Scale: _scale,
    Arrow: _arrow,
}


def _element(element: StackElement, collector: Collector) -> None:
    _CLAIMS[type(element)](element, collector)
