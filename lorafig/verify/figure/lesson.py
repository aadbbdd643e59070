"""The claims of a lesson: its texts, each at the setting that it speaks of."""

from __future__ import annotations

from collections.abc import Iterator

from lorafig.language.model import Activity, Figure, Lesson, Setting
from lorafig.values import replace
from lorafig.verify.figure.collector import Collector
from lorafig.verify.figure.known import known
from lorafig.verify.report import Claim


def claims(lesson: Lesson, figure: Figure, collector: Collector) -> Iterator[Claim]:
    """Objectives and questions speak of the figure as it is, an answer of the setting that it is `at`."""
    for text in lesson.objectives:
        yield from _said(text, figure, _same(collector))
    for one in (*lesson.activities, *lesson.questions):
        if not isinstance(one, Activity):
            yield from _said(one, figure, _same(collector))
            continue
        there = _same(collector) if one.at is None else _collector(placed(figure, one.at))
        yield from _said(one.ask, figure, there)
        if one.answer is not None:
            yield from _said(one.answer, figure, there)


def placed(figure: Figure, at: Setting) -> Figure:
    """The figure with the dimensions of a setting."""
    given = {name: getattr(at, name) for name in ("d", "k", "r", "alpha") if getattr(at, name) is not None}
    return replace(figure, model=replace(figure.model, **given))


def _same(collector: Collector) -> Collector:
    return Collector(collector.judge)


def _collector(figure: Figure) -> Collector:
    there = known(figure)
    return Collector(there.judge, trees=there.trees)


def _said(text: str, figure: Figure, collector: Collector) -> list[Claim]:
    collector.claims.clear()
    collector.text(text, figure.unverified)
    return list(collector.claims)
