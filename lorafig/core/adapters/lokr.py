"""LoKr: the update is a Kronecker product of a small matrix and a low-rank block.

d = d_1 d_2 and k = k_1 k_2. C is d_1 × k_1, B is d_2 × r, A is r × k_2; where r is not small against the
block, the block itself, d_2 × k_2, takes the place of B A.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import isqrt
from typing import TYPE_CHECKING

from msgspec import Struct

from lorafig.core.adapter import Adapter, Format, Whole, additive
from lorafig.core.arrays import LEAKY, kaiming_uniform, random

if TYPE_CHECKING:
    from lorafig.core.arrays import Array


class Lokr(Struct, frozen=True, eq=False):
    """C (d_1 × k_1), B (d_2 × r) and A (r × k_2); without A, B is the whole block (d_2 × k_2)."""

    C: Array
    B: Array
    A: Array | None
    scale: float = 1.0


def split(size: int) -> tuple[int, int]:
    """A dimension as a product of two, the smaller first, as near to the square root as they come. As LyCORIS
    and PEFT do."""
    first = isqrt(size)
    while size % first != 0:
        first -= 1
    return first, size // first


def sizes(d: int, k: int, r: int) -> dict[str, int]:
    """The dimensions, with the factors of d = d_1 d_2 and k = k_1 k_2."""
    (d_1, d_2), (k_1, k_2) = split(d), split(k)
    return {"d": d, "k": k, "r": r, "d_1": d_1, "d_2": d_2, "k_1": k_1, "k_2": k_2}


def is_low_rank(d: int, k: int, r: int) -> bool:
    """Whether the block is kept as B A: r is below half of its longer side. As LyCORIS and PEFT do."""
    return 2 * r < max(split(d)[1], split(k)[1])


def start(W: Array, r: int, seed: int, scale: float = 1.0) -> tuple[Array, Lokr]:
    """C is zero, so that the update is; B and A, or the whole block, are drawn as by He et al. (2015): as
    PEFT does. LyCORIS's own code draws C and has A zero, or the whole block."""
    import numpy as np

    d, k = W.shape
    (d_1, d_2), (k_1, k_2) = split(d), split(k)
    C, generator = np.zeros((d_1, k_1)), random(seed)
    if not is_low_rank(d, k, r):
        return W, Lokr(C, kaiming_uniform(generator, d_2, k_2, LEAKY), None, scale)
    B, A = kaiming_uniform(generator, d_2, r, LEAKY), kaiming_uniform(generator, r, k_2, LEAKY)
    return W, Lokr(C, B, A, scale)


def block(state: Lokr) -> Array:
    """B A (d_2 × k_2), or the block itself."""
    return state.B if state.A is None else state.B @ state.A


def delta(state: Lokr) -> Array:
    """The update s C ⊗ (B A): Yeh et al. (2024), LyCORIS."""
    import numpy as np

    product: Array = np.kron(state.C, block(state)).astype(np.float64, copy=False)
    return state.scale * product


def forward(W: Array, state: Lokr, x: Array) -> Array:
    """h = W x + s (C ⊗ (B A)) x, without forming the Kronecker product: x is read as k_1 × k_2."""
    columns = x.reshape(state.C.shape[1], -1, 1 if x.ndim == 1 else x.shape[1])
    blocks = state.B @ (columns if state.A is None else state.A @ columns)  # k_1 × d_2 × n
    update = state.C @ blocks.reshape(len(blocks), -1)
    return W @ x + state.scale * update.reshape(W.shape[0], *x.shape[1:])


merged, unmerged = additive(delta)


def gradients(W: Array, state: Lokr, slope: Array) -> dict[str, Array]:
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


def parameters(d: int, k: int, r: int) -> int:
    """Entries of C and of the block, d_1 k_1 + r (d_2 + k_2) where it is kept as B A."""
    (d_1, d_2), (k_1, k_2) = split(d), split(k)
    return d_1 * k_1 + (r * (d_2 + k_2) if is_low_rank(d, k, r) else d_2 * k_2)


def _read(arrays: Mapping[str, Array], scale: float) -> Lokr:
    return Lokr(arrays["C"], arrays["block"] if "block" in arrays else arrays["B"], arrays.get("A"), scale)


def _written(state: Lokr) -> dict[str, Array]:
    factors = {"block": state.B} if state.A is None else {"B": state.B, "A": state.A}
    return {"C": state.C, **factors}


ADAPTER = Adapter(
    name="lokr",
    title="LoKr",
    source="Yeh et al. (2024), Navigating Text-To-Image Customization: From LyCORIS Fine-Tuning to Model "
    "Evaluation",
    symbols={"x": ("k",), "W": ("d", "k"), "C": ("d_1", "k_1"), "B": ("d_2", "r"), "A": ("r", "k_2")},
    defined={"h": "Wx + s (C ⊗ (BA)) x", "ΔW": "s (C ⊗ (BA))", "W'": "W + s (C ⊗ (BA))"},
    count="d_1 k_1 + r(d_2 + k_2)",
    whole=Whole(
        is_low_rank,
        "2r < \\max(d_2, k_2)",
        "d_1 k_1 + d_2 k_2",
        {"W": ("d", "k"), "C": ("d_1", "k_1"), "B": ("d_2", "k_2")},
    ),
    laws={"C": "zero", "B": "uniform", "A": "uniform"},
    trainable=("C", "B", "A"),
    sizes=sizes,
    start=start,
    forward=forward,
    merged=merged,
    unmerged=unmerged,
    gradients=gradients,
    parameters=parameters,
    file=Format(
        "LOKR",
        {"C": "lokr_w1", "B": "lokr_w2_a", "A": "lokr_w2_b", "block": "lokr_w2"},
        _read,
        _written,
        shapes={"block": ("d_2", "k_2")},
        instead={"block": ("B", "A")},
        alpha="alpha",
        fixed=False,
    ),
)
