"""The statements of a sentence, as the notation writes them, and their trees."""

from __future__ import annotations

import re
from collections.abc import Callable

from lorafig.errors import LorafigError
from lorafig.notation.read.parse import parse_math
from lorafig.notation.tree import Node
from lorafig.verify.read import clauses, sentences, texts

_FONTS = r"\\(?:text|mathrm|mathbf|textbf|textit|emph)\{([^{}]*)\}"


class Reader:
    """What the statements of a sentence are, and their trees."""

    def __init__(self, count: str, knows: Callable[[str], bool]) -> None:
        self.count, self.knows = count, knows

    def statement(self, text: str) -> str:
        return sentences.statement(text, self.count, self.knows)

    def statements(self, text: str) -> list[str]:
        formula = self.statement(text)
        if formula != text:
            return [formula]
        body = clauses.heading(text)
        return [self.statement(part) for part in clauses.parts(body, self.states)]

    def states(self, text: str) -> bool:
        return clauses.states(text) or self.statement(text) != text

    def read(self, text: str) -> tuple[Node | None, LorafigError | None]:
        """The tree of a statement. One in words may be no mathematics: then what is wrong with it is kept."""
        begun = texts.at_start(plain_words(text))
        try:
            return parse_math(text if begun is None else begun), None
        except LorafigError as error:
            return None, error


def plain_words(text: str) -> str:
    """A claim as a sentence: words as they are read."""
    return re.sub(_FONTS, lambda match: match[1], text).replace("\\Delta ", "Δ")
