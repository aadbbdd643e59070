"""A saved adapter beside the network that it belongs to: its modules are there, and have these shapes."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Sequence

from msgspec.structs import replace

from lorafig.core import networks
from lorafig.core.files.saved import Module as Adapted
from lorafig.core.files.saved import Remark, Saved
from lorafig.core.network import Module, Network
from lorafig.errors import Problem
from lorafig.language.networks import MAX_NAME, by_name, from_file


def network_of(base: str) -> Network:
    """The network of a name, of a `config.json`, or of the folder that has one. Errors: LorafigError."""
    if os.path.isdir(base):
        return from_file(os.path.join(base, "config.json"))
    return from_file(base) if base.endswith(".json") else by_name(base)


def said_by(saved: Saved) -> Network | None:
    """The network whose name the adapter's configuration has; None if it is none that is known."""
    name = saved.base
    return networks.by_name(name) if name is not None and len(name) <= MAX_NAME else None


def beside(saved: Saved, network: Network, said: bool) -> tuple[tuple[Adapted, ...], list[Remark]]:
    """The adapter's modules with the sides that the network knows, and what does not fit. `said` tells that
    the network was looked up by the name in the adapter's own configuration."""
    places = {module.name: _place(module, network) for module in saved.modules}
    fused = any(".experts." in module.path for module in network.modules)
    absent = [
        name
        for name, place in places.items()
        if place is None and not (fused and name.removesuffix(".base_layer").endswith(".experts"))
    ]
    if saved.modules and len(absent) == len(saved.modules):
        what = f"{network.title} has none of the adapter's modules: {_few(absent)}"
        return saved.modules, [
            Remark(Problem(what, None, "give its base with --base", code="adapter-file"), not said)
        ]
    remarks = []
    if absent:
        remarks.append(
            Remark(Problem(f"{network.title} has no module {_few(absent)}", code="adapter-file"), True)
        )
    modules, wrong = [], []
    for module in saved.modules:
        place = places[module.name]
        if place is None:
            modules.append(module)
            continue
        if not _fits(module, place):
            d, k = module.sides
            wrong.append(f"{module.name} is {place.d} × {place.k} there and {d or '?'} × {k or '?'} here")
        plain = module.kind == "linear" and None in module.shape
        modules.append(replace(module, shape=(place.d, place.k)) if plain else module)
    if wrong:
        what = f"the adapter does not fit {network.title}: {_few(wrong, '; ')}"
        remarks.append(Remark(Problem(what, None, "is this its base?", code="adapter-file"), True))
    count = Counter(place.path for place in places.values() if place is not None)
    times = {path: sum(one.times for one in network.modules if one.path == path) for path in count}
    many = [
        f"{path} {number:,} times, not {times[path]:,}"
        for path, number in count.items()
        if number > times[path]
    ]
    if many:
        remarks.append(
            Remark(
                Problem(
                    f"the adapter has more modules than {network.title}: {_few(many)}", code="adapter-file"
                ),
                True,
            )
        )
    return tuple(modules), remarks


def places_of(modules: Sequence[Adapted], network: Network) -> list[Module | None]:
    """The module of the network that each stands beside."""
    return [_place(module, network) for module in modules]


def _few(names: Sequence[str], between: str = ", ") -> str:
    more = len(names) - 3
    return between.join(names[:3]) + (f" and {more:,} more" if more > 0 else "")


def _place(adapted: Adapted, network: Network) -> Module | None:
    """The module of a network that one in a file means: the longest path at the end of its name, and of those
    that have it, as the blocks of a U-Net do in several sizes, one that fits. Numbers of layers are not in a
    network's paths, and kohya writes '_' for '.'."""
    name = adapted.name
    plain = re.sub(r"\.[0-9]+(?=\.)", "", name)
    newer = plain.replace(".mlp.", ".block_sparse_moe.")  # Mixtral's name for it before transformers 5
    flat = name.replace(".", "_")
    unnumbered = re.sub(r"_[0-9]+(?=_)", "", flat)
    found = [
        module
        for module in network.modules
        if (module.part != "other" or adapted.kind == "convolution")
        and (
            any(f".{one}".endswith(f".{module.path}") for one in (name, plain, newer))
            or (
                "." not in name
                and any(f"_{one}".endswith(f"_{module.path.replace('.', '_')}") for one in (flat, unnumbered))
            )
            or (module.also != "" and name.rpartition(".")[2] == module.also)
        )
    ]
    return max(found, key=lambda module: (len(module.path), _fits(adapted, module)), default=None)


def _fits(adapted: Adapted, module: Module) -> bool:
    d, k = adapted.sides
    return d in (None, module.d) and k in (None, module.k)
