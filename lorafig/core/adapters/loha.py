"""LoHa: the update is the entrywise product of two of LoRA's, so that its rank may reach r².

A_1 and A_2 are r × k, B_1 and B_2 are d × r.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from lorafig.core.adapter import Adapter, Format, additive
from lorafig.core.arrays import LEAKY, kaiming_uniform, random

if TYPE_CHECKING:
    from lorafig.core.arrays import Array


class Loha(Struct, frozen=True, eq=False):
    """The four factors, and the factor of the product."""

    B_1: Array
    A_1: Array
    B_2: Array
    A_2: Array
    scale: float = 1.0


def start(W: Array, r: int, seed: int, scale: float = 1.0) -> tuple[Array, Loha]:
    """Drawn as by He et al. (2015), as in the experiments of Hyeon-Woo et al. (2022) and as PEFT does, A_2
    being zero, so that the update is. LyCORIS's own code draws from normal distributions and has B_2 zero."""
    import numpy as np

    (d, k), generator = W.shape, random(seed)
    B_1, A_1 = kaiming_uniform(generator, d, r, LEAKY), kaiming_uniform(generator, r, k, LEAKY)
    return W, Loha(B_1, A_1, kaiming_uniform(generator, d, r, LEAKY), np.zeros((r, k)), scale)


def delta(state: Loha) -> Array:
    """The update s (B_1 A_1) ⊙ (B_2 A_2): Yeh et al. (2024), LyCORIS; the product is that of
    Hyeon-Woo et al. (2022), FedPara, proposition 1."""
    return state.scale * ((state.B_1 @ state.A_1) * (state.B_2 @ state.A_2))


def forward(W: Array, state: Loha, x: Array) -> Array:
    """h = W x + s ((B_1 A_1) ⊙ (B_2 A_2)) x: the entrywise product has to be formed."""
    return W @ x + delta(state) @ x


merged, unmerged = additive(delta)


def gradients(W: Array, state: Loha, slope: Array) -> dict[str, Array]:
    """What a loss gains by the factors: each product has what the other lets through."""
    for_1 = state.scale * slope * (state.B_2 @ state.A_2)
    for_2 = state.scale * slope * (state.B_1 @ state.A_1)
    return {
        "B_1": for_1 @ state.A_1.T,
        "A_1": state.B_1.T @ for_1,
        "B_2": for_2 @ state.A_2.T,
        "A_2": state.B_2.T @ for_2,
    }


def parameters(d: int, k: int, r: int) -> int:
    """Entries of the four factors, 2 r (d + k): Hyeon-Woo et al. (2022), proposition 2."""
    return 2 * r * (d + k)


ADAPTER = Adapter(
    name="loha",
    title="LoHa",
    source="Yeh et al. (2024), Navigating Text-To-Image Customization: From LyCORIS Fine-Tuning to Model "
    "Evaluation; Hyeon-Woo et al. (2022), FedPara, proposition 1",
    symbols={
        "x": ("k",),
        "W": ("d", "k"),
        "B_1": ("d", "r"),
        "A_1": ("r", "k"),
        "B_2": ("d", "r"),
        "A_2": ("r", "k"),
    },
    defined={
        "h": "Wx + s ((B_1 A_1) ⊙ (B_2 A_2)) x",
        "ΔW": "s ((B_1 A_1) ⊙ (B_2 A_2))",
        "W'": "W + s ((B_1 A_1) ⊙ (B_2 A_2))",
    },
    count="2r(d + k)",
    laws={"B_1": "uniform", "A_1": "uniform", "B_2": "uniform", "A_2": "zero"},
    trainable=("B_1", "A_1", "B_2", "A_2"),
    start=start,
    forward=forward,
    merged=merged,
    unmerged=unmerged,
    gradients=gradients,
    parameters=parameters,
    file=Format(
        "LOHA",
        {"B_1": "hada_w1_a", "A_1": "hada_w1_b", "B_2": "hada_w2_a", "A_2": "hada_w2_b"},
        lambda arrays, scale: Loha(arrays["B_1"], arrays["A_1"], arrays["B_2"], arrays["A_2"], scale),
        alpha="alpha",
    ),
)
