"""Where a pipeline is run: a small block, its files in a folder of their own, and what all steps share."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from lorafig.core.files import tensors
from lorafig.core.pipeline.attention import PROJECTIONS, SEED, Block, Projection, examples, pretrained
from lorafig.core.pipeline.stage import Impossible, Outcome, Setting, Stage
from lorafig.core.steady import Steady, steady

if TYPE_CHECKING:
    from lorafig.core.adapter import State
    from lorafig.core.arrays import Array

TOKENS = 12
MODULE = "model.layers.0.self_attn.{}_proj"
Result: TypeAlias = tuple[Stage, Outcome]


class Workshop(Struct):
    """Where a pipeline is run: the figure's setting, a folder of its own, and the tokens of the block."""

    setting: Setting
    folder: str
    files: int = 0

    @property
    def base(self) -> str:
        return os.path.join(self.folder, "model.safetensors")

    def tokens(self) -> tuple[Array, Array]:
        x, target = examples(self.setting.sides[1], TOKENS)
        return x.view(Steady), target

    def read_base(self) -> dict[Projection, Array]:
        """The pretrained weights, from their file, which is written before the first reading."""
        if not os.path.exists(self.base):
            weights = pretrained(*self.setting.sides)
            tensors.write(self.base, {f"{module(name)}.weight": weights[name] for name in PROJECTIONS})
        arrays = tensors.read(self.base)
        return {name: arrays[f"{module(name)}.weight"].view(Steady) for name in PROJECTIONS}


def module(name: Projection) -> str:
    return MODULE.format(name)


def loaded(stage: Stage, verb: str) -> Block:
    if stage.block is None:
        raise Impossible(f"{verb}: no model was loaded before it", "load one first: does: load")
    return stage.block


def listed(projections: tuple[Projection, ...]) -> str:
    *rest, last = projections
    return f"{', '.join(rest)} and {last}" if rest else last


def verdict(holds: bool, detail: str, **more: Any) -> Outcome:
    return Outcome("holds" if holds else "fails", detail, **more)


def read_only(array: Array) -> Array:
    copy = array.copy()
    copy.flags.writeable = False
    return copy


def started(setting: Setting, weights: Mapping[Projection, Array]) -> dict[Projection, tuple[Array, State]]:
    """The method's start at each weight, of a seed for each; what layers share is of one seed."""
    row, r = setting.row, setting.rank
    found = {
        name: row.start(W, min(r, *W.shape), SEED + 2 + PROJECTIONS.index(name), setting.scale)
        for name, W in weights.items()
    }
    if row.shared:
        side = max(setting.sides)
        whole = row.initial(side, side, r, SEED + 2)
        for name, (W, state) in found.items():
            d, k = W.shape
            sizes = row.sizes(d, k, r)
            parts = {one: tuple(slice(sizes[size]) for size in row.symbols[one]) for one in row.shared}
            found[name] = W, replace(state, **{one: getattr(whole, one)[at] for one, at in parts.items()})
    return {name: (W.view(Steady), steady(state)) for name, (W, state) in found.items()}
