"""A legend: its words hold of all that has the look, and each look that it explains is on the figure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from lorafig.graph.lower import entries
from lorafig.graph.structure import Graph
from lorafig.language import model
from lorafig.notation.read.parse import parse_text
from lorafig.notation.write.plain import text_to_plain
from lorafig.scene import Arrow, Drawn, Group, Label, Scene, Shape, walk
from lorafig.themes.legend import AREAS, LINES, WORDS
from lorafig.verify.figure import headings, stepwords
from lorafig.verify.figure.scopes import Scopes


def spec_of(figure: model.Figure) -> model.Legend:
    return figure.legend if isinstance(figure.legend, model.Legend) else model.Legend()


_MARKED = ("frozen", "trained", "merged", "activation")  # areas of which one look is said


def claims(figure: model.Figure, legend: model.Legend, scopes: Scopes) -> None:
    """The author's own words for a look must fit what has it, those of a class every node of the class."""
    for name in AREAS:
        words: str | None = getattr(legend, name)
        if words is not None:
            scopes.own.text(words, figure.unverified, mark=name if name in _MARKED else "")
    for name in LINES:
        words = getattr(legend, name)
        if words is None:
            continue
        wrong = stepwords.of_line(words, name, scopes.own.judge.language)
        if wrong is None:
            scopes.own.text(words, figure.unverified)
        else:
            scopes.own.add(wrong, words, figure.unverified)
    for entry in entries(figure):
        if not isinstance(entry, Graph) or entry.panel.flow is None:
            continue
        flow = entry.panel.flow
        for look in flow.classes:
            if look.title is not None:
                nodes = [node for node in flow.nodes if node.class_ == look.name]
                own = [node.label for node in nodes if isinstance(node.label, str)]
                mark = "" if own else stepwords.MARKS.get(str(look.like), "")
                there = scopes.of(entry.panel)
                there.text(look.title, figure.unverified, own, mark=mark)
                headings.kinds(look.title, own, figure.unverified, there)
                headings.over(look.title, entry, [str(node.name) for node in nodes if node.label not in own],
                              figure.unverified, there)  # fmt: skip


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
    kept: set[str] = set()
    if most:
        from lorafig.verify.figure.drawn_flow import parts

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
    for kind, looks in _kinds(scene, flows, most).items():
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


def _kinds(scene: Scene, flows: Sequence[tuple[Graph, Group]], most: int) -> dict[str, set[str]]:
    """The kinds of edges that are on a figure, each with how its lines are broken; but for those whose look
    is that of a class."""
    from lorafig.verify.figure.drawn_flow import parts  # loads what a figure without flows does without

    kinds: dict[str, set[str]] = {}
    for graph, group in flows:
        if graph.panel.flow is None:
            continue
        arrows, _ = parts(graph.panel.flow, group, most).lines(walk(group.items))
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
