"""Every lie is caught and no truth refused: see `mutate` for what is changed, `oracle` for what is true."""

from __future__ import annotations

import pytest

from tests.verify import oracle
from tests.verify.mutate import gallery, measure

FIGURES = {name: figure for name, figure in gallery().items() if oracle.judge(figure) is not None}
EVERY = {"crowded": 5}  # the whole of it is measured by `make bench`


@pytest.mark.parametrize("name", FIGURES)
def test_no_lie_gets_through_and_no_truth_is_refused(name: str) -> None:
    score = measure({name: FIGURES[name]}, every=EVERY.get(name, 1))
    assert score.through == [], f"lies that got through: {score}"
    assert score.refused == [], f"truths that were refused: {score}"
    assert score.lies >= 200
    assert score.truths >= 50
    assert score.unjudged < 0.1 * (score.lies + score.truths)


def test_every_figure_of_stacks_and_equations_is_among_them() -> None:
    left_out = {name for name, figure in gallery().items() if name not in FIGURES}
    assert left_out == {name for name, figure in gallery().items() if figure.flow is not None}


@pytest.mark.parametrize("name", FIGURES)
def test_the_figures_themselves_are_true(name: str) -> None:
    assert oracle.judge(FIGURES[name]) is True
