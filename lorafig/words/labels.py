"""The labels of one figure: as trees with their numbers filled in, and in words.

Nothing here fails on a label that the reader has accepted: what has no value stays as it is written,
and verification says why.
"""

from __future__ import annotations

from fractions import Fraction

from lorafig.errors import LorafigError
from lorafig.language.functions import Functions, with_functions
from lorafig.language.index import index
from lorafig.language.messages import listing
from lorafig.language.model import Figure, Marks, Numbers
from lorafig.language.scope import numbers_of
from lorafig.notation.numbers.arithmetic import evaluate
from lorafig.notation.numbers.shown import fill
from lorafig.notation.read.parse import parse_math, parse_text
from lorafig.notation.tree import Node, Run
from lorafig.notation.write.speech import text_to_speech, to_speech
from lorafig.words.blocks import Phrase, mathematics, spoken, text

_COMPUTED = "\\num"


class Labels:
    """Reads the labels of a figure."""

    __slots__ = ("_numbers", "_spoken", "_values", "functions")

    def __init__(self, figure: Figure) -> None:
        self._values = numbers_of(figure.model, figure.numbers.kilo)
        self._numbers: Numbers = figure.numbers
        self.functions = Functions(figure.model)
        self._spoken: dict[str, str] = {}

    def tree(self, source: str) -> Node:
        """The tree of a label of mathematics, its computed numbers filled in."""
        return self._read(parse_math(source), source)

    def runs(self, source: str) -> tuple[Run, ...]:
        """The runs of a text, the computed numbers in its mathematics filled in."""
        runs = parse_text(source)
        if _COMPUTED not in source and not self.functions:
            return runs
        return tuple(
            run if run.math is None else Run(run.text, self._read(run.math, source), run.bold, run.offset)
            for run in runs
        )

    def _read(self, node: Node, source: str) -> Node:
        node = with_functions(node, self.functions) if self.functions else node
        return self._filled(node) if _COMPUTED in source else node

    def math(self, source: str) -> Phrase:
        """A label of mathematics, to be written as such."""
        return mathematics(self.tree(source))

    def spoken(self, source: str) -> Phrase:
        """A label of mathematics and, in brackets, what is said for it."""
        return spoken(self.tree(source))

    def text(self, source: str) -> Phrase:
        """A text, its mathematics to be written as such."""
        return text(self.runs(source))

    def say(self, source: str) -> str:
        """A label of mathematics in words."""
        spoken = self._spoken.get(source)
        if spoken is None:
            spoken = self._spoken[source] = to_speech(self.tree(source))
        return spoken

    def say_text(self, source: str) -> str:
        """A text in words, on one line."""
        return " ".join(text_to_speech(self.runs(source)).split())

    def range(self, source: str) -> Phrase:
        """The range of an index: `$i$ from 3 to 7`, or the one value that there is."""
        over = index(source)
        ends = [mathematics(over.first), mathematics(over.last)]
        letter = mathematics(parse_math(over.letter))
        return (
            letter + " = " + ends[0]
            if over.first == over.last
            else letter + " from " + ends[0] + " to " + ends[1]
        )

    def say_range(self, source: str) -> str:
        """The range of an index in words."""
        over = index(source)
        first, last = to_speech(over.first), to_speech(over.last)
        return f"{over.letter} = {first}" if first == last else f"{over.letter} from {first} to {last}"

    def _filled(self, node: Node) -> Node:
        try:
            return fill(node, self._value, self._numbers.rounding, self._numbers.kilo)
        except LorafigError:
            return node

    def _value(self, body: Node) -> Fraction:
        return evaluate(body, self._values, self._numbers.kilo)


def quantity(number: int, noun: str, several: str | None = None) -> str:
    """`1 number`, `768 numbers`."""
    return f"{number:,} {noun if number == 1 else several if several is not None else noun + 's'}"


def marked(marks: Marks) -> str:
    """`rows 2 and 3`, `the cells (1, 2) and (3, 3)`."""
    lines = ((marks.rows, "row"), (marks.columns, "column"))
    said = [_places(places, word) for places, word in lines if places]
    cells = [*((place, place) for place in marks.diagonal), *marks.entries]
    if cells:
        several = listing([f"({', '.join(map(str, cell))})" for cell in cells], quote=False)
        said.append(f"{'cell' if len(cells) == 1 else 'cells'} {several}")
    return listing(said, quote=False)


def _places(places: tuple[int, ...], word: str) -> str:
    several = listing([str(place) for place in places], quote=False)
    return f"{word} {several}" if len(places) == 1 else f"{word}s {several}"
