"""Rules between the fields of one object, as a table from class to rule.

A rule is given the values that could be read and yields findings: the path from the object's node to
what is wrong, the fact, the hint.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, TypeAlias

from lorafig.spec import model
from lorafig.spec.nodes import Mapping

Finding: TypeAlias = tuple[tuple[str | int, ...], str, str | None]
Rule: TypeAlias = Callable[[dict[str, Any], Mapping], Iterator[Finding]]


def _figure(values: dict[str, Any], node: Mapping) -> Iterator[Finding]:
    row, stack = node.get("row"), node.get("stack")
    if row is not None and stack is not None:
        yield ("stack",), "'row' and 'stack' in one figure", "give one of them: a stack is a row of one panel"
    if row is None and stack is None:
        yield (), "nothing is on the figure", "give a 'row' of panels and equations, or one 'stack'"


def _on_element(values: dict[str, Any], node: Mapping) -> Iterator[Finding]:
    brace = values.get("brace")
    if brace is None:
        return
    for side in ("under", "over"):
        if getattr(brace, side) is not None:
            hint = f"write side: {side}; '{side}' names a part of an equation"
            yield ("brace", side), f"'{side}' in the brace of an element", hint


def _bar(values: dict[str, Any], node: Mapping) -> Iterator[Finding]:
    yield from _on_element(values, node)
    if values.get("span") is True and values.get("brace") is not None:
        what = "a brace on a bar that spans its panel"
        yield ("brace",), what, "its width then stands for no dimension: leave out one of 'span' and 'brace'"


def _bottleneck(values: dict[str, Any], node: Mapping) -> Iterator[Finding]:
    yield from _on_element(values, node)
    parts, labels = values.get("bottleneck"), values.get("math")
    if parts is not None and labels is not None and len(labels) > len(parts):
        yield (
            ("math",),
            f"{len(labels)} labels for {len(parts)} parts",
            "give one for each part, in the same order",
        )


def _sum(values: dict[str, Any], node: Mapping) -> Iterator[Finding]:
    if values.get("sum") == "arrows" and values.get("as_") == "bars":
        yield ("as",), "a sum of arrows drawn as bars", "list the terms: sum: [Wx, BAx]"


def _equation(values: dict[str, Any], node: Mapping) -> Iterator[Finding]:
    braces = values.get("brace")
    if braces is None:
        return
    several = isinstance(braces, tuple)
    for index, brace in enumerate(braces if several else (braces,)):
        path: tuple[str | int, ...] = ("brace", index) if several else ("brace",)
        if brace.side is not None:
            yield (
                (*path, "side"),
                "'side' in the brace of an equation",
                "write under: or over: the part it spans",
            )
        if (brace.under is None) == (brace.over is None) and brace.side is None:
            found = "neither 'under' nor 'over'" if brace.under is None else "both 'under' and 'over'"
            yield (
                path,
                f"{found} in the brace of an equation",
                "name the part it spans: {under: 'W + BA', label: W'}",
            )


RULES: dict[type, Rule] = {
    model.Figure: _figure,
    model.Bar: _bar,
    model.Square: _on_element,
    model.Trapezoid: _on_element,
    model.Bottleneck: _bottleneck,
    model.Sum: _sum,
    model.Equation: _equation,
}
