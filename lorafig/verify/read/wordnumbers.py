"""Numbers that are written out: `three million`, `one and a half million`, `a tenth`, `twice`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

from msgspec.structs import replace

from lorafig.notation.canonical import bare
from lorafig.notation.tree import Number
from lorafig.verify.read.token import Token

_ONES = (
    *(
        "zero",
        "one",
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
        "nine",
        "ten",
        "eleven",
        "twelve",
    ),
    *("thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
)
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
SMALL: Mapping[str, int] = {
    **{word: value for value, word in enumerate(_ONES) if value > 0},
    **{word: 10 * value for value, word in enumerate(_TENS, 2)},
}
LARGE: Mapping[str, str] = {"thousand": "K", "million": "M", "billion": "B", "trillion": "T"}
SHARES: Mapping[str, int] = {
    "half": 2, "third": 3, "quarter": 4, "fifth": 5, "sixth": 6, "eighth": 8, "tenth": 10, "hundredth": 100,
    "thousandth": 1000,
    "twelfth": 12, "sixteenth": 16, "twentieth": 20, "fiftieth": 50,
    "thirds": 3, "quarters": 4, "fifths": 5, "eighths": 8, "tenths": 10,
}  # fmt: skip
FACTORS: Mapping[str, int] = {
    "twice": 2, "thrice": 3, "double": 2, "triple": 3, "twofold": 2, "threefold": 3,
    "fourfold": 4,
    "fivefold": 5, "eightfold": 8, "tenfold": 10, "hundredfold": 100,
}  # fmt: skip
_PARTS: Mapping[str, int] = {"second": 2, "fourth": 4, "sixth": 6, "eighth": 8}  # of `a thirty-second`
_UNITS = {"percent": "%", "times": "×", "fold": "×"}


def written(tokens: Sequence[Token]) -> Iterator[Token]:
    """The tokens with a number in the place of its words."""
    at = 0
    while at < len(tokens):
        found = _number(tokens, at)
        if found is None:
            yield tokens[at]
            at += 1
            continue
        number, size = found
        first, last = tokens[at], tokens[at + size - 1]
        text = " ".join(token.text for token in tokens[at : at + size])
        yield replace(first, kind="number", text=text, stop=last.stop, node=number)
        at += size


def _word(tokens: Sequence[Token], at: int) -> str:
    if at >= len(tokens):
        return ""
    token = tokens[at]
    if token.kind == "mark" and token.text in "-‐‑":
        return "-"
    if token.kind == "math" and token.text == "A":  # `A hundredth of the parameters`
        return "a"
    return token.text.lower() if token.kind == "word" else ""


def _orders(tokens: Sequence[Token], at: int) -> tuple[Number, int] | None:
    """`an order of magnitude`, `two orders of magnitude`: so many powers of ten."""
    word = _word(tokens, at)
    power = 1 if word in ("a", "an", "one") else SMALL.get(word, 0)
    said = tuple(_word(tokens, at + place) for place in (1, 2, 3))
    if not 0 < power < 13 or said not in (("order", "of", "magnitude"), ("orders", "of", "magnitude")):
        return None
    return Number(str(10**power), "×"), 4


def _number(tokens: Sequence[Token], at: int) -> tuple[Number, int] | None:
    start, word = at, _word(tokens, at)
    node = tokens[at].node
    own = None if node is None else bare(node)
    if isinstance(own, Number) and own.unit == "" and (large := LARGE.get(_word(tokens, at + 1))) is not None:
        return replace(own, unit=large), 2  # `$4.2$ million`
    if word in FACTORS:
        return Number(str(FACTORS[word]), "×"), 1
    tens, dash, part = (_word(tokens, at + place) for place in (1, 2, 3))
    if word in ("a", "an", "one") and tens in _TENS and dash == "-" and part in _PARTS:
        return Number(f"1/{SMALL[tens] + _PARTS[part]}"), 4
    article = word in ("a", "an") and (_word(tokens, at + 1) in (*SHARES, *LARGE, "hundred", "dozen"))
    if article:
        at += 1
        word = _word(tokens, at)
    if word in SHARES and (article or word == "half"):
        if _word(tokens, at + 1) in (*LARGE, "precision"):
            return None
        if word == "half" and (_word(tokens, at + 1), _word(tokens, at + 2)) == ("a", "percent"):
            return Number("0.5", "%"), at + 3 - start
        rest = tuple(_word(tokens, at + place) for place in (1, 2, 3))
        if rest in (("of", "a", "percent"), ("of", "one", "percent")) and SHARES[word] in (
            2,
            4,
            5,
            8,
            10,
            100,
        ):
            return Number(f"{1 / SHARES[word]:g}", "%"), at + 4 - start
        return Number(f"1/{SHARES[word]}"), at + 1 - start
    orders = _orders(tokens, start)
    if orders is not None:
        return orders
    total, seen = Fraction(0), False
    if article:
        total, seen = Fraction(1), True
    unit = ""
    while True:
        word = _word(tokens, at)
        if word == "-" and seen and (_word(tokens, at + 1) in SMALL or _word(tokens, at + 1) == "fold"):
            at += 1
            continue
        if word in SMALL:
            if seen and (total % 10 != 0 or SMALL[word] >= 10) and total % 100 != 0:
                break
            total, seen = total + SMALL[word], True
        elif word == "hundred" and seen:
            total *= 100
        elif word == "dozen" and seen:
            total *= 12
        elif word == "and" and seen and _word(tokens, at + 1) == "a" and _word(tokens, at + 2) == "half":
            total += Fraction(1, 2)
            at += 2
        elif word in LARGE and seen and unit == "":
            unit = LARGE[word]
            at += 1
            break
        else:
            break
        at += 1
    if not seen:
        return None
    after = _word(tokens, at)
    if after in SHARES and unit == "" and total.denominator == 1:
        return Number(f"{total}/{SHARES[after]}"), at + 1 - start
    if after in _UNITS and unit == "":
        unit = _UNITS[after]
        at += 1
    if start + 1 == at and _word(tokens, start) == "one" and unit == "" and after not in ("byte", "bit"):
        return None  # `one matrix`, `each one`
    digits = str(total) if total.denominator == 1 else f"{float(total):g}"
    return Number(digits, unit), at - start
