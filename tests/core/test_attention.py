"""The attention block: against loops over single numbers, and its gradients against differences."""

from __future__ import annotations

import math

import numpy as np
import pytest
from msgspec.structs import replace

from lorafig.core.adapters import ADAPTERS
from lorafig.core.counted import Counted, Tally, multiply_adds
from lorafig.core.pipeline.attention import (
    PROJECTIONS,
    Block,
    Line,
    Projection,
    descend,
    examples,
    forward,
    gradients,
    heads_of,
    loss,
    pretrained,
    slopes,
    stepped,
)
from lorafig.core.pipeline.stage import Setting
from lorafig.core.pipeline.steps import shaken, started

SHAPES = [(8, 8), (12, 5), (6, 9)]  # d, k


def bare(d: int, k: int) -> Block:
    lines = {name: Line(W) for name, W in pretrained(d, k).items()}
    return Block(lines, heads_of(d), ADAPTERS["lora"])


def adapted(adapter: str, d: int, k: int, r: int = 2) -> Block:
    setting = Setting(adapter, d, k, r)
    lines = {name: Line(*both) for name, both in started(setting, pretrained(d, k)).items()}
    return shaken(Block(lines, heads_of(d), ADAPTERS[adapter]))


def by_hand(block: Block, x: np.ndarray) -> np.ndarray:
    """Vaswani et al. (2017), equation 1, head by head and token by token."""
    k, n = x.shape
    W = {name: block.lines[name].W for name in PROJECTIONS}
    d = W["q"].shape[0]
    inner = d // block.heads
    out = np.zeros((d, n))
    for head in range(block.heads):
        rows = range(head * inner, (head + 1) * inner)
        for i in range(n):
            q = [sum(W["q"][row, c] * x[c, i] for c in range(k)) for row in rows]
            scores = []
            for j in range(n):
                key = [sum(W["k"][row, c] * x[c, j] for c in range(k)) for row in rows]
                scores.append(math.fsum(a * b for a, b in zip(q, key, strict=True)) / math.sqrt(inner))
            weights = [math.exp(score) for score in scores]
            for row in rows:
                value = [sum(W["v"][row, c] * x[c, j] for c in range(k)) for j in range(n)]
                out[row, i] = math.fsum(w * v for w, v in zip(weights, value, strict=True)) / math.fsum(
                    weights
                )
    return np.array(
        [[sum(W["o"][c, row] * out[row, i] for row in range(d)) for i in range(n)] for c in range(k)]
    )


@pytest.mark.parametrize(("d", "k"), SHAPES)
def test_the_block_is_attention(d: int, k: int) -> None:
    block = bare(d, k)
    x, _ = examples(k, 5)
    trace = forward(block, x)
    assert trace.y.shape == (k, 5)
    assert np.allclose(trace.y, by_hand(block, x), rtol=0, atol=1e-12)
    assert np.allclose(trace.P.sum(axis=2), 1, rtol=0, atol=1e-14)


def test_heads_share_the_rows() -> None:
    assert [heads_of(d) for d in (32, 12, 6, 7, 1)] == [4, 4, 2, 1, 1]
    one, four = bare(8, 8), replace(bare(8, 8), heads=1)
    x, _ = examples(8, 5)
    assert not np.allclose(forward(one, x).y, forward(four, x).y)


@pytest.mark.parametrize(("d", "k"), SHAPES)
def test_slopes_are_what_a_difference_of_the_weight_gives(d: int, k: int) -> None:
    block = bare(d, k)
    x, target = examples(k, 7)
    by = slopes(block, forward(block, x), x, target)
    generator = np.random.default_rng(1)
    for name in PROJECTIONS:
        way = generator.normal(size=by[name].shape)

        def there(step: float, name: Projection = name, way: np.ndarray = way) -> float:
            lines = {**block.lines, name: Line(block.lines[name].W + step * way)}
            return loss(forward(replace(block, lines=lines), x).y, target)

        measured = (there(1e-5) - there(-1e-5)) / 2e-5
        assert measured == pytest.approx(float(np.sum(by[name] * way)), rel=1e-6, abs=1e-8)


@pytest.mark.parametrize("adapter", ADAPTERS)
@pytest.mark.parametrize(("d", "k"), SHAPES)
def test_gradients_are_what_a_difference_of_each_array_gives(adapter: str, d: int, k: int) -> None:
    block = adapted(adapter, d, k)
    x, target = examples(k, 7)
    by = gradients(block, forward(block, x), x, target)
    assert {(name, symbol) for name, arrays in by.items() for symbol in arrays} == {
        (name, symbol) for name, symbol, _ in block.arrays()
    }
    generator = np.random.default_rng(2)
    for name, arrays in by.items():
        for symbol, slope in arrays.items():
            way = generator.normal(size=slope.shape)

            def there(
                step: float, name: Projection = name, symbol: str = symbol, way: np.ndarray = way
            ) -> float:
                moved = stepped(block, {name: {symbol: way}}, {symbol: -step})
                return loss(forward(moved, x).y, target)

            measured = (there(1e-5) - there(-1e-5)) / 2e-5
            wanted = float(np.sum(slope * way))
            assert measured == pytest.approx(wanted, rel=1e-5, abs=1e-6 * there(0.0)), (name, symbol)


def test_gradient_descent_takes_every_loss_lower_and_leaves_the_start_alone() -> None:
    block = adapted("lora", 8, 8)
    x, target = examples(8, 7)
    before = [array.copy() for _, _, array in block.arrays()]
    after, losses = descend(block, x, target, 5)
    assert losses == sorted(losses, reverse=True)
    assert len(set(losses)) == 6
    for old, (_, _, kept), (_, _, new) in zip(before, block.arrays(), after.arrays(), strict=True):
        assert np.array_equal(old, kept)
        assert not np.array_equal(old, new)


@pytest.mark.parametrize("scale", [1e-200, 1e300])
def test_descent_out_of_range_says_so(scale: float) -> None:
    block = adapted("lora", 8, 8)
    lines = {
        name: Line(line.W, replace(line.state, scale=scale))  # type: ignore[type-var]
        for name, line in block.lines.items()
    }
    x, target = examples(8, 7)
    with np.errstate(all="ignore"), pytest.raises(FloatingPointError):
        descend(replace(block, lines=lines), x, target, 3)


@pytest.mark.parametrize(("d", "k"), SHAPES)
def test_multiply_adds_are_counted_as_they_happen(d: int, k: int) -> None:
    block, n = bare(d, k), 5
    x, _ = examples(k, n)
    projections, attention, scaling = 4 * d * k * n, 2 * d * n * n, block.heads * n * n
    assert multiply_adds(block, x) == projections + attention + scaling


def test_what_cannot_be_counted_is_not_counted_wrong() -> None:
    one = np.ones((2, 2)).view(Counted)
    one.tally = Tally()
    with pytest.raises(NotImplementedError, match="einsum is not counted"):
        np.einsum("ij,jk->ik", one, one)
    assert (one @ one).tally.count == 8
