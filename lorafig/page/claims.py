"""The claims of a figure as the page has them: what is said, and at which settings it holds."""

from __future__ import annotations

from dataclasses import dataclass

from lorafig.errors import LorafigError
from lorafig.language.model import Figure
from lorafig.notation.tree import Node
from lorafig.page.conditions import values_at
from lorafig.page.setting import Setting, figure_at, methods, start
from lorafig.values import replace
from lorafig.verify import verify
from lorafig.verify.decide.conditions import FAILS, HOLDS, Condition, Fixed, Open, every
from lorafig.verify.decide.settled import settled
from lorafig.verify.report import Claim, Report
from lorafig.verify.verdicts import Kind

Key = tuple[int, int, str]  # line, column and text: what stands in one place is one statement


@dataclass(frozen=True, slots=True)
class Statement:
    """A claim, and for each method of the page the condition under which it holds."""

    text: str
    kind: Kind
    line: int
    column: int
    tree: Node | None
    conditions: tuple[Condition, ...]
    unverified: str | None = None

    @property
    def constant(self) -> bool:
        """Whether it is the same at every setting."""
        return len(set(self.conditions)) == 1 and isinstance(self.conditions[0], Fixed)

    @property
    def stands(self) -> bool:
        return self.conditions[0] != FAILS


def told(report: Report) -> tuple[Statement, ...]:
    """The statements of a figure without controls, as verification left them."""
    return tuple(_statement(claim, (Fixed(claim.stands),)) for claim in report.claims)


def statements(figure: Figure) -> tuple[Statement, ...]:
    """Every claim of the figure (a lesson's apart), with the condition that it has under each method."""
    figure, begin = replace(figure, lesson=None), start(figure)
    offered = [_said(figure, replace(begin, method=method)) for method in methods(figure)]
    claims: dict[Key, Claim] = {}
    for said in offered:
        for key, (claim, _) in (said or {}).items():
            claims.setdefault(key, claim)
    return tuple(
        _statement(
            claim, tuple(Open() if said is None else said.get(key, (claim, HOLDS))[1] for said in offered)
        )
        for key, claim in claims.items()
    )


def _said(figure: Figure, setting: Setting) -> dict[Key, tuple[Claim, Condition]] | None:
    """What is said under a method; None if the figure cannot even be read under it."""
    try:
        report = verify(figure_at(figure, setting), floating=False)
    except LorafigError:
        return None
    claims: dict[Key, list[Claim]] = {}
    for claim in report.claims:
        claims.setdefault(_key(claim), []).append(claim)
    for claim in report.silent:  # it is told only where it is false
        claims.setdefault(_key(claim), []).append(claim)
    known = frozenset(values_at(setting))
    return {key: (same[0], settled(every(map(_condition, same)), known)) for key, same in claims.items()}


def _condition(claim: Claim) -> Condition:
    return HOLDS if _excuse(claim) is not None else claim.holds


def _statement(claim: Claim, conditions: tuple[Condition, ...]) -> Statement:
    line, column, text = _key(claim)
    return Statement(text, claim.kind, line, column, claim.tree, conditions, _excuse(claim))


def _excuse(claim: Claim) -> str | None:
    """The reason that is given for what cannot be decided."""
    if claim.assumed:
        return "assumed"
    return claim.unverified if claim.verdict == "undetermined" and claim.stands else None


def _key(claim: Claim) -> Key:
    line, column = (0, 0) if claim.where is None else (claim.where.line, claim.where.column)
    return line, column, claim.text
