"""What a claim by itself says of sizes that it does not give: it speaks of any layer, and is decided at
several that differ in what is larger than what. It is so if it is so at all of them; in words,
if it is so at those of a low rank.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction

from msgspec.structs import replace

from lorafig.verify.meaning.symbols import Symbols
from lorafig.verify.meaning.terms import Constant
from lorafig.verify.report import Claim

# d, k, r and α: W is wide, tall and square, A and B together smaller than W and larger, α/r above 1 and
# below, the rank larger than a side or both, as nothing says that it is not.
LAYERS = (
    (60, 84, 6, 24),
    (96, 40, 32, 16),
    (36, 132, 12, 30),
    (12, 40, 16, 18),
    (40, 12, 16, 18),
    (48, 48, 8, 4),
    (13, 17, 29, 7),
)
_OF_ONE_MODEL = re.compile(  # numbers that a model would have, and sizes that have a value
    r"\d{2}|[3-9]|\b[a-zα]\s*(?:=|is)\s*\d|\d\s?(?:[KMBTG%]|\\%|million|billion|thousand)"
)
# Of these the rank is low, as it is said to be of LoRA: A and B have fewer parameters than W.
LOW = ((60, 84, 6, 24), (96, 40, 4, 16), (36, 132, 12, 30), (48, 48, 8, 4))
# What is said in signs, or of each rank, has to be so of those that are not low too.
_STRICT = re.compile(
    r"[<>≤≥≪≫=$\\^]|\b(?:any|every|always|whatever|never|all|cannot|can't|must|guarante\w*|regardless|matter)\b",
    re.I,
)
Layer = Mapping[str, Fraction]  # values of d, k, r and α
Decide = Callable[[str, Layer], Claim]


def layers(symbols: Symbols, rows: Sequence[tuple[int, int, int, int]] = LAYERS) -> Iterator[Layer]:
    """Several values of those of d, k, r and α that have none; none if all have one."""
    open_ = [name for name in "dkr" if symbols.dimensions.get(name, 0) is None]
    if not open_ or symbols.whole[0] is not None:
        return
    if symbols.knows("α") and not isinstance(symbols.term("α"), Constant):
        open_.append("α")
    for layer in rows:
        sizes = dict(zip("dkrα", map(Fraction, layer), strict=True))
        yield {name: sizes[name] for name in open_}


def decided(text: str, symbols: Symbols, decide: Decide) -> Claim | None:
    """The claim at any layer; None if it is not the same at each. One that is false at each may be true at
    others if it has a number that a model would have, `2,048 parameters`: nothing is said of it then."""
    claims, where = _alike(text, layers(symbols), decide), "at any sizes"
    if not claims and _STRICT.search(text) is None:
        claims, where = _alike(text, layers(symbols, LOW), decide), "wherever the rank is far below d and k"
    if not claims or (claims[0].verdict != "holds" and _OF_ONE_MODEL.search(text) is not None):
        return None
    first = claims[0]
    detail = f"so {where}" if first.verdict == "holds" else first.detail
    return replace(first, value=None, shown=None, detail=detail, condition=None)


def _alike(text: str, there: Iterator[Layer], decide: Decide) -> list[Claim]:
    """The claim at each layer; none if they differ, or one is not decided."""
    claims: list[Claim] = []
    for layer in there:
        claims.append(decide(text, layer))
        if claims[-1].verdict != claims[0].verdict or claims[-1].verdict == "undetermined":
            return []
    return claims
