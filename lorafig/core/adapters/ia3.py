"""(IA)³: the activations are scaled by a vector; there is no low-rank update.

l has d entries where it scales what a layer gives (keys and values), and k where it scales what the layer
is given (the second layer of the feed-forward network).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

from lorafig.core.adapters.row import Adapter, unscaled
from lorafig.core.arrays import diagonal_times

if TYPE_CHECKING:
    from lorafig.core.arrays import Array

Side: TypeAlias = Literal["output", "input"]


@dataclass(frozen=True, slots=True, eq=False)
class Ia3:
    """The vector, and whether it scales the output (d) or the input (k)."""

    l: Array  # noqa: E741  the paper's letter
    side: Side = "output"


def ia3_initial(d: int, k: int, r: int, seed: int, side: Side = "output") -> Ia3:
    """Ones, so that nothing is scaled: Liu et al. (2022), section 3.3. Rank and seed play no part."""
    import numpy as np

    return Ia3(np.ones(d if side == "output" else k), side)


def ia3_start(W: Array, r: int, seed: int, scale: float = 1.0, side: Side = "output") -> tuple[Array, Ia3]:
    """The frozen weight, W itself, and the vector. (IA)³ has no scaling."""
    d, k = W.shape
    return W, ia3_initial(d, k, r, seed, side)


def ia3_forward(W: Array, state: Ia3, x: Array) -> Array:
    """h = l ⊙ (W x), or W (l ⊙ x) on the input side: Liu et al. (2022), section 3.3."""
    if state.side == "output":
        return diagonal_times(state.l, W @ x)
    return W @ diagonal_times(state.l, x)


def ia3_merged(W: Array, state: Ia3) -> Array:
    """diag(l) W, or W diag(l) on the input side: Liu et al. (2022), section 3.3."""
    return diagonal_times(state.l, W) if state.side == "output" else W * state.l


def ia3_unmerged(merged: Array, state: Ia3) -> Array:
    """The frozen weight back, up to rounding; no entry of l may be zero."""
    return diagonal_times(1 / state.l, merged) if state.side == "output" else merged / state.l


def ia3_gradients(W: Array, state: Ia3, slope: Array) -> dict[str, Array]:
    """What a loss gains by l: what it gains by each row (column) of the merged weight, along W's."""
    return {"l": (slope * W).sum(axis=1 if state.side == "output" else 0)}


def ia3_parameters(d: int, k: int, r: int, side: Side = "output") -> int:
    """Entries of l: Liu et al. (2022), section 3.3."""
    return d if side == "output" else k


ROWS: Mapping[str, Adapter] = {
    "ia3": Adapter(
        name="ia3",
        source="Liu et al. (2022), Few-Shot Parameter-Efficient Fine-Tuning is Better and Cheaper than "
        "In-Context Learning, section 3.3",
        symbols={"x": ("k",), "W": ("d", "k"), "l": ("d",)},
        defined={"h": "l ⊙ (Wx)", "W'": "diag(l) W"},
        scale="",
        count="d",
        laws={"l": "one"},
        trainable=("l",),
        frozen=("W",),
        rank="",
        scaling=unscaled,
        initial=ia3_initial,
        start=ia3_start,
        forward=ia3_forward,
        merged=ia3_merged,
        unmerged=ia3_unmerged,
        gradients=ia3_gradients,
        parameters=ia3_parameters,
    ),
}
