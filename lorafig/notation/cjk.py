"""Words in other scripts: Cyrillic; Chinese, Japanese and Korean, and where blanks stand beside them."""

from __future__ import annotations

from bisect import bisect
from itertools import groupby, pairwise
from typing import Literal, TypeAlias

from msgspec import structs

from lorafig.notation.tree import Run

Script: TypeAlias = Literal["cjk", "cyrillic"]
# Ranges of code points, each with the first one after it: Hangul letters, numbers in circles, radicals to Yi,
# Hangul, compatibility and full-width forms, the later planes. (A pattern of these takes 10 ms to compile.)
_CJK = (
    0x1100, 0x1200, 0x2460, 0x2500, 0x2E80, 0x3000, 0x3001, 0xA4D0, 0xA960, 0xA980, 0xAC00, 0xD800,
    0xF900, 0xFB00, 0xFE30, 0xFE50, 0xFF01, 0xFFF0, 0x20000, 0x40000,
)  # fmt: skip
# Full-width signs, which bring their own white.
_PUNCTUATION = (
    0x3001, 0x3005, 0x3008, 0x3021, 0x3030, 0x3031, 0x303D, 0x303E, 0x30A0, 0x30A1, 0x30FB, 0x30FC,
    0xFE30, 0xFE50, 0xFF01, 0xFF10, 0xFF1A, 0xFF21, 0xFF3B, 0xFF41, 0xFF5B, 0xFF66, 0xFFE0, 0xFFF0,
)  # fmt: skip
# Classes of xeCJK 3.9 (section 'character classes'): no blank after the first, before the second, on
# either side of the third, unless one was typed.
_OPENING, _CLOSING, _EITHER = "([`{“‘", "!\"%'),.:;?]}”’…", "-/\\–—·•"

# Where no line may begin, and where none may end (GB/T 15834, JIS X 4051).
_NOT_FIRST = frozenset(
    "、。，．：；？！）］｝〉》」』】〕〗〙〛’”…‥·・ー゠–—～％‰℃々〻ゝゞヽヾぁぃぅぇぉっゃゅょゎゕゖァィゥェォッャュョヮヵヶ"
    ")]},.:;?!%"
)
_NOT_LAST = frozenset("（［｛〈《「『【〔〖〘〚‘“＄￥￡＃([{")

_MATHEMATICS = "\ufffc"  # stands for mathematics among characters; behaves as a letter


def is_cjk(char: str) -> bool:
    return bisect(_CJK, ord(char)) % 2 == 1


def has_cjk(text: str) -> bool:
    return not text.isascii() and any(map(is_cjk, text))


def script(char: str) -> Script | None:
    """The script of a character that the fonts for Latin letters lack; None for all others."""
    if is_cjk(char):
        return "cjk"
    return "cyrillic" if "\u0400" <= char < "\u0530" else None


def is_foreign(text: str) -> bool:
    return not text.isascii() and any(map(script, text))


def stretches(text: str) -> list[tuple[str, Script | None]]:
    """The text cut where another script begins and ends; each piece with its script."""
    return [("".join(chars), of) for of, chars in groupby(text, script)]


def breaks(left: str, right: str) -> bool:
    """Whether a line may end between two characters without a blank between them."""
    return (is_cjk(left) or is_cjk(right)) and right not in _NOT_FIRST and left not in _NOT_LAST


def blank(left: str, right: str, typed: bool) -> bool:
    """Whether a blank stands between two characters, where one was typed or not.

    As xeCJK has it: an ideograph and a Latin letter or a number are held apart by a blank, whether it was
    typed or not, and full-width punctuation takes none. Two ideographs (or Hangul words) keep a typed one.
    """
    if not is_cjk(left) and not is_cjk(right):
        return typed
    if bisect(_PUNCTUATION, ord(left)) % 2 or bisect(_PUNCTUATION, ord(right)) % 2:
        return False
    if typed or (is_cjk(left) and is_cjk(right)):
        return typed
    if is_cjk(left):
        return right not in _CLOSING and right not in _EITHER and not right.isspace()
    return left not in _OPENING and left not in _EITHER and not left.isspace()


def spaced(text: str) -> str:
    """The words with their blanks put in and taken out as `blank` says."""
    return text if not has_cjk(text) else spaced_runs((Run(text),))[0].text


def spaced_runs(runs: tuple[Run, ...]) -> tuple[Run, ...]:
    """The runs of a text with their blanks put in and taken out as `blank` says."""
    if not any(has_cjk(run.text) for run in runs):
        return runs
    texts = ["" for _ in runs]
    chars: list[tuple[str, int]] = []  # each with the number of its run
    for owner, run in enumerate(runs):
        chars += [(char, owner) for char in (run.text if run.math is None else _MATHEMATICS)]
    seen = [index for index, (char, _) in enumerate(chars) if char != " "]
    for _, owner in chars[: seen[0]]:
        texts[owner] += " "
    for here, following in pairwise([*seen, len(chars)]):
        char, owner = chars[here]
        if runs[owner].math is None:
            texts[owner] += char
        between = chars[here + 1 : following]
        if following == len(chars):
            for _, last in between:
                texts[last] += " "
            continue
        right, next_owner = chars[following]
        if blank(char, right, bool(between)):
            holder = between[0][1] if between else owner if runs[owner].math is None else next_owner
            texts[holder] += " "
    return tuple(
        run if run.math is not None else structs.replace(run, text=text)
        for run, text in zip(runs, texts, strict=True)
    )
