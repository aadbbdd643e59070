"""DoRA: the direction of the weight is adapted by LoRA, its magnitude by a vector of its own.

V = W + s B A is d × k. Liu et al. (2024) norm the columns of V (m is 1 × k) with W as d × k and h = W x.
Their released code, and PEFT after it, norm what `nn.Linear` keeps as its rows, one output each (m is d).
For a square W the counts are equal, but the adapters are not: `per` says which one is meant.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

from lorafig.core.adapters.lora import LORA_SYMBOLS, Factors, lora_gradients, lora_merged, scaling
from lorafig.core.adapters.row import Adapter, drawn
from lorafig.core.arrays import LEAKY, diagonal_times, kaiming_uniform, random

if TYPE_CHECKING:
    from lorafig.core.arrays import Array

Per: TypeAlias = Literal["column", "row"]


@dataclass(frozen=True, slots=True, eq=False)
class Dora:
    """The magnitudes m (k of columns, d of rows), A (r × k), B (d × r) and the factor of their product."""

    m: Array
    A: Array
    B: Array
    scale: float = 1.0
    per: Per = "column"


def norms(V: Array, per: Per) -> Array:
    """The Euclidean norm of each column, ‖V‖_c, or of each row: Liu et al. (2024), equation 2."""
    import numpy as np

    lengths: Array = np.linalg.norm(V, axis=0 if per == "column" else 1)
    return lengths


def dora_start(W: Array, r: int, seed: int, scale: float = 1.0, per: Per = "column") -> tuple[Array, Dora]:
    """m is ‖W‖_c, A is drawn as by He et al. (2015), B is zero: Liu et al. (2024), section 3.1 and 4.1."""
    import numpy as np

    d, k = W.shape
    A = kaiming_uniform(random(seed), r, k, LEAKY)
    return W, Dora(norms(W, per), A, np.zeros((d, r)), scale, per)


def _direction(W: Array, state: Dora) -> Array:
    """V + ΔV, that is W + s B A: Liu et al. (2024), equation 5."""
    return lora_merged(W, Factors(state.A, state.B, state.scale))


def _scaled(V: Array, v: Array, per: Per) -> Array:
    """The columns, or the rows, of V times the entries of v."""
    return V * v if per == "column" else diagonal_times(v, V)


def dora_forward(W: Array, state: Dora, x: Array) -> Array:
    """h = W' x, the magnitudes going to x or to the product: Liu et al. (2024), equation 5.

    No column (row) of W + s B A may be zero: its direction is not defined.
    """
    V = _direction(W, state)
    ratio = state.m / norms(V, state.per)
    if state.per == "column":
        return V @ diagonal_times(ratio, x)
    return diagonal_times(ratio, V @ x)


def dora_merged(W: Array, state: Dora) -> Array:
    """W' = m (W + s B A) / ‖W + s B A‖_c: Liu et al. (2024), equation 5."""
    V = _direction(W, state)
    return _scaled(V, state.m / norms(V, state.per), state.per)


def dora_gradients(W: Array, state: Dora, slope: Array, fixed_norm: bool = False) -> dict[str, Array]:
    """What a loss gains by m, A and B where it gains `slope` by W': Liu et al. (2024), equations 6 and 7.

    `fixed_norm` treats ‖V‖_c as a constant, as section 4.3 (equation 11) proposes and PEFT does.
    """
    V = _direction(W, state)
    lengths = norms(V, state.per)
    unit = _scaled(V, 1 / lengths, state.per)
    along = (slope * unit).sum(axis=0 if state.per == "column" else 1)
    turned = slope if fixed_norm else slope - _scaled(unit, along, state.per)
    for_V = _scaled(turned, state.m / lengths, state.per)
    return {"m": along, **lora_gradients(W, Factors(state.A, state.B, state.scale), for_V)}


def dora_parameters(d: int, k: int, r: int, per: Per = "column") -> int:
    """Entries of A, B and m (k of them): Liu et al. (2024), section 5.1."""
    return r * (d + k) + (k if per == "column" else d)


ROWS: Mapping[str, Adapter] = {
    "dora": Adapter(
        name="dora",
        source="Liu et al. (2024), DoRA: Weight-Decomposed Low-Rank Adaptation, equation 5",
        symbols={**LORA_SYMBOLS, "m": ("k",)},
        defined={
            "h": "(m ⊙ \\frac{W + s BA}{‖W + s BA‖_c}) x",
            "W'": "m ⊙ \\frac{W + s BA}{‖W + s BA‖_c}",
            "ΔV": "s BA",
        },
        scale="\\frac{α}{r}",
        count="r(d + k) + k",
        laws={"m": "norms", "A": "uniform", "B": "zero"},
        trainable=("m", "A", "B"),
        frozen=("W",),
        rank="r",
        scaling=scaling,
        initial=drawn(dora_start),
        start=dora_start,
        forward=dora_forward,
        merged=dora_merged,
        unmerged=None,
        gradients=dora_gradients,
        parameters=dora_parameters,
    ),
}
