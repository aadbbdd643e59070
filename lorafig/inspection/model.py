"""A saved adapter as the `model` of a spec: its method, its sizes, and what it trains of its network."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from lorafig.core.adapter import Adapter
from lorafig.core.adapters import ADAPTERS
from lorafig.core.files.saved import Module
from lorafig.core.network import Network
from lorafig.errors import LorafigError, Problem
from lorafig.inspection.base import places_of
from lorafig.inspection.found import Found


class Measured(Network, frozen=True, kw_only=True):
    """A network whose trained parameters are those of one saved adapter, counted in its file."""

    counted: int
    beside: int

    def trained(self, adapter: Adapter, r: int, targets: Sequence[str]) -> int:
        return self.counted

    def adapted(self, targets: Sequence[str]) -> int:
        return self.beside


def drawn(found: Found) -> Module:
    """The module that stands for all: the first of the largest group that is alike. Errors: LorafigError."""
    usable = [
        module
        for module in found.modules
        if module.kind in ("linear", "embedding") and None not in module.sides and module.method in ADAPTERS
    ]
    if not usable:
        hint = "give the adapter's base with --base" if found.modules else None
        what = f"{found.path} has no module whose shape is known"
        raise LorafigError(Problem(what, None, hint, code="adapter-file"))
    groups = Counter((module.sides, module.r, module.alpha) for module in usable)
    chosen, _ = groups.most_common(1)[0]
    return next(module for module in usable if (module.sides, module.r, module.alpha) == chosen)


def model_of(found: Found) -> dict[str, Any]:
    """The sizes of the model, as a spec has them. Errors: LorafigError."""
    module = drawn(found)
    d, k = module.sides
    model: dict[str, Any] = {"adapter": module.method, "d": d}
    if k != d:
        model["k"] = k
    if module.r is not None:
        model["r"] = module.r
    if module.alpha is not None:
        model["alpha"] = int(module.alpha) if module.alpha.denominator == 1 else float(module.alpha)
    return model


def targets_of(found: Found) -> tuple[str, ...]:
    """The paths of the network's modules that have an adapter beside them."""
    assert found.network is not None
    return tuple(
        dict.fromkeys(place.path for place in places_of(found.modules, found.network) if place is not None)
    )


def measured(found: Found) -> Measured | None:
    """The network with what the adapter trains of it; None if it is not known."""
    network = found.network
    if network is None or not targets_of(found):
        return None
    return Measured(
        name=network.name,
        title=network.title,
        source=network.source,
        modules=network.modules,
        sizes=network.sizes,
        counted=found.trainable,
        beside=len(found.modules),
    )
