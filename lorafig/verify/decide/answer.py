"""A verdict on a label, before it has a place and a text."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct
from msgspec.structs import replace

from lorafig.errors import Place
from lorafig.notation.tree import Node
from lorafig.verify.decide.conditions import FAILS, HOLDS, Condition, Open, every
from lorafig.verify.meaning.terms import Doubt, IllTyped
from lorafig.verify.report import Claim
from lorafig.verify.verdicts import SEVERITY, Kind, Verdict


class Answer(Struct, frozen=True):
    """As `Claim`, which says what the fields are."""

    kind: Kind
    verdict: Verdict
    value: str | None = None
    shown: str | None = None
    residual: float | None = None
    bound: float | None = None
    detail: str | None = None
    hint: str | None = None
    counterexample: str | None = None
    condition: Condition | None = None

    @property
    def holds(self) -> Condition:
        """When it holds; an answer without a condition depends on names alone."""
        if self.condition is not None:
            return self.condition
        return Open() if self.verdict == "undetermined" else HOLDS if self.verdict == "holds" else FAILS

    def claim(
        self,
        text: str,
        where: Place | None = None,
        unverified: str | None = None,
        tree: Node | None = None,
    ) -> Claim:
        return Claim(
            where,
            text,
            self.kind,
            self.verdict,
            self.value,
            self.shown,
            self.residual,
            self.bound,
            self.detail,
            self.hint,
            unverified,
            self.counterexample,
            tree,
            self.holds,
        )


def doubtful(kind: Kind, doubt: Doubt) -> Answer:
    """Ill-typed if shapes do not go together, undetermined otherwise."""
    verdict: Verdict = "ill-typed" if isinstance(doubt, IllTyped) else "undetermined"
    return Answer(kind, verdict, detail=doubt.what, hint=doubt.hint)


def worst(answers: Sequence[Answer]) -> Answer:
    """The worst of several answers, with the largest residual of all if they hold; it holds if all do."""
    answer = max(answers, key=lambda answer: SEVERITY[answer.verdict])
    if len(answers) == 1:
        return answer
    measured = [one for one in answers if one.residual is not None]
    if answer.verdict == "holds" and measured:
        largest = max(measured, key=lambda one: one.residual or 0.0)
        answer = replace(answer, residual=largest.residual, bound=largest.bound)
    if all(one.condition is None for one in answers):
        return answer
    return replace(answer, condition=every(one.holds for one in answers))
