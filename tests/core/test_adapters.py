"""The adapter's formulas against each other, and against exact fractions."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lorafig.core.adapters import ADAPTERS, Factors, lora_delta, lora_forward, lora_initial, scaling
from lorafig.core.adapters import lora_merged as merged
from lorafig.core.adapters import lora_unmerged as unmerged
from lorafig.core.counts import (
    full_parameters,
    lora_parameters,
    multiply_adds,
    reduction,
    trained_share,
)

SIZES = st.integers(1, 12)


def test_the_scaling_is_alpha_over_r() -> None:
    assert scaling(16.0, 8) == 2.0
    assert scaling(Fraction(1), 3) == Fraction(1, 3)


def test_a_adapter_starts_as_the_paper_says() -> None:
    factors = lora_initial(64, 48, 8, seed=3, sigma=0.5)
    assert factors.A.shape == (8, 48)
    assert factors.B.shape == (64, 8)
    assert not factors.B.any()
    assert np.all(factors.A != 0)
    assert abs(float(factors.A.std()) - 0.5) < 0.08
    again = lora_initial(64, 48, 8, seed=3, sigma=0.5)
    assert np.array_equal(factors.A, again.A)
    assert not np.array_equal(factors.A, lora_initial(64, 48, 8, seed=4, sigma=0.5).A)


def test_the_first_output_is_the_pretrained_one_bit_for_bit() -> None:
    generator = np.random.default_rng(0)
    W, x = generator.normal(size=(24, 40)), generator.normal(size=40)
    factors = lora_initial(24, 40, 4, seed=1, scale=2.0)
    assert np.array_equal(lora_forward(W, factors, x), W @ x)
    assert np.array_equal(merged(W, factors), W)


@given(SIZES, SIZES, SIZES, st.integers(0, 2**31), st.sampled_from([0.5, 1.0, 2.0, 4.0]))
def test_forward_and_merged_agree_exactly_on_integers(
    d: int, k: int, r: int, seed: int, scale: float
) -> None:
    generator = np.random.default_rng(seed)

    def integers(*shape: int) -> np.ndarray:
        return generator.integers(-9, 10, shape).astype(float)

    W, x = integers(d, k), integers(k, 3)
    factors = Factors(integers(r, k), integers(d, r), scale)
    assert np.array_equal(lora_forward(W, factors, x), merged(W, factors) @ x)
    assert np.array_equal(unmerged(merged(W, factors), factors), W)
    assert np.linalg.matrix_rank(lora_delta(factors)) <= min(d, k, r)


@given(st.integers(1, 2**40), st.integers(1, 2**40), st.integers(1, 2**40))
def test_counts_are_exact(d: int, k: int, r: int) -> None:
    trained = lora_parameters(d, k, r)
    assert trained == r * k + d * r
    assert trained_share(d, k, trained) * reduction(d, k, trained) == 1
    assert multiply_adds(d, k, r, merged=True) == full_parameters(d, k) == d * k
    assert multiply_adds(d, k, r, merged=False) - multiply_adds(d, k, r, merged=True) == trained


@pytest.mark.parametrize("name", ADAPTERS)
def test_a_row_is_consistent(name: str) -> None:
    row = ADAPTERS[name]
    assert row.name == name
    assert set(row.laws).isdisjoint(row.frozen)
    factors = row.initial(6, 5, 2, 0)
    sizes = {"d": 6, "k": 5, "r": 2}
    total = 0
    for symbol, law in row.laws.items():
        array = getattr(factors, symbol)
        assert array.shape == tuple(sizes[one] for one in row.symbols[symbol])
        assert array.any() == (law != "zero")
        total += array.size
    assert row.parameters(6, 5, 2) == total
