"""Words beside a formula: a digit among them is a claim, unless it is a year, a citation or the number of
something that is only named; some turn a statement round, and some say that it is so at the start."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from lorafig.themes import venues

# A number that something is counted by is not a name, whatever stands before it: `layer 99% fewer`.
_NO_QUANTITY = (
    r"(?!\d|\.\d|\s*(?:[%×]|x\b|[KMBT]\b|percent\b|times\b|fold\b|fewer\b|less\b|more\b|smaller\b|larger\b"
    r"|(?:\w+\s+){0,2}(?:param\w*|weights|entries|values|numbers)\b))"
)
# What digits may stand for without claiming anything.
_NAMED = (
    # Hu et al., 2021 · Hu and Wallis (2021a) · in 2021 · (2021) · © 2021 · 2021-06-17
    r"(?:\bet\s+al\.?|\band\s+[^\W\d_]+|&\s+[^\W\d_]+|\bin|\bof|\bsince|©|\(c\)|[(,;\[])\s*\(?(?:1[89]|20)\d\d[a-z]?\b",
    r"\b(?:1[89]|20)\d\d-\d\d(?:-\d\d)?\b",
    # figure 2 · sections 4.1 and 4.2 · eq. (3) · Table A1 · step 2 · v1.2
    r"(?:\b(?:figures?|figs?\.?|sections?|secs?\.?|tables?|tabs?\.?|equations?|eqs?\.?|eqns?\.?|chapters?"
    r"|chap\.?|appendix|appendices|algorithms?|alg\.?|steps?|stages?|phases?|parts?|panels?|pages?|pp?\.|no\.?"
    r"|versions?|vol\.?|volume|theorem|lemma|definition|example|exercise|line|layer|lesson)|§+)\s*\(?[A-Z]?\d+"
    r"(?:\.\d+)*[a-z]?\)?(?:\s*(?:,|-|–|and|to)\s*\(?\d+(?:\.\d+)*[a-z]?\)?)*",
    r"\bv\d+(?:\.\d+)*\b",
    # arXiv:2106.09685 · doi:10.1000/182 · [12]
    r"\barxiv:?\s*\d{4}\.\d{4,5}(?:v\d+)?\b",
    r"\bdoi:?\s*10\.\d+/\S+",
    r"\[\d+(?:\s*[,–-]\s*\d+)*\]",
    # CC0-1.0 · CC BY 4.0 · MIT
    r"\bCC0(?:[- ]1\.0)?\b|\bCC[- ]BY(?:-[A-Z]{2})*[- ]\d\.\d\b",
    r"\b(?:Apache|GPL|LGPL|BSD)[- ]?v?\d(?:\.\d)?\b",
    # 4-bit NormalFloat · NF4 · bf16
    r"\b4-bit\s+(?:NormalFloat|NF4)\b|\b(?:NF|FP|BF|INT|TF)\d{1,2}\b",
    # https://example.org/2106.09685
    r"\bhttps?://\S+",
    # GPT-3 · Llama-2 · ICLR 2022 · 1) and 1. at the beginning
    r"\b[^\W\d_]{2,}-\d+(?:\.\d+)?\b",
    r"\b(?:VENUES)\s*[’']?(?:\d\d){1,2}\b",
    r"^\s*\(?\d{1,2}[.)](?=\s)",
    # A + B: what a row is about
    r"^\s*[A-Z](?:\s*\+\s*[A-Z])+\s*:",
)
# Mathematics that its author left among the words.
_SIGNS = (
    r"[=<>≤≥≪≫≈≡×·⊗⊙∈∼ℝ𝒩²³√∑∏]|[A-Za-z]\s*[+−→]\s*[A-Z]{1,2}x?\b|\b[A-Z]{1,2}x?\s*-\s*[A-Z]{1,2}x?\b"
    r"|\b[dkr]\s*x\s*[dkr]\b"
)


CLAIMED = "words with a number or a sign of mathematics"


@cache
def _named(pattern: str) -> re.Pattern[str]:
    pattern = pattern.replace("VENUES", "|".join(venues.names(published=True)))
    return re.compile(f"(?:{pattern}){_NO_QUANTITY}", re.IGNORECASE)


def claimed(words: str) -> str | None:
    """The words, if there is a digit in them that claims something, or a sign of mathematics."""
    if not _claims(words):
        return None
    rest = words
    for pattern in _NAMED:
        rest = _named(pattern).sub(" ", rest)
        if not _claims(rest) and "://" not in rest:  # an address is all that the others could still find
            return None
    return words.strip() if _claims(rest) else None


def _claims(words: str) -> bool:
    digits = any(unicodedata.category(char) in ("Nd", "Nl", "No") for char in words)
    return digits or re.search(_SIGNS, words) is not None


# What turns a statement round, or limits it: beside it nothing is known of what is said.
_TURNING = (
    r"\b(?:not|never|no|none|nor|neither|cannot|can['’]t|isn['’]t|aren['’]t|doesn['’]t|don['’]t|won['’]t|false|wrong"
    r"|incorrect|incorrectly|untrue|unless|except|only|instead|without|rather|hardly|rarely|unlike|contrary|fails?|lie"
    r"|mistaken(?:ly)?|mistakes?|errors?|invalid|broken|misconceptions?|myth|bug|opposite|former|old|naive(?:ly)?|un[a-z]+ed)\b"
)
_START = (
    r"[,;:]?\s*\(?\b(?:(?:is\s+)?at\s+(?:the\s+)?(?:very\s+)?(?:start|beginning|init(?:iali[sz]ation)?)"
    r"(?:\s+of\s+(?:the\s+)?training)?|initially|before\s+training|when\s+training\s+(?:starts|begins)"
    r"|at\s+step\s+0|at\s+t\s*=\s*0)\b\)?\s*[,;:]?\s*"
)


@cache
def turning() -> re.Pattern[str]:
    return re.compile(_TURNING, re.IGNORECASE)


@cache
def _start() -> re.Pattern[str]:
    return re.compile(_START, re.IGNORECASE)


def at_start(words: str) -> str | None:
    """The words without `at the start of training`; None if they do not say so."""
    return _start().sub(_between, words).strip(" ,;:") if _start().search(words) is not None else None


def _between(match: re.Match[str]) -> str:
    """What parts the statement before from one behind."""
    stop = match[0].rstrip()[-1:]
    inside = match.start() > 0 and match.end() < len(match.string)
    return f"{stop} " if inside and stop in (",", ";") else " "
