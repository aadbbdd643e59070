"""Regular expressions of `rank_pattern` and `alpha_pattern`, without an engine that a stranger's could keep
busy.

Read are letters, `\\.`, `.`, `\\d`, `\\w`, `[0-9a]`, each with `+`, `*` or `?` behind it, and `(a|b)`. A
pattern of m pieces is tried on a name of n letters in m n steps.
"""

from __future__ import annotations

import string
from collections.abc import Collection, Iterator
from itertools import product

from msgspec import Struct

MAX_PATTERN = 500  # characters
MAX_CHOICES = 256  # ways through the alternatives of a pattern
_CLASSES = {"d": frozenset(string.digits), "w": frozenset(string.ascii_letters + string.digits + "_")}
_PLAIN = frozenset(string.ascii_letters + string.digits + "_- ")


class UnreadableError(ValueError):
    """A pattern that is not among those that are read."""


class _Piece(Struct, frozen=True):
    """Some characters (None: any), how often: at least `least` times (0 or 1), or `many`."""

    chars: Collection[str] | None
    least: int = 1
    many: bool = False


def fits(pattern: str, name: str) -> bool:
    """Whether a pattern means a module, as in PEFT: it fits the whole name, or what stands after one of its
    dots. Errors: UnreadableError."""
    whole = pattern.startswith("^")
    starts = {0} if whole else {0, *(place + 1 for place, char in enumerate(name) if char == ".")}
    body = pattern.removeprefix("^").removesuffix("$")
    return any(_fits(pieces, name, starts) for pieces in _ways(body))


def _fits(pieces: tuple[_Piece, ...], name: str, starts: set[int]) -> bool:
    places = starts
    for piece in pieces:
        after = set(places) if piece.least == 0 else set()
        for start in sorted(places):
            place = start
            while place < len(name) and (piece.chars is None or name[place] in piece.chars):
                place += 1
                if place in after and piece.many:
                    break  # the way on from there has been walked
                after.add(place)
                if not piece.many:
                    break
        places = after
    return len(name) in places


def _ways(pattern: str) -> Iterator[tuple[_Piece, ...]]:
    """The pattern without alternatives, once for each of them."""
    if len(pattern) > MAX_PATTERN:
        raise UnreadableError
    parts: list[list[tuple[_Piece, ...]]] = []
    ways, rest = 1, pattern
    while rest:
        before, opened, rest = _split(rest)
        parts.append([_pieces(before)])
        if opened is not None:
            choices = [_pieces(choice) for choice in opened.removeprefix("?:").split("|")]
            ways *= len(choices)
            if ways > MAX_CHOICES:
                raise UnreadableError
            parts.append(choices)
    for chosen in product(*parts):
        yield tuple(piece for pieces in chosen for piece in pieces)


def _split(pattern: str) -> tuple[str, str | None, str]:
    """What is before the first group, the group, and what is after it."""
    start = pattern.find("(")
    if start < 0:
        return pattern, None, ""
    end = pattern.find(")", start)
    inner, after = pattern[start + 1 : end], pattern[end + 1 :]
    if end < 0 or "(" in inner or after[:1] in ("*", "+", "?", "{"):
        raise UnreadableError
    return pattern[:start], inner, after


def _pieces(text: str) -> tuple[_Piece, ...]:
    pieces = []
    while text:
        chars, text = _first(text)
        mark = text[:1] if text[:1] in ("*", "+", "?") else "1"
        text = text.removeprefix(mark) if mark != "1" else text
        pieces.append(_Piece(chars, 1 if mark in ("1", "+") else 0, mark in ("*", "+")))
    return tuple(pieces)


def _first(text: str) -> tuple[Collection[str] | None, str]:
    """The characters that the first piece stands for, and the rest."""
    char, rest = text[0], text[1:]
    if char == ".":
        return None, rest
    if char == "\\" and rest:
        chars = _CLASSES.get(rest[0])
        if chars is None and rest[0] not in "._-":
            raise UnreadableError
        return chars or rest[0], rest[1:]
    if char == "[":
        inner, closed, rest = rest.partition("]")
        if closed and inner and not inner.startswith("^"):
            return _class(inner), rest
        raise UnreadableError
    if char in _PLAIN:
        return char, rest
    raise UnreadableError


def _class(inner: str) -> frozenset[str]:
    """`0-9a` between brackets."""
    chars: set[str] = set()
    place = 0
    while place < len(inner):
        char = inner[place]
        if not (char in _PLAIN or char == "."):
            raise UnreadableError
        if inner[place + 1 : place + 2] == "-" and place + 2 < len(inner):
            last = inner[place + 2]
            chars |= {chr(code) for code in range(ord(char), ord(last) + 1)} if last in _PLAIN else set()
            place += 3
        else:
            chars.add(char)
            place += 1
    return frozenset(chars)
