"""Signs in the words of a chart that no font for words has: badges, formulas, or nothing."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

from lorafig.errors import Place, Problem
from lorafig.language.model import Badge
from lorafig.typeset import coverage

BADGES: dict[str, Badge] = {
    **dict.fromkeys("❄🧊", "frozen"),
    **dict.fromkeys("🔥", "trainable"),
    **dict.fromkeys("🔒🔐", "lock"),
    **dict.fromkeys("💾", "save"),
    **dict.fromkeys("📊📁📂🗂📚🗄🗃", "data"),
    **dict.fromkeys("🤖🧠", "model"),
    **dict.fromkeys("🧩🔌", "adapter"),
    **dict.fromkeys("🔀", "merge"),
}  # fmt: skip
MARKS = "\ue000\ue001"  # private characters: bold words and formulas while a line is read
# Parts of an emoji that show nothing by themselves: joiners, forms, colours of skin.
PARTS = re.compile("[\u200d\ufe0e\ufe0f\u20e3\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f]")
_OTHERWISE = {
    "⟶": "→", "➜": "→", "➔": "→", "➡": "→", "⇄": "↔", "‑": "-", "‐": "-", "⩽": "≤", "⩾": "≥",
    "➕": "+", "➖": "−", "✖": "×",
}  # fmt: skip
_GROUP = re.compile(r"\(([^()]*)\)|\[([^\[\]]*)\]")
_BLANKED = re.compile(r"\S+")
_WORD = re.compile(r"[^\s,;:!?()\[\]]+(?:\([^()\s]*\))?")
_LONGEST = 7  # words of a formula among others


def badge(text: str) -> tuple[Badge | None, str]:
    """The badge that the first sign of a label says, and the words without that sign."""
    for at, char in enumerate(text):
        if char in BADGES:
            rest = text[at + 1 :].lstrip("\ufe0f\ufe0e")
            return BADGES[char], (text[:at].rstrip() + " " + rest.lstrip()).strip()
    return None, text


def formulas(line: str, is_formula: Callable[[str], bool], mark: str) -> str:
    """The words with `mark` around what is read as a formula because no font for words has a sign in it."""
    if not lacks(line):
        return line

    def group(match: re.Match[str]) -> str:
        inner = (match[1] or match[2] or "").strip()
        if lacks(inner) and is_formula(inner) and coverage.as_formula(inner):
            return match.group().replace(inner, f"{mark}{inner}{mark}")
        return match.group()

    # First from blank to blank, so that brackets stay in a formula that is around them.
    line = _marked(line, _BLANKED, is_formula, mark)
    for pattern in (_GROUP, _WORD):
        pieces = line.split(mark)
        for index in range(0, len(pieces), 2):
            words = pieces[index]
            pieces[index] = (
                _GROUP.sub(group, words) if pattern is _GROUP else _marked(words, pattern, is_formula, mark)
            )
        line = mark.join(pieces)
    return line


def _marked(words: str, pattern: re.Pattern[str], is_formula: Callable[[str], bool], mark: str) -> str:
    found = [match.span() for match in pattern.finditer(words)]
    done, text = 0, ""
    index = 0
    while index < len(found):
        start, end = found[index]
        if not lacks(words[start:end]):
            index += 1
            continue
        span = _widest(words, found, index, done, is_formula)
        if span is None:
            index += 1
            continue
        text += words[done : span[0]] + mark + words[span[0] : span[1]] + mark
        done = span[1]
        while index < len(found) and found[index][0] < done:
            index += 1
    return text + words[done:]


def _widest(
    words: str, found: list[tuple[int, int]], index: int, done: int, is_formula: Callable[[str], bool]
) -> tuple[int, int] | None:
    """Where the longest formula with a word in it begins and ends."""
    for size in range(_LONGEST, 0, -1):
        for first in range(max(0, index - size + 1), index + 1):
            if first + size > len(found) or found[first][0] < done:
                continue
            start, end = found[first][0], found[first + size - 1][1]
            text = words[start:end]
            if is_formula(text) and coverage.as_formula(text):
                bracketed = _GROUP.fullmatch(text) is not None  # an aside in brackets: these are of the words
                return (start + 1, end - 1) if bracketed else (start, end)
    return None


def lacks(text: str) -> bool:
    """Whether one of its characters is none of words: a sign of mathematics, or one that no font has. Marks
    of our own are passed over."""
    return any(coverage.is_mathematical(char) or not _there(char) for char in text)


def _there(char: str) -> bool:
    return coverage.in_words(char) or char in MARKS


def spelt(words: str, shown: str, where: Place, remarks: list[Problem], mark: str) -> str | None:
    """The words with every sign that the fonts lack written otherwise or left out, with a remark; None if
    letters are among them. `shown` is the label as remarks quote it."""
    words = PARTS.sub("", words)
    if all(map(_there, words)):
        return words
    kept: list[str] = []
    for char in words:
        if _there(char):
            kept.append(char)
        elif char in _OTHERWISE:
            kept.append(_OTHERWISE[char])
        elif coverage.as_formula(char):
            kept.append(f"{mark}{char}{mark}")
        elif (plain := unicodedata.normalize("NFKC", char)) != char and all(map(_there, plain)):
            form = unicodedata.decomposition(char)
            raised = form.startswith("<super>") and not plain.islower()
            kept.append(f"^{plain}" if raised else plain)  # 10⁴ is not 104
            if form.startswith("<sub>"):
                what = f"'{char}' stands as '{plain}': words have no lowered signs"
                if not any(remark.what == what for remark in remarks):  # once in a chart
                    remarks.append(Problem(what, where, code="chart"))
        elif unicodedata.category(char)[0] in "LM":
            what = f"no font here has the letter '{char}' (U+{ord(char):04X}): {shown} is left out"
            remarks.append(
                Problem(what, where, "write it in Latin, Cyrillic, Chinese, Japanese or Korean", code="chart")
            )
            return None
        else:
            what, hint = f"the sign '{char}' is left out: no font here has it", None
            if char in BADGES:
                what = f"the sign '{char}' is left out: a badge stands on a node, one at most"
                hint = f"give the nodes that it speaks of badge: {BADGES[char]}"
            if not any(remark.what == what for remark in remarks):  # once in a chart
                remarks.append(Problem(what, where, hint, code="chart"))
    return " ".join("".join(kept).split())
