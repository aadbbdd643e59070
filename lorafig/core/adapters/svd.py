"""Adapters made of singular values: PiSSA, which starts from those of W, and AdaLoRA, which learns some.

PiSSA trains LoRA's A (r × k) and B (d × r) and freezes what is left of W. AdaLoRA's update is P Λ Q with
P d × r, Λ the diagonal matrix of λ (r) and Q r × k; by importance it sets entries of λ to zero.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from lorafig.core.adapters.lora import (
    SIGMA,
    Factors,
    lora_delta,
    lora_forward,
    lora_gradients,
    lora_merged,
    lora_unmerged,
    scaling,
)
from lorafig.core.adapters.row import Adapter, drawn
from lorafig.core.arrays import diagonal_times, random
from lorafig.core.counts import lora_parameters

if TYPE_CHECKING:
    from lorafig.core.arrays import Array


def pissa_start(W: Array, r: int, seed: int, scale: float = 1.0) -> tuple[Array, Factors]:
    """The residual weight W_res, which is frozen, and B = U_r S_r^½, A = S_r^½ V_rᵀ of its r largest
    singular values: Meng et al. (2024), equations 2 to 4, transposed, as they have Y = X W. They are divided
    by the scaling, so that W = W_res + s B A whatever it is (as PEFT does; the paper has none). Nothing is
    drawn.
    """
    import numpy as np

    U, S, Vt = np.linalg.svd(W, full_matrices=False)
    roots = np.sqrt(S[:r] / scale)
    factors = Factors(diagonal_times(roots, Vt[:r]), U[:, :r] * roots, scale)
    return W - lora_delta(factors), factors


@dataclass(frozen=True, slots=True, eq=False)
class Adalora:
    """P (d × r), λ (r), Q (r × k) and the factor of their product."""

    P: Array
    λ: Array
    Q: Array
    scale: float = 1.0


def adalora_initial(d: int, k: int, r: int, seed: int, scale: float = 1.0) -> Adalora:
    """λ is zero, P and Q are drawn from a normal distribution: Zhang et al. (2023), section 3.1."""
    import numpy as np

    generator = random(seed)
    P, Q = generator.normal(0.0, SIGMA, (d, r)), generator.normal(0.0, SIGMA, (r, k))
    return Adalora(P, np.zeros(r), Q, scale)


def adalora_start(W: Array, r: int, seed: int, scale: float = 1.0) -> tuple[Array, Adalora]:
    """The frozen weight, W itself, and what stands beside it."""
    d, k = W.shape
    return W, adalora_initial(d, k, r, seed, scale)


def adalora_delta(state: Adalora) -> Array:
    """The update s P Λ Q (d × k): Zhang et al. (2023), equation 3."""
    return state.scale * (state.P @ diagonal_times(state.λ, state.Q))


def adalora_forward(W: Array, state: Adalora, x: Array) -> Array:
    """h = W x + s P Λ Q x, without forming P Λ Q: Zhang et al. (2023), equation 3."""
    return W @ x + state.scale * (state.P @ diagonal_times(state.λ, state.Q @ x))


def adalora_merged(W: Array, state: Adalora) -> Array:
    """W + s P Λ Q: Zhang et al. (2023), equation 3."""
    return W + adalora_delta(state)


def adalora_unmerged(merged: Array, state: Adalora) -> Array:
    return merged - adalora_delta(state)


def adalora_gradients(W: Array, state: Adalora, slope: Array) -> dict[str, Array]:
    """What a loss gains by P, λ and Q, without the part of `orthogonality`."""
    right = state.scale * (slope @ state.Q.T)
    return {
        "P": right * state.λ,
        "λ": (state.P * right).sum(axis=0),
        "Q": state.scale * diagonal_times(state.λ, state.P.T @ slope),
    }


def orthogonality(state: Adalora) -> tuple[float, dict[str, Array]]:
    """How far P and Q are from orthogonal, ‖PᵀP − I‖² + ‖QQᵀ − I‖² (Frobenius), and its gradients:
    Zhang et al. (2023), equation 4. (PEFT takes the mean of the norms themselves, not their squares.)"""
    import numpy as np

    one = np.eye(state.λ.size)
    left, right = state.P.T @ state.P - one, state.Q @ state.Q.T - one
    value = float(np.sum(left * left) + np.sum(right * right))
    return value, {"P": 4 * (state.P @ left), "Q": 4 * (right @ state.Q)}


def adalora_parameters(d: int, k: int, r: int) -> int:
    """Entries of P, λ and Q, r (d + k) + r."""
    return r * (d + k) + r


# How the budget of ranks is spent ------------------------------------------------------------


@dataclass(frozen=True, slots=True, eq=False)
class Importance:
    """Running means, by factor, of each entry's sensitivity and of how much that varies."""

    mean: Mapping[str, Array]
    spread: Mapping[str, Array]


def unimportant(state: Adalora) -> Importance:
    """Before any step: all zero."""
    zeros = {name: 0 * getattr(state, name) for name in ("P", "λ", "Q")}
    return Importance(zeros, zeros)


def weighed(
    before: Importance, state: Adalora, gradients: Mapping[str, Array], beta_1: float, beta_2: float
) -> Importance:
    """One step on: sensitivity |w ∂L/∂w|, smoothed, and its smoothed distance to that mean:
    Zhang et al. (2023), equations 8 to 10."""
    mean, spread = {}, {}
    for name, gradient in gradients.items():
        sensitivity = abs(getattr(state, name) * gradient)
        mean[name] = beta_1 * before.mean[name] + (1 - beta_1) * sensitivity
        distance = abs(sensitivity - mean[name])
        spread[name] = beta_2 * before.spread[name] + (1 - beta_2) * distance
    return Importance(mean, spread)


def scores(importance: Importance) -> Array:
    """How much each of the r triplets matters (r): the score of its λ and the mean scores of its column of
    P and its row of Q: Zhang et al. (2023), equations 7 and 11."""
    of = {name: importance.mean[name] * importance.spread[name] for name in ("P", "λ", "Q")}
    total: Array = of["λ"] + of["P"].mean(axis=0) + of["Q"].mean(axis=1)
    return total


def budget(step: int, steps: int, first: int, last: int, warm_up: int, final: int) -> int:
    """The ranks to keep: `first` during the warm-up, then down to `last` along a cubic, and `last` for the
    `final` steps: Zhang et al. (2023), equation 12, but without `final` in the cubic's numerator, where it
    would keep the cubic from reaching `last`. As PEFT does."""
    if step <= warm_up:
        return first
    if step > steps - final:
        return last
    left = 1 - (step - warm_up) / (steps - final - warm_up)
    return int((first - last) * left**3 + last)


def pruned(state: Adalora, score: Array, keep: int) -> Adalora:
    """λ with all but its `keep` most important entries set to zero: Zhang et al. (2023), equation 6."""
    import numpy as np

    order = np.argsort(-score, kind="stable")
    λ = state.λ.copy()
    λ[order[keep:]] = 0.0
    return replace(state, λ=λ)


ROWS: Mapping[str, Adapter] = {
    "pissa": Adapter(
        name="pissa",
        source="Meng et al. (2024), PiSSA: Principal Singular Values and Singular Vectors Adaptation of "
        "Large Language Models, equations 2 to 5",
        symbols={"x": ("k",), "W_res": ("d", "k"), "A": ("r", "k"), "B": ("d", "r")},
        defined={"h": "W_res x + s BAx", "W'": "W_res + s BA"},
        scale="\\frac{α}{r}",
        count="r(d + k)",
        laws={"A": "singular", "B": "singular"},
        trainable=("A", "B"),
        frozen=("W_res",),
        rank="r",
        scaling=scaling,
        initial=drawn(pissa_start),
        start=pissa_start,
        forward=lora_forward,
        merged=lora_merged,
        unmerged=lora_unmerged,
        gradients=lora_gradients,
        parameters=lora_parameters,
    ),
    "adalora": Adapter(
        name="adalora",
        source="Zhang et al. (2023), AdaLoRA: Adaptive Budget Allocation for Parameter-Efficient "
        "Fine-Tuning, equation 3",
        symbols={"x": ("k",), "W": ("d", "k"), "P": ("d", "r"), "λ": ("r",), "Q": ("r", "k")},
        defined={
            "h": "Wx + s P diag(λ) Qx",
            "ΔW": "s P diag(λ) Q",
            "W'": "W + s P diag(λ) Q",
            "Λ": "diag(λ)",
        },
        scale="\\frac{α}{r}",
        count="r(d + k) + r",
        laws={"P": "normal", "λ": "zero", "Q": "normal"},
        trainable=("P", "λ", "Q"),
        frozen=("W",),
        rank="r",
        scaling=scaling,
        initial=adalora_initial,
        start=adalora_start,
        forward=adalora_forward,
        merged=adalora_merged,
        unmerged=adalora_unmerged,
        gradients=adalora_gradients,
        parameters=adalora_parameters,
    ),
}
