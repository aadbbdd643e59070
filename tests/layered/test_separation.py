"""Separation: all distances kept, and as near to the wishes as an exhaustive method gets on a line."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lorafig.layered.separation import Separation


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 2**32), st.integers(1, 25), st.integers(0, 60))
def test_all_gaps_are_kept(seed: int, count: int, more: int) -> None:
    mix = Random(seed)
    pairs = [tuple(sorted(mix.sample(range(count), 2))) for _ in range(more if count > 1 else 0)]
    constraints = {(a, b): mix.choice([0.0, 1.0, 5.0, 20.0]) for a, b in pairs}
    wishes = [mix.uniform(-30, 30) for _ in range(count)]
    weights = [mix.choice([0.001, 1.0, 7.0]) for _ in range(count)]
    found = Separation(count, constraints).project(wishes, weights)
    for (a, b), gap in constraints.items():
        assert found[b] >= found[a] + gap - 1e-6


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(st.integers(-20, 20), st.integers(1, 9)), min_size=1, max_size=12))
def test_in_a_row_it_is_the_isotonic_regression(wished: list[tuple[int, int]]) -> None:
    """With gaps of 5 in a row: the formula of greatest lower means, which needs no algorithm."""
    gap = 5.0
    wishes, weights = [float(w) for w, _ in wished], [float(s) for _, s in wished]
    count = len(wished)
    found = Separation(count, {(n, n + 1): gap for n in range(count - 1)}).project(wishes, weights)
    even = [wish - gap * n for n, wish in enumerate(wishes)]

    def mean(low: int, high: int) -> float:
        total = sum(weights[low : high + 1])
        return sum(e * w for e, w in zip(even[low : high + 1], weights[low : high + 1], strict=True)) / total

    for n in range(count):
        best = max(min(mean(low, high) for high in range(n, count)) for low in range(n + 1))
        assert found[n] == pytest.approx(best + gap * n, abs=1e-6)
