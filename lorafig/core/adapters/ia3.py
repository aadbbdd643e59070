"""(IA)³: the activations are scaled by a vector; there is no low-rank update.

l has d entries where it scales what a layer gives (keys and values), and k where it scales what the layer
is given (the second layer of the feed-forward network).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Literal, TypeAlias

from msgspec import Struct

from lorafig.core.adapter import Adapter, Format, unscaled
from lorafig.core.arrays import diagonal_times

if TYPE_CHECKING:
    from lorafig.core.arrays import Array

Side: TypeAlias = Literal["output", "input"]


class Ia3(Struct, frozen=True, eq=False):
    """The vector, and whether it scales the output (d) or the input (k)."""

    l: Array  # noqa: E741  the paper's letter
    side: Side = "output"


def start(W: Array, r: int, seed: int, scale: float = 1.0) -> tuple[Array, Ia3]:
    """Ones, so that nothing is scaled: Liu et al. (2022), section 3.3. Rank, seed and scale play no part."""
    import numpy as np

    return W, Ia3(np.ones(W.shape[0]))


def forward(W: Array, state: Ia3, x: Array) -> Array:
    """h = l ⊙ (W x), or W (l ⊙ x) on the input side: Liu et al. (2022), section 3.3."""
    if state.side == "output":
        return diagonal_times(state.l, W @ x)
    return W @ diagonal_times(state.l, x)


def merged(W: Array, state: Ia3) -> Array:
    """diag(l) W, or W diag(l) on the input side: Liu et al. (2022), section 3.3."""
    return diagonal_times(state.l, W) if state.side == "output" else W * state.l


def unmerged(merged: Array, state: Ia3) -> Array:
    """The frozen weight back, up to rounding; no entry of l may be zero."""
    return diagonal_times(1 / state.l, merged) if state.side == "output" else merged / state.l


def gradients(W: Array, state: Ia3, slope: Array) -> dict[str, Array]:
    """What a loss gains by l: what it gains by each row (column) of the merged weight, along W's."""
    return {"l": (slope * W).sum(axis=1 if state.side == "output" else 0)}


def parameters(d: int, k: int, r: int) -> int:
    """Entries of l: Liu et al. (2022), section 3.3."""
    return d


def _read(arrays: Mapping[str, Array], scale: float) -> Ia3:
    l = arrays["l"]  # noqa: E741
    return Ia3(l.ravel(), "output" if l.shape[1] == 1 else "input")


def _written(state: Ia3) -> dict[str, Array]:
    return {"l": state.l.reshape((-1, 1) if state.side == "output" else (1, -1))}


def _sizes(shapes: Mapping[str, tuple[int, ...]]) -> dict[str, int]:
    """A column is a vector of outputs, a row one of inputs."""
    d, k = shapes["l"]
    return {"d": d} if k == 1 else {"k": k} if d == 1 else {}


ADAPTER = Adapter(
    name="ia3",
    title="IA³",
    source="Liu et al. (2022), Few-Shot Parameter-Efficient Fine-Tuning is Better and Cheaper than "
    "In-Context Learning, section 3.3",
    symbols={"x": ("k",), "W": ("d", "k"), "l": ("d",)},
    defined={"h": "l ⊙ (Wx)", "W'": "diag(l) W"},
    scale="",
    count="d",
    rank="",
    laws={"l": "one"},
    trainable=("l",),
    scaling=unscaled,
    start=start,
    forward=forward,
    merged=merged,
    unmerged=unmerged,
    gradients=gradients,
    parameters=parameters,
    file=Format(
        "IA3",
        {"l": "ia3_l"},
        _read,
        _written,
        shapes={"l": ("d", "k")},
        sizes=_sizes,
        ranks=(),
        fixed=False,
        more={"feedforward_modules": []},
    ),
)
