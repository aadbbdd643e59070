"""Whole pipelines of steps, one after the other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from lorafig.core.pipeline.attention import PROJECTIONS
from lorafig.core.pipeline.run import opened, step
from lorafig.core.pipeline.stage import Action, Outcome, Setting, Stage, Step


def run(setting: Setting, steps: Sequence[Step]) -> list[Outcome]:
    """Steps one after the other, up to the first that does not hold."""
    outcomes: list[Outcome] = []
    with opened(setting) as workshop:
        stage: Stage | None = Stage()
        for one in steps:
            if stage is None:
                break
            stage, outcome = step(workshop, stage, one)
            outcomes.append(outcome)
    return outcomes


STANDARD: tuple[Step, ...] = (
    Step("load"),
    Step("freeze"),
    Step("inject", PROJECTIONS),
    Step("forward"),
    Step("train"),
    Step("save"),
    Step("load_adapter"),
    Step("merge"),
    Step("unmerge"),
)


def facts(setting: Setting) -> Mapping[Action, Outcome]:
    """What is true of a method's pipeline, by the step that shows it: adapters beside all four projections,
    trained, saved, loaded, merged and taken apart again."""
    return {one.action: outcome for one, outcome in zip(STANDARD, run(setting, STANDARD), strict=False)}
