"""A figure made of a chart, held to what it says: its sizes are given, and what nobody can decide is marked.

A chart has words and no model. Numbers in them such as `r = 16` are those of the figure's model, and a method
that they name, QLoRA, is its method. Elements whose words claim what nothing here can decide get a reason
(`unverified`), so that the report, the alternative text and the picture's metadata say so. Words that stay
false are left out, with a remark.
"""

from __future__ import annotations

import re
from bisect import bisect
from collections.abc import Iterable, Iterator
from typing import get_args

from lorafig.errors import Place, Problem
from lorafig.language import dump, loads
from lorafig.language.model import SHAPES, AdapterName, Edge, Figure, FlowGroup, FlowNode, Model
from lorafig.language.nodes import shorten
from lorafig.mermaid.chart import Chart
from lorafig.mermaid.to_figure import to_figure
from lorafig.values import replace
from lorafig.verify import verify
from lorafig.verify.report import Claim

_SYMBOLS = set("WABKQVXHERSUMP")  # capitals that figures of adapters use for matrices
REASON = "said in the chart, and checked by nobody"
_NUMBER = r"\s*(?:=|:|of)?\s*(\d{1,6})(?![\w.]|,\d)"
_SIZES = {
    "d": re.compile(rf"(?<![\w.])(?:(?-i:d)|d_model|hidden[ _]size){_NUMBER}", re.IGNORECASE),
    "r": re.compile(rf"(?<![\w.])(?:r|rank|lora_r|lora_rank){_NUMBER}", re.IGNORECASE),
    "alpha": re.compile(rf"(?<![\w.])(?:α|alpha|lora_alpha){_NUMBER}", re.IGNORECASE),
}


def settled(chart: Chart, name: str) -> tuple[Figure, tuple[Problem, ...]]:
    """The figure of a chart, and what of the chart is not in it. Whatever it says holds, or its element says
    why nobody checked it."""
    read, remarks = to_figure(chart, name)
    figure = _best(read, _models(chart))
    model = figure.figure.model
    if figure.wrong:
        # Formulas of symbols that nothing defines are words again, where as words they claim nothing.
        names = {vertex.name for vertex in chart.vertices}
        worded = _Held(replace(to_figure(chart, name, names)[0], model=model))
        still = set(worded.nodes())
        words = {told for told, own in _named(chart, read) if own in set(figure.nodes()) - still}
        if words:
            read, remarks = to_figure(chart, name, words)
            figure = _Held(replace(read, model=model))
    if not figure.wrong:
        return figure.figure, remarks
    tried = []
    for other in (model, replace(model, adapter="none"), Model(adapter="none")):
        held = figure if other == model else _Held(replace(figure.figure, model=other))
        tried.append(_Held(held.excused(other)))
        if not tried[-1].wrong:
            return tried[-1].figure, remarks
    best = min(tried, key=lambda held: len(held.wrong))
    places = dict(_places(chart, read))
    cut, told = best.without(places, chart.where)
    settled = tuple(sorted((*remarks, *told), key=lambda problem: (problem.where or chart.where)[1:]))
    return _Held(cut).excused(cut.model), settled


def _best(read: Figure, models: Iterator[Model]) -> _Held:
    """The figure in the first of the models in which all of it stands, else in that in which the least is
    false, and the least undecided."""
    tried: list[_Held] = []
    for model in models:
        tried.append(_Held(replace(read, model=model)))
        if not tried[-1].wrong:
            return tried[-1]
    return min(tried, key=lambda held: (held.false, len(held.wrong)))


def _models(chart: Chart) -> Iterator[Model]:
    """What a chart may be about: LoRA, or another method that it names, with the sizes that its words give,
    where they agree on one; and with the rank alone, as numbers may be those of a whole network."""
    labels = [vertex.label for vertex in chart.vertices] + [line.label for line in chart.lines]
    labels += [subgraph.title for subgraph in chart.subgraphs]
    texts = [label.text for label in labels if label is not None]
    given: dict[str, int] = {}
    for size, pattern in _SIZES.items():
        numbers = {int(match[1]) for text in texts for match in pattern.finditer(text)} - {0}
        if len(numbers) == 1:
            given[size] = numbers.pop()
    if _letters(chart) - _SYMBOLS:  # A, B, C, D are places, not the matrices of LoRA
        yield Model(adapter="none")
    words = " ".join(texts)
    methods = [name for name in get_args(AdapterName) if _names(name, words)]
    for adapter in dict.fromkeys(("lora", *methods)):
        model = Model(adapter=adapter, r=given.get("r"), d=given.get("d"), alpha=given.get("alpha"))
        yield model
        if model.d is not None:
            yield replace(model, d=None)


def _letters(chart: Chart) -> set[str]:
    """The capitals that stand alone as the words of nodes."""
    words = {vertex.name if vertex.label is None else vertex.label.text.strip() for vertex in chart.vertices}
    return {word for word in words if len(word) == 1 and word.isascii() and word.isupper()}


def _names(method: str, words: str) -> bool:
    return re.search(rf"(?<![\w-]){method}(?![\w-])", words, re.IGNORECASE) is not None


def _named(chart: Chart, figure: Figure) -> Iterator[tuple[str, str]]:
    """The names of nodes in the chart, each with the one that it has in the figure."""
    assert figure.flow is not None
    groups = {subgraph.name for subgraph in chart.subgraphs}
    vertices = [vertex.name for vertex in chart.vertices if vertex.name not in groups]
    return zip(vertices, (str(node.name) for node in figure.flow.nodes), strict=True)


def _places(chart: Chart, figure: Figure) -> Iterator[tuple[str, Place]]:
    """The nodes of the figure, each with its place in the chart."""
    where = {vertex.name: vertex.where for vertex in chart.vertices}
    return ((own, where[told]) for told, own in _named(chart, figure))


class _Held:
    """A figure as its file has it, with the claims that do not stand by the element that they are on."""

    def __init__(self, figure: Figure) -> None:
        self.figure = figure
        written = loads(dump(figure))
        self.wrong = [claim for claim in verify(written, floating=False).claims if not claim.stands]
        self.false = sum(claim.verdict != "undetermined" for claim in self.wrong)
        assert written.flow is not None
        flow = written.flow
        starts: list[tuple[int, FlowNode | Edge | FlowGroup]] = []
        for element in (*flow.nodes, *flow.edges, *flow.groups):
            if isinstance(element, (FlowNode, Edge, FlowGroup)) and element.where is not None:
                starts.append((element.where.line, element))
        starts.sort(key=lambda start: start[0])
        lines = [line for line, _ in starts]
        self.on: list[tuple[Claim, FlowNode | Edge | FlowGroup | None]] = []
        for claim in self.wrong:
            at = 0 if claim.where is None else bisect(lines, claim.where.line)
            self.on.append((claim, starts[at - 1][1] if at else None))

    def nodes(self) -> Iterable[str]:
        return [str(element.name) for _, element in self.on if isinstance(element, FlowNode)]

    def claims(self, element: FlowNode | Edge | FlowGroup | None) -> list[Claim]:
        return [claim for claim, other in self.on if other == element]

    def excused(self, model: Model) -> Figure:
        """The figure, the reason on every element with a claim that does not stand."""
        flow = self.figure.flow
        assert flow is not None

        def own(element: FlowNode | Edge) -> FlowNode | Edge:
            return replace(element, unverified=REASON) if self.claims(element) else element

        nodes = tuple(own(node) for node in flow.nodes)
        edges = tuple(own(edge) if isinstance(edge, Edge) else edge for edge in flow.edges)
        others = any(not isinstance(element, (FlowNode, Edge)) for _, element in self.on)
        return replace(
            self.figure,
            model=model,
            flow=replace(flow, nodes=nodes, edges=edges),
            unverified=REASON if others else self.figure.unverified,
        )

    def without(self, places: dict[str, Place], otherwise: Place) -> tuple[Figure, list[Problem]]:
        """The figure without words that are false whatever the model, and a remark on each."""
        flow = self.figure.flow
        told: list[Problem] = []
        assert flow is not None

        def cut(element: FlowNode | Edge | FlowGroup) -> FlowNode | Edge | FlowGroup:
            claims = self.claims(element)
            if not claims:
                return element
            for claim in claims:
                what = f"{shorten(str(claim.text))} is left out: {claim.detail}"
                where = places.get(str(getattr(element, "name", "")), otherwise)
                problem = Problem(
                    what, where, "write it in the spec when its model has these numbers", code="chart"
                )
                if problem not in told:
                    told.append(problem)
            if isinstance(element, Edge):
                return replace(element, math=None, text=None, unverified=None)
            if isinstance(element, FlowGroup):
                return replace(element, title=None)
            shape = next(shape for shape in SHAPES if getattr(element, shape) is not None)
            texts = [str(claim.text) for claim in claims]
            lines = tuple(
                line
                for line in getattr(element, shape)
                if not any(line in text or text in line.replace("$", "") for text in texts)
            )
            return replace(element, badge=None, unverified=None, **{shape: lines or (str(element.name),)})

        flow = replace(
            flow,
            nodes=tuple(map(cut, flow.nodes)),
            edges=tuple(cut(edge) if isinstance(edge, Edge) else edge for edge in flow.edges),
            groups=tuple(map(cut, flow.groups)),
        )
        return replace(self.figure, flow=flow), told
