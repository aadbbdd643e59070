"""Ranks: valid, connected to their minimum by an exhaustive search, not by the same method."""

from __future__ import annotations

from itertools import product
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from lorafig.layered.cycles import feedback
from lorafig.layered.ranks import longest_path, rank


def connected(seed: int, count: int, more: int) -> list[tuple[int, int]]:
    """A random graph without cycles in which all nodes hang together."""
    mix = Random(seed)
    edges = [(mix.randrange(node), node) for node in range(1, count)]
    edges += [tuple(sorted(mix.sample(range(count), 2))) for _ in range(more if count > 1 else 0)]  # type: ignore[misc]
    names = list(range(count))
    mix.shuffle(names)
    return [(names[tail], names[head]) for tail, head in edges]


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 2**32), st.integers(1, 6), st.integers(0, 5))
def test_the_sum_of_lengths_is_least(seed: int, count: int, more: int) -> None:
    edges = connected(seed, count, more)
    ranks = rank(count, edges)
    assert min(ranks) == 0
    assert all(ranks[head] > ranks[tail] for tail, head in edges)
    least = min(
        sum(some[head] - some[tail] for tail, head in edges)
        for some in product(range(count), repeat=count)
        if all(some[head] > some[tail] for tail, head in edges)
    )
    assert sum(ranks[head] - ranks[tail] for tail, head in edges) == least


@settings(max_examples=300, deadline=None)
@given(st.integers(0, 2**32), st.integers(2, 14), st.integers(0, 12), st.booleans())
def test_every_edge_goes_up(seed: int, count: int, more: int, backwards: bool) -> None:
    edges = connected(seed, count, more)
    ranks = rank(count, edges, backwards)
    assert all(ranks[head] > ranks[tail] for tail, head in edges)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**32), st.integers(50, 200))
def test_large_graphs_are_no_longer_than_by_longest_paths(seed: int, count: int) -> None:
    edges = connected(seed, count, count)
    ranks, others = rank(count, edges), longest_path(count, edges)
    assert all(ranks[head] > ranks[tail] for tail, head in edges)
    assert sum(ranks[h] - ranks[t] for t, h in edges) <= sum(others[h] - others[t] for t, h in edges)
    assert set(ranks) == set(range(max(ranks) + 1))  # no layer is empty


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 7), st.integers(0, 7)), max_size=20))
def test_without_its_feedback_a_graph_has_no_cycle(edges: list[tuple[int, int]]) -> None:
    back = feedback(8, edges)
    left = [edge for edge, leads_back in zip(edges, back, strict=True) if not leads_back]
    alive = set(range(8))
    while True:  # take away whatever nothing leads to
        free = {node for node in alive if not any(t in alive and h == node for t, h in left)}
        if not free:
            break
        alive -= free
    assert not alive
    if not any(back):
        assert left == edges


def test_a_loop_is_cut_where_it_returns() -> None:
    assert feedback(4, [(0, 1), (1, 2), (2, 1), (2, 3)]) == [False, False, True, False]
