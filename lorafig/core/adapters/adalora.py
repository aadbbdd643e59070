"""AdaLoRA: the update is P Λ Q with P d × r, Λ the diagonal of λ (r) and Q r × k, like singular values.

By importance the method sets entries of λ to zero in training.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from msgspec import Struct

from lorafig.core.adapter import SIGMA, Adapter, Format, additive
from lorafig.core.adapters import lora
from lorafig.core.arrays import diagonal_times, random

if TYPE_CHECKING:
    from lorafig.core.arrays import Array


class Adalora(Struct, frozen=True, eq=False):
    """P (d × r), λ (r), Q (r × k) and the factor of their product."""

    P: Array
    λ: Array
    Q: Array
    scale: float = 1.0


def start(W: Array, r: int, seed: int, scale: float = 1.0) -> tuple[Array, Adalora]:
    """λ is zero, P and Q are drawn from a normal distribution: Zhang et al. (2023), section 3.1."""
    import numpy as np

    (d, k), generator = W.shape, random(seed)
    P, Q = generator.normal(0.0, SIGMA, (d, r)), generator.normal(0.0, SIGMA, (r, k))
    return W, Adalora(P, np.zeros(r), Q, scale)


def delta(state: Adalora) -> Array:
    """The update s P Λ Q (d × k): Zhang et al. (2023), equation 3."""
    return state.scale * (state.P @ diagonal_times(state.λ, state.Q))


def forward(W: Array, state: Adalora, x: Array) -> Array:
    """h = W x + s P Λ Q x, without forming P Λ Q: Zhang et al. (2023), equation 3."""
    return W @ x + state.scale * (state.P @ diagonal_times(state.λ, state.Q @ x))


merged, unmerged = additive(delta)


def gradients(W: Array, state: Adalora, slope: Array) -> dict[str, Array]:
    """What a loss gains by P, λ and Q, without the penalty that keeps P and Q orthogonal."""
    right = state.scale * (slope @ state.Q.T)
    return {
        "P": right * state.λ,
        "λ": (state.P * right).sum(axis=0),
        "Q": state.scale * diagonal_times(state.λ, state.P.T @ slope),
    }


def parameters(d: int, k: int, r: int) -> int:
    """Entries of P, λ and Q, r (d + k) + r."""
    return r * (d + k) + r


ADAPTER = Adapter(
    name="adalora",
    title="AdaLoRA",
    source="Zhang et al. (2023), AdaLoRA: Adaptive Budget Allocation for Parameter-Efficient "
    "Fine-Tuning, equation 3",
    symbols={"x": ("k",), "W": ("d", "k"), "P": ("d", "r"), "λ": ("r",), "Q": ("r", "k")},
    defined={
        "h": "Wx + s P diag(λ) Qx",
        "ΔW": "s P diag(λ) Q",
        "W'": "W + s P diag(λ) Q",
        "Λ": "diag(λ)",
    },
    count="r(d + k) + r",
    laws={"P": "normal", "λ": "zero", "Q": "normal"},
    trainable=("P", "λ", "Q"),
    traits=frozenset({"orthogonal", "ranks"}),  # Zhang et al. (2023), equation 4 and section 3.3
    start=start,
    forward=forward,
    merged=merged,
    unmerged=unmerged,
    gradients=gradients,
    parameters=parameters,
    file=Format(
        "ADALORA",
        {"P": "lora_B", "λ": "lora_E", "Q": "lora_A"},
        lambda arrays, scale: Adalora(arrays["P"], arrays["λ"].ravel(), arrays["Q"], scale),
        arrays=lambda state: {"P": state.P, "λ": state.λ.reshape(-1, 1), "Q": state.Q},
        shapes={"λ": ("r", "1")},
        alpha="lora_alpha",
        ranks=("init_r", "target_r"),
        fixed=False,  # ranks are taken away in training
        scaling=lambda alpha, r: alpha / (r + Fraction(1, 100_000)),  # lest a rank of 0 divide
        more={**lora.FILE.more, "total_step": 1},  # PEFT wants to know how it was trained
    ),
)
