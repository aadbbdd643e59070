"""What came of a figure's claims: a verdict for each, in words, and as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from msgspec import Struct
from msgspec.structs import asdict

from lorafig.errors import Place, Problem
from lorafig.language.model import Scope
from lorafig.notation.tree import Node, Relation
from lorafig.pattern import Pattern
from lorafig.verify.decide.answer import Answer
from lorafig.verify.decide.judge import Judge
from lorafig.verify.verdicts import EQUATION, SEVERITY, Verdict

VERSION = 1


class Claim(Answer, frozen=True, kw_only=True):
    """What a text of the figure claims, with the verdict on it.

    `unverified` is the reason that its element gives for what cannot be decided. `tree` is the statement
    that was judged, if it is one.
    """

    text: str
    where: Place | None = None
    unverified: str | None = None
    tree: Node | None = None

    def __repr__(self) -> str:
        return f"<lorafig.Claim {str(self.text)!r}: {self.verdict}>"

    @property
    def stands(self) -> bool:
        """Whether the figure may be drawn with it."""
        excused = self.verdict == "undetermined" and self.unverified is not None
        return self.verdict == "holds" or (excused and self.unverified != "")


def placed(
    answer: Answer,
    text: str,
    where: Place | None = None,
    unverified: str | None = None,
    tree: Node | None = None,
) -> Claim:
    """The claim that a text of the figure makes."""
    fields = {**asdict(answer), "condition": answer.holds}
    return Claim(**fields, text=text, where=where, unverified=unverified, tree=tree)


class Report(Struct, frozen=True):
    """Every claim of one figure. The verdict is 'holds' where every claim does, or cannot be decided and
    its element says why; the worst of the others otherwise. `judge` has the symbols of the figure with what
    `let` defines; `scopes` are those of panels with a model of their own. `silent` are claims that are told
    at other sizes: where they are false, or where what they follow on is so. `prose` are the texts that claim
    nothing, which nobody checked."""

    id: str
    file: str | None
    verdict: Verdict
    claims: tuple[Claim, ...]
    judge: Judge | None = None
    scopes: Mapping[Scope, Judge] = {}
    silent: tuple[Claim, ...] = ()
    prose: tuple[Claim, ...] = ()

    def __repr__(self) -> str:
        return f"<lorafig.Report {self.id}: {self.verdict}, {len(self.claims)} claims>"

    def _repr_html_(self) -> str:
        """A table of all claims, as notebooks show it."""
        return to_html(str(self.id), self.verdict, (*self.claims, *self.prose))

    def to_data(self) -> dict[str, Any]:
        """The report as `lorafig check --json` has it for one figure."""
        return figure_object(self.file, self)

    @property
    def unverified(self) -> tuple[Claim, ...]:
        """The claims that stand for the reason that their element gives."""
        return tuple(claim for claim in self.claims if claim.verdict == "undetermined" and claim.stands)

    def problems(self) -> tuple[Problem, ...]:
        """What keeps the figure from holding, each reason once: a drawing that fails because of one of its
        labels is not reported again, nor is a text because of a part of it."""
        wrong = _once([claim for claim in self.claims if not claim.stands])
        told = {claim.detail for claim in wrong if claim.kind != "diagram" and claim.detail is not None}
        return tuple(
            Problem(_sentence(claim), claim.where, _hint(claim), code=claim_code(claim))
            for claim in wrong
            if claim.kind != "diagram" or not (claim.detail in told or _follows(claim, wrong))
        )


def _once(wrong: list[Claim]) -> list[Claim]:
    """The claims without those that say of a text what another says of a part of it, or of all of it: kept is
    the one whose place is the more exact, or of one place the longer one."""
    by_reason: dict[tuple[str | None, int], list[Claim]] = {}
    for claim in wrong:
        if claim.detail is not None and claim.where is not None:
            by_reason.setdefault((claim.detail, claim.where.line), []).append(claim)
    again = {
        id(claim)
        for claims in by_reason.values()
        for claim in claims
        if any(_says(other, claim) for other in claims if other is not claim)
    }
    # A label that two readings find wrong for one reason, as a text and as the drawing, is told once.
    # So is one of a symbol that is repeated, which is wrong in each copy.
    kept = {
        (claim.where, claim.kind, _of_any(claim.text), _of_any(claim.detail or "")): claim
        for claim in reversed(wrong)
    }.values()
    only = {id(claim) for claim in kept} | {id(claim) for claim in wrong if claim.where is None}
    return [claim for claim in wrong if id(claim) not in again and id(claim) in only]


_INDEX = Pattern(r"[₀-₉]+|_\w+|\^\(\w+\)")


def _of_any(text: str) -> str:
    """A text with one sign for every index in it."""
    return _INDEX.sub("·", str(text))


def _follows(drawing: Claim, wrong: list[Claim]) -> bool:
    """Whether a drawing is not decided because of an equation on it, which has a problem of its own."""
    labels = (
        str(claim.text) for claim in wrong if claim.kind != "diagram" and isinstance(claim.tree, Relation)
    )
    return drawing.detail == EQUATION and any(label in str(drawing.text) for label in labels)


def _says(claim: Claim, other: Claim) -> bool:
    """Whether a claim says what the other one does; both have one reason and stand on one line."""
    if claim.where == other.where:
        return len(claim.text) > len(other.text) and str(other.text) in str(claim.text)
    return len(claim.text) < len(other.text) and str(claim.text) in str(other.text)


def report(figure: str, file: str | None, claims: Iterable[Claim]) -> Report:
    """The claims with the verdict on all of them."""
    claims = tuple(claims)
    wrong = [claim.verdict for claim in claims if not claim.stands]
    worst: Verdict = max(wrong, key=SEVERITY.__getitem__, default="holds")
    return Report(figure, file, worst, claims)


def claim_code(claim: Claim) -> str:
    """What `lorafig explain` calls a claim that does not stand."""
    return "undecided" if claim.verdict == "undetermined" else f"claim-{claim.kind}"


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
        "code": None if claim.verdict in ("holds", "prose") else claim_code(claim),
        "verdict": claim.verdict,
        "value": claim.value,
        "shown": claim.shown,
        "residual": claim.residual,
        "bound": claim.bound,
        "detail": claim.detail,
        "hint": claim.hint,
        "counterexample": claim.counterexample,
        **({"assumed": True} if claim.assumed else {}),
        "unverified": None if claim.unverified is None else str(claim.unverified),
    }


def claim_to_json(claim: Claim) -> str:
    """One claim, as `lorafig claim --json` prints it."""
    return _written(claim_object(claim))


def to_json(reports: Iterable[tuple[str | None, Report]]) -> str:
    """Reports by the names of their files, as `lorafig check --json` prints them."""
    figures = [figure_object(file, report) for file, report in reports]
    return _written({"version": VERSION, "figures": figures})


def figure_object(file: str | None, report: Report) -> dict[str, Any]:
    """A figure as JSON has it."""
    return {
        "id": str(report.id),
        "file": file if file is not None else report.file,
        "verdict": report.verdict,
        "claims": [claim_object(claim) for claim in (*report.claims, *report.prose)],
    }


def to_html(name: str, verdict: str, claims: Iterable[Claim]) -> str:
    """Claims as a table: place, claim, verdict, and why or what it should read."""
    from html import escape

    rows = "".join(
        "<tr>" + "".join(f"<td>{escape(str(cell))}</td>" for cell in cells) + "</tr>"
        for claim in claims
        for cells in ((claim.where or "", claim.text, claim.verdict, claim.hint or claim.detail or ""),)
    )
    head = "<tr><th>place</th><th>claim</th><th>verdict</th><th>why</th></tr>"
    return f"<p><strong>{escape(name)}</strong>: {escape(verdict)}</p><table>{head}{rows}</table>"


def _written(data: dict[str, Any]) -> str:
    import json  # which a figure that is drawn has no use for

    return json.dumps(data, indent=2, ensure_ascii=False, allow_nan=False) + "\n"
