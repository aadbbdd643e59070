"""What the first step of training moves: B alone, as the gradient of A is zero where B is."""

from __future__ import annotations

from lorafig.verify.read.assertions import Assertion, FirstStep
from lorafig.verify.read.clause import SUBJECTS, Clause, Context, negated, subjects

_STEPS = ("step", "update", "iteration", "backward")


def first_step(c: Clause, context: Context) -> list[Assertion] | None:
    """`At step 0 the gradient of A is zero`, `in the first update only B moves`, `A gets no gradient yet`."""
    gradient = any(part.sort == "role" and part.text.lower().startswith("gradient") for part in c.parts)
    stepped = any(part.sort == "start" and _is_step(part.text.lower()) for part in c.whole)
    goes_on = any(isinstance(one, FirstStep) for one in context.last)
    if not (stepped or goes_on or (gradient and (c.has("start") or context.begun))):
        return None
    if not c.within("start", "role", "law", "neg", "only", "all", "method", *SUBJECTS):
        return None
    laws, roles = {part.value for part in c.of("law")}, {part.value for part in c.of("role")}
    about = subjects([part for part in c.parts if part.value != "model"])
    if (
        laws - {"zero"}
        or roles != {"trained"}
        or not about
        or (laws and not gradient)
        or len(c.of("law")) > 1
    ):
        return None
    if {part.value for part in c.of("method")} - {context.method} or (laws and "comma" in c.marks):
        return None  # `B is zero at the start, A gets no gradient in the first step` is of both
    moves = bool(laws) == negated(c.parts)
    return [FirstStep(about, moves, c.has("only"))]


def _is_step(text: str) -> bool:
    return any(word in text for word in _STEPS) and not text.startswith("before")
