"""No adapter: a figure of its own symbols alone. W is used as it is, and nothing beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from lorafig.core.adapter import Adapter, Format, State

if TYPE_CHECKING:
    from lorafig.core.arrays import Array


class Nothing(Struct, frozen=True):
    """No arrays."""


def start(W: Array, r: int, seed: int, scale: float = 1.0) -> tuple[Array, State]:
    return W, Nothing()


def forward(W: Array, state: State, x: Array) -> Array:
    return W @ x


def merged(W: Array, state: State) -> Array:
    return W


def gradients(W: Array, state: State, slope: Array) -> dict[str, Array]:
    return {}


def parameters(d: int, k: int, r: int) -> int:
    return 0


ADAPTER = Adapter(
    name="none",
    title="no adapter",
    source="",
    symbols={},
    defined={},
    scale="",
    count="0",
    rank="",
    laws={},
    trainable=(),
    frozen=(),
    start=start,
    forward=forward,
    merged=merged,
    unmerged=merged,
    gradients=gradients,
    parameters=parameters,
    file=Format("", {}, lambda arrays, scale: Nothing()),
)
