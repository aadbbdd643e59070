"""The whole figure in words: one function for each section of the description, in their order."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeAlias

from lorafig.core.adapter import Adapter
from lorafig.core.counts import full_parameters, multiply_adds
from lorafig.graph.lower import entries
from lorafig.graph.ops import Sum
from lorafig.graph.order import telling
from lorafig.graph.picture import Picture
from lorafig.graph.structure import Graph, headed
from lorafig.language.model import CardRow, Equation, Equations, Figure, Panel
from lorafig.language.scope import panels, parts_of, scoped, spoken_of
from lorafig.notation.read.parse import parse_math
from lorafig.notation.tree import Relation
from lorafig.verify.figure.collector import begun
from lorafig.verify.figure.execute import execute
from lorafig.verify.report import Report
from lorafig.words import blocks, checked, edges, entities, flow, legend, product, stack
from lorafig.words.facts import Facts
from lorafig.words.labels import Labels, quantity


def document(figure: Figure, report: Report) -> blocks.Section:
    """The description, its sections below the title of the figure."""
    facts = facts_of(figure, report)
    parts = (block for part in PARTS for block in part(facts, report))
    return blocks.section(facts.labels.text(figure.title), *parts)


def facts_of(figure: Figure, report: Report) -> Facts:
    """The facts of a figure, by the meaning that its verification gave the symbols."""
    return Facts(figure, Labels(figure), report.judge if report.judge is not None else begun(figure).judge)


Part: TypeAlias = Callable[[Facts, Report], Iterator[blocks.Block]]


def _head(facts: Facts, report: Report) -> Iterator[blocks.Block]:
    about = facts.figure.about
    if report.verdict != "holds":
        wrong = len(report.problems())
        verb = "does" if wrong == 1 else "do"
        said = f": {quantity(wrong, 'claim')} on this figure {verb} not hold; see “Checked”."
        yield blocks.paragraph(blocks.Phrase((blocks.Strong("Unverified"),)) + said)
    if about.shows is not None:
        yield blocks.paragraph(facts.labels.text(about.shows))
    yield blocks.paragraph(_what(facts))


def _what(facts: Facts) -> blocks.Phrase:
    """What is on the figure, in one sentence."""
    said = []
    for entry in entries(facts.figure):
        if isinstance(entry, Equations):
            said.append(blocks.phrase(quantity(len(entry.equations), "equation")))
            continue
        flow, title = entry.panel.flow, headed(entry.panel)
        if isinstance(entry, Picture):
            what = "a picture of matrices, " + blocks.mathematics(entry.node)
            said.append(what if title is None else what + ", “" + facts.labels.text(title) + "”")
            continue
        what = blocks.phrase("a stack" if flow is None else f"a flow of {quantity(len(flow.nodes), 'node')}")
        said.append(what if title is None else what + ", “" + facts.labels.text(title) + "”")
    lines = [*map(str, facts.figure.lines(len(said)))]
    order = ", from left to right" if len(said) > 1 else ""
    if len(lines) > 1:
        own = isinstance(facts.figure.wrap, tuple)
        each = f"{', '.join(lines[:-1])} and {lines[-1]}" if own else lines[0]
        order = f", in lines of {each} from left to right, one below the other"
    beside = "" if facts.figure.card is None else "; beside it a card of numbers"
    what = f"On the figure{order}: " + blocks.listing(said) + f"{beside}."
    meanings = [facts.labels.text(text) for text in legend.explained(facts.figure)]
    told = " A legend explains: " + blocks.together(meanings, ", ") + "." if meanings else ""
    scale = "" if all(map(_keeps_no_scale, entries(facts.figure))) else " " + product.scale(facts.figure)
    return what + scale + told


def _keeps_no_scale(entry: Graph | Picture | Equations) -> bool:
    """Whether no side in it stands for a dimension."""
    if isinstance(entry, Equations):
        return True
    specs = entry.specs().values() if isinstance(entry, Graph) and entry.panel.flow is not None else None
    return specs is not None and not any(node.bar or node.bottleneck for node in specs)


def _named(facts: Facts) -> list[tuple[blocks.Phrase | None, Graph | Picture]]:
    """The panels with their names; None for the only one, if it has no name."""
    panels = [entry for entry in entries(facts.figure) if isinstance(entry, (Graph, Picture))]
    named = []
    for number, entry in enumerate(panels, 1):
        plain = None if len(panels) == 1 else blocks.phrase(f"Panel {number}")
        title = headed(entry.panel)
        named.append((plain if title is None else facts.labels.text(title), entry))
    return named


def _inside(panel: Panel | None, part: Figure, facts: Facts, report: Report) -> Facts:
    """The facts in the model of a panel, for a part of the figure."""
    if panel is None or panel.model is None:
        return facts if part is facts.figure else Facts(part, facts.labels, facts.judge)
    judge = report.scopes.get(panel.model)
    return Facts(part, Labels(part), begun(facts.figure, panel=panel).judge if judge is None else judge)


def _by_panel(
    title: str, facts: Facts, report: Report, tell: Callable[[Graph | Picture, Facts], Iterator[blocks.Block]]
) -> Iterator[blocks.Block]:
    """A section with what there is to tell of each panel."""
    parts: list[blocks.Block] = []
    for name, entry in _named(facts):
        figure = scoped(facts.figure, entry.panel)
        told = tuple(tell(entry, _inside(entry.panel, figure, facts, report)))
        parts += told if name is None or not told else [blocks.Section(name, told)]
    if parts:
        yield blocks.section(title, *parts)


def _by_model(
    title: str, facts: Facts, report: Report, tell: Callable[[Facts], Iterator[blocks.Block]]
) -> Iterator[blocks.Block]:
    """A section with what there is to tell of each model; its panels are named if there are several."""
    names = dict(zip(panels(facts.figure), (name for name, _ in _named(facts)), strict=False))
    parts: list[blocks.Block] = []
    for several, part in parts_of(facts.figure):
        told = tuple(tell(_inside(several[0] if several else None, part, facts, report)))
        if told and several:
            called = [names[panel] or blocks.phrase("The figure") for panel in several]
            told = (blocks.Section(blocks.listing(called), told),)
        parts += told
    if parts:
        yield blocks.section(title, *parts)


def _levels(facts: Facts, report: Report) -> Iterator[blocks.Block]:
    """The levels that go through all panels, and what stands on each."""
    labels, said = facts.labels, []
    for level in facts.figure.levels:
        note = "" if level.note is None else " (" + labels.text(level.note) + ")"
        there = []
        for name, graph in _named(facts):
            things = _standing(graph, str(level.name), labels) if isinstance(graph, Graph) else []
            if things:
                what = blocks.listing(things)
                there.append(what if name is None else what + " in “" + name + "”")
        said.append(labels.text(level.title) + note + (": " + blocks.listing(there) if there else "") + ".")
    if said:
        yield blocks.section("Levels", blocks.paragraph("From bottom to top:"), blocks.numbered(said))


def _standing(graph: Graph, level: str, labels: Labels) -> list[blocks.Phrase]:
    """What stands on a level of a panel: symbols, and the words of nodes without one."""
    if graph.panel.flow is not None:
        things: list[blocks.Phrase] = []
        for spec in graph.panel.flow.nodes:
            symbols = graph.nodes[str(spec.name)].symbols
            if spec.level == level:
                said = [labels.math(symbol) for symbol in symbols]
                things += said or ["“" + flow.lines(spec.label, labels) + "”"]
        return things
    places = {str(place) for place, element in enumerate(graph.panel.stack) if element.level == level}
    standing: list[str] = []
    for name, node in graph.nodes.items():
        if name.split(".")[0] in places:
            standing += node.operation.terms if isinstance(node.operation, Sum) else node.symbols
    return [labels.math(symbol) for symbol in dict.fromkeys(standing)]


def _components(facts: Facts, report: Report) -> Iterator[blocks.Block]:
    yield from _by_panel("Components", facts, report, _components_of)


def _components_of(graph: Graph | Picture, facts: Facts) -> Iterator[blocks.Block]:
    if isinstance(graph, Picture):
        yield from product.components(graph, facts)
    elif graph.panel.flow is not None:
        names = flow.Names(graph, facts.labels)
        yield from flow.components(graph.panel.flow, telling(graph), facts, names)
    else:
        yield blocks.paragraph("From the input to the output, which is from bottom to top:")
        yield stack.components(graph.panel.stack, facts)


def _data_flow(facts: Facts, report: Report) -> Iterator[blocks.Block]:
    yield from _by_panel("Data flow", facts, report, _data_flow_of)


def _data_flow_of(graph: Graph | Picture, facts: Facts) -> Iterator[blocks.Block]:
    if isinstance(graph, Picture):
        return
    values = execute(graph, facts.judge, facts.labels.tree).values
    if graph.panel.flow is None:
        yield stack.steps(graph, values, facts)
        return
    names = flow.Names(graph, facts.labels)
    yield edges.steps(telling(graph), values, facts, names)
    run = edges.pipeline(graph, names)
    if run.items:
        yield blocks.paragraph("The steps of the pipeline, in the order in which they are run:")
        yield run


def _start(facts: Facts, report: Report) -> Iterator[blocks.Block]:
    yield from _by_model("At the start of training", facts, report, _start_of)


def _start_of(facts: Facts) -> Iterator[blocks.Block]:
    """How what is trained begins, and what follows from it: where it is on the figure."""
    adapter = facts.adapter
    said = []
    for entity in facts.entities.values():
        own = facts.canonical(entity.name)
        if own in adapter.laws and own not in facts.symbols.given:
            said.append(blocks.mathematics(entity.node) + " is " + blocks.text(entity.start) + ".")
    shown = {facts.canonical(name) for name in facts.entities}
    if not shown & set(adapter.trainable):
        return
    update = next((name for name in adapter.defined if facts.vanishes(name)), None)
    if update is not None:
        said.append("So the update is 0: " + blocks.spoken(facts.update(update)) + ".")
    if "h" in shown and "x" in shown and facts.holds("h = Wx", at_start=True):
        equal = blocks.spoken(parse_math("h = Wx"))
        said.append("So " + equal + ": the output is that of the pretrained weight alone.")
    if said:
        yield blocks.bullets(said)


def _merged(facts: Facts, report: Report) -> Iterator[blocks.Block]:
    yield from _by_model("Merged", facts, report, _merged_of)


def _merged_of(facts: Facts) -> Iterator[blocks.Block]:
    """What a panel with a merged weight says, and what it saves."""
    for entity in facts.entities.values():
        own = facts.canonical(entity.name)
        definition = entity.definition
        if definition is None or not facts.merges(own):
            continue
        stacks = (
            entry for _, entry in _named(facts) if isinstance(entry, Graph) and entry.panel.flow is None
        )
        if not any(stack.mentions(graph, own, facts) for graph in stacks):
            continue
        whole = Relation((entity.node, definition), ("=",))
        said = ["One weight does the work of both: " + blocks.spoken(whole) + "."]
        if facts.layer is not None:
            said.append(blocks.phrase(_passes(facts.adapter, *facts.layer)))
        yield blocks.bullets(said)
        return


def _passes(adapter: Adapter, d: int, k: int, r: int) -> str:
    """Multiply-adds of a pass; those before merging for methods that add no more than B A x to W x."""
    plain = set(adapter.symbols) - set(adapter.frozen[:1]) == {"x", "A", "B"}
    more = f", against {multiply_adds(d, k, r):,} before" if plain else ""
    return f"One pass takes {quantity(full_parameters(d, k), 'multiply-add')}{more}."


def _equations(facts: Facts, report: Report) -> Iterator[blocks.Block]:
    said = []
    for entry in entries(facts.figure):
        if not isinstance(entry, Equations):
            continue
        first = next(iter(spoken_of(facts.figure, entry)), None)
        labels = facts.labels if first is None else Labels(scoped(facts.figure, first))
        for line in entry.equations:
            equation = line if isinstance(line, Equation) else Equation(line)
            told = labels.spoken(equation.math)
            for brace in equation.brace if isinstance(equation.brace, tuple) else (equation.brace,):
                if brace is None:
                    continue
                side, part = ("under", brace.under) if brace.under is not None else ("over", brace.over)
                if part is not None:
                    told += f"; the brace {side} " + labels.math(part)
                    told += " reads " + labels.spoken(brace.label)
            said.append(told + ".")
    if said:
        yield blocks.section("Equations", blocks.numbered(said))


def _entities(facts: Facts, report: Report) -> Iterator[blocks.Block]:
    yield from _by_model("Entities", facts, report, _entities_of)


def _entities_of(facts: Facts) -> Iterator[blocks.Block]:
    if facts.entities:
        yield entities.entities(facts)
    if facts.figure.model.functions:
        yield blocks.paragraph("Functions of the figure:")
        yield blocks.bullets(map(entities.function_of, facts.figure.model.functions))


def _numbers(facts: Facts, report: Report) -> Iterator[blocks.Block]:
    yield from _by_model("Numbers", facts, report, _numbers_of)


def _numbers_of(facts: Facts) -> Iterator[blocks.Block]:
    card = facts.figure.card
    counted = entities.numbers(facts)
    parts: list[blocks.Block] = [blocks.bullets(counted)] if counted else []
    if card is not None:
        title = blocks.after(" ", None if card.title is None else "“" + facts.labels.text(card.title) + "”")
        rows = [row.row if isinstance(row, CardRow) else row for row in card.rows]
        parts += [
            blocks.paragraph("The card" + title + " reads:"),
            blocks.bullets(_said(row, facts) for row in rows),
        ]
    yield from parts


def _said(source: str, facts: Facts) -> blocks.Phrase:
    """A text with, in brackets, the words for its mathematics."""
    runs = facts.labels.runs(source)
    written = blocks.text(runs)
    has_mathematics = any(run.math is not None for run in runs)
    return written + " (" + facts.labels.say_text(source) + ")" if has_mathematics else written


def _about(facts: Facts, report: Report) -> Iterator[blocks.Block]:
    figure = facts.figure
    about = figure.about
    rows = [
        ("Caption", figure.caption),
        ("When to use it", about.when),
        ("How to adapt it", about.adapt),
        ("Key concepts", ", ".join(about.concepts) or None),
        ("Source", None if about.after is None else f"after {about.after}"),
        ("Author", about.author),
        ("Licence", about.license),
    ]
    said = [f"{name}: " + facts.labels.text(told) for name, told in rows if told is not None]
    said += [blocks.phrase(method) for method in dict.fromkeys(_methods(facts, report))]
    if said:
        yield blocks.section("About", blocks.bullets(said))


def _methods(facts: Facts, report: Report) -> Iterator[str]:
    """The methods whose symbols are on the figure."""
    for several, part in parts_of(facts.figure):
        own = _inside(several[0] if several else None, part, facts, report)
        if {own.canonical(name) for name in own.entities} & set(own.adapter.symbols) - {"x", "W"}:
            yield f"Method: {own.adapter.source}"


PARTS: tuple[Part, ...] = (
    _head,
    _levels,
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
