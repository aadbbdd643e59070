"""A verdict on a statement, before it has a place and a text."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct
from msgspec.structs import replace

from lorafig.verify.decide.conditions import FAILS, HOLDS, Condition, Open, every
from lorafig.verify.meaning.terms import Doubt, IllTyped
from lorafig.verify.verdicts import SEVERITY, Kind, Verdict


class Answer(Struct, frozen=True):
    """`value` is what was computed, `shown` what the figure says, both as text; `residual` and `bound` are
    those of float64. `detail` says how it was decided or what is wrong, `hint` what it should read.
    `assumed`: the figure takes it as true. `condition` says at which sizes it holds: its value at those of
    the figure is the verdict.
    """

    kind: Kind
    verdict: Verdict
    value: str | None = None
    shown: str | None = None
    residual: float | None = None
    bound: float | None = None
    detail: str | None = None
    hint: str | None = None
    counterexample: str | None = None
    assumed: bool = False
    condition: Condition | None = None

    @property
    def holds(self) -> Condition:
        """When it holds; an answer without a condition depends on names alone."""
        if self.condition is not None:
            return self.condition
        return Open() if self.verdict == "undetermined" else HOLDS if self.verdict == "holds" else FAILS


def doubtful(kind: Kind, doubt: Doubt) -> Answer:
    """Ill-typed if shapes do not go together, undetermined otherwise."""
    verdict: Verdict = "ill-typed" if isinstance(doubt, IllTyped) else "undetermined"
    return Answer(kind, verdict, detail=doubt.what, hint=doubt.hint)


def worst(answers: Sequence[Answer]) -> Answer:
    """The worst of several answers, with the largest residual of all if they hold; it holds if all do."""
    worst = max(answers, key=lambda answer: SEVERITY[answer.verdict])
    if len(answers) == 1:
        return worst
    measured = [answer for answer in answers if answer.residual is not None]
    if worst.verdict == "holds" and measured:
        largest = max(measured, key=lambda answer: answer.residual or 0.0)
        worst = replace(worst, residual=largest.residual, bound=largest.bound)
    if all(answer.condition is None for answer in answers):
        return worst
    return replace(worst, condition=every(answer.holds for answer in answers))
