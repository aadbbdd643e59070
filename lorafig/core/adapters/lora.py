"""LoRA: W is d × k and frozen, A is r × k, B is d × r; the update is s B A."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from msgspec import Struct

from lorafig.core.adapter import SIGMA, Adapter, Format, Shape, additive
from lorafig.core.arrays import random
from lorafig.core.counts import lora_parameters

if TYPE_CHECKING:
    from lorafig.core.arrays import Array


class Factors(Struct, frozen=True, eq=False):
    """The matrices of one layer, A (r × k) and B (d × r), and the factor of their product."""

    A: Array
    B: Array
    scale: float = 1.0


def start(W: Array, r: int, seed: int, scale: float = 1.0) -> tuple[Array, Factors]:
    """A is drawn from N(0, σ²), B is exactly zero: Hu et al. (2021), section 4.1. W stays as it is."""
    import numpy as np

    d, k = W.shape
    return W, Factors(random(seed).normal(0.0, SIGMA, (r, k)), np.zeros((d, r)), scale)


def delta(factors: Factors) -> Array:
    """The update of the weight, s B A (d × k): Hu et al. (2021), equation 3."""
    return factors.scale * (factors.B @ factors.A)


def forward(W: Array, factors: Factors, x: Array) -> Array:
    """h = W x + s B (A x), without forming B A: Hu et al. (2021), equation 3."""
    return W @ x + factors.scale * (factors.B @ (factors.A @ x))


# The weight that does the work of both, W + s B A, and the frozen one back: Hu et al. (2021), section 4.1.
merged, unmerged = additive(delta)


def gradients(W: Array, factors: Factors, slope: Array) -> dict[str, Array]:
    """What a loss gains by A and by B where it gains `slope` (d × k) by the merged weight: the chain rule
    through W + s B A."""
    return {"A": factors.scale * (factors.B.T @ slope), "B": factors.scale * (slope @ factors.A.T)}


SYMBOLS: Mapping[str, Shape] = {"x": ("k",), "W": ("d", "k"), "A": ("r", "k"), "B": ("d", "r")}
FILE = Format(
    "LORA",
    {"A": "lora_A.weight", "B": "lora_B.weight"},
    lambda arrays, scale: Factors(arrays["A"], arrays["B"], scale),
    alpha="lora_alpha",
    more={"bias": "none", "fan_in_fan_out": False, "lora_dropout": 0.0},
)

ADAPTER = Adapter(
    name="lora",
    title="LoRA",
    source="Hu et al. (2021), LoRA: Low-Rank Adaptation of Large Language Models, equation 3",
    symbols=SYMBOLS,
    defined={"h": "Wx + s BAx", "ΔW": "s BA", "W'": "W + s BA"},
    count="r(d + k)",
    laws={"A": "normal", "B": "zero"},
    trainable=("A", "B"),
    start=start,
    forward=forward,
    merged=merged,
    unmerged=unmerged,
    gradients=gradients,
    parameters=lora_parameters,
    file=FILE,
)
