"""A claim by itself that gives no sizes: it speaks of any layer, and is decided at several that differ in
what is larger than what. It holds if it holds at all of them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from fractions import Fraction

from msgspec.structs import replace

from lorafig.core.adapter import Adapter
from lorafig.verify.report import Claim

# d, k, r and α: W is wide, tall and square, A and B together smaller than W and larger, α/r above 1 and
# below, the rank as large as either side, as nothing says that it is not.
LAYERS = (
    (60, 84, 6, 24),
    (96, 40, 32, 16),
    (36, 132, 12, 30),
    (12, 40, 12, 18),
    (40, 12, 12, 18),
    (48, 48, 8, 4),
)
_OF_ONE_MODEL = re.compile(r"\d{2}|\d\s?(?:[KMBTG%]|\\%|million|billion|thousand)")
Decide = Callable[[Mapping[str, int], Mapping[str, Fraction]], Claim]


def decided(
    text: str, adapter: Adapter, dims: Mapping[str, int], scalars: Mapping[str, Fraction], decide: Decide
) -> Claim | None:
    """The claim at sizes for those that are not given; None if it depends on them.

    One that is false at each may be true at others if it has a number that a model would have, `2,048
    parameters`: nothing is said of it then.
    """
    names = {size for shape in adapter.symbols.values() for size in shape}
    if not names <= {"d", "k", "r"} or dims:
        return None
    answers: list[Claim] = []
    for d, k, r, alpha in LAYERS:
        given = scalars or {"alpha": Fraction(alpha)}
        answers.append(decide({"d": d, "k": k, "r": r}, given if adapter.scale else scalars))
        if answers[-1].verdict != answers[0].verdict or answers[-1].verdict == "undetermined":
            return None
    claim = answers[0]
    if claim.verdict != "holds" and _OF_ONE_MODEL.search(text):
        return None
    return replace(claim, detail=f"{claim.detail or claim.verdict}, as at other sizes")
