"""LoKr: the update is a Kronecker product of a small matrix and a low-rank block.

d = d_1 d_2 and k = k_1 k_2. C is d_1 × k_1, B is d_2 × r, A is r × k_2; where r is not small against the
block, the block itself, d_2 × k_2, takes the place of B A.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import isqrt
from typing import TYPE_CHECKING

from lorafig.core.adapters.lora import scaling
from lorafig.core.adapters.row import Adapter
from lorafig.core.arrays import LEAKY, kaiming_uniform, random

if TYPE_CHECKING:
    from lorafig.core.arrays import Array


@dataclass(frozen=True, slots=True, eq=False)
class Lokr:
    """C (d_1 × k_1), B (d_2 × r) and A (r × k_2); without A, B is the whole block (d_2 × k_2)."""

    C: Array
    B: Array
    A: Array | None
    scale: float = 1.0


def split(size: int, factor: int | None = None) -> tuple[int, int]:
    """A dimension as a product of two, the smaller first: as near to the square root as they come, or the
    first one `factor` where that divides, else the largest divisor below it. As LyCORIS and PEFT do."""
    if factor is not None and size % factor == 0:
        return factor, size // factor
    first = isqrt(size) if factor is None else min(factor, isqrt(size))
    while size % first != 0:
        first -= 1
    return first, size // first


def is_low_rank(d_2: int, k_2: int, r: int) -> bool:
    """Whether the block is kept as B A: r is below half of its longer side. As LyCORIS and PEFT do."""
    return 2 * r < max(d_2, k_2)


def lokr_initial(d: int, k: int, r: int, seed: int, scale: float = 1.0, factor: int | None = None) -> Lokr:
    """C is zero, so that the update is; B and A are drawn as by He et al. (2015). As PEFT does.
    LyCORIS's own code draws C and has A zero, or the whole block."""
    import numpy as np

    (d_1, d_2), (k_1, k_2) = split(d, factor), split(k, factor)
    generator = random(seed)
    B, A = kaiming_uniform(generator, d_2, r, LEAKY), kaiming_uniform(generator, r, k_2, LEAKY)
    return Lokr(np.zeros((d_1, k_1)), B, A, scale)


def lokr_start(
    W: Array, r: int, seed: int, scale: float = 1.0, factor: int | None = None
) -> tuple[Array, Lokr]:
    """The frozen weight, W itself, and what stands beside it: the block itself where r is not small."""
    d, k = W.shape
    (_, d_2), (_, k_2) = split(d, factor), split(k, factor)
    state = lokr_initial(d, k, r, seed, scale, factor)
    if is_low_rank(d_2, k_2, r):
        return W, state
    return W, Lokr(state.C, kaiming_uniform(random(seed), d_2, k_2, LEAKY), None, scale)


def block(state: Lokr) -> Array:
    """B A (d_2 × k_2), or the block itself."""
    return state.B if state.A is None else state.B @ state.A


def lokr_delta(state: Lokr) -> Array:
    """The update s C ⊗ (B A): Yeh et al. (2024), LyCORIS."""
    import numpy as np

    product: Array = np.kron(state.C, block(state)).astype(np.float64, copy=False)
    return state.scale * product


def lokr_forward(W: Array, state: Lokr, x: Array) -> Array:
    """h = W x + s (C ⊗ (B A)) x, without forming the Kronecker product: x is read as k_1 × k_2."""
    import numpy as np

    columns = x.reshape(state.C.shape[1], -1, 1 if x.ndim == 1 else x.shape[1])
    inner = columns if state.A is None else np.einsum("rb,jbn->jrn", state.A, columns)
    update = np.einsum("ij,ar,jrn->ian", state.C, state.B, inner, optimize=True)
    h: Array = W @ x + state.scale * update.reshape(W.shape[0], *x.shape[1:])
    return h


def lokr_merged(W: Array, state: Lokr) -> Array:
    """W + s C ⊗ (B A)."""
    return W + lokr_delta(state)


def lokr_unmerged(merged: Array, state: Lokr) -> Array:
    return merged - lokr_delta(state)


def lokr_gradients(W: Array, state: Lokr, slope: Array) -> dict[str, Array]:
    """What a loss gains by the factors: the slope read as blocks, one for each entry of C."""
    import numpy as np

    inner = block(state)
    (d_1, k_1), (d_2, k_2) = state.C.shape, inner.shape
    blocks = state.scale * slope.reshape(d_1, d_2, k_1, k_2)
    for_C: Array = np.einsum("iajb,ab->ij", blocks, inner)
    for_block: Array = np.einsum("iajb,ij->ab", blocks, state.C)
    if state.A is None:
        return {"C": for_C, "B": for_block}
    return {"C": for_C, "B": for_block @ state.A.T, "A": state.B.T @ for_block}


def lokr_parameters(d: int, k: int, r: int, factor: int | None = None) -> int:
    """Entries of C and of the block, d_1 k_1 + r (d_2 + k_2) where it is kept as B A."""
    (d_1, d_2), (k_1, k_2) = split(d, factor), split(k, factor)
    return d_1 * k_1 + (r * (d_2 + k_2) if is_low_rank(d_2, k_2, r) else d_2 * k_2)


ROWS: Mapping[str, Adapter] = {
    "lokr": Adapter(
        name="lokr",
        source="Yeh et al. (2024), Navigating Text-To-Image Customization: From LyCORIS Fine-Tuning to Model "
        "Evaluation",
        # d = d_1 d_2 and k = k_1 k_2; see `split`.
        symbols={
            "x": ("k",),
            "W": ("d", "k"),
            "C": ("d_1", "k_1"),
            "B": ("d_2", "r"),
            "A": ("r", "k_2"),
        },
        defined={"h": "Wx + s (C ⊗ (BA)) x", "ΔW": "s (C ⊗ (BA))", "W'": "W + s (C ⊗ (BA))"},
        scale="\\frac{α}{r}",
        count="d_1 k_1 + r(d_2 + k_2)",
        laws={"C": "zero", "B": "uniform", "A": "uniform"},
        trainable=("C", "B", "A"),
        frozen=("W",),
        rank="r",
        scaling=scaling,
        initial=lokr_initial,
        start=lokr_start,
        forward=lokr_forward,
        merged=lokr_merged,
        unmerged=lokr_unmerged,
        gradients=lokr_gradients,
        parameters=lokr_parameters,
    ),
}
