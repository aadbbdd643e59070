# ruff: noqa: E501
"""Our reading of a chart in the form of the real one's, so that the two can be compared."""

from __future__ import annotations

import html
import re
from dataclasses import replace

from lorafig.mermaid.chart import Chart, Label
from tests.mermaid.real import RealChart, RealEdge, RealSubgraph, RealVertex


def words(text: str) -> str:
    """A label's text as both keep it: entities as characters, one way to write a line break, no blanks round it."""
    return re.sub(r"\s+", " ", re.sub(r"<br\s*/?>", "<br>", html.unescape(html.unescape(text)))).strip()


def _label(label: Label | None, otherwise: str) -> str:
    if label is None:
        return words(otherwise)
    text = re.sub(
        r"#(\w+);", lambda one: f"&#{one[1]};" if one[1].isdigit() else f"&{one[1]};", label.text.strip()
    )
    return words(text[1:-1] if len(text) > 1 and text[0] == text[-1] == '"' else text)


def ours(chart: Chart) -> RealChart:
    return RealChart(
        None,
        chart.direction,
        tuple(
            RealVertex(
                one.name,
                _label(one.label, one.name),
                one.shape,
                tuple(cls for cls, _ in one.classes),
                tuple(f"{style.key}:{style.value}" for style in one.styles),
            )
            for one in chart.vertices
        ),
        tuple(
            RealEdge(
                one.tail,
                one.head,
                one.kind,
                one.stroke,
                min(one.length, 10),
                "" if one.label is None else _label(one.label, ""),
            )
            for one in chart.lines
        ),
        tuple(
            RealSubgraph(one.name, _label(one.title, ""), frozenset(one.members), one.direction)
            for one in chart.subgraphs
        ),
        {
            name: tuple(f"{style.key}:{style.value}" for style in styles)
            for name, styles in chart.classes.items()
        },
    )


def theirs(chart: RealChart) -> RealChart:
    """The real one's, with its texts in the common form."""

    def styles(found: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(re.sub(r"\s*:\s*", ":", one.strip(), count=1) for one in found if one.strip())

    # Version 11 keeps a subgraph that is begun twice as two of one name, version 12 makes one of them.
    subgraphs: dict[str, RealSubgraph] = {}
    for one in chart.subgraphs:
        known = subgraphs.get(one.name, RealSubgraph(one.name, words(one.title), frozenset(), one.direction))
        subgraphs[one.name] = replace(known, members=known.members | one.members)
    assert chart.classes is not None
    return RealChart(
        None,
        chart.direction,
        tuple(
            RealVertex(
                one.name,
                words(one.text),
                one.shape,
                tuple(c for c in one.classes if c != "clickable"),
                styles(one.styles),
            )
            for one in chart.vertices
        ),
        tuple(
            RealEdge(one.tail, one.head, one.kind, one.stroke, one.length, words(one.text))
            for one in chart.edges
        ),
        tuple(subgraphs.values()),
        {name: styles(found) for name, found in chart.classes.items()},
    )
