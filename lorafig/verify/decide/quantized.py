"""Bits per parameter that the constants of a quantized weight take: `32/64 = 0.5 bits per parameter`, `Double
quantization reduces the overhead from 0.5 to 0.127 bits per parameter`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction
from functools import cache

from lorafig.core.adapters.qlora import BLOCK, CONSTANTS
from lorafig.errors import LorafigError
from lorafig.notation.numbers import shown as numbers
from lorafig.notation.read.parse import parse_math
from lorafig.notation.tree import Number
from lorafig.verify.decide.answer import Answer
from lorafig.verify.meaning.shapes import elaborate
from lorafig.verify.meaning.symbols import Symbols
from lorafig.verify.meaning.terms import Doubt
from lorafig.verify.meaning.values import closed

LEVEL = 4  # bits of each entry
# A constant of 32 bits for each block; in two levels, one of 8 bits, and one of 32 for many of these.
ONCE = Fraction(32, BLOCK)
TWICE = Fraction(8, BLOCK) + Fraction(32, BLOCK * CONSTANTS)
_NUMBER = r"[0-9]+(?:\.[0-9]+)?"


@cache
def _patterns() -> Sequence[re.Pattern[str]]:
    """A fall from a number of bits to another, a number of bits, double quantization, constants, savings."""
    unit = (
        r"bits?(?:\s*(?:per|/|a|for each|for every)\s*(?:quantized\s+)?"
        r"(?:parameters?|params?|weights?|entry|entries|values?|numbers?)\b)?"
    )
    return tuple(
        re.compile(pattern, re.IGNORECASE)
        for pattern in (
            rf"(?:from )?(?P<many>{_NUMBER})\s*(?:bits? )?(?:(?:down )?to|→|->)\s*"
            rf"(?P<few>{_NUMBER})\s*{unit}",
            rf"(?:(?P<sum>[0-9(][-+0-9./·×*() ]*)\s*[=≈]\s*)?[≈~]?\s*(?P<bits>{_NUMBER})\s*{unit}",
            r"(?P<not>\b(?:without|before|no|single)\s+)?\bdouble[- ]quanti[sz](?:ation|ing|ed)\b",
            r"\b(?:overheads?|constants?|scales?|absmax|extra|adds?)\b",
            r"\b(?:sav(?:es?|ing)|less|fewer|by)\b",
        )
    )


# What says nothing more beside it.
_BESIDE = (
    r"an?|about|and|are|as|at|average|blocks|brings?|by|costs?|cuts?|down|each|effectively"
    r"|footprint|for|from|gives|has|have|in|is|its?|keeps?|kept|lowers?|make|makes|memory|model"
    r"|needs|nf4|of|on|only|parameters?|per|plus|qlora|quanti[sz]ation|quantized|reduces?"
    r"|reduced|shrinks|so|stores?|takes?|that|the|their|these|this|to|total|uses?|using"
    r"|weights?|which|with"
)


def answer(text: str, symbols: Symbols) -> Answer | None:
    """The answer on a text about the constants of QLoRA's weight; None for any other, and for one that has
    words that are none of this."""
    if "bit" not in text or symbols.adapter.name != "qlora":
        return None
    falls, bits, double, constants, saves = _patterns()
    twice, fell, said = double.search(text), falls.search(text), bits.search(text)
    number = fell or said
    about = (
        twice is not None or constants.search(text) is not None or (said is not None and bool(said["sum"]))
    )
    if number is None or not about:
        return None
    rest = double.sub(" ", text.replace(number[0], " ", 1))
    apart, saving = (sign.search(rest) is not None for sign in (constants, saves))
    words = re.findall(r"[^\W_]+", saves.sub(" ", constants.sub(" ", rest)))
    if any(re.fullmatch(_BESIDE, word, re.IGNORECASE) is None for word in words):
        return None
    once, more = (ONCE, LEVEL + ONCE), (TWICE, LEVEL + TWICE)
    if fell is not None:
        pairs = [pair for pair in zip(once, more, strict=True) if pair == (ONCE, TWICE) or not apart]
        true = any(_reads(one, fell["many"]) and _reads(two, fell["few"]) for one, two in pairs)
        return _told(true, f"{float(ONCE):.3g} to {float(TWICE):.3g}", f"{fell['many']} to {fell['few']}")
    assert said is not None
    known: tuple[Fraction, ...] = (*once, *more) if twice is None else once if twice["not"] else more
    known = (ONCE - TWICE,) if saving else tuple(value for value in known if value < LEVEL or not apart)
    if said["sum"]:
        value = _value(said["sum"], symbols)
        if value is None or (value not in known and _reads(value, said["bits"])):
            return None
        known = (value,)
    due = " or ".join(f"{float(value):.4g}" for value in known)
    return _told(any(_reads(value, said["bits"]) for value in known), due, said["bits"])


def _told(true: bool, due: str, shown: str) -> Answer:
    detail = f"a constant for {BLOCK} entries, and one for {CONSTANTS} constants: {due} bits per parameter"
    hint = None if true else f"it should read {due}"
    return Answer("count", "holds" if true else "fails", due, shown, detail=detail, hint=hint)


def _reads(value: Fraction, digits: str) -> bool:
    return numbers.reads(value, Number(digits))


def _value(source: str, symbols: Symbols) -> Fraction | None:
    try:
        return closed(elaborate(parse_math(source), symbols))
    except (Doubt, LorafigError):
        return None
