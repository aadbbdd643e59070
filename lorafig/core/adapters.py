"""Adapters: how each starts, what it computes, how it is merged and what it costs.

Weights are as in Hu et al. (2021): W is d × k and maps x (k) to h (d), A is r × k, B is d × r.
Batches are columns: x may be k × n. One row of `ADAPTERS` is one method; each formula stands once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Literal, TypeAlias, TypeVar

from lorafig.core.counts import lora_parameters

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Array: TypeAlias = NDArray[np.float64]

Number = TypeVar("Number", float, Fraction)
Law: TypeAlias = Literal["normal", "zero"]  # what a factor holds before the first step

SIGMA = 0.02  # standard deviation of A at the start; the paper says only that it is Gaussian


def scaling(alpha: Number, r: int) -> Number:
    """The factor of the update, alpha / r: Hu et al. (2021), section 4.1."""
    return alpha / r


@dataclass(frozen=True, slots=True)
class Factors:
    """The trained matrices of one layer, A (r × k) and B (d × r), and the factor of their product."""

    A: Array
    B: Array
    scale: float = 1.0


def lora_initial(d: int, k: int, r: int, seed: int, sigma: float = SIGMA, scale: float = 1.0) -> Factors:
    """A is drawn from N(0, sigma²), B is exactly zero: Hu et al. (2021), section 4.1."""
    import numpy as np

    generator = np.random.Generator(np.random.PCG64(seed))
    return Factors(generator.normal(0.0, sigma, (r, k)), np.zeros((d, r)), scale)


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
    """The pretrained weight back from the merged one, up to rounding."""
    return merged - lora_delta(factors)


@dataclass(frozen=True, slots=True, eq=False)
class Adapter:
    """A method as a row.

    `symbols` are the shapes of what it works on, by the names of the dimensions. `defined` gives the
    symbols that it defines in terms of these, `s` being the scaling; `laws` what the trained factors
    hold at the start; `rank` the dimension that must be small.
    """

    name: str
    source: str
    symbols: Mapping[str, tuple[str, ...]]
    defined: Mapping[str, str]
    laws: Mapping[str, Law]
    frozen: tuple[str, ...]
    rank: str
    scaling: Callable[[Fraction, int], Fraction]
    initial: Callable[[int, int, int, int], Factors]
    forward: Callable[[Array, Factors, Array], Array]
    merged: Callable[[Array, Factors], Array]
    unmerged: Callable[[Array, Factors], Array]
    parameters: Callable[[int, int, int], int]


ADAPTERS: Mapping[str, Adapter] = {
    "lora": Adapter(
        name="lora",
        source="Hu et al. (2021), LoRA: Low-Rank Adaptation of Large Language Models, equation 3",
        symbols={"x": ("k",), "W": ("d", "k"), "A": ("r", "k"), "B": ("d", "r")},
        defined={"h": "Wx + s BAx", "ΔW": "s BA", "W'": "W + s BA"},
        laws={"A": "normal", "B": "zero"},
        frozen=("W",),
        rank="r",
        scaling=scaling,
        initial=lora_initial,
        forward=lora_forward,
        merged=lora_merged,
        unmerged=lora_unmerged,
        parameters=lora_parameters,
    ),
}
