"""What came of a figure's claims: a verdict for each, in words, and as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from lorafig.errors import Place, Problem
from lorafig.notation.tree import Node
from lorafig.verify.verdicts import SEVERITY, Kind, Verdict

if TYPE_CHECKING:
    from lorafig.verify.decide.conditions import Condition
    from lorafig.verify.figure.known import Known

VERSION = 1


@dataclass(frozen=True, slots=True)
class Claim:
    """One claim with its verdict.

    `value` is what was computed, `shown` what the figure says, both as text; `residual` and `bound` are
    those of float64. `detail` says how it was decided or what is wrong, `hint` what it should read.
    `unverified` is the reason that its element gives for what cannot be decided. `tree` is the statement
    that was judged, if it is one. `condition` says at which sizes it holds: its value at those of the figure
    is the verdict.
    """

    where: Place | None
    text: str
    kind: Kind
    verdict: Verdict
    value: str | None = None
    shown: str | None = None
    residual: float | None = None
    bound: float | None = None
    detail: str | None = None
    hint: str | None = None
    unverified: str | None = None
    counterexample: str | None = None
    tree: Node | None = field(default=None, compare=False, repr=False)
    condition: Condition | None = field(default=None, compare=False, repr=False)

    @property
    def stands(self) -> bool:
        """Whether the figure may be drawn with it."""
        excused = self.verdict == "undetermined" and self.unverified is not None
        return self.verdict == "holds" or (excused and self.unverified != "")


@dataclass(frozen=True, slots=True)
class Report:
    """Every claim of one figure. The verdict is 'holds' where every claim does, or cannot be decided and
    its element says why; the worst of the others otherwise. `known` has the symbols of the figure with what
    `let` defines, the judge of its labels, and their trees. `silent` are claims that are told
    at other sizes: where they are false, or where what they follow on is so."""

    id: str
    file: str | None
    verdict: Verdict
    claims: tuple[Claim, ...]
    known: Known | None = field(default=None, compare=False, repr=False)
    silent: tuple[Claim, ...] = field(default=(), compare=False, repr=False)

    @property
    def unverified(self) -> tuple[Claim, ...]:
        """The claims that stand for the reason that their element gives."""
        return tuple(claim for claim in self.claims if claim.verdict == "undetermined" and claim.stands)

    def problems(self) -> tuple[Problem, ...]:
        """What keeps the figure from holding."""
        return tuple(
            Problem(_sentence(claim), claim.where, _hint(claim)) for claim in self.claims if not claim.stands
        )


def report(figure: str, file: str | None, claims: Iterable[Claim]) -> Report:
    """The claims with the verdict on all of them."""
    found = tuple(claims)
    worst: Verdict = "holds"
    for claim in found:
        if not claim.stands and SEVERITY[claim.verdict] > SEVERITY[worst]:
            worst = claim.verdict
    return Report(figure, file, worst, found)


def _sentence(claim: Claim) -> str:
    verb = {"fails": "does not hold", "ill-typed": "is ill-typed", "undetermined": "cannot be decided"}
    head = f"'{claim.text}' {verb[claim.verdict]}"
    return head if claim.detail is None else f"{head}: {claim.detail}"


def _hint(claim: Claim) -> str | None:
    if claim.hint is not None or claim.verdict != "undetermined":
        return claim.hint
    return "say on its element why it is true: unverified: …"


def claim_object(claim: Claim) -> dict[str, Any]:
    """A claim as JSON has it; a key without a value is None."""
    place = claim.where
    return {
        "where": None if place is None else str(place),
        "line": None if place is None else place.line,
        "column": None if place is None else place.column,
        "text": str(claim.text),
        "kind": claim.kind,
        "verdict": claim.verdict,
        "value": claim.value,
        "shown": claim.shown,
        "residual": claim.residual,
        "bound": claim.bound,
        "detail": claim.detail,
        "hint": claim.hint,
        "counterexample": claim.counterexample,
        "unverified": None if claim.unverified is None else str(claim.unverified),
    }


def claim_to_json(claim: Claim) -> str:
    """One claim, as `lorafig claim --json` prints it."""
    return json.dumps(claim_object(claim), indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def to_json(reports: Iterable[tuple[str | None, Report]]) -> str:
    """Reports by the names of their files, as `lorafig check --json` prints them."""
    figures = [
        {
            "id": str(one.id),
            "file": file if file is not None else one.file,
            "verdict": one.verdict,
            "claims": [claim_object(claim) for claim in one.claims],
        }
        for file, one in reports
    ]
    return (
        json.dumps({"version": VERSION, "figures": figures}, indent=2, ensure_ascii=False, allow_nan=False)
        + "\n"
    )
