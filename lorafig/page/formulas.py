"""What stands beside the picture on a page: its equations, the rows of its card and its caption, as HTML.

There they reflow, are spoken, and follow the sliders; the picture is left to its panels.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from lorafig.errors import Place
from lorafig.graph.structure import headed
from lorafig.language.model import CardRow, Equation, Equations, Figure, Panel
from lorafig.notation.read.parse import parse_math
from lorafig.notation.write.mathml import text_html, to_mathml
from lorafig.page.live import Numbers
from lorafig.values import replace


@dataclass(frozen=True, slots=True)
class Formula:
    """An equation, a row of a card with the role whose colour it has, or the caption. `of` names the panels
    of an equation that speaks of some alone."""

    source: str
    math: bool
    like: str | None = None
    of: str | None = None

    @property
    def place(self) -> tuple[int, int, int] | None:
        """The line, the column and the length of what it says in the spec."""
        where: Place | None = getattr(self.source, "where", None)
        return None if where is None else (where.line, where.column, len(self.source))

    def html(self, numbers: Numbers) -> str:
        if self.math:
            return to_mathml(parse_math(self.source), numbers.live)
        return text_html(self.source, numbers.live)


def pictured(figure: Figure) -> Figure:
    """The figure without what stands beside its picture."""
    panels = tuple(entry for entry in figure.row if isinstance(entry, Panel))
    wrap = figure.wrap
    if isinstance(wrap, tuple) and panels:
        rest = iter(figure.row)
        held = [sum(isinstance(next(rest), Panel) for _ in range(line)) for line in wrap]
        wrap = tuple(line for line in held if line > 0)
    return replace(figure, card=None, caption=None, row=panels or figure.row, wrap=wrap)


def formulas(figure: Figure) -> tuple[Formula, ...]:
    """All of them, from left to right and from top to bottom."""
    return tuple(_formulas(figure))


def _formulas(figure: Figure) -> Iterator[Formula]:
    panels = {str(one.name): str(headed(one)) for one in figure.row if isinstance(one, Panel)}
    if panels:
        for entry in figure.row:
            if isinstance(entry, Equations):
                of = " and ".join(panels[name] for name in map(str, entry.of) if name in panels)
                for one in entry.equations:
                    yield Formula(one.math if isinstance(one, Equation) else one, True, of=of or None)
    for row in () if figure.card is None else figure.card.rows:
        yield Formula(row.row, False, row.like) if isinstance(row, CardRow) else Formula(row, False)
    if figure.caption is not None:
        yield Formula(figure.caption, False, "caption")
