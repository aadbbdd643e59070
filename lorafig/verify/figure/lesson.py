"""The claims of a lesson: its texts, each at the setting that it speaks of."""

from __future__ import annotations

from collections.abc import Iterator

from lorafig.language.model import Activity, Figure, Lesson, Setting
from lorafig.values import replace
from lorafig.verify.figure.collector import Collector, begun
from lorafig.verify.report import Claim


def claims(lesson: Lesson, figure: Figure, told: Collector) -> Iterator[Claim]:
    """Objectives and questions speak of the figure as it is, an answer of the setting that it is `at`."""
    for task in (*lesson.objectives, *lesson.activities, *lesson.questions):
        collector = Collector(told.judge)
        if not isinstance(task, Activity):
            collector.text(task, figure.unverified, asks=True)
        else:
            if task.at is not None:
                collector = Collector(begun(placed(figure, task.at)).judge)
            collector.text(task.ask, figure.unverified, asks=True)
            if task.answer is not None:
                collector.text(task.answer, figure.unverified, question=task.ask)
        yield from collector.claims
        told.prose += collector.prose


def placed(figure: Figure, at: Setting) -> Figure:
    """The figure with the dimensions of a setting."""
    given = {name: getattr(at, name) for name in ("d", "k", "r", "alpha") if getattr(at, name) is not None}
    there = {size.name: size for size in at.sizes}
    sizes = tuple(there.get(size.name, size) for size in figure.model.sizes)
    return replace(figure, model=replace(figure.model, sizes=sizes, **given))
