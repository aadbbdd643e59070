"""A few steps of gradient descent on a small regression: what moves, and when.

The loss is 1 / (2 n) ‖(W + s B A) X − Y‖² over n columns. With G = (H − Y) Xᵀ / n, its gradients are
s Bᵀ G for A and s G Aᵀ for B; W has none that is used, because it is frozen.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from lorafig.core.adapters import Factors, lora_forward, lora_initial

if TYPE_CHECKING:
    from lorafig.core.adapters import Array


@dataclass(frozen=True, slots=True)
class Step:
    """The state before a step, and the gradients there."""

    W: Array
    factors: Factors
    loss: float
    gradient_A: Array  # noqa: N815
    gradient_B: Array  # noqa: N815


def gradients(W: Array, factors: Factors, x: Array, y: Array) -> tuple[float, Array, Array]:
    """The loss at (x, y), columns being examples, and its gradients by A and by B."""
    import numpy as np

    n = x.shape[1]
    error = lora_forward(W, factors, x) - y
    slope = error @ x.T / n
    loss = float(np.sum(error * error) / (2 * n))
    return loss, factors.scale * (factors.B.T @ slope), factors.scale * (slope @ factors.A.T)


def train(
    d: int, k: int, r: int, steps: int, seed: int = 0, rate: float = 0.1, scale: float = 1.0
) -> list[Step]:
    """Plain gradient descent from the adapter's own start, on data of another weight.

    Returns `steps` + 1 states, the first one before any step.
    """
    import numpy as np

    generator = np.random.Generator(np.random.PCG64([seed, 1]))
    W = generator.normal(0.0, k**-0.5, (d, k))
    x = generator.normal(size=(k, 4 * k))
    y = generator.normal(0.0, k**-0.5, (d, k)) @ x
    factors = lora_initial(d, k, r, seed, sigma=k**-0.5, scale=scale)
    states = []
    for _ in range(steps + 1):
        loss, for_A, for_B = gradients(W, factors, x, y)
        states.append(Step(W.copy(), factors, loss, for_A, for_B))
        factors = Factors(factors.A - rate * for_A, factors.B - rate * for_B, scale)
    return states
