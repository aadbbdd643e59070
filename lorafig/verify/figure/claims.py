"""The claims of a figure: for every class of what can be on it, what it says."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import TYPE_CHECKING, assert_never

from msgspec.structs import replace

from lorafig.graph.lower import entries
from lorafig.graph.picture import Picture
from lorafig.graph.structure import Graph, elements, trapezoids
from lorafig.language import model
from lorafig.language.scope import panels, scoped
from lorafig.notation.canonical import key
from lorafig.verify.decide import conventions
from lorafig.verify.decide.answer import Answer
from lorafig.verify.decide.asserted.decide import Standing
from lorafig.verify.decide.judge import WORDS_ALONE
from lorafig.verify.figure import contrasts, execute, geometry, headings
from lorafig.verify.figure.collector import NOWHERE, Collector, begun, place_of
from lorafig.verify.figure.scopes import Scopes
from lorafig.verify.figure.taken_for_symbols import hinted
from lorafig.verify.meaning.terms import Doubt
from lorafig.verify.report import Report, report

if TYPE_CHECKING:
    from lorafig.scene import Scene


PROSE_STRICT = "it is prose, and the figure is strict"
PROSE_HINT = "say what can be checked, or leave out `strict: true`"


def of_figure(figure: model.Figure, scene: Scene | None, floating: bool) -> Report:
    """All claims, in the order of the spec: definitions, words, then element by element."""
    collector = begun(figure, floating)
    scopes = Scopes(figure, collector, floating)
    for entry in entries(figure):
        if isinstance(entry, Graph):
            execute.name_outputs(entry, scopes.of(entry.panel))
    counted = contrasts.counted(str(figure.title), figure)
    if counted is not None:
        collector.add(counted, figure.title, figure.unverified)
    meant = figure.title != titled(figure.id)
    stands = _whole(figure, collector) if meant and len(panels(figure)) < 2 else NOWHERE
    stands = NOWHERE if stands.stage == "base" else stands  # of a method, the weight alone may be shown
    collector.text(figure.title, figure.unverified, standing=stands, titled=meant)
    if figure.about.shows is not None:
        collector.text(figure.about.shows, figure.unverified)
    for line in (figure.about.when, *figure.about.concepts):
        # What it is for: the rest is not a claim. Of several models, it is said of any.
        if line is not None and all(panel.model is None for panel in panels(figure)):
            collector.called(line, (), figure.unverified)
    headings.levels(figure, scopes)
    for entry in entries(figure):
        match entry:
            case Graph():
                _panel(entry, figure, scopes)
            case Picture():
                _product(entry, figure, scopes)
            case model.Equations():
                for equation in entry.equations:
                    scopes.everywhere(entry, partial(_equation, equation, figure))
    if figure.card is not None:
        from lorafig.verify.figure import card

        card.run(figure.card, figure, collector)
    if figure.caption is not None:
        _caption(figure.caption, figure, scopes, _whole(figure, collector))
    if figure.legend is not False:
        from lorafig.verify.figure import legend

        legend.claims(figure, legend.spec_of(figure), scopes)
    if figure.lesson is not None:
        from lorafig.verify.figure import lesson

        collector.claims += lesson.claims(figure.lesson, figure, collector)
    for there in scopes.collectors.values():
        told = conventions.mixed(there.trees.values(), there.judge.symbols)
        if told is not None:
            collector.add(told, "rows and columns", figure.unverified, figure.where)
    if scene is not None:
        from lorafig.verify.figure import drawn

        drawn.check(figure, scene, scopes)
    if figure.strict:
        for text in collector.prose:
            answer = Answer("property", "undetermined", detail=PROSE_STRICT, hint=PROSE_HINT)
            collector.add(answer, text.text, text.unverified, text.where)
        collector.prose.clear()
    file = None if figure.where is None else figure.where.file
    learnt = {
        "judge": collector.judge,
        "scopes": scopes.judges(),
        "silent": tuple(collector.silent),
        "prose": tuple(collector.prose),
    }
    return replace(report(figure.id, file, hinted(figure, collector.claims)), **learnt)


def beside(figure: model.Figure, texts: Iterable[str]) -> Report:
    """The claims of texts beside the figure."""
    collector = begun(figure)
    collector.claims.clear()
    scopes, whole = Scopes(figure, collector, False), _whole(figure, collector)
    for text in texts:
        _caption(text, figure, scopes, whole)
    told = report(figure.id, None if figure.where is None else figure.where.file, collector.claims)
    return replace(told, prose=tuple(collector.prose))


def _whole(figure: model.Figure, collector: Collector) -> Standing:
    """What the figure shows, if all its panels show that."""
    stages = {standing(entry, collector).stage for entry in entries(figure) if isinstance(entry, Graph)}
    return Standing(stages.pop()) if len(stages) == 1 else NOWHERE


def _caption(text: str, figure: model.Figure, scopes: Scopes, whole: Standing) -> None:
    """A caption, each part of it of the panel, the branch or the colours that it points to."""
    from lorafig.verify.figure import places

    shown = [entry for entry in entries(figure) if not isinstance(entry, model.Equations)]
    where, excuse = getattr(text, "where", None), figure.unverified
    for number, piece in places.pieces(str(text), len(shown)):
        entry = None if number is None else shown[number]
        there = scopes.own if entry is None else scopes.of(entry.panel)
        stands = standing(entry, there) if isinstance(entry, Graph) else NOWHERE if entry else whole
        rest = places.pointed(piece, figure, there, where)
        if rest:
            source = text if rest == text else model.Source(rest, where)
            there.text(source, excuse, standing=stands, titled=True)


def standing(graph: Graph, collector: Collector) -> Standing:
    """What a panel shows: an adapter beside its weight, the merged weight, or the weight alone; None if
    none of them, or more than one."""
    symbols, stages = collector.judge.symbols, set()
    written = {symbol for node in graph.nodes.values() for symbol in node.symbols}
    for name in {symbols.canonical(key(collector.tree(symbol)) or "") for symbol in written}:
        if name in symbols.adapter.trainable:
            stages.add("training")
        elif name in symbols.adapter.frozen and name.startswith("W"):
            stages.add("base")
        elif symbols.knows(name) and symbols.dimension(name) is None and "W'" in symbols.adapter.defined:
            if name not in collector.merged:
                collector.merged[name] = _is_merged(name, collector)
            if collector.merged[name]:
                stages.add("merged")
    if "training" in stages:
        stages.discard("base")
    return Standing(stages.pop() if len(stages) == 1 else None)


def _is_merged(name: str, collector: Collector) -> bool:
    from lorafig.verify.decide import properties

    judge = collector.judge
    try:
        return properties.decided("merged", (name,), judge.symbols, judge.seed).verdict == "holds"
    except Doubt:
        return False


def _panel(graph: Graph, figure: model.Figure, scopes: Scopes) -> None:
    panel, collector, whole = graph.panel, scopes.of(graph.panel), figure
    figure = scoped(figure, panel)
    compared = None if panel.panel is None else contrasts.title(panel, whole)
    if compared is not None:
        collector.add(compared, str(panel.panel), figure.unverified)
    elif panel.panel is not None:
        collector.text(panel.panel, figure.unverified, standing=standing(graph, collector), titled=True)
    _times(panel, figure, collector)
    if panel.flow is not None:
        from lorafig.verify.figure import flow_labels

        flow_labels.own(graph, panel.flow, figure, collector)
    for element in elements(panel.stack):
        _element(element, collector)
    execute.claims(graph, figure, collector)
    if any(spec.opens is not None for spec in graph.specs().values()):
        from lorafig.verify.figure import opening

        opening.claims(graph, entries(whole), scopes)


def _times(panel: model.Panel, figure: model.Figure, collector: Collector) -> None:
    """How often what is on a panel is there."""
    if panel.times is not None:
        from lorafig.verify.figure import flow_labels

        flow_labels.often("what is on the panel is there", panel.times, figure.unverified, collector)


def _product(picture: Picture, figure: model.Figure, scopes: Scopes) -> None:
    from lorafig.verify.figure import product

    own, collector = scoped(figure, picture.panel), scopes.of(picture.panel)
    product.claims(picture, own, collector)
    _times(picture.panel, own, collector)


def _equation(equation: str | model.Equation, figure: model.Figure, collector: Collector) -> None:
    if isinstance(equation, str):
        collector.math(equation, None)
        return
    unverified = equation.unverified
    collector.math(equation.math, unverified)
    braces = equation.brace if isinstance(equation.brace, tuple) else (equation.brace,)
    for brace in braces:
        if brace is not None:
            _part(equation, brace, unverified, collector)


def _part(equation: model.Equation, brace: model.Brace, unverified: str | None, collector: Collector) -> None:
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
            said = collector.spoken(label, part)
            answer = collector.judge.labelled(part, label) if said is None else said
            if answer is WORDS_ALONE:
                collector.is_prose(brace.label, unverified, place_of(brace.label))
            else:
                collector.add(answer, text, unverified, place_of(brace.label))


def titled(name: str) -> str:
    """The title that `lorafig new` makes of a name: nobody wrote it to say anything."""
    return name.replace("-", " ").replace("_", " ").capitalize()


# What an element says by itself; what it does is `execute` ----------------------------------------


def _element(element: model.StackElement, collector: Collector) -> None:
    excuse = element.unverified
    match element:
        case model.Bar(bar=symbol, math=math):
            collector.label(symbol, symbol if math is None else math, excuse)
            geometry.bar(element, collector)
        case model.Square(square=symbol, math=math):
            collector.lines(element.text, excuse, symbol)
            collector.label(symbol, symbol if math is None else math, excuse)
            geometry.square(element, collector)
        case model.Trapezoid(trapezoid=symbol, math=math):
            collector.label(symbol, symbol if math is None else math, excuse)
            geometry.trapezoid(element, collector)
        case model.Bottleneck():
            _bottleneck(element, collector)
        case (
            model.Scale(scale=symbol, math=math)
            | model.Gate(gate=symbol, math=math)
            | model.Bias(bias=symbol, math=math)
        ):
            collector.label(symbol, symbol if math is None else math, excuse)
        case model.Sum(sum=terms):
            for term in terms if terms != "arrows" else ():
                collector.math(term, excuse)
        case model.Apply():
            for line in element.text:
                collector.text(line, excuse)
            if element.text:
                from lorafig.verify.figure import flow_labels

                flow_labels.applied(element.text, element.apply, excuse, collector)
        case model.Arrow(arrow=label) | model.Skip(skip=label):
            if label is not None:
                collector.math(label, excuse)
        case model.Split() | model.Repeat():
            pass  # its branches follow, and copies of what is repeated are run
        case _:
            assert_never(element)


def _bottleneck(bottleneck: model.Bottleneck, collector: Collector) -> None:
    for part, given in zip(trapezoids(bottleneck), bottleneck.bottleneck, strict=True):
        label = part.math if part.math is not None else part.trapezoid
        collector.label(part.trapezoid, label, part.unverified or bottleneck.unverified)
        if isinstance(given, model.Trapezoid):
            geometry.sides(part, collector)
    for source in bottleneck.math[len(bottleneck.bottleneck) :]:
        answer = Answer("geometry", "fails", detail="there is no trapezoid for this label")
        collector.add(answer, source, bottleneck.unverified)
    geometry.bottleneck(bottleneck, collector)
