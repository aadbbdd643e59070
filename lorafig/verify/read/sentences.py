"""Sentences that say what a formula could: shapes, ranks and numbers in words, as the formulas they stand
for.

Every pattern is of the whole statement. A sentence that is none of these is left as it is, and is then
decided as mathematics, as a phrase of `phrases`, or not at all.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache

from lorafig.verify.read.quantities import OTHERS
from lorafig.verify.read.texts import turning

_NAME = r"(?:\\?[A-Za-zΔΛλ][A-Za-z0-9_'₀-₉{}\\ ]{0,24}?(?![A-Za-z0-9_]))"  # not the B of `BA is …`
_SIZE = r"(?:[A-Za-z0-9,]+(?:_\{?[A-Za-z0-9]+\}?)?)"
_SHAPE = (
    rf"(?:{_SIZE}\s*(?:×|x|\\times|-by-|by)\s*{_SIZE}|[(\[]\s*{_SIZE}\s*(?:,|×|x|\\times)\s*{_SIZE}\s*[)\]])"
)
_NUMBER = r"(?:[0-9][0-9,._]*(?:e[0-9]+)?\s*(?:[KMBT]\b|million\b|billion\b|thousand\b)?)"
_PARAMETERS = r"(?:parameters?|params?|weights|values|entries)"
_PER = r"(?:\s+(?:per|for each)\s+\w+)?"
_TOTAL = r"(?:the\s+)?(?:total\s+)?(?:number\s+of\s+)?"
_FEWER = r"(?:fewer|less|smaller|reduction|savings?|compression)"
_TRAINED = r"(?:trainable|trained|lora|adapter|learnable|tunable|new|added|additional|extra)"
_NEAR: Mapping[str, str] = {
    "≈": "about|around|roughly|approximately|approx.?|nearly|almost|some|~|≈|circa|ca.",
    ">": "over|more than|greater than|>",
    "≥": "at least|≥",
    "<": "under|below|less than|fewer than|<",
    "≤": "at most|up to|no more than|≤",
}
_QUALIFIED = rf"(?P<near>{'|'.join(re.escape(w) for v in _NEAR.values() for w in v.split('|'))})?\s*"
LONGEST = 400  # characters of a sentence
_MILLIONS: Mapping[str, str] = {"thousand": "K", "million": "M", "billion": "B"}


_SAYS = r"[=<>≤≥≪]|[0-9]|\b(?:is|are|was|and|but|if|when)\b"  # more than what is counted


@dataclass(frozen=True, slots=True)
class Sentence:
    """A pattern of a whole statement, and what it says: groups by name, in braces. `count` is the number of
    trained parameters as the adapter writes it, `near` the relation that a word such as `about` stands for
    ('' where there is none)."""

    pattern: str
    says: str


SENTENCES: tuple[Sentence, ...] = (
    # shapes
    Sentence(
        rf"(?:the\s+)?(?:matrix\s+)?(?P<name>{_NAME})\s*(?:,|is|has|of|with|:|being)?\s*"
        rf"(?:an?|of|has|with|have)?\s*(?:the\s+)?(?:shape|size|dimensions?)?\s*(?:of|is|:)?\s*(?:an?\s+)?"
        rf"(?P<shape>{_SHAPE})\s*(?:-?(?:dimensional|matrix|matrices|shape|in shape|in size))?",
        "{name}: {shape}",
    ),
    # how a matrix starts
    Sentence(
        rf"(?:the\s+)?(?:matrix\s+)?(?P<name>{_NAME})\s+(?:is|are|gets)?\s*(?:randomly\s+)?"
        r"(?:initiali[sz]ed|drawn|sampled|set)\s+(?:from|with|by|as|using|to|randomly|according\s+to|\s)+(?:an?\s+)?"
        r"(?P<law>(?:\\mathcal\s*\{?N\}?|𝒩|N|Normal|Gaussian)\s*\(.*\))",
        "{name} ~ {law}",
    ),
    Sentence(
        rf"(?P<name>{_NAME})\s+maps\s+(?:vectors\s+)?(?:from\s+)?(?P<source>\S+)\s+(?:in)?to\s+(?P<target>\S+)",
        "{name}: {source} → {target}",
    ),
    # ranks
    Sentence(
        r"(?:the\s+)?rank\s+of\s+(?P<name>.{1,40}?)\s+(?:is|=|does not exceed)\s*"
        r"(?P<near>at most|exactly|≤|less than or equal to)?\s*(?P<value>[A-Za-z0-9^ ]{1,12})",
        "rank({name}) {near} {value}",
    ),
    Sentence(
        r"(?:the\s+)?(?P<name>.{1,40}?)\s+(?:has|is of|have|is)\s+(?:a\s+)?rank[\s-]*"
        r"(?P<near>of at most|at most|exactly|of|≤)?\s*(?P<value>[A-Za-z0-9^]{1,12})",
        "rank({name}) {near} {value}",
    ),
    Sentence(r"(?:the\s+)?rank\s+(?P<name>r)\s*(?P<rest>(?:\\ll|\\leq?|≪|<|≤|=|<<).*)", "{name} {rest}"),
    # numbers of parameters
    Sentence(
        rf"{_TOTAL}(?:{_TRAINED}\s+)+{_PARAMETERS}{_PER}\s*(?::|=|is|are|\|\|)\s*{_QUALIFIED}(?P<value>{_NUMBER})",
        "{near} {value} trainable parameters",
    ),
    Sentence(
        rf"(?:the\s+)?(?:total\s+)?(?:number\s+of\s+)?{_PARAMETERS}\s*(?::|=|is|are)\s*{_QUALIFIED}(?P<value>{_NUMBER})",
        "{near} {value} parameters",
    ),
    Sentence(
        rf"{_TOTAL}(?:{_TRAINED}\s+)*{_PARAMETERS}{_PER}"
        r"\s*(?::|=|is|are)\s*(?P<value>(?=.*[A-Za-z]).*[=+*·×(].*|[a-z]{1,3})",
        "{count} = {value}",
    ),
    Sentence(
        rf"(?P<value>(?=.*[A-Za-z])(?=.*[+*·×(/^]|[0-9]?[a-z]{{1,3}}\s+t)[^=<>≤≥≪≫≈,;]+?)\s+"
        rf"(?:{_TRAINED}\s+)+{_PARAMETERS}",
        "{count} = {value}",
    ),
    Sentence(
        rf"(?:the\s+)?(?:full|original|frozen|base|total|pretrained|pre-trained|dense)\s+(?:weight\s+)?"
        rf"{_PARAMETERS}\s*(?::|=|is|are)\s*{_QUALIFIED}(?P<value>{_NUMBER})",
        "W: {value}",
    ),
    Sentence(
        rf"(?:only\s+|we\s+train\s+(?:only\s+)?|training\s+(?:only\s+)?|train(?:s)?\s+(?:only\s+)?)*{_QUALIFIED}"
        rf"(?P<value>{_NUMBER})\s+(?:{_TRAINED}\s+)*{_PARAMETERS}\s+(?:are|is|get|to be)\s+"
        r"(?:updated|trained|trainable|learned|tuned|fine-tuned|needed|required)",
        "{near} {value} trainable parameters",
    ),
    Sentence(
        rf"(?:the\s+)?(?:matri(?:x|ces)\s+)?(?P<names>[A-Z]\w{{0,2}}(?:\s*(?:,|and|&|\+)\s*[A-Z]\w{{0,2}})*)\s+(?:together\s+)?"
        rf"(?:have|has|contains?|holds?|adds?)\s+{_QUALIFIED}(?P<value>{_NUMBER})\s+{_PARAMETERS}",
        "{names}: {value}",
    ),
    # shares
    Sentence(r"trainable\s*%\s*(?::|=|is)\s*(?P<value>[0-9.]+)\s*%?", "{value}% of the parameters"),
    Sentence(
        rf"(?:lora\s+|it\s+|this\s+|only\s+|we\s+(?:only\s+)?train\s+|train(?:s|ing)?\s+(?:only\s+)?|with\s+|using\s+)*{_QUALIFIED}"
        rf"(?P<value>[0-9.]+)\s*\\?%\s+of\s+(?P<of>.*)",
        "{near} {value}% of the parameters",
    ),
    # times as few
    Sentence(
        rf"(?:lora\s+|this\s+|which\s+|it\s+)?(?:reduces?|cuts?|shrinks?|reducing|reduced|lowers?)\s+"
        rf"(?:the\s+)?(?:number\s+of\s+)?(?:{_TRAINED}\s+)*{_PARAMETERS}(?:\s+count)?\s+(?:by\s+)?"
        rf"(?:a\s+factor\s+of\s+)?{_QUALIFIED}(?P<value>[0-9][0-9,.]*)\s*(?:×|x|\\times|times|-fold|fold)?",
        "{near} {value}× fewer",
    ),
    Sentence(
        rf"(?:the\s+)?(?:savings?|reduction|compression)?\s*(?:of|is|:|=)?\s*(?:an?\s+)?{_QUALIFIED}"
        rf"(?P<value>[0-9][0-9,.]*)\s*(?:×|x|\\times|times|-fold|fold)\s*(?:a\s+)?"
        rf"{_FEWER}(?P<of>\s+.*)?",
        "{near} {value}× fewer",
    ),
    Sentence(
        rf"(?:the\s+)?(?:savings?|reduction)?\s*(?:of|is|:|=)?\s*(?:an?\s+)?{_QUALIFIED}"
        rf"(?P<value>[0-9][0-9,.]*)\s*\\?%\s*{_FEWER}(?P<of>\s+.*)?",
        "{near} {value}% fewer",
    ),
)


def statement(text: str, count: str, knows: Callable[[str], bool]) -> str:
    """The formula that a sentence stands for, the text itself where it is no such sentence. `count` is the
    number of trained parameters as the adapter writes it."""
    if len(text) > LONGEST:
        return text
    for pattern, says in _patterns():
        match = pattern.fullmatch(text.strip())
        if match is None:
            continue
        groups = {name: (value or "").strip() for name, value in match.groupdict().items()}
        if "name" in groups and not _is_symbols(groups["name"], knows):
            continue
        behind = groups.get("of", "")
        if re.search(_SAYS, behind) is not None or any(word in behind for word in OTHERS):
            continue
        if turning().search(behind + " " + groups.get("value", "")) is not None:
            return text
        value = groups.get("value", "")
        for word, unit in _MILLIONS.items():
            value = re.sub(rf"\s*{word}$", unit, value, flags=re.IGNORECASE)
        near = _relation(groups.get("near", ""))
        if says.startswith("rank") and near == "":
            near = "="
        if says.startswith("W") and near not in ("", "≈"):
            return text
        if "names" in groups:
            groups["names"] = re.sub(r"\s*(?:,|and|&)\s*", " + ", groups["names"])
        return says.format(**{**groups, "value": value, "near": near, "count": count}).strip()
    return text


def _relation(near: str) -> str:
    plain = near.lower().removeprefix("of ").strip()
    if plain == "less than or equal to":
        return "≤"
    for sign, words in _NEAR.items():
        if plain in words.split("|"):
            return sign
    return ""


def _is_symbols(text: str, knows: Callable[[str], bool]) -> bool:
    """Whether the text is a product of symbols: `BA`, `W_0`, `\\Delta W`."""
    plain = text.replace("\\Delta ", "Δ").replace("\\", "").replace("{", "").replace("}", "").strip()
    if plain == "" or re.search(r"[a-z]{3,}", plain.partition("_")[0]) is not None:
        return False
    return knows(plain) or all(
        knows(name) for name in re.findall(r"Δ?[A-Za-zλΛ](?:_[A-Za-z0-9]+)?'?[₀-₉]?", plain)
    )


@cache
def _patterns() -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple((re.compile(row.pattern, re.IGNORECASE), row.says) for row in SENTENCES)
