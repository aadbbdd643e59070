"""The figure in a few sentences, for those who do not see it: what it shows, and what is on it.

The same text is the description of the SVG, the alternative text of TikZ and the subject of the PDF;
its title stands before it there. It is bounded, so that a screen reader comes to its end: what is on the
picture is told in less detail until it fits, and the last sentences are left out where nothing else helps.
The whole of it in words is `lorafig.words`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal, assert_never

from lorafig.graph.lower import entries
from lorafig.graph.order import Telling, telling
from lorafig.graph.picture import Picture
from lorafig.graph.structure import Graph, branches_of, headed, titled, trapezoids
from lorafig.language import model
from lorafig.language.messages import listing
from lorafig.notation.write.speech import to_speech
from lorafig.words import legend
from lorafig.words.labels import Labels, marked, quantity

if TYPE_CHECKING:
    from lorafig.verify.report import Report

LONGEST = 600  # characters
UNVERIFIED = "Unverified: not everything on this figure has been found to hold."
Detail = Literal["labels", "symbols", "counts"]
DETAILS: tuple[Detail, ...] = ("labels", "symbols", "counts")
MOST_NODES = 40  # of a flow whose edges are told one by one
WAYS = {
    "right": "from left to right",
    "left": "from right to left",
    "down": "from top to bottom",
    "up": "from bottom to top",
}
_END = re.compile(r"[.!?](?=\s|$)|[。！？]")
BADGES = {"frozen": "frozen", "lock": "frozen", "trainable": "trained"}


def alt_text(figure: model.Figure, unverified: bool = False) -> str:
    """Plain sentences of at most `LONGEST` characters, mathematics spoken. That a figure is `unverified` is
    said before all else."""
    if unverified:
        return f"{UNVERIFIED} {_bounded(figure, LONGEST - len(UNVERIFIED) - 1)}"
    return _bounded(figure, LONGEST)


def with_reasons(figure: model.Figure, text: str, report: Report) -> str:
    """The alternative text with what is not verified on the figure, and why."""
    labels = Labels(figure)
    reasons = dict.fromkeys(
        labels.say_text(claim.unverified or "").rstrip(". ") for claim in report.unverified
    )
    if not reasons:
        return text
    told = _cut(f"Not verified: {'; '.join(reasons)}.", LONGEST // 2)
    return f"{_cut(text, LONGEST - len(told) - 1)} {told}"


def _bounded(figure: model.Figure, longest: int) -> str:
    labels = Labels(figure)
    shows = "" if figure.about.shows is None else _sentences([labels.say_text(figure.about.shows)])
    for detail in DETAILS:
        pictured = _sentences(_pictured(figure, labels, detail))
        text = f"{shows} {pictured}".strip()
        if len(text) <= longest:
            return text
    if shows != "" and len(pictured) < longest // 2:
        return f"{_cut(shows, longest - len(pictured) - 1)} {pictured}"
    return _cut(text, longest)


def _sentences(said: list[str]) -> str:
    return " ".join(
        sentence if _END.search(sentence[-1:]) else f"{sentence}." for sentence in said if sentence != ""
    )


def _cut(text: str, longest: int) -> str:
    """As many whole sentences as fit; where the first one does not, as many words of it."""
    ends = [match.end() for match in _END.finditer(text) if match.end() <= longest]
    if ends:
        return text[: ends[-1]]
    head = text[: longest - 2]
    words = head.rpartition(" ")[0]
    return (words if words != "" else head).rstrip(" ,;:.") + " …"


def _pictured(figure: model.Figure, labels: Labels, detail: Detail) -> list[str]:
    """What is on the picture, a sentence each."""
    said = []
    for entry in entries(figure):
        if isinstance(entry, model.Equations):
            said.append(_equations(entry, labels, detail))
            continue
        if isinstance(entry, Picture):
            said.append(_titled(headed(entry.panel), _product(entry, labels, detail), labels))
            continue
        stack, flow, title = entry.panel.stack, entry.panel.flow, headed(entry.panel)
        way = "from bottom to top"
        if flow is not None:
            said.append(_titled(title, _flow(entry, flow, labels, detail), labels))
        elif detail == "counts":
            said.append(_titled(title, f"{quantity(len(stack), 'element')}, {way}", labels))
        else:
            head = "From bottom to top" if title is None else f"{labels.say_text(title)}, {way}"
            said.append(f"{head}: {', then '.join(_elements(stack, labels, detail))}")
    if figure.model.given:
        said.append(f"Assumed: {'; '.join(map(labels.say, figure.model.given))}")
    if figure.levels and detail != "counts":
        levels = "; ".join(labels.say_text(text) for level in figure.levels for text in _level(level))
        said.append(f"Levels through all panels, from bottom to top: {levels}")
    if figure.card is not None:
        said.append(_card(figure.card, labels, detail))
    if figure.legend is not False and detail != "counts":
        meanings = [labels.say_text(text) for text in legend.explained(figure)]
        said.append(f"A legend explains: {', '.join(meanings)}" if meanings else "")
    return said


def _level(level: model.Level) -> tuple[str, ...]:
    return (level.title,) if level.note is None else (f"{level.title}, {level.note}",)


def _titled(title: str | None, text: str, labels: Labels) -> str:
    return text[:1].upper() + text[1:] if title is None else f"{labels.say_text(title)}: {text}"


def _equations(entry: model.Equations, labels: Labels, detail: Detail) -> str:
    if detail == "counts":
        return quantity(len(entry.equations), "equation")
    spoken = [labels.say(line.math if isinstance(line, model.Equation) else line) for line in entry.equations]
    return f"{'Equation' if len(spoken) == 1 else 'Equations'}: {'; '.join(spoken)}"


def _product(picture: Picture, labels: Labels, detail: Detail) -> str:
    if detail == "counts":
        return quantity(sum(factor.spec is not None for factor in picture.factors()), "matrix", "matrices")
    said = f"matrices to scale: {to_speech(picture.node)}"
    for factor in picture.factors():
        spec = factor.spec
        if detail == "labels" and spec is not None and spec.math is not None:
            said += f"; {labels.say(spec.math)}"
        if spec is not None and spec.crossed is not None:
            said += f"; {marked(spec.crossed)} of {labels.say(factor.symbol)} crossed out"
    return said


def _card(card: model.Card, labels: Labels, detail: Detail) -> str:
    title = "A card" if card.title is None else f"A card, {labels.say_text(card.title)}"
    if detail == "counts":
        return f"{title}, with {quantity(len(card.rows), 'row')}"
    rows = [labels.say_text(row.row if isinstance(row, model.CardRow) else row) for row in card.rows]
    return f"{title}: {'; '.join(rows)}"


# -- stacks ---------------------------------------------------------------------------------------


def _elements(stack: tuple[model.StackElement, ...], labels: Labels, detail: Detail) -> list[str]:
    return [said for element in stack if (said := _element(element, labels, detail)) != ""]


def _element(element: model.StackElement, labels: Labels, detail: Detail) -> str:
    def label(symbol: str, math: str | None) -> str:
        return labels.say(math if math is not None and detail == "labels" else symbol)

    match element:
        case model.Bar():
            return f"a bar {labels.say(element.bar)}"
        case model.Square():
            words = " ".join(labels.say_text(line) for line in element.text)
            written = label(element.square, element.math)
            return f"a square {words}, {written}" if words != "" else f"a square {written}"
        case model.Trapezoid():
            return f"a trapezoid {label(element.trapezoid, element.math)}"
        case model.Bottleneck():
            said = [label(part.trapezoid, part.math) for part in trapezoids(element)]
            waist = "" if element.brace is None else f", {labels.say(element.brace.label)} wide at the waist"
            return f"a bottleneck of {' and '.join(said)}{waist}"
        case model.Split():
            branches = [", then ".join(_elements(branch, labels, detail)) for branch in branches_of(element)]
            return f"side by side {'; and '.join(branches)}"
        case model.Sum():
            if isinstance(element.sum, str):
                return "the sum of the branches"
            return f"the sum of {' and '.join(labels.say(term) for term in element.sum)}"
        case model.Scale():
            return f"a scaling by {label(element.scale, element.math)}"
        case model.Apply():
            called = f"the function {labels.say(element.apply)}"
            on_it = " ".join(labels.say_text(line) for line in element.text)
            return f"{on_it}, {called}" if on_it != "" else called
        case model.Gate():
            return f"a gate {label(element.gate, element.math)}"
        case model.Bias():
            return f"plus {label(element.bias, element.math)}"
        case model.Repeat():
            return f"dots for {labels.say_range(element.over)}, which are alike"
        case model.Skip():
            return "a branch that changes nothing"
        case model.Arrow():
            return ""
        case _:
            assert_never(element)


# -- flows ----------------------------------------------------------------------------------------


def _flow(graph: Graph, flow: model.Flow, labels: Labels, detail: Detail) -> str:
    way = WAYS[flow.direction]
    head = f"boxes and arrows, {way}"
    if detail == "counts" or len(flow.nodes) > MOST_NODES:
        return f"{head}: {quantity(len(flow.nodes), 'node')}"
    nodes = graph.specs()
    called = {name: _called(node, labels, detail) for name, node in nodes.items()}
    for group in flow.groups:
        title = titled(group)
        called[str(group.name)] = str(group.name) if title is None else f"the group {labels.say_text(title)}"
    said = _ways(telling(graph), called)
    text = f"{head}: {'; '.join(said)}"
    for series in graph.series:
        dots = series.dots()
        if dots is not None:
            ends = [called[name] for name in series.ends(nodes)]
            text += f". Between {' and '.join(ends)} dots for {labels.say_range(dots)}, which are alike"
    for meaning in dict.fromkeys(BADGES.values()):
        names = [called[name] for name, node in nodes.items() if BADGES.get(node.badge or "") == meaning]
        if names:
            verb = "is" if len(names) == 1 else "are"
            text += f". {listing(names, quote=False)} {verb} marked as {meaning}"
    return text


def _ways(drawn: Telling, called: dict[str, str]) -> list[str]:
    """The edges as chains: `x to W and A`, `A to r to B to a sum`."""
    said = []
    leaving, entering = drawn.graph.leaving, drawn.graph.entering
    told: set[str] = set()
    for name in drawn.nodes:
        chain = [called[name]]
        at: str | None = None if name in told else name
        while at is not None:
            told.add(at)
            heads = list(dict.fromkeys(edge.ends[1] for edge in leaving[at] if edge.frames[0] is None))
            if heads:
                chain.append(listing([called[head] for head in heads], quote=False))
            head = heads[0] if len(heads) == 1 and heads[0] in entering and heads[0] not in told else None
            alone = head is not None and len({edge.tail for edge in entering[head]}) == 1
            at = head if alone else None
        if len(chain) > 1 or not entering[name]:
            said.append(" to ".join(chain))
    framed = (edge for edge in drawn.graph.edges if edge.frames[0] is not None)
    return [*said, *dict.fromkeys(f"{called[edge.ends[0]]} to {called[edge.ends[1]]}" for edge in framed)]


def _called(node: model.FlowNode, labels: Labels, detail: Detail) -> str:
    """A node in words: its symbol, or its lines."""
    if node.bottleneck is not None:
        return " then ".join(labels.say(part) for part in node.bottleneck)
    if isinstance(node.label, str):
        said = labels.say(node.label)
        return "a sum" if said == "plus" else said
    lines = [labels.say_text(line) for line in node.label]
    return f"“{', '.join(lines) if detail == 'labels' else lines[0]}”"
