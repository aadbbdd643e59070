"""What moves when an adapter is trained."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from lorafig.core.adapters import ADAPTERS
from lorafig.core.adapters.lora import Factors, forward
from lorafig.core.training import loss_and_gradients, train_adapter

LORA = ADAPTERS["lora"]


def test_what_moves_and_when() -> None:
    start, first, second, *_ = train_adapter(LORA, 12, 10, 3, steps=3)
    assert all(np.array_equal(moment.W, start.W) for moment in (first, second))
    assert not start.state.B.any()
    assert not start.gradients["A"].any()  # exactly zero while B is
    assert np.array_equal(first.state.A, start.state.A)
    assert np.all(first.state.B != 0)
    assert np.all(second.state.A != first.state.A)


def test_the_loss_falls() -> None:
    losses = [moment.loss for moment in train_adapter(LORA, 12, 10, 3, steps=20)]
    assert all(later < earlier for earlier, later in pairwise(losses))


def test_gradients_are_those_of_the_loss() -> None:
    generator = np.random.default_rng(5)
    W, x, y = generator.normal(size=(5, 4)), generator.normal(size=(4, 7)), generator.normal(size=(5, 7))
    factors = Factors(generator.normal(size=(2, 4)), generator.normal(size=(5, 2)), 1.5)
    _, gradients = loss_and_gradients(LORA, W, factors, x, y)

    def loss(A: np.ndarray, B: np.ndarray) -> float:
        error = forward(W, Factors(A, B, 1.5), x) - y
        return float(np.sum(error**2)) / 14

    step = 1e-6
    for array, gradient in ((factors.A, gradients["A"]), (factors.B, gradients["B"])):
        numeric = np.empty_like(array)
        for place in np.ndindex(array.shape):
            kept = array[place]
            array[place] = kept + step
            above = loss(factors.A, factors.B)
            array[place] = kept - step
            below = loss(factors.A, factors.B)
            array[place] = kept
            numeric[place] = (above - below) / (2 * step)
        # The loss is quadratic, so central differences are exact but for its rounding over the step.
        assert np.max(np.abs(numeric - gradient)) < 1e-6
