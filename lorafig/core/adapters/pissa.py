"""PiSSA: LoRA's A (r × k) and B (d × r) start as the largest singular values of W, and what is left of W is
frozen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from lorafig.core.adapters import lora
from lorafig.core.arrays import diagonal_times

if TYPE_CHECKING:
    from lorafig.core.arrays import Array


def start(W: Array, r: int, seed: int, scale: float = 1.0) -> tuple[Array, lora.Factors]:
    """The residual weight W_res, which is frozen, and B = U_r S_r^½, A = S_r^½ V_rᵀ of its r largest
    singular values: Meng et al. (2024), equations 2 to 4, transposed, as they have Y = X W. They are divided
    by the scaling, so that W = W_res + s B A whatever it is (as PEFT does; the paper has none). Nothing is
    drawn.
    """
    import numpy as np

    from lorafig.core.steady import singular

    U, S, Vt = singular(W)
    roots = np.sqrt(S[:r] / scale)
    factors = lora.Factors(diagonal_times(roots, Vt[:r]), U[:, :r] * roots, scale)
    return W - lora.delta(factors), factors


ADAPTER = replace(
    lora.ADAPTER,
    name="pissa",
    title="PiSSA",
    source="Meng et al. (2024), PiSSA: Principal Singular Values and Singular Vectors Adaptation of "
    "Large Language Models, equations 2 to 5",
    symbols={"x": ("k",), "W_res": ("d", "k"), "A": ("r", "k"), "B": ("d", "r")},
    defined={"h": "W_res x + s BAx", "W'": "W_res + s BA"},
    aliases={"W": "W'"},  # W = W_res + B A
    laws={"A": "singular", "B": "singular"},
    before={"W_res": "W - s BA"},
    frozen=("W_res",),
    start=start,
    file=replace(lora.FILE, marks={"init_lora_weights": "pissa"}),
)
