"""The whole figure in words: one function for each section of the document, in their order."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeAlias

from lorafig.language.model import CardRow, Equation, Equations, Figure, Panel
from lorafig.notation.read.parse import parse_math
from lorafig.notation.tree import Relation
from lorafig.verify.report import Report
from lorafig.words import checked, edges, entities, flow, stack
from lorafig.words.facts import Facts
from lorafig.words.graph import graph
from lorafig.words.labels import Labels, listing, quantity
from lorafig.words.markdown import Part, bullets, escape, heading, mathematics, numbered, prose, spoken


def write(figure: Figure, report: Report) -> str:
    """The figure as Markdown. The same figure and report give the same bytes."""
    facts = Facts(figure, Labels(figure))
    parts = [part for section in SECTIONS for part in section(facts, report)]
    return "\n\n".join("\n".join(part) if isinstance(part, list) else part for part in parts) + "\n"


Section: TypeAlias = Callable[[Facts, Report], Iterator[Part]]


def _head(facts: Facts, report: Report) -> Iterator[Part]:
    figure = facts.figure
    yield heading(1, prose(facts.labels.runs(figure.title)))
    if report.verdict != "holds":
        wrong = len(report.problems())
        verb = "does" if wrong == 1 else "do"
        yield f"**Unverified**: {quantity(wrong, 'claim')} on this figure {verb} not hold; see “Checked”."
    if figure.about.shows is not None:
        yield prose(facts.labels.runs(figure.about.shows))
    yield _what(facts)


def _what(facts: Facts) -> str:
    """What is on the figure, in one sentence."""
    said = []
    for entry in _entries(facts.figure):
        if isinstance(entry, Equations):
            said.append(quantity(len(entry.equations), "equation"))
        elif entry.flow is not None:
            said.append(f"a flow of {quantity(len(entry.flow.nodes), 'node')}{_titled(entry, facts)}")
        else:
            said.append(f"a stack{_titled(entry, facts)}")
    order = ", from left to right" if len(said) > 1 else ""
    beside = "" if facts.figure.card is None else "; beside it a card of numbers"
    return f"On the figure{order}: {listing(said)}{beside}."


def _titled(panel: Panel, facts: Facts) -> str:
    return "" if panel.panel is None else f", “{prose(facts.labels.runs(panel.panel))}”"


def _entries(figure: Figure) -> tuple[Panel | Equations, ...]:
    if figure.row:
        return figure.row
    return (Panel(figure.stack, flow=figure.flow),)


def _panels(facts: Facts) -> list[tuple[str, Panel]]:
    """The panels with their names; '' for the only one, if it has none."""
    panels = [entry for entry in _entries(facts.figure) if isinstance(entry, Panel)]
    found = []
    for number, panel in enumerate(panels, 1):
        plain = "" if len(panels) == 1 else f"Panel {number}"
        found.append((plain if panel.panel is None else prose(facts.labels.runs(panel.panel)), panel))
    return found


def _components(facts: Facts, report: Report) -> Iterator[Part]:
    panels = _panels(facts)
    if panels:
        yield heading(2, "Components")
    for name, panel in panels:
        if name != "":
            yield heading(3, name)
        if panel.flow is not None:
            drawn = graph(panel.flow)
            yield flow.components(panel.flow, drawn, facts, flow.Names(drawn, facts.labels))
        else:
            yield "From the input to the output, which is from bottom to top:"
            yield stack.components(panel.stack, facts)


def _data_flow(facts: Facts, report: Report) -> Iterator[Part]:
    panels = _panels(facts)
    if panels:
        yield heading(2, "Data flow")
    for name, panel in panels:
        if name != "":
            yield heading(3, name)
        if panel.flow is None:
            yield stack.steps(panel.stack, facts)
            continue
        drawn = graph(panel.flow)
        names = flow.Names(drawn, facts.labels)
        yield edges.steps(drawn, facts, names)
        run = edges.pipeline(drawn, names)
        if run:
            yield "The steps of the pipeline, in the order in which they are run:"
            yield run


def _start(facts: Facts, report: Report) -> Iterator[Part]:
    """How what is trained begins, and what follows from it: where it is on the figure."""
    adapter = facts.adapter
    said = []
    for entity in facts.entities.values():
        own = facts.canonical(entity.name)
        if own in adapter.laws and own not in facts.symbols.given:
            said.append(f"{mathematics(entity.node)} is {entity.start}.")
    shown = {facts.canonical(name) for name in facts.entities}
    if not shown & set(adapter.trainable):
        return
    update = next((name for name in adapter.defined if facts.vanishes(name)), None)
    if update is not None:
        said.append(f"So the update is 0: {spoken(facts.update(update))}.")
    if "h" in shown and "x" in shown and facts.holds("h = Wx", at_start=True):
        said.append(f"So {spoken(parse_math('h = Wx'))}: the output is that of the pretrained weight alone.")
    if said:
        yield heading(2, "At the start of training")
        yield bullets(said)


def _merged(facts: Facts, report: Report) -> Iterator[Part]:
    """What a panel with a merged weight says, and what it saves."""
    from lorafig.core.counts import full_parameters

    for entity in facts.entities.values():
        own = facts.canonical(entity.name)
        definition = entity.definition
        if definition is None or not facts.merges(own):
            continue
        panels = [
            panel
            for _, panel in _panels(facts)
            if panel.flow is None and stack.mentions(panel.stack, own, facts)
        ]
        if not panels:
            continue
        whole = Relation((entity.node, definition), ("=",))
        before = facts.passes
        more = "" if before is None else f", against {before:,} before"
        yield heading(2, "Merged")
        yield bullets(
            [
                f"One weight does the work of both: {spoken(whole)}.",
                f"One pass takes {quantity(full_parameters(facts.d, facts.k), 'multiply-add')}{more}.",
            ]
        )
        return


def _equations(facts: Facts, report: Report) -> Iterator[Part]:
    said = []
    for entry in _entries(facts.figure):
        if not isinstance(entry, Equations):
            continue
        for line in entry.equations:
            equation = line if isinstance(line, Equation) else Equation(line)
            text = spoken(facts.labels.tree(equation.math))
            braces = equation.brace if isinstance(equation.brace, tuple) else (equation.brace,)
            for brace in braces:
                if brace is None:
                    continue
                side, part = ("under", brace.under) if brace.under is not None else ("over", brace.over)
                if part is not None:
                    text += f"; the brace {side} {mathematics(facts.labels.tree(part))} reads "
                    text += spoken(facts.labels.tree(brace.label))
            said.append(f"{text}.")
    if said:
        yield heading(2, "Equations")
        yield numbered(said)


def _entities(facts: Facts, report: Report) -> Iterator[Part]:
    if facts.entities:
        yield heading(2, "Entities")
        yield entities.entities(facts)


def _numbers(facts: Facts, report: Report) -> Iterator[Part]:
    card = facts.figure.card
    found = entities.numbers(facts)
    if card is None and not found:
        return
    yield heading(2, "Numbers")
    if found:
        yield bullets(found)
    if card is not None:
        title = "" if card.title is None else f" “{prose(facts.labels.runs(card.title))}”"
        rows = [row.row if isinstance(row, CardRow) else row for row in card.rows]
        yield f"The card{title} reads:"
        yield bullets(_said(row, facts) for row in rows)


def _said(source: str, facts: Facts) -> str:
    """A text with, in brackets, the words for its mathematics."""
    runs = facts.labels.runs(source)
    written = prose(runs)
    words = facts.labels.say_text(source)
    has_mathematics = any(run.math is not None for run in runs)
    return f"{written} ({escape(words)})" if has_mathematics else written


def _about(facts: Facts, report: Report) -> Iterator[Part]:
    figure = facts.figure
    about = figure.about
    shown = {facts.canonical(name) for name in facts.entities}
    rows = [
        ("Caption", figure.caption),
        ("When to use it", about.when),
        ("How to adapt it", about.adapt),
        ("Key concepts", ", ".join(about.concepts) or None),
        ("Source", None if about.after is None else f"after {about.after}"),
        ("Author", about.author),
        ("Licence", about.license),
    ]
    said = [f"{name}: {prose(facts.labels.runs(text))}" for name, text in rows if text is not None]
    if shown & set(facts.adapter.symbols) - {"x", "W"}:
        said.append(f"Method: {escape(facts.adapter.source)}")
    if said:
        yield heading(2, "About")
        yield bullets(said)


SECTIONS: tuple[Section, ...] = (
    _head,
    _components,
    _data_flow,
    _start,
    _merged,
    _equations,
    _entities,
    _numbers,
    checked.section,
    _about,
)
