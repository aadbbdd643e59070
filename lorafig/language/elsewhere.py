"""Words of other tools for keys and values, and how this language says them: a row of `elsewhere.json` is
what to write and the words for it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from msgspec import Struct

from lorafig.language import kinds, model
from lorafig.values import read_table

_Said = dict[str, tuple[str, ...]]


class _Table(Struct, frozen=True):
    """`keys` by the class that does not have them, and those of any `element`; `stack` are elements by other
    names, `points` sizes of letters, `values` choices, and `others` choices where the first is not admitted;
    `entries` are examples of an entry of a mapping of names, by its class."""

    keys: dict[str, _Said]
    element: _Said
    stack: _Said
    points: _Said
    values: _Said
    others: _Said
    entries: dict[str, str]


def _key(said: str) -> str | None:
    """The key that a row says to write; None for a sentence."""
    name, colon, _ = said.partition(": ")
    return name if colon and name.isidentifier() else None


@cache
def _table() -> _Table:
    return read_table(__file__, "elsewhere.json", _Table)


def _meant(said: Mapping[str, tuple[str, ...]], word: str) -> str | None:
    return next((instead for instead, words in said.items() if word in words), None)


def entry(cls: type) -> str | None:
    """An entry of a mapping of names to objects of a class, as an example."""
    return _table().entries.get(cls.__name__)


def key(cls: type, word: str) -> str | None:
    """What to write instead of a key that the class does not have."""
    for base in cls.__mro__:
        said = _table().keys.get(base.__name__, {})
        instead = _meant(said, word) or _meant(said, word.lower())
        if instead is not None:
            return instead
    if not issubclass(cls, model.Element):
        return None
    known = kinds.by_key(cls)
    rows = _table().element.items()
    return _meant({said: words for said, words in rows if _key(said) in (None, *known)}, word)


def element(word: str) -> str | None:
    """The element of a stack that is called by another word elsewhere."""
    return _meant(_table().stack, word.lower())


def like(word: str) -> str | None:
    """The role that a class of style is like, which a word stands for."""
    roles = ("plain", "frozen", "adapter", "merged", "activation", "note")
    if word == "trained" or choice(word, ["trained"]) is not None:
        return "adapter"
    return word if word in roles else choice(word, roles)


def points(word: str) -> str | None:
    """The size of letters that is called by a word elsewhere, in points."""
    return _meant(_table().points, word.lower().lstrip("\\"))


def choice(word: str, admitted: tuple[str, ...] | list[str]) -> str | None:
    """The one of the admitted words that is meant by another."""
    for said in (_table().values, _table().others):
        meant = _meant(said, word.lower())
        if meant in admitted:
            return meant
    return None


def colour(text: str) -> str | None:
    """A colour by its name, or in CSS's `rgb(…)`, as this language writes it."""
    import re

    numbers = re.fullmatch(r"\s*rgba?\(\s*(\d+)[\s,]+(\d+)[\s,]+(\d+).*\)\s*", text)
    if numbers is not None and all(int(part) < 256 for part in numbers.groups()):
        return "#" + "".join(f"{int(part):02X}" for part in numbers.groups())
    if re.fullmatch(r"[0-9A-Fa-f]{6}", text):
        return "#" + text.upper()
    if re.fullmatch(r"#[0-9A-Fa-f]{8}", text):
        return text[:7]
    if not text.replace(" ", "").isalpha():
        return None
    from matplotlib.colors import CSS4_COLORS  # heavy, and for errors alone

    named = CSS4_COLORS.get(text.lower().replace(" ", ""))
    return None if named is None else str(named)
