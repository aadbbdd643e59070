"""Words on a figure: mathematics between `$…$` is a claim or names something, and a digit is a claim that
cannot be decided, unless it is a year, a citation or the number of something that is only named."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from lorafig.notation.read.parse import parse_text
from lorafig.notation.tree import Computed, Node, Number, Product, Symbol, Words
from lorafig.themes import venues

# A number that something is counted by is no name, whatever stands before it: `layer 99% fewer`.
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


@dataclass(frozen=True, slots=True)
class Piece:
    """Mathematics of a text with its source, or words that claim something (`math` is None). `compared` is
    the mathematics with the words behind it, where they say what a number by itself is a share of."""

    text: str
    offset: int
    math: Node | None
    compared: Node | None = None


# `32× fewer`, `97 % fewer parameters than …`, `0.4 % of the weights`: of the parameters, and of nothing else.
_COMPARED = (
    r"\s*((?:(?:trainable|trained)\s+)?(?:parameters|params|weights)\s+(?:fewer|less)\b"
    r"|(?:fewer|less)(?:\s+(?:trainable|trained))?(?:\s+(?:parameters|params|weights))?(?=\s*(?:[.,;:()\]]|than\b|\Z))"
    r"|of\s+(?:the|all(?:\s+the)?|its)(?:\s+(?:original|full|total))?\s+(?:parameters|params|weights)\b)"
)


def pieces(source: str) -> Iterator[Piece]:
    """What in a text has to be decided."""
    runs = parse_text(source)
    for place, run in enumerate(runs):
        if run.math is not None:
            end = run.offset + 1
            while source[end] != "$":
                end += 2 if source[end] == "\\" else 1
            after = runs[place + 1].text if place + 1 < len(runs) and runs[place + 1].math is None else ""
            text = source[run.offset + 1 : end].strip()
            yield Piece(text, run.offset, run.math, _compared(run.math, after))
        elif (words := claimed(run.text)) is not None:
            yield Piece(words, run.offset, None)


def _compared(node: Node, after: str) -> Node | None:
    """A number by itself with the words behind it: `32×` and `fewer`."""
    behind = re.match(_COMPARED, after, re.IGNORECASE)
    parts: tuple[Node, ...] = node.factors if isinstance(node, Product) else (node,)
    if behind is None or not isinstance(parts[0], (Number, Computed)):
        return None
    if any(not isinstance(part, Words) and part not in (Symbol("×"), Symbol("%")) for part in parts[1:]):
        return None
    gaps = ("",) * len(parts)
    return Product((*parts, Words(" " + " ".join(behind[1].lower().split()))), gaps, gaps)


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
