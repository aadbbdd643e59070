"""The 4-bit weight of QLoRA: its levels and its blocks."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from lorafig.core.adapters.qlora import (
    Quantised,
    dequantise,
    double_quantise,
    dynamic_float,
    normal_float,
    quantise,
)

# Dettmers et al. (2023), appendix E.
PUBLISHED = (
    -1.0, -0.6961928009986877, -0.5250730514526367, -0.39491748809814453, -0.28444138169288635,
    -0.18477343022823334, -0.09105003625154495, 0.0, 0.07958029955625534, 0.16093020141124725,
    0.24611230194568634, 0.33791524171829224, 0.44070982933044434, 0.5626170039176941,
    0.7229568362236023, 1.0,
)  # fmt: skip
WEIGHTS = arrays(
    np.float64,
    st.tuples(st.integers(1, 12), st.integers(1, 40)),
    elements=st.floats(-1e3, 1e3, width=32, allow_subnormal=False),
)


def test_the_levels_are_those_of_the_paper() -> None:
    assert normal_float() == PUBLISHED


def test_the_levels_of_the_constants() -> None:
    levels = dynamic_float()
    assert len(levels) == len(set(levels)) == 256
    assert list(levels) == sorted(levels)
    assert {-level for level in levels} - set(levels) == {-1.0}  # all but 1 come with both signs


@given(WEIGHTS)
def test_every_entry_is_the_nearest_level_of_its_block(W: np.ndarray) -> None:
    quantised = quantise(W)
    assert not isinstance(quantised.constants, Quantised)
    assert quantised.codes.max() < 16
    flat, levels = W.ravel(), np.array(normal_float())
    for i, constant in enumerate(quantised.constants):
        block = flat[64 * i : 64 * (i + 1)]
        assert constant == np.max(abs(block))
        codes = quantised.codes[64 * i : 64 * (i + 1)]
        gaps = abs(block[:, None] - constant * levels)
        chosen = np.take_along_axis(gaps, codes[:, None].astype(int), axis=1)[:, 0]
        assert np.all(chosen <= gaps.min(axis=1) + 2.0**-23 * constant)


@given(WEIGHTS)
def test_twice_is_once(W: np.ndarray) -> None:
    """The largest entry of a block is kept exactly, so that quantising what came back changes nothing."""
    back = dequantise(quantise(W))
    assert back.shape == W.shape
    assert np.array_equal(dequantise(quantise(back)), back)


def test_constants_in_8_bits() -> None:
    W = np.random.default_rng(0).normal(size=(130, 260))
    once, twice = dequantise(quantise(W)), dequantise(double_quantise(W))
    assert not np.array_equal(once, twice)
    assert np.max(abs(once - twice)) < 0.01 * np.max(abs(W))
    assert np.max(abs(W - once)) < 0.16 * np.max(abs(W))


def test_zeros_stay_zeros() -> None:
    assert not dequantise(quantise(np.zeros((3, 50)))).any()
    assert not dequantise(double_quantise(np.zeros((3, 50)))).any()
