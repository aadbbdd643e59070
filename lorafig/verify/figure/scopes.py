"""The claims of each panel, in the panel's own model; and those that must hold in several."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction

from msgspec.structs import replace

from lorafig.errors import LorafigError
from lorafig.language import model
from lorafig.language.scope import numbers_of, scoped, spoken_of
from lorafig.notation.children import walk
from lorafig.notation.numbers.arithmetic import evaluate
from lorafig.notation.tree import Computed, Node
from lorafig.verify.decide.conditions import every
from lorafig.verify.decide.judge import Judge
from lorafig.verify.figure.collector import Collector, begun
from lorafig.verify.report import Claim
from lorafig.verify.verdicts import SEVERITY

HINT = "say which panels it speaks of: name: … on the panel, and of: … beside the equations"


class Scopes:
    """`collectors` are by the model of the panel, None for the figure's own. They share the claims."""

    def __init__(self, figure: model.Figure, collector: Collector, floating: bool) -> None:
        self.figure, self.own, self.floating = figure, collector, floating
        self.collectors: dict[model.Scope | None, Collector] = {None: collector}

    def of(self, panel: model.Panel) -> Collector:
        """What collects the claims of a panel; the definitions of its model are claimed when it is met."""
        scope = panel.model
        if scope not in self.collectors:
            self.collectors[scope] = begun(self.figure, self.floating, panel, self.own)
        return self.collectors[scope]

    def judges(self) -> dict[model.Scope, Judge]:
        """Those of panels with a model of their own."""
        return {scope: there.judge for scope, there in self.collectors.items() if scope is not None}

    def everywhere(self, equations: model.Equations, claim: Callable[[Collector], None]) -> None:
        """What is claimed of all panels that equations speak of: it holds if it holds in each."""
        panels = spoken_of(self.figure, equations)
        collectors = [self.of(panel) for panel in panels] or [self.own]
        if len(collectors) == 1:
            claim(collectors[0])
            return
        claims, start = self.own.claims, len(self.own.claims)
        told: list[list[Claim]] = []
        for collector, panel in zip(collectors, panels, strict=True):
            claim(collector)
            told.append([_placed(found, panel) for found in claims[start:]])
            del claims[start:]
        claims += [_all(several, panels, self.figure) for several in zip(*told, strict=True)]


def _placed(claim: Claim, panel: model.Panel) -> Claim:
    """A claim that does not stand says in which panel."""
    if claim.verdict == "holds":
        return claim
    said = _where(panel) if claim.detail is None else f"{_where(panel)}, {claim.detail}"
    return replace(claim, detail=said)


def _where(panel: model.Panel) -> str:
    return "in a panel" if panel.panel is None else f"in the panel “{panel.panel}”"


def _numbers(node: Node, numbers: Mapping[str, Fraction]) -> list[Fraction | None]:
    """The computed numbers of a label."""
    return [_value(part.body, numbers) for part in walk(node) if isinstance(part, Computed)]


def _value(body: Node, numbers: Mapping[str, Fraction]) -> Fraction | None:
    try:
        return Fraction(evaluate(body, numbers))
    except LorafigError:
        return None


def _all(claims: tuple[Claim, ...], panels: Sequence[model.Panel], figure: model.Figure) -> Claim:
    """One claim in several panels: it is as good as the worst of them."""
    worst = max(claims, key=lambda claim: SEVERITY[claim.verdict])
    if worst.verdict == "holds" and worst.tree is not None:
        values = [_numbers(worst.tree, numbers_of(scoped(figure, panel).model)) for panel in panels]
        other = next((at for at, value in enumerate(values) if value != values[0]), None)
        if other is not None:
            what = f"a number in it is not the same {_where(panels[0])} and {_where(panels[other])}"
            return replace(worst, verdict="fails", detail=what, hint=HINT, condition=None)
    if worst.verdict != "holds" and any(claim.verdict == "holds" for claim in claims):
        worst = replace(worst, hint=HINT)
    conditions = [claim.condition for claim in claims]
    said = [condition for condition in conditions if condition is not None]
    return replace(worst, condition=every(said) if len(said) == len(conditions) else None)
