"""Sizes that a claim is about, given in front of it or behind: `for r = 16: 2dr = 24,576`, `if α is doubled`.

What is claimed is claimed of a model with these sizes, whatever the figure's are.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from msgspec import Struct

LONGEST = 400  # characters
_NAMES: Mapping[str, str] = {
    "r": r"(?:lora\s+)?rank(?:\s+r)?|r|lora_r",
    "alpha": r"(?:lora_|lora\s+)?alpha|α|\\alpha",
    "d": r"d|d_\{?model\}?|hidden\s+size",
}
_IS = r"\s*==?\s*|\s+(?:is|are|of|equals|set\s+to|is\s+set\s+to|is\s+equal\s+to|equal\s+to|were)\s+|\s+(?=\d)"
_VALUE = r"(?:(?:twice|half|double)\s+)?(?:the\s+)?(?:rank|alpha|[\dA-Za-zα\\](?:[\w·*/^²√\\]|\.\d|,\d{3})*)"
_FACTORS: Mapping[str, str] = {"doubled": "2", "tripled": "3", "quadrupled": "4", "halved": "1/2"}
_CHANGED = r"\s+(?:is|are|gets)\s+(?P<changed>doubled|halved|tripled|quadrupled)"
_WHEN = r"if|when|for|at|with|suppose|assume|assuming|say|given|setting|choosing|let|whenever|once|using"
_NUMBER = r"\d+(?:,\d{3})*(?:\.\d+)?"
_NUMBERS = rf"{_NUMBER}(?:(?:,\s+(?:and\s+)?|\s+and\s+|\s*/\s*){_NUMBER}\b)+"
_SIZE = r"(?:alpha|α|rank|r)"
_KEPT = (
    rf"(?:\s+(?:with|at|and|while|keeping)\s+(?:the\s+)?(?:(?:same|fixed)\s+{_SIZE}"
    rf"|{_SIZE}\s+(?:is\s+|stays\s+)?(?:fixed|unchanged|constant|kept|the\s+same)))?"
)


class Setting(Struct, frozen=True):
    """A size by its name, and its values as they are written: one, or a row of them."""

    name: str
    values: tuple[str, ...]


@cache
def _one() -> re.Pattern[str]:
    names = "|".join(f"(?P<{name}>{written})" for name, written in _NAMES.items())
    return re.compile(
        rf"(?:the\s+|an?\s+)?(?:{names})(?:{_CHANGED}|(?:{_IS})(?P<value>{_NUMBERS}|{_VALUE}(?!\w))){_KEPT}",
        re.IGNORECASE,
    )


def settings(text: str) -> tuple[tuple[Setting, ...], str] | None:
    """The sizes that a text is about, and what it says of them; None if it gives none."""
    if len(text) > LONGEST or re.search(r";|\.\s+[A-Z]", text) is not None:
        return None
    head = re.match(rf"\s*(?P<when>{_WHEN})\s+", text, re.IGNORECASE)
    at, found = (0 if head is None else head.end()), []
    while (match := _one().match(text, at)) is not None:
        found.append(_setting(match))
        at = match.end()
        more = re.compile(r"\s*(?:,\s*(?:and\s+)?|\s+and\s+(?:with\s+)?)(?=\S)").match(text, at)
        if more is None or _one().match(text, more.end()) is None:
            break
        at = more.end()
    behind = _behind().match(text, at)
    if (
        found
        and behind is not None
        and (head is not None or behind[0].strip() in (":", "⇒", "→", "\\Rightarrow"))
    ):
        return tuple(found), text[behind.end() :]
    if head is None and not found:
        return _at_end(text)
    return None


def _at_end(text: str) -> tuple[tuple[Setting, ...], str] | None:
    """`… the scaling is 1 if α = r`."""
    for head in re.finditer(r",?\s+(?:if|when|whenever|at|for)\s+", text, re.IGNORECASE):
        match = _one().match(text, head.end())
        if match is not None and re.fullmatch(r"\s*\.?", text[match.end() :]):
            return (_setting(match),), text[: head.start()]
    return None


@cache
def _behind() -> re.Pattern[str]:
    """What stands between a setting and what is said of it."""
    words = r"LoRA|DoRA|PiSSA|the|it|only|there|this|that|we|you|W|A|B|BA|an?|each|one|both|its?"
    return re.compile(rf"\s*(?::|,?\s+then\b|,|⇒|→|\\Rightarrow)\s*(?=\S)|\s+(?=(?:{words})\s)")


def _setting(match: re.Match[str]) -> Setting:
    name = next(name for name in _NAMES if match[name] is not None)
    if match["changed"] is not None:
        return Setting(name, (f"{_FACTORS[match['changed'].lower()]} {_symbol(name)}",))
    row = re.fullmatch(_NUMBERS, match["value"]) is not None
    values = re.split(r",\s+(?:and\s+)?|\s+and\s+|\s*/\s*", match["value"]) if row else [match["value"]]
    return Setting(name, tuple(map(_plain, values)))


def _plain(value: str) -> str:
    """`twice the rank` as `2 r`."""
    value = re.sub(r"^(?:twice|double)\s+", "2 ", value.strip(), flags=re.IGNORECASE)
    value = re.sub(r"^half\s+", "1/2 ", value, flags=re.IGNORECASE)
    value = re.sub(r"(?:the\s+)?\brank\b", "r", value, flags=re.IGNORECASE)
    return re.sub(r"(?:the\s+)?(?<!\\)\balpha\b", r"\\alpha", value, flags=re.IGNORECASE)


def _symbol(name: str) -> str:
    return r"\alpha" if name == "alpha" else name
