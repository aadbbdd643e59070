"""VeRA: random matrices that all layers share and nobody trains, scaled by two trained vectors.

A is r × k, B is d × r, λ_d has r entries and λ_b d. (The paper writes d and b for the vectors and Λ_d and
Λ_b for their diagonal matrices; d is a dimension here.)
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lorafig.core.adapters.lora import LORA_SYMBOLS
from lorafig.core.adapters.row import Adapter, unscaled
from lorafig.core.arrays import diagonal_times, kaiming_uniform, random

if TYPE_CHECKING:
    from lorafig.core.arrays import Array

D_INITIAL = 0.1  # what every entry of λ_d starts at, as in PEFT; Kopiczko et al. (2023) compare several


@dataclass(frozen=True, slots=True, eq=False)
class Vera:
    """A (r × k) and B (d × r), frozen; λ_d (r) and λ_b (d), trained."""

    A: Array
    B: Array
    λ_d: Array
    λ_b: Array


def vera_initial(d: int, k: int, r: int, seed: int) -> Vera:
    """A and B as by He et al. (2015), λ_b zero, λ_d 0.1: Kopiczko et al. (2023), and PEFT.

    The seed is that of the model: layers of one shape share A and B.
    """
    import numpy as np

    generator = random(seed)
    A, B = kaiming_uniform(generator, r, k), kaiming_uniform(generator, d, r)
    return Vera(A, B, np.full(r, D_INITIAL), np.zeros(d))


def vera_start(W: Array, r: int, seed: int, scale: float = 1.0) -> tuple[Array, Vera]:
    """The frozen weight, W itself, and what stands beside it. VeRA has no scaling."""
    d, k = W.shape
    return W, vera_initial(d, k, r, seed)


def vera_delta(state: Vera) -> Array:
    """The update Λ_b B Λ_d A (d × k): Kopiczko et al. (2023)."""
    return diagonal_times(state.λ_b, state.B @ diagonal_times(state.λ_d, state.A))


def vera_forward(W: Array, state: Vera, x: Array) -> Array:
    """h = W x + Λ_b B Λ_d A x: Kopiczko et al. (2023)."""
    inner = diagonal_times(state.λ_d, state.A @ x)
    return W @ x + diagonal_times(state.λ_b, state.B @ inner)


def vera_merged(W: Array, state: Vera) -> Array:
    """W + Λ_b B Λ_d A: Kopiczko et al. (2023)."""
    return W + vera_delta(state)


def vera_unmerged(merged: Array, state: Vera) -> Array:
    return merged - vera_delta(state)


def vera_gradients(W: Array, state: Vera, slope: Array) -> dict[str, Array]:
    """What a loss gains by the two vectors: the diagonals of what it gains by Λ_d and Λ_b."""
    inner = diagonal_times(state.λ_d, state.A)
    for_b = (slope * (state.B @ inner)).sum(axis=1)
    for_d = ((state.B.T @ diagonal_times(state.λ_b, slope)) * state.A).sum(axis=1)
    return {"λ_d": for_d, "λ_b": for_b}


def vera_parameters(d: int, k: int, r: int) -> int:
    """Entries of λ_b and λ_d, d + r a layer: Kopiczko et al. (2023)."""
    return d + r


ROWS: Mapping[str, Adapter] = {
    "vera": Adapter(
        name="vera",
        source="Kopiczko et al. (2023), VeRA: Vector-based Random Matrix Adaptation",
        symbols={**LORA_SYMBOLS, "λ_d": ("r",), "λ_b": ("d",)},
        defined={
            "h": "Wx + diag(λ_b) B diag(λ_d) Ax",
            "ΔW": "diag(λ_b) B diag(λ_d) A",
            "W'": "W + diag(λ_b) B diag(λ_d) A",
            "Λ_b": "diag(λ_b)",
            "Λ_d": "diag(λ_d)",
        },
        scale="",
        count="d + r",
        laws={"A": "uniform", "B": "uniform", "λ_d": "constant", "λ_b": "zero"},
        trainable=("λ_d", "λ_b"),
        frozen=("W", "A", "B"),
        rank="r",
        scaling=unscaled,
        initial=vera_initial,
        start=vera_start,
        forward=vera_forward,
        merged=vera_merged,
        unmerged=vera_unmerged,
        gradients=vera_gradients,
        parameters=vera_parameters,
    ),
}
