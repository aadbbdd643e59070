"""A verdict on a label, before it has a place and a text."""

from __future__ import annotations

from dataclasses import dataclass, replace

from lorafig.errors import Place
from lorafig.notation.tree import Node
from lorafig.verify.meaning.terms import Contradicted, Doubt, IllTyped
from lorafig.verify.report import Claim
from lorafig.verify.verdicts import SEVERITY, Kind, Verdict


@dataclass(frozen=True, slots=True)
class Answer:
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
        )


def doubtful(kind: Kind, doubt: Doubt) -> Answer:
    """Ill-typed where shapes do not go together, false where it cannot be, undetermined otherwise."""
    verdict: Verdict = "ill-typed" if isinstance(doubt, IllTyped) else "undetermined"
    if isinstance(doubt, Contradicted):
        verdict = "fails"
    return Answer(kind, verdict, detail=doubt.what, hint=doubt.hint)


def worst(answers: list[Answer]) -> Answer:
    """The worst of several answers, with the largest residual of all where they hold."""
    found = max(answers, key=lambda one: SEVERITY[one.verdict])
    measured = [one for one in answers if one.residual is not None]
    if found.verdict == "holds" and measured:
        largest = max(measured, key=lambda one: one.residual or 0.0)
        found = replace(found, residual=largest.residual, bound=largest.bound)
    return found
