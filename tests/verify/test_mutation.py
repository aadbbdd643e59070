"""Every lie is caught and no truth refused: see `mutate` for what is changed, `oracle` for what is true."""

from __future__ import annotations

import pytest

from lorafig.language.model import Panel
from tests.verify import oracle
from tests.verify.mutate import gallery, judged, measure

# The figures that the other judge cannot follow, each with what it has no idea of. They are held to other
# truths in test_own, test_sums, test_given, test_applied, test_scopes, test_product, test_copies, test_cells,
# test_cut and test_blocks.
BEYOND = {
    "adapter-fusion": "columns that are put side by side",
    "dylora": "an adapter's symbols beside others",
    "full-lora-qlora": "symbols of a panel's own",
    "ia3": "attention",
    "loftq": "edges that carry no data",
    "lora-attention": "attention",
    "lora-dora-outputs": "the inverse of a matrix",
    "lora-ga": "what is given",
    "lora-llama": "a network",
    "lora-loha": "a rank",
    "lora-lokr": "Kronecker products",
    "oft": "what is given",
    "prefix-tuning": "attention",
    "relora": "words, of which a badge says that they are trained",
    "transformer-lora": "a node that opens into a panel",
    "x-lora": "a family over two indices",
}
FIGURES = judged()
# Of several models, or of symbols of their own: there are more changes of them than of others.
BESIDE = ("lora-beside-vera", "lora-convolution", "lora-diffusion", "lora-fa", "lora-ranks", "lora-xs")
# One change in so many here; the whole is measured by `make bench`, and by `python -m tests.verify.mutate`.
EVERY = (
    {"crowded": 5}
    | dict.fromkeys(BESIDE, 2)
    | {name: 11 for name, figure in FIGURES.items() if figure.flow is not None}
    | {
        name: 11
        for name, figure in FIGURES.items()
        if any(isinstance(entry, Panel) and entry.flow is not None for entry in figure.row)
    }
)
SAMPLED = 31


@pytest.mark.parametrize("name", FIGURES)
def test_no_lie_gets_through_and_no_truth_is_refused(name: str, pytestconfig: pytest.Config) -> None:
    every = SAMPLED if pytestconfig.getoption("--sample") else EVERY.get(name, 1)
    score = measure({name: FIGURES[name]}, every=every, start=sum(name.encode()) % every)
    assert score.through == [], f"lies that got through: {score}"
    assert score.refused == [], f"truths that were refused: {score}"
    assert score.lies >= 200 // (1 if every < 10 else every)
    assert score.truths >= 50 // (1 if every < 10 else every)
    few = 3 if every > 1 else 0  # of a sample, a few more may be beyond the other judge
    assert score.unjudged <= few + (0.1 if every < 10 else 0.2) * (score.lies + score.truths)


def test_the_other_judge_has_no_opinion_on_what_is_beyond_it_alone() -> None:
    assert gallery().keys() - FIGURES.keys() == BEYOND.keys()


@pytest.mark.parametrize("name", FIGURES)
def test_the_figures_themselves_are_true(name: str) -> None:
    assert oracle.judge(FIGURES[name]) is True
