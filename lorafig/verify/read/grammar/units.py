"""A sentence as a row of units: its words one by one, and what stands among them that is no word."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from msgspec import Struct

from lorafig.notation.read.parse import parse_math
from lorafig.verify.read.concept import Concept
from lorafig.verify.read.concepts import Kinds, article, mathematics, named
from lorafig.verify.read.grammar import lexis
from lorafig.verify.read.lexicon import Lexicon, folded
from lorafig.verify.read.token import Token


class Unit(Struct, frozen=True):
    """A word as the lexicon has it, or a mark; or with a `concept` a number, a name, or mathematics."""

    text: str
    start: int
    concept: Concept | None = None
    mark: bool = False


_WIDE = re.compile(r"(\d[\d,]*|[a-z])-dimensional")
_SIZES = frozenset({"r", "d", "k", "n", "m"})


def _acts(tokens: Sequence[Token], at: int) -> bool:
    """Whether a verb stands behind the A that is no article then: `A squeezes the input`."""
    verb = tokens[at + 1].text.lower()
    return tokens[at].text == "A" and verb.endswith("s") and verb in lexis.verbs()


def _extent(text: str, start: int, kinds: Kinds) -> Unit:
    """A number, or the symbol of a size."""
    node = parse_math(text)
    sort = "amount" if text[0].isdigit() else kinds(node) or "unknown"
    return Unit(text, start, Concept(sort, text if sort == "size" else "", text, start, node))


def units(tokens: Sequence[Token], known: Lexicon, kinds: Kinds) -> Iterator[Unit]:
    for at, token in enumerate(tokens):
        match token.kind:
            case _ if (wide := _WIDE.fullmatch(token.text)) is not None:
                yield from (_extent(wide[1], token.start, kinds), Unit("dimensional", token.start))
            case "word" if token.text in _SIZES and kinds(parse_math(token.text)) == "size":
                yield _extent(token.text, token.start, kinds)  # `a rank-r update`
            case "word":
                yield from (Unit(word, token.start) for word in folded(token.text))
            case "mark" if token.text in "-‐‑":
                pass
            case "mark":
                yield Unit(token.text, token.start, mark=True)
            case "number":
                assert token.number is not None
                concept = Concept("amount", token.number.unit, token.text, token.start, token.node)
                yield Unit(token.text, token.start, concept)
            case "memory":
                yield Unit(token.text, token.start, Concept("bytes", token.text, token.text, token.start))
            case "math" if article(tokens, at) and not _acts(tokens, at):
                yield Unit(token.text.lower(), token.start)
            case "math":
                yield from (Unit(part.text, token.start, part) for part in mathematics(token, kinds))
            case _:
                yield from (Unit(part.text, token.start, part) for part in named(token, known))
