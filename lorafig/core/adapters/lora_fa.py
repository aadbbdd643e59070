"""LoRA-FA: LoRA whose A stays as it was drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from lorafig.core.adapters import lora

if TYPE_CHECKING:
    from lorafig.core.arrays import Array


def gradients(W: Array, factors: lora.Factors, slope: Array) -> dict[str, Array]:
    """As of LoRA, for B alone: Zhang et al. (2023), LoRA-FA."""
    return {"B": lora.gradients(W, factors, slope)["B"]}


def parameters(d: int, k: int, r: int) -> int:
    """Entries of B (d × r) alone: Zhang et al. (2023), LoRA-FA."""
    return d * r


ADAPTER = replace(
    lora.ADAPTER,
    name="lora-fa",
    title="LoRA-FA",
    source="Zhang et al. (2023), LoRA-FA: Memory-efficient Low-rank Adaptation for Large Language Models "
    "Fine-tuning",
    count="dr",
    trainable=("B",),
    frozen=("W", "A"),
    gradients=gradients,
    parameters=parameters,
)
