"""What would take too long is refused before the work is done, and what is not refused is little work."""

from __future__ import annotations

import re
import sys
from random import Random

import pytest

from lorafig.errors import LorafigError, Place
from lorafig.layered import Box, Cluster, Direction, Edge, arrange, order, ranks
from lorafig.layered.limits import DEPTH, LAYERS

HERE = Place("flow.yaml", 7, 3)


def boxes(count: int) -> list[Box]:
    return [Box(str(number), 20, 10) for number in range(count)]


def edges(pairs: list[tuple[int, int]], kind: str = "") -> list[Edge]:
    return [Edge(str(tail), str(head), None, kind) for tail, head in pairs]


def all_to_all(count: int) -> list[tuple[int, int]]:
    return [(tail, head) for tail in range(count) for head in range(tail + 1, count)]


def mixed(count: int, more: int) -> list[tuple[int, int]]:
    mix = Random(count)
    return [(mix.randrange(count), mix.randrange(count)) for _ in range(more)]


NESTED = [Cluster("f0", ("0",)), *(Cluster(f"f{n}", (f"f{n - 1}",)) for n in range(1, 5000))]
WIDE = [Cluster(f"f{n}", (str(n), str(999 - n))) for n in range(100)]
CHAIN = [(number, number + 1) for number in range(999)]


@pytest.mark.parametrize(
    ("count", "pairs", "clusters", "what"),
    [
        (60, all_to_all(60), [], "the flow's 1,770 edges between 60 nodes pass 35,990 layers in all"),
        (100, all_to_all(100), [], "the flow's 4,950 edges between 100 nodes pass 166,650 layers in all"),
        (2, [(0, 1)] * 30_000, [], "the flow's 30,000 edges between 2 nodes pass 30,000 layers in all"),
        (1, [(0, 0)] * 30_000, [], "the flow's 30,000 edges between 1 nodes pass 30,000 layers in all"),
        (1000, CHAIN, WIDE, "the frames of the flow's 100 groups pass 90,100 layers in all"),
        (1, [], NESTED, "the flow's groups lie 5,000 deep in each other"),
    ],
    ids=lambda value: None if isinstance(value, list) else str(value)[:40],
)
def test_too_much_work_is_refused_before_it_is_done(
    count: int,
    pairs: list[tuple[int, int]],
    clusters: list[Cluster],
    what: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delattr(sys.modules["lorafig.layered.arrange"], "build")  # nothing is laid out
    with pytest.raises(LorafigError) as caught:
        arrange(boxes(count), edges(pairs), clusters, where=HERE)
    (problem,) = caught.value.problems
    limit = DEPTH if "deep" in what else LAYERS
    assert (problem.what, problem.where) == (f"{what}; the limit is {limit:,}", HERE)
    assert problem.hint is not None
    assert caught.value.kind == "limit"


@pytest.mark.parametrize(
    ("count", "pairs"),
    [
        (49, all_to_all(49)),
        (240, [(tail, 120 + head) for tail in range(120) for head in range(120)]),
        (3000, [(0, head) for head in range(1, 3000)]),
        (3, [(0, 1), (1, 2)] + [(0, 2)] * 3000),
        (1, [(0, 0)] * 3000),
        (300, mixed(300, 500)),
        (2000, CHAIN),
    ],
    ids=["all to all", "two layers", "star", "parallel", "loops", "random", "chain"],
)
def test_what_is_laid_out_stays_within_its_count_of_work(
    count: int, pairs: list[tuple[int, int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """One pass over what is left may follow when the count is full, and no more."""
    sorters: list[order.Sorter] = []
    simplexes: list[ranks.Simplex] = []
    keep(monkeypatch, order.Sorter, sorters)
    keep(monkeypatch, ranks.Simplex, simplexes)
    found = arrange(boxes(count), edges(pairs))
    assert len(found.edges) == len(pairs)
    for sorter in sorters:
        assert sorter.work <= order.WORK + 100 * (LAYERS + count)
    for simplex in simplexes:
        assert simplex.work <= ranks.WORK + 10 * (LAYERS + count)


def keep(monkeypatch: pytest.MonkeyPatch, made: type, kept: list) -> None:  # type: ignore[type-arg]
    first = made.__init__

    def begin(self: object, *arguments: object) -> None:
        first(self, *arguments)
        kept.append(self)

    monkeypatch.setattr(made, "__init__", begin)


@pytest.mark.parametrize("direction", ["right", "down"])
def test_what_cannot_but_be_too_large_is_refused_before_it_is_ordered(
    direction: Direction, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(sys.modules["lorafig.layered.arrange"], "order")
    for pairs, way in ((CHAIN, direction), (mixed_layers(500), "down" if direction == "right" else "right")):
        with pytest.raises(LorafigError) as caught:
            arrange(boxes(1000), edges(pairs), (), direction, None, HERE, 5700.0)
        (problem,) = caught.value.problems
        word = "wide" if way == "right" else "high"
        assert re.fullmatch(rf"the flow is at least \d+\.\d\d m {word}; the limit is 5\.7 m", problem.what)
        assert problem.where == HERE


def mixed_layers(count: int) -> list[tuple[int, int]]:
    """Two layers that hang together, every node of one with three of the other."""
    mix = Random(1)
    return [
        (tail, count + (tail + step) % count) for tail in range(count) for step in (0, 1, mix.randrange(9))
    ]
