"""Of the two factors, which is the larger."""

from __future__ import annotations

from lorafig.notation.read.parse import parse_math
from lorafig.verify.read.assertions import Assertion, Counted, Ratio
from lorafig.verify.read.clause import SUBJECTS, Clause, Context, subjects

_OTHER = {"A": "B", "B": "A"}
_LARGER = ("larger", "bigger", "greater", "smaller")


def larger(c: Clause, context: Context) -> list[Assertion] | None:
    """`A is the larger of the two factors`, `B is the smaller matrix`."""
    compares = [part for part in c.whole if part.sort == "compare"]
    if len(compares) != 1 or compares[0].text.lower() not in _LARGER:
        return None
    if not c.within("compare", "several", "factor", "all", *SUBJECTS):
        return None
    at = next(at for at, part in enumerate(c.whole) if part is compares[0])
    if at == 0 or c.whole[at - 1].text.lower() != "the" or c.has("formula"):
        return None
    if {part.value for part in c.of("subject")} - {"adapter", "factor"}:
        return None
    named = [part.value for part in c.of("matrix")] or [str(one) for one in context.own]
    if len(named) != 1 or named[0] not in _OTHER:
        return None
    about = subjects(c.of("matrix"))
    other = parse_math(_OTHER[named[0]])
    return [Ratio(Counted(subjects=about), Counted(subjects=(other,)), compares[0].value)]
