"""Every lie is caught and no truth refused: see `mutate` for what is changed, `oracle` for what is true."""

from __future__ import annotations

import pytest

from tests.verify import oracle
from tests.verify.mutate import gallery, measure

FIGURES = gallery()
# One change in so many here; the whole is measured by `make bench`, and by `python -m tests.verify.mutate`.
EVERY = {"crowded": 5} | {name: 11 for name, figure in FIGURES.items() if figure.flow is not None}


@pytest.mark.parametrize("name", FIGURES)
def test_no_lie_gets_through_and_no_truth_is_refused(name: str) -> None:
    every = EVERY.get(name, 1)
    score = measure({name: FIGURES[name]}, every=every, start=sum(name.encode()) % every)
    assert score.through == [], f"lies that got through: {score}"
    assert score.refused == [], f"truths that were refused: {score}"
    assert score.lies >= 200 // (1 if every < 10 else every)
    assert score.truths >= 50 // (1 if every < 10 else every)
    assert score.unjudged < (0.1 if every < 10 else 0.2) * (score.lies + score.truths)


@pytest.mark.parametrize("name", FIGURES)
def test_the_figures_themselves_are_true(name: str) -> None:
    assert oracle.judge(FIGURES[name]) is True
