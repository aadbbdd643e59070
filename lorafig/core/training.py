"""A few steps of gradient descent on a small regression: what moves, and when.

The loss is 1 / (2 n) ‖H − Y‖² over n columns, H being what the adapted layer gives. With respect to the
merged weight its slope is (H − Y) Xᵀ / n, and each adapter takes that on to what it trains; the frozen
weight has no gradient that is used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lorafig.core.adapter import Adapter, State
    from lorafig.core.arrays import Array


class Moment(Struct, frozen=True, eq=False):
    """What an adapted layer holds before a step, and the gradients there, by symbol."""

    W: Array
    state: State
    loss: float
    gradients: Mapping[str, Array]


def loss_and_gradients(
    adapter: Adapter, W: Array, state: State, x: Array, y: Array
) -> tuple[float, Mapping[str, Array]]:
    """The loss at (x, y), columns being examples, and its gradient by each trained array."""
    import numpy as np

    n = x.shape[1]
    error = adapter.forward(W, state, x) - y
    loss = float(np.sum(error * error) / (2 * n))
    return loss, adapter.gradients(W, state, error @ x.T / n)


def descend(
    adapter: Adapter, W: Array, state: State, x: Array, y: Array, steps: int, rate: float
) -> list[Moment]:
    """Plain gradient descent of what the adapter trains.

    Returns `steps` + 1 moments, the first one before any step.
    """
    moments = []
    for _ in range(steps + 1):
        loss, gradients = loss_and_gradients(adapter, W, state, x, y)
        moments.append(Moment(W.copy(), state, loss, gradients))
        moved = {name: getattr(state, name) - rate * gradient for name, gradient in gradients.items()}
        state = replace(state, **moved)
    return moments


def regression(d: int, k: int, seed: int) -> tuple[Array, Array, Array]:
    """A weight W (d × k), and examples x (k × 4k) and y (d × 4k) of another weight."""
    import numpy as np

    generator = np.random.Generator(np.random.PCG64([seed, 1]))
    W = generator.normal(0.0, k**-0.5, (d, k))
    x = generator.normal(size=(k, 4 * k))
    return W, x, generator.normal(0.0, k**-0.5, (d, k)) @ x


def train_adapter(
    adapter: Adapter, d: int, k: int, r: int, steps: int, seed: int = 0, rate: float = 0.1, scale: float = 1.0
) -> list[Moment]:
    """Gradient descent from the adapter's own start, on data of another weight."""
    W, x, y = regression(d, k, seed)
    frozen, state = adapter.start(W, r, seed, scale)
    return descend(adapter, frozen, state, x, y, steps, rate)
