"""LoRA, and what differs from it in the scaling (rsLoRA) or in what is trained (LoRA-FA).

W is d × k and frozen, A is r × k, B is d × r; the update is s B A.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import isqrt, sqrt
from typing import TYPE_CHECKING, TypeVar

from lorafig.core.adapters.row import Adapter
from lorafig.core.arrays import random
from lorafig.core.counts import lora_fa_parameters, lora_parameters

if TYPE_CHECKING:
    from lorafig.core.arrays import Array

Number = TypeVar("Number", float, Fraction)

SIGMA = 0.02  # standard deviation of A at the start; the paper says only that it is Gaussian


def scaling(alpha: Number, r: int) -> Number:
    """The factor of the update, alpha / r: Hu et al. (2021), section 4.1."""
    return alpha / r


def rslora_scaling(alpha: Number, r: int) -> Number:
    """The factor of the update in rsLoRA, alpha / √r: Kalajdzievski (2023), section 3, theorem 3.2.

    A fraction gives a fraction: exact where r is a square, else off by less than 2^-256 of its value,
    so that every digit that a figure can show is right.
    """
    if isinstance(alpha, Fraction):
        digits = 256
        return alpha / Fraction(isqrt(r << 2 * digits), 1 << digits)
    return alpha / sqrt(r)


@dataclass(frozen=True, slots=True, eq=False)
class Factors:
    """The matrices of one layer, A (r × k) and B (d × r), and the factor of their product."""

    A: Array
    B: Array
    scale: float = 1.0


def lora_initial(d: int, k: int, r: int, seed: int, sigma: float = SIGMA, scale: float = 1.0) -> Factors:
    """A is drawn from N(0, sigma²), B is exactly zero: Hu et al. (2021), section 4.1."""
    import numpy as np

    return Factors(random(seed).normal(0.0, sigma, (r, k)), np.zeros((d, r)), scale)


def lora_start(W: Array, r: int, seed: int, scale: float = 1.0) -> tuple[Array, Factors]:
    """The frozen weight, W itself, and the factors beside it."""
    d, k = W.shape
    return W, lora_initial(d, k, r, seed, scale=scale)


def lora_delta(factors: Factors) -> Array:
    """The update of the weight, s B A (d × k): Hu et al. (2021), equation 3."""
    return factors.scale * (factors.B @ factors.A)


def lora_forward(W: Array, factors: Factors, x: Array) -> Array:
    """h = W x + s B (A x), without forming B A: Hu et al. (2021), equation 3."""
    return W @ x + factors.scale * (factors.B @ (factors.A @ x))


def lora_merged(W: Array, factors: Factors) -> Array:
    """The weight that does the work of both, W + s B A: Hu et al. (2021), section 4.1."""
    return W + lora_delta(factors)


def lora_unmerged(merged: Array, factors: Factors) -> Array:
    """The frozen weight back from the merged one, up to rounding."""
    return merged - lora_delta(factors)


def lora_gradients(W: Array, factors: Factors, slope: Array) -> dict[str, Array]:
    """What a loss gains by A and by B where it gains `slope` (d × k) by the merged weight: the chain rule
    through W + s B A."""
    return {"A": factors.scale * (factors.B.T @ slope), "B": factors.scale * (slope @ factors.A.T)}


def lora_fa_gradients(W: Array, factors: Factors, slope: Array) -> dict[str, Array]:
    """As of LoRA, for B alone: A stays as it was drawn. Zhang et al. (2023), LoRA-FA."""
    return {"B": lora_gradients(W, factors, slope)["B"]}


LORA_SYMBOLS: Mapping[str, tuple[str, ...]] = {"x": ("k",), "W": ("d", "k"), "A": ("r", "k"), "B": ("d", "r")}
LORA_DEFINED: Mapping[str, str] = {"h": "Wx + s BAx", "ΔW": "s BA", "W'": "W + s BA"}

ROWS: Mapping[str, Adapter] = {
    "lora": Adapter(
        name="lora",
        source="Hu et al. (2021), LoRA: Low-Rank Adaptation of Large Language Models, equation 3",
        symbols=LORA_SYMBOLS,
        defined=LORA_DEFINED,
        scale="\\frac{α}{r}",
        count="r(d + k)",
        laws={"A": "normal", "B": "zero"},
        trainable=("A", "B"),
        frozen=("W",),
        rank="r",
        scaling=scaling,
        initial=lora_initial,
        start=lora_start,
        forward=lora_forward,
        merged=lora_merged,
        unmerged=lora_unmerged,
        gradients=lora_gradients,
        parameters=lora_parameters,
    ),
    "rslora": Adapter(
        name="rslora",
        source="Kalajdzievski (2023), A Rank Stabilization Scaling Factor for Fine-Tuning with LoRA, "
        "theorem 3.2",
        symbols=LORA_SYMBOLS,
        # The scaling is written out: it is what the method is.
        defined={
            "h": "Wx + \\frac{α}{\\sqrt{r}} BAx",
            "ΔW": "\\frac{α}{\\sqrt{r}} BA",
            "W'": "W + \\frac{α}{\\sqrt{r}} BA",
        },
        scale="\\frac{α}{\\sqrt{r}}",
        count="r(d + k)",
        laws={"A": "normal", "B": "zero"},
        trainable=("A", "B"),
        frozen=("W",),
        rank="r",
        scaling=rslora_scaling,
        initial=lora_initial,
        start=lora_start,
        forward=lora_forward,
        merged=lora_merged,
        unmerged=lora_unmerged,
        gradients=lora_gradients,
        parameters=lora_parameters,
    ),
    "lora-fa": Adapter(
        name="lora-fa",
        source="Zhang et al. (2023), LoRA-FA: Memory-efficient Low-rank Adaptation for Large Language Models "
        "Fine-tuning",
        symbols=LORA_SYMBOLS,
        defined=LORA_DEFINED,
        scale="\\frac{α}{r}",
        count="dr",
        laws={"A": "normal", "B": "zero"},
        trainable=("B",),
        frozen=("W", "A"),
        rank="r",
        scaling=scaling,
        initial=lora_initial,
        start=lora_start,
        forward=lora_forward,
        merged=lora_merged,
        unmerged=lora_unmerged,
        gradients=lora_fa_gradients,
        parameters=lora_fa_parameters,
    ),
}
