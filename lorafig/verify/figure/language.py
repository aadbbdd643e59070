"""The words of a figure, wherever they stand, and the language that they are in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from lorafig.language import model
from lorafig.language.scope import panels
from lorafig.verify.read.concepts import language_of


def language_of_figure(figure: model.Figure) -> str:
    """The language of a figure, for those of its texts that are too short to say it: the one that most texts
    say, if these are a third of all."""
    said = [language_of(text) for text in texts(figure)]
    found = Counter(name for name in said if name != "en")
    name, many = found.most_common(1)[0] if found else ("en", len(said))
    return name if 3 * many >= len(said) else "en"


def texts(figure: model.Figure) -> Iterator[str]:
    """What stands on a figure in words."""
    shown = panels(figure)
    yield from _given(figure.title, figure.caption, *(panel.panel for panel in shown))
    for flow in (figure.flow, *(panel.flow for panel in shown)):
        if flow is None:
            continue
        for node in flow.nodes:
            label = () if isinstance(node.label, str) else (node.label,)
            yield from (" ".join(map(str, line)) for line in (*label, node.text) if line)
            yield from _given(node.note)
        yield from _given(*(group.title for group in flow.groups))
        yield from _given(*(edge.text for edge in flow.edges if isinstance(edge, model.Edge)))
    if figure.card is not None:
        yield from _given(figure.card.title)
        yield from (str(row.row if isinstance(row, model.CardRow) else row) for row in figure.card.rows)


def _given(*lines: str | None) -> Iterator[str]:
    return (str(line) for line in lines if line)
