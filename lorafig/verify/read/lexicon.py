"""The words that speak of a model, by language: each language is a file of data in `languages/`.

A file has sorts of concepts, their values, and the phrases that stand for them. In a phrase `(a|b)` is one of
several words, `[a|b]` one or none; phrases that differ altogether are apart by `|`. Words are as `folded`
writes them: small letters, no hyphens, no apostrophes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib.resources import files

from msgspec import Struct
from msgspec.json import decode

LANGUAGES = ("en", "zh", "ja", "ko", "de", "fr", "es")
UNSAID = ("method", "precision", "bytes")  # what names have, too
SHARED = ("method", "precision", "bytes")
_SPELLINGS = {"initialis": "initializ", "optimis": "optimiz", "normalis": "normaliz", "quantis": "quantiz"}
_UNSPACED = re.compile(r"([⺀-鿿가-힯぀-ヿ])")
_GROUP = re.compile(r"\(([^()]*)\)|\[([^\[\]]*)\]")


class Meaning(Struct, frozen=True):
    """What a phrase stands for: the sort of a concept, and which of its sort."""

    sort: str
    value: str


class Lexicon(Struct, frozen=True):
    """`phrases` are by their words; `longest` is the number of words of the longest."""

    phrases: Mapping[tuple[str, ...], Meaning]
    longest: int

    @property
    def first(self) -> bool:
        """Whether a verb stands first in a sentence that tells what to do."""
        return all(len("".join(words)) == len("".join(words).encode()) for words in self.phrases)

    def has(self, words: Sequence[str]) -> bool:
        """Whether there is a word of its own among them."""
        found = (self.at(words, place) for place in range(len(words)))
        return any(match is not None and match[0].sort not in UNSAID for match in found)

    def at(self, words: Sequence[str], place: int) -> tuple[Meaning, int] | None:
        """The longest phrase that begins at a place, and how many words it has."""
        for size in range(min(self.longest, len(words) - place), 0, -1):
            meaning = self.phrases.get(tuple(words[place : place + size]))
            if meaning is not None:
                return meaning, size
        return None


def folded(text: str) -> list[str]:
    """The words of a text as the lexicon has them; letters of languages without blanks one by one."""
    plain = text.casefold().replace("’", " ").replace("'", " ")
    for british, american in _SPELLINGS.items():
        plain = plain.replace(british, american)
    return re.findall(r"[^\W_]+(?:_[^\W_]+)*", _UNSPACED.sub(r" \1 ", plain))


@cache
def lexicon(language: str) -> Lexicon:
    path = files("lorafig.verify.read").joinpath("languages", f"{language}.json")
    source = path.read_bytes() if path.is_file() else b"{}"
    table = decode(source, type=dict[str, dict[str, list[str]]])
    if language in LANGUAGES[1:]:  # names and units are the same in every language
        shared = decode(
            files("lorafig.verify.read").joinpath("languages", "en.json").read_bytes(),
            type=dict[str, dict[str, list[str]]],
        )
        for sort in SHARED:
            table[sort] = {**table.get(sort, {})} | {
                value: [*lines, *table.get(sort, {}).get(value, [])] for value, lines in shared[sort].items()
            }
    phrases: dict[tuple[str, ...], Meaning] = {}
    for sort, values in table.items():
        for value, lines in values.items():
            meaning = Meaning(sort, value)
            for line in lines:
                for words in _written(line):
                    phrases.setdefault(tuple(folded(words)), meaning)
    phrases.pop((), None)
    return Lexicon(phrases, max(map(len, phrases), default=0))


def _written(line: str) -> Iterator[str]:
    """Every way to write a line."""
    for choice in _split(line):
        yield from _expanded(choice)


def _split(line: str) -> list[str]:
    """At `|` outside brackets."""
    parts, depth = [""], 0
    for char in line:
        depth += (char in "([") - (char in ")]")
        if char == "|" and depth == 0:
            parts.append("")
        else:
            parts[-1] += char
    return parts


def _expanded(line: str) -> Iterator[str]:
    match = _GROUP.search(line)
    if match is None:
        yield line
        return
    choices = match[1].split("|") if match[1] is not None else [*match[2].split("|"), ""]
    for choice in choices:
        yield from _expanded(f"{line[: match.start()]}{choice}{line[match.end() :]}")
