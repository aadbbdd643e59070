"""VeRA: random matrices that all layers share and nobody trains, scaled by two trained vectors.

A is r × k, B is d × r, λ_d has r entries and λ_b d. (The paper writes d and b for the vectors and Λ_d and
Λ_b for their diagonal matrices; d is a dimension here.)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from lorafig.core.adapter import Adapter, Format, additive, unscaled
from lorafig.core.adapters import lora
from lorafig.core.arrays import diagonal_times, kaiming_uniform, random

if TYPE_CHECKING:
    from lorafig.core.arrays import Array

D_INITIAL = 0.1  # what every entry of λ_d starts at, as in PEFT; Kopiczko et al. (2023) compare several


class Vera(Struct, frozen=True, eq=False):
    """A (r × k) and B (d × r), frozen; λ_d (r) and λ_b (d), trained."""

    A: Array
    B: Array
    λ_d: Array
    λ_b: Array


def start(W: Array, r: int, seed: int, scale: float = 1.0) -> tuple[Array, Vera]:
    """A and B as by He et al. (2015), λ_b zero, λ_d 0.1: Kopiczko et al. (2023), and PEFT. Nothing is scaled.

    The seed is that of the model: layers of one shape share A and B.
    """
    import numpy as np

    (d, k), generator = W.shape, random(seed)
    A, B = kaiming_uniform(generator, r, k), kaiming_uniform(generator, d, r)
    return W, Vera(A, B, np.full(r, D_INITIAL), np.zeros(d))


def delta(state: Vera) -> Array:
    """The update Λ_b B Λ_d A (d × k): Kopiczko et al. (2023)."""
    return diagonal_times(state.λ_b, state.B @ diagonal_times(state.λ_d, state.A))


def forward(W: Array, state: Vera, x: Array) -> Array:
    """h = W x + Λ_b B Λ_d A x: Kopiczko et al. (2023)."""
    inner = diagonal_times(state.λ_d, state.A @ x)
    return W @ x + diagonal_times(state.λ_b, state.B @ inner)


merged, unmerged = additive(delta)


def gradients(W: Array, state: Vera, slope: Array) -> dict[str, Array]:
    """What a loss gains by the two vectors: the diagonals of what it gains by Λ_d and Λ_b."""
    inner = diagonal_times(state.λ_d, state.A)
    for_b = (slope * (state.B @ inner)).sum(axis=1)
    for_d = ((state.B.T @ diagonal_times(state.λ_b, slope)) * state.A).sum(axis=1)
    return {"λ_d": for_d, "λ_b": for_b}


def parameters(d: int, k: int, r: int) -> int:
    """Entries of λ_b and λ_d, d + r a layer: Kopiczko et al. (2023)."""
    return d + r


ADAPTER = Adapter(
    name="vera",
    title="VeRA",
    source="Kopiczko et al. (2023), VeRA: Vector-based Random Matrix Adaptation",
    symbols={**lora.SYMBOLS, "λ_d": ("r",), "λ_b": ("d",)},
    defined={
        "h": "Wx + diag(λ_b) B diag(λ_d) Ax",
        "ΔW": "diag(λ_b) B diag(λ_d) A",
        "W'": "W + diag(λ_b) B diag(λ_d) A",
        "Λ_b": "diag(λ_b)",
        "Λ_d": "diag(λ_d)",
    },
    scale="",
    count="d + r",
    letters={"b": "λ_b", "d": "λ_d"},
    laws={"A": "uniform", "B": "uniform", "λ_d": "constant", "λ_b": "zero"},
    trainable=("λ_d", "λ_b"),
    frozen=("W", "A", "B"),
    shared=("A", "B"),
    scaling=unscaled,
    start=start,
    forward=forward,
    merged=merged,
    unmerged=unmerged,
    gradients=gradients,
    parameters=parameters,
    file=Format(
        "VERA",
        {"λ_d": "vera_lambda_d", "λ_b": "vera_lambda_b"},
        lambda arrays, scale: Vera(arrays["A"], arrays["B"], arrays["λ_d"], arrays["λ_b"]),
        shared={"A": "vera_A", "B": "vera_B"},
        fixed=False,
        more={"save_projection": True, "projection_prng_key": 0},
    ),
)
