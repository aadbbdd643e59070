"""Numbers on a page that follow the sliders, in its HTML and in its data."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from html import escape

from lorafig.language.model import Figure
from lorafig.notation.children import rebuild
from lorafig.notation.read.parse import parse_text
from lorafig.notation.tree import Computed, Node, Words
from lorafig.notation.write.plain import text_to_plain
from lorafig.notation.write.program import Program, to_program
from lorafig.page.layouts import shown
from lorafig.values import replace


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

    def plain(self, text: str) -> str:
        """A text in one line, with its numbers as the page begins."""

        def filled(node: Node) -> Node:
            if isinstance(node, Computed):
                return Words(shown(node.body, node.form, self.values, self.figure))
            return rebuild(node, filled)

        runs = parse_text(text)
        return text_to_plain(
            tuple(run if run.math is None else replace(run, math=filled(run.math)) for run in runs)
        )

    def data(self) -> list[tuple[Program, str]]:
        """The programs and the forms of all numbers, in their order."""
        return [(to_program(body, self.figure.numbers.kilo), form) for body, form in self.known]
