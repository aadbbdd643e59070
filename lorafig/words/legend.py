"""The legend in words: what it explains."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from lorafig.graph.lower import entries
from lorafig.graph.picture import Picture
from lorafig.graph.structure import Graph
from lorafig.language import model
from lorafig.language.scope import scoped
from lorafig.language.table import Made, called, made, table
from lorafig.notation.read.parse import parse_math
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
    if any(node.bits is not None for graph in _flows(figure) for node in graph.nodes):
        titles.append(spec.bit or WORDS["bit"])
    lines = [(getattr(spec, key) or WORDS.get(key)) for key in LINES if key in there]
    return list(dict.fromkeys(text for text in (*said, *titles, *lines) if text is not None))


def _flows(figure: model.Figure) -> Iterator[model.Flow]:
    for entry in entries(figure):
        if isinstance(entry, Graph) and entry.panel.flow is not None:
            yield entry.panel.flow


def _there(figure: model.Figure) -> Iterator[str]:
    """The keys of what is on the figure."""
    for entry in entries(figure):
        if isinstance(entry, model.Equations):
            continue
        known = table(scoped(figure, entry.panel).model)
        if isinstance(entry, Picture):
            factors = [factor.symbol for factor in entry.factors()]
            yield from _looks([made(parse_math(factor), known.rows) for factor in factors])
            continue
        for node in entry.nodes.values():
            badge = node.spec.badge if isinstance(node.spec, model.FlowNode) else None
            if badge is not None and badge in BADGES:
                yield BADGES[badge]
            rows = [known.row(called(symbol)) for symbol in node.symbols]
            yield from _looks([None if row is None else row.role for row in rows])
        for edge in entry.edges:
            look = edge.look
            if entry.panel.flow is not None and (look is None or look.class_ is None):
                yield "data" if look is None else look.kind


def _looks(roles: Sequence[Made | None]) -> Iterator[str]:
    """The keys of what has these roles; what has none is plain."""
    there = [role for role in roles if role is not None]
    yield from (AREAS.get(role, "activation") for role in there)
    if not there:
        yield "plain"
