"""What stands over several elements, a level, a group, a class of style or a node that opens into a panel:
what it says, it says of each of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from lorafig.graph.lower import entries
from lorafig.graph.structure import Graph
from lorafig.language.model import Figure, FlowNode, Source
from lorafig.notation.canonical import key
from lorafig.verify.decide.answer import Answer
from lorafig.verify.figure import rolewords
from lorafig.verify.figure.collector import Collector
from lorafig.verify.figure.scopes import Scopes
from lorafig.verify.read.lexicon import folded
from lorafig.verify.read.quoted import spaced


def over(
    title: str, graph: Graph, names: Iterable[str], unverified: str | None, collector: Collector
) -> None:
    """What words assert of the symbols of these nodes, and of what the words on them name: `Learned` over
    `Pretrained model` says that it is trained."""
    nodes = [graph.nodes[name] for name in names if name in graph.nodes]
    symbols = tuple(dict.fromkeys(symbol for node in nodes for symbol in node.symbols))
    if symbols:
        weights = [
            symbol for symbol in symbols if role_of(symbol, collector) not in (None, "input", "output")
        ]
        collector.called(title, weights or symbols, unverified)
        roundabout = rolewords.answer(str(title), weights or symbols, collector.judge.symbols)
        if roundabout is not None:
            collector.add(roundabout, title, unverified)
        _end(title, symbols, unverified, collector)
    for node in () if collector.says(title) else nodes:
        spec = node.spec
        if not isinstance(spec, FlowNode) or node.symbols:
            continue
        lines = spec.text if isinstance(spec.label, str) else (*spec.label, *spec.text)
        if lines:
            words = Source(f"{' '.join(map(str, lines))}: {title}", getattr(title, "where", None))
            collector.called(words, (), unverified)


_KINDS = {"data": "data", "activations": "data", "weights": "weights", "parameters": "weights"}
_ENDS = {"input": "input", "inputs": "input", "output": "output", "outputs": "output"}


def _end(title: str, symbols: Sequence[str], unverified: str | None, collector: Collector) -> None:
    """`Input` over what comes out, or `Output` over what comes in, is wrong."""
    words = folded(title)
    kinds(title, symbols, unverified, collector)
    said = _ENDS.get(words[0]) if len(words) == 1 else None
    due = role_of(symbols[0], collector) if len(symbols) == 1 else None
    if said is not None and due in ("input", "output") and said != due:
        name = spaced(collector.tree(symbols[0]))
        wrong = Answer("property", "fails", detail=f"{name} is the {due}", hint=f"it should read {due}")
        collector.add(wrong, title, unverified)


def kinds(title: str, symbols: Sequence[str], unverified: str | None, collector: Collector) -> None:
    """`Data` over weights, or `Weights` over what comes in, is wrong."""
    words = folded(title)
    kind = _KINDS.get(words[0]) if len(words) == 1 else None
    roles = {role_of(symbol, collector) for symbol in symbols} - {None}
    if kind is None or len(roles) != 1 or (kind == "data") is (roles <= {"input", "output"}):
        return
    due = "weights" if kind == "data" else "data"
    names = ", ".join(spaced(collector.tree(symbol)) for symbol in symbols)
    wrong = Answer("property", "fails", detail=f"{names}: they are {due}", hint=f"it should read {due}")
    collector.add(wrong, title, unverified)


def role_of(symbol: str, collector: Collector) -> str | None:
    """The role of a symbol of the figure; None if it has none."""
    known = collector.judge.symbols
    row = None if known.table is None else known.table.row(known.canonical(key(collector.tree(symbol)) or ""))
    return None if row is None else row.role


def levels(figure: Figure, scopes: Scopes) -> None:
    """The title and the note of a level, by themselves and of what stands on it in each panel."""
    graphs = [entry for entry in entries(figure) if isinstance(entry, Graph)]
    for level in figure.levels:
        for line in (level.title, level.note):
            if line is None:
                continue
            scopes.own.text(line, level.unverified)
            for graph in graphs:
                for branches in _standing(graph, str(level.name)):
                    _over_either(line, graph, branches, level.unverified, scopes.of(graph.panel))


def _over_either(
    title: str, graph: Graph, branches: list[list[str]], unverified: str | None, collector: Collector
) -> None:
    """Branches beside one another stand on one level: what is called `Adapters` there is one of them; what is
    said of their role is said of all."""
    if len(branches) > 1:
        alone = [Collector(collector.judge) for _ in branches]
        for names, heard in zip(branches, alone, strict=True):
            over(title, graph, names, unverified, heard)
        fitting = [heard for heard in alone if all(claim.verdict != "fails" for claim in heard.claims)]
        symbols = [symbol for names in branches for name in names for symbol in graph.nodes[name].symbols]
        if fitting and collector.names(title, symbols):
            collector.claims += fitting[0].claims
            return
    over(title, graph, [name for names in branches for name in names], unverified, collector)


def _standing(graph: Graph, level: str) -> list[list[list[str]]]:
    """What stands on a level in a panel: for each element its branches, and for each branch its nodes."""
    flowing: list[str] = []
    elements: dict[str, dict[str, list[str]]] = {}
    for name, node in graph.nodes.items():
        place, _, rest = name.partition(".")
        if isinstance(node.spec, FlowNode):
            if node.spec.level is not None and str(node.spec.level) == level:
                flowing.append(name)
        elif place.isdecimal():
            on = graph.panel.stack[int(place)].level
            if on is not None and str(on) == level:
                elements.setdefault(place, {}).setdefault(rest.partition(".")[0], []).append(name)
    return [*([[flowing]] if flowing else []), *(list(branches.values()) for branches in elements.values())]
