"""What stands over several elements, a level, a group, a class of style or a node that opens into a panel:
what it says, it says of each of them."""

from __future__ import annotations

from collections.abc import Iterable

from lorafig.graph.lower import entries
from lorafig.graph.structure import Graph
from lorafig.language.model import Figure, FlowNode, Source
from lorafig.verify.figure.collector import Collector
from lorafig.verify.figure.scopes import Scopes


def over(
    title: str, graph: Graph, names: Iterable[str], unverified: str | None, collector: Collector
) -> None:
    """What words assert of the symbols of these nodes, and of what the words on them name: `Learned` over
    `Pretrained model` says that it is trained."""
    nodes = [graph.nodes[name] for name in names if name in graph.nodes]
    symbols = tuple(dict.fromkeys(symbol for node in nodes for symbol in node.symbols))
    if symbols:
        collector.called(title, symbols, unverified)
    for node in nodes:
        spec = node.spec
        if not isinstance(spec, FlowNode) or node.symbols:
            continue
        lines = spec.text if isinstance(spec.label, str) else (*spec.label, *spec.text)
        if lines:
            words = Source(f"{' '.join(map(str, lines))}: {title}", getattr(title, "where", None))
            collector.called(words, (), unverified)


def levels(figure: Figure, scopes: Scopes) -> None:
    """The title and the note of a level, by themselves and of what stands on it in each panel."""
    graphs = [entry for entry in entries(figure) if isinstance(entry, Graph)]
    for level in figure.levels:
        for line in (level.title, level.note):
            if line is None:
                continue
            scopes.own.text(line, level.unverified)
            for graph in graphs:
                names = _standing(graph, str(level.name))
                over(line, graph, names, level.unverified, scopes.of(graph.panel))


def _standing(graph: Graph, level: str) -> list[str]:
    """The nodes of a panel that stand on a level."""
    found: list[str] = []
    for name, node in graph.nodes.items():
        place = name.split(".")[0]
        if isinstance(node.spec, FlowNode):
            on = node.spec.level
        else:
            on = graph.panel.stack[int(place)].level if place.isdecimal() else None
        if on is not None and str(on) == level:
            found.append(name)
    return found
