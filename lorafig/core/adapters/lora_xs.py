"""LoRA-XS: A (r × k) and B (d × r) are made of the largest singular values of W and frozen; between them a
small matrix R (r × r) is trained. The update is s B R A.

With W = U Σ Vᵀ, A is Σ_r V_rᵀ and B is U_r: Bałazy et al. (2024), transposed, as they have h = x W. The
scaling, the start of R and the names of the arrays are those of the authors' code, which adds R to PEFT's
LoRA; PEFT itself does not have the method.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from lorafig.core.adapter import Adapter, Format, additive
from lorafig.core.adapters import lora
from lorafig.core.arrays import diagonal_times, random

if TYPE_CHECKING:
    from lorafig.core.arrays import Array

SIGMA = 1e-5  # standard deviation of R at the start: near 0, and not 0


class LoraXs(Struct, frozen=True, eq=False):
    """A (r × k) and B (d × r), frozen; R (r × r), trained; and the factor of their product."""

    A: Array
    R: Array
    B: Array
    scale: float = 1.0


def start(W: Array, r: int, seed: int, scale: float = 1.0) -> tuple[Array, LoraXs]:
    """A and B by the singular values of W, R drawn from N(0, σ²): Bałazy et al. (2024), section 3. W stays
    as it is."""
    from lorafig.core.steady import singular

    U, S, Vt = singular(W)
    R = random(seed).normal(0.0, SIGMA, (r, r))
    return W, LoraXs(diagonal_times(S[:r], Vt[:r]), R, U[:, :r], scale)


def delta(state: LoraXs) -> Array:
    """The update s B R A (d × k): Bałazy et al. (2024), section 3."""
    return state.scale * (state.B @ state.R @ state.A)


def forward(W: Array, state: LoraXs, x: Array) -> Array:
    """h = W x + s B (R (A x)): Bałazy et al. (2024), section 3."""
    return W @ x + state.scale * (state.B @ (state.R @ (state.A @ x)))


merged, unmerged = additive(delta)


def gradients(W: Array, state: LoraXs, slope: Array) -> dict[str, Array]:
    """What a loss gains by R."""
    return {"R": state.scale * (state.B.T @ slope @ state.A.T)}


def parameters(d: int, k: int, r: int) -> int:
    """Entries of R, r², whatever the size of the weight: Bałazy et al. (2024), section 3."""
    return r * r


ADAPTER = Adapter(
    name="lora-xs",
    title="LoRA-XS",
    source="Bałazy et al. (2024), LoRA-XS: Low-Rank Adaptation with Extremely Small Number of Parameters, "
    "section 3",
    symbols={**lora.SYMBOLS, "R": ("r", "r")},
    defined={"h": "Wx + s BRAx", "ΔW": "s BRA", "W'": "W + s BRA"},
    count="r^2",
    laws={"A": "singular", "R": "normal", "B": "singular"},
    sigma=SIGMA,
    at_weight=False,
    trainable=("R",),
    frozen=("W", "A", "B"),
    start=start,
    forward=forward,
    merged=merged,
    unmerged=unmerged,
    gradients=gradients,
    parameters=parameters,
    file=Format(
        "LORA",
        {**lora.FILE.names, "R": "_lora_latent_mapping.weight"},
        lambda arrays, scale: LoraXs(arrays["A"], arrays["R"], arrays["B"], scale),
        alpha="lora_alpha",
        sign="_lora_latent_mapping.weight",
        more=lora.FILE.more,
    ),
)
