"""A legend: its words hold of all that has the look, and each look that it explains is on the figure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from lorafig.graph.lower import entries
from lorafig.graph.structure import Graph
from lorafig.language import model
from lorafig.language.scope import scoped
from lorafig.language.table import Table, called, table
from lorafig.notation.canonical import key
from lorafig.notation.read.parse import parse_text
from lorafig.notation.write.plain import text_to_plain
from lorafig.scene import Arrow, Drawn, Group, Label, Scene, Shape, lines_of, walk
from lorafig.themes.legend import AREAS, LINES, WORDS
from lorafig.verify.decide import properties
from lorafig.verify.figure.collector import Collector
from lorafig.verify.figure.drawn_flow import parts
from lorafig.verify.figure.scopes import Scopes


def spec_of(figure: model.Figure) -> model.Legend:
    return figure.legend if isinstance(figure.legend, model.Legend) else model.Legend()


def claims(figure: model.Figure, legend: model.Legend, scopes: Scopes) -> None:
    """The author's own words for a look are said of every symbol that has it, and those of a class of every
    node of the class."""
    for name in (*AREAS, *LINES):
        words: str | None = getattr(legend, name)
        if words is not None:
            scopes.own.text(words, figure.unverified)
    for entry in entries(figure):
        if not isinstance(entry, Graph):
            continue
        collector = scopes.of(entry.panel)
        for name, symbols in _looks(entry, table(scoped(figure, entry.panel).model)):
            words = getattr(legend, name)
            for symbol in symbols if words is not None else ():
                _about(symbol, words, figure.unverified, collector)
        flow = entry.panel.flow
        titles = {} if flow is None else {look.name: look.title for look in flow.classes}
        for node in () if flow is None else flow.nodes:
            title = None if node.class_ is None else titles.get(node.class_)
            if title is not None and isinstance(node.label, str):
                _about(node.label, title, node.unverified or figure.unverified, collector)
        for title in dict.fromkeys(title for title in titles.values() if title is not None):
            collector.text(title, figure.unverified)


def _looks(graph: Graph, known: Table) -> Iterator[tuple[str, list[str]]]:
    """The symbols on a panel that are frozen, trained and merged."""
    symbols = list(dict.fromkeys(symbol for node in graph.nodes.values() for symbol in node.symbols))
    rows = {symbol: known.row(called(symbol)) for symbol in symbols}
    for name in ("frozen", "trained", "merged"):
        said = (name, "random") if name == "frozen" else (name,)
        yield name, [symbol for symbol, row in rows.items() if row is not None and row.role in said]


def _about(symbol: str, words: str, unverified: str | None, collector: Collector) -> None:
    name, judge = key(collector.tree(symbol)), collector.judge
    if name is None or not judge.symbols.knows(name):
        return
    said = properties.about(name, words, judge.symbols, judge.seed)
    if said is not None:
        collector.add(said, words, unverified)


# What is drawn -----------------------------------------------------------------------------------


def check(
    legend: model.Legend,
    scene: Scene,
    flows: Sequence[tuple[Graph, Group]],
    own: Sequence[Group],
    most: int,
) -> Iterator[tuple[str, str]]:
    """What is drawn wrong: the name of the item, and what is wrong with it. `own` is the legend, if it has
    anything to explain; `most` are the most bits in which a weight on the figure is kept."""
    drawn = list(walk(tuple(own)))
    inside = {item.name for item in drawn}
    areas = {item.role for item in walk(scene.items) if isinstance(item, Shape) and item.name not in inside}
    marks = [item for item in drawn if isinstance(item, Shape)]
    bits = [item for item in marks if item.name.startswith("legend-bit")]
    samples = [item.role for item in marks if item not in bits]
    kept = {
        shape.role
        for graph, group in flows
        if graph.panel.flow is not None
        for name, shapes in parts(graph.panel.flow, group, most).drawn.items()
        if graph.specs()[name].bits is not None
        for shape in shapes
    }
    if len(bits) != bool(kept) or not {item.role for item in bits} <= kept:
        yield "legend", "the legend does not explain the cells of a weight that is drawn by its bits"
    for name, role in AREAS.items():
        if role in areas and _said(legend, name) is not None and samples.count(role) != 1:
            yield "legend", f"the legend explains the colour of what is {name} {samples.count(role)} times"
        elif role in samples and role not in areas:
            yield "legend", f"the legend explains the colour of what is {name}, and nothing has it"
    told = {_beside(item, drawn): item for item in drawn if isinstance(item, Arrow)}
    for kind, looks in _kinds(scene, flows).items():
        words = _said(legend, kind)
        if words is None:
            continue
        line = told.get(text_to_plain(parse_text(words)))
        if line is None:
            yield "legend", f"the legend does not explain the lines of the kind {kind}"
        elif scene.styles[line.role].dash not in looks:
            yield "legend", f"the legend shows another line for {kind} than is drawn"


def _said(legend: model.Legend, name: str) -> str | None:
    own: str | None = getattr(legend, name)
    return own if own is not None else WORDS.get(name)


def _kinds(scene: Scene, flows: Sequence[tuple[Graph, Group]]) -> dict[str, set[str]]:
    """The kinds of edges that are on a figure, each with how its lines are broken; but for those whose look
    is that of a class."""
    kinds: dict[str, set[str]] = {}
    for graph, group in flows:
        arrows = lines_of(walk(group.items))
        for edge, arrow in zip(graph.edges, arrows, strict=False):
            look = edge.look
            if look is None or look.class_ is None:
                kind = "data" if look is None else look.kind
                kinds.setdefault(kind, set()).add(scene.styles[arrow.role].dash)
    return kinds


def _beside(sample: Arrow, drawn: Sequence[Drawn]) -> str:
    """The words beside a sample of a line."""
    labels = (item for item in drawn if isinstance(item, Label) and item.place.of == sample.start.of)
    return next((label.lines[0].plain for label in labels), "")
