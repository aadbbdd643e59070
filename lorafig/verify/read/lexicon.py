"""The words that speak of a model, by language: each language is a file of data in `languages/`.

A file has sorts of concepts, their values, and the phrases that stand for them. In a phrase `(a|b)` is one of
several words, `[a|b]` one or none; phrases that differ altogether are apart by `|`. Words are as `folded`
writes them: small letters, no hyphens, no apostrophes. English has more than 10,000 phrases, which take
longer to write out than a figure to draw: they are written out when a text has the word that they begin with.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from itertools import product

from msgspec import Struct
from msgspec.json import decode

from lorafig.pattern import Pattern

LANGUAGES = ("en", "zh", "ja", "ko", "de", "fr", "es")
UNSAID = ("method", "precision", "bytes")  # what names have, too
SHARED = ("method", "precision", "bytes")
LONGEST = 16  # words that a phrase may have
_SPELLINGS = {
    f"{stem}is": f"{stem}iz"
    for stem in (
        "initial",
        "optim",
        "normal",
        "quant",
        "factor",
        "regular",
        "stabil",
        "parametr",
        "parameter",
    )
}
_GROUP = Pattern(r"\(([^()]*)\)|\[([^\[\]]*)\]")
_CHOICE = Pattern(r"(?:[^|(\[]|\([^)]*\)|\[[^\]]*\])+")
_HEAD = Pattern(r"\s*(?:\[[^\]]*\]\s*)*(?:\([^)]*\)|[^\s(\[]+)?")
_WORD = re.compile(r"[^\W_]+(?:_[^\W_]+)*")


class Meaning(Struct, frozen=True):
    """What a phrase stands for: the sort of a concept, and which of its sort."""

    sort: str
    value: str


class Lexicon:
    """The phrases of a language, by their first words. `first`: a verb stands first in a sentence that tells
    what to do."""

    def __init__(self, table: Mapping[str, Mapping[str, Sequence[str]]]) -> None:
        said = [
            (Meaning(sort, value), line)
            for sort, values in table.items()
            for value, lines in values.items()
            for line in lines
        ]
        plain = _plain("\n".join(line for _, line in said))
        self.first = plain.isascii()
        self._starts: dict[str, list[tuple[str, Meaning]]] = {}  # not yet written out
        for (meaning, _), line in zip(said, plain.split("\n"), strict=True):
            for choice in _CHOICE.compiled().findall(line) if "(" in line or "[" in line else line.split("|"):
                for word in _heads(choice):
                    self._starts.setdefault(word, []).append((choice, meaning))
        self._written: dict[str, dict[tuple[str, ...], Meaning]] = {}

    def has(self, words: Sequence[str]) -> bool:
        """Whether there is a word of its own among them."""
        found = (self.at(words, place) for place in range(len(words)))
        return any(match is not None and match[0].sort not in UNSAID for match in found)

    def at(self, words: Sequence[str], place: int) -> tuple[Meaning, int] | None:
        """The longest phrase that begins at a place, and how many words it has."""
        if place < len(words) and words[place] in self._starts:
            phrases = self.beginning_with(words[place])
            for size in range(min(LONGEST, len(words) - place), 0, -1):
                meaning = phrases.get(tuple(words[place : place + size]))
                if meaning is not None:
                    return meaning, size
        return None

    def phrase(self, words: Sequence[str]) -> Meaning | None:
        """What these words together stand for."""
        if not words or words[0] not in self._starts:
            return None
        return self.beginning_with(words[0]).get(tuple(words))

    def beginning_with(self, word: str) -> Mapping[tuple[str, ...], Meaning]:
        """Phrases that begin with a word of the lexicon; where two lines say the same, the first holds."""
        phrases = self._written.get(word)
        if phrases is None:
            self._written[word] = phrases = {}
            for choice, meaning in self._starts[word]:
                for phrase in _expanded(choice):
                    words = tuple(phrase.split())
                    if words[:1] == (word,):
                        phrases.setdefault(words, meaning)
        return phrases


def folded(text: str) -> list[str]:
    """The words of a text as the lexicon has them; letters of languages without blanks one by one."""
    return _WORD.findall(_plain(text.replace("’", " ").replace("'", " ")))


def _plain(text: str) -> str:
    plain = text.casefold()
    for british, american in _SPELLINGS.items():
        plain = plain.replace(british, american)
    return plain if plain.isascii() or max(plain) < "⺀" else _unspaced().sub(r" \1 ", plain)


@cache
def _unspaced() -> re.Pattern[str]:
    return re.compile(r"([⺀-鿿가-힯぀-ヿ])")


@cache
def lexicon(language: str) -> Lexicon:
    table = _table(language)
    if language in LANGUAGES[1:]:  # names and units are the same in every language
        shared = _table("en")
        for sort in SHARED:
            table[sort] = {**table.get(sort, {})} | {
                value: [*lines, *table.get(sort, {}).get(value, [])] for value, lines in shared[sort].items()
            }
    return Lexicon(table)


def _table(language: str) -> dict[str, dict[str, list[str]]]:
    path = os.path.join(os.path.dirname(__file__), "languages", f"{language}.json")
    if not os.path.isfile(path):
        return {}
    with open(path, "rb") as file:
        return decode(file.read(), type=dict[str, dict[str, list[str]]])


def _heads(choice: str) -> list[str]:
    """The words that a phrase may begin with, and perhaps others."""
    if "(" not in choice and "[" not in choice:
        return choice.split(None, 1)[:1]
    head = _HEAD.match(choice)
    assert head is not None  # it may be empty
    return _GROUP.sub(r" \1 \2 ", head[0]).replace("|", " ").split()


def _expanded(choice: str) -> Iterator[str]:
    """Every way to write a phrase. Brackets stand in no others."""
    parts: list[Sequence[str]] = []
    at = 0
    for match in _GROUP.finditer(choice):
        several, optional = match.groups()
        parts += ((choice[at : match.start()],), (several or f"{optional}|").split("|"))
        at = match.end()
    return map("".join, product(*parts, (choice[at:],)))
