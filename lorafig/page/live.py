"""Numbers on a page that follow the sliders, in its HTML and in its script."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from html import escape

from lorafig.notation.javascript import quoted, to_javascript
from lorafig.notation.tree import Computed, Node
from lorafig.page.layouts import shown
from lorafig.spec.model import Figure


@dataclass(slots=True)
class Numbers:
    """The numbers that the page computes, each once: its place in the script is what elements name."""

    figure: Figure
    values: dict[str, Fraction]
    known: dict[tuple[Node, str], int] = field(default_factory=dict)

    def index(self, body: Node, form: str) -> int:
        return self.known.setdefault((body, form), len(self.known))

    def live(self, computed: Computed) -> str:
        """A number that follows the sliders."""
        text = shown(computed.body, computed.form, self.values, self.figure)
        return f'<mn data-n="{self.index(computed.body, computed.form)}">{escape(text)}</mn>'

    def script(self) -> str:
        kilo = self.figure.numbers.kilo
        return ",".join(f"[v=>{to_javascript(body, kilo)},{quoted(form)}]" for body, form in self.known)
