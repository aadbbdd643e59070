"""Words of English sentences by what they do in one: verbs with all their forms, and small words.

They are a file of data beside that of the phrases which every reader shares, in which stand those whom a
sentence speaks of, and adjectives that say that something is trained, frozen or random.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from functools import cache

from msgspec import Struct
from msgspec.json import decode

_FILE = os.path.join(os.path.dirname(os.path.dirname(__file__)), "languages", "en.grammar.json")


class _Data(Struct, frozen=True):
    verbs: dict[str, str]
    irregular: dict[str, str]
    words: dict[str, str]
    phrases: dict[str, str]
    near: dict[str, str]


@cache
def _data() -> _Data:
    with open(_FILE, "rb") as file:
        return decode(file.read(), type=_Data)


class Form(Struct, frozen=True):
    """A form of a verb; `done` if it may stand behind `is`."""

    name: str
    done: bool


@cache
def words(sort: str) -> frozenset[str]:
    return frozenset(_data().words[sort].split())


@cache
def phrases(sort: str) -> tuple[str, ...]:
    return tuple(sorted(_data().phrases[sort].split("|"), key=len, reverse=True))


@cache
def group(name: str) -> frozenset[str]:
    """Verbs that say the same, each in its first form."""
    return frozenset(_data().verbs[name].split())


@cache
def near() -> Mapping[tuple[str, ...], str]:
    """The relation that words before a number stand for."""
    return {tuple(said.split()): op for op, several in _data().near.items() for said in several.split("|")}


@cache
def verbs() -> Mapping[str, tuple[Form, ...]]:
    """The verbs that a word may be a form of."""
    forms: dict[str, list[Form]] = {}
    for name in dict.fromkeys(name for names in _data().verbs.values() for name in names.split()):
        for word in dict.fromkeys(_forms(name)):
            forms.setdefault(word, []).append(Form(name, _is_done(word, name)))
    return {word: tuple(several) for word, several in forms.items()}


def _forms(name: str) -> Iterator[str]:
    yield name
    if name in _data().irregular:
        yield from _data().irregular[name].split()
        return
    stem = name[:-1] if name[-1] == "e" else name + (name[-1] if name in words("doubled") else "")
    yield name + ("es" if name.endswith(("s", "x", "z", "ch", "sh")) else "s")
    yield stem + "ed"
    yield stem + "ing"


def _is_done(word: str, name: str) -> bool:
    if name not in _data().irregular:
        return word.endswith("ed")
    forms = [form for form in _data().irregular[name].split() if not form.endswith(("s", "ing"))]
    return word in forms[-1:] or word == "learned" or (word == name and name in ("set", "read", "cost"))
