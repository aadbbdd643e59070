"""The legend in words: what it explains."""

from __future__ import annotations

from collections.abc import Iterator

from lorafig.graph.lower import entries
from lorafig.graph.structure import Graph
from lorafig.language import model
from lorafig.language.scope import scoped
from lorafig.language.table import called, table
from lorafig.themes.legend import BADGES, LINES, WORDS

AREAS = {"frozen": "frozen", "random": "frozen", "trained": "trained", "merged": "merged"}


def explained(figure: model.Figure) -> list[str]:
    """The texts of the legend, colours before lines; none if the figure has no legend."""
    if figure.legend is False:
        return []
    spec = figure.legend if isinstance(figure.legend, model.Legend) else model.Legend()
    there = set(_there(figure))
    titles = [look.title for graph in _flows(figure) for look in graph.classes if look.title is not None]
    areas = [key for key in ("frozen", "trained", "merged", "activation", "plain") if key in there]
    said = [(getattr(spec, key) or WORDS.get(key)) for key in areas]
    lines = [(getattr(spec, key) or WORDS.get(key)) for key in LINES if key in there]
    return list(dict.fromkeys(text for text in (*said, *titles, *lines) if text is not None))


def _flows(figure: model.Figure) -> Iterator[model.Flow]:
    for entry in entries(figure):
        if isinstance(entry, Graph) and entry.panel.flow is not None:
            yield entry.panel.flow


def _there(figure: model.Figure) -> Iterator[str]:
    """The keys of what is on the figure."""
    for graph in entries(figure):
        if not isinstance(graph, Graph):
            continue
        known = table(scoped(figure, graph.panel).model)
        for node in graph.nodes.values():
            badge = node.spec.badge if isinstance(node.spec, model.FlowNode) else None
            rows = (known.row(called(symbol)) for symbol in node.symbols)
            roles = [row.role for row in rows if row is not None and row.role is not None]
            yield from (AREAS.get(role, "activation") for role in roles)
            if badge is not None and badge in BADGES:
                yield BADGES[badge]
            elif not roles:
                yield "plain"
        for edge in graph.edges:
            look = edge.look
            if graph.panel.flow is not None and (look is None or look.class_ is None):
                yield "data" if look is None else look.kind
