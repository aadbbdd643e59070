"""Saved adapters as PEFT writes and reads them: `adapter_model.safetensors` and `adapter_config.json`."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from typing import TYPE_CHECKING

from msgspec import Struct

from lorafig.core.adapter import Adapter
from lorafig.core.adapters import ADAPTERS
from lorafig.core.files import peft
from lorafig.core.files.folder import CONFIG, PICKLE, WEIGHTS, configuration, pickled
from lorafig.core.files.layer import Layer, fits, layer_of
from lorafig.core.files.tensors import Header, Path, Precision, name_of, read, read_header, write
from lorafig.errors import LorafigError, Problem

if TYPE_CHECKING:
    from lorafig.core.adapter import State
    from lorafig.core.arrays import Array


class Checkpoint(Struct, frozen=True):
    """A saved adapter: its method, its layers, the model that it belongs to, and what else is in the file."""

    adapter: str
    layers: tuple[Layer, ...]
    base: str | None
    header: Header
    others: tuple[str, ...]


def save(
    folder: Path,
    adapter: str,
    states: Mapping[str, State],
    r: int,
    alpha: float | None,
    dtype: Precision = "float64",
) -> Header:
    """Writes an adapter as PEFT does: the arrays of each module (`model.layers.0.self_attn.q_proj`), and the
    configuration. The frozen weights are not in it."""
    os.makedirs(folder, exist_ok=True)
    form = ADAPTERS[adapter].file
    tensors: dict[str, Array] = {}
    for module, state in states.items():
        for symbol, array in _arrays(ADAPTERS[adapter], state).items():
            tensors[peft.array_name(module, form.names[symbol])] = array
    for symbol, end in form.shared.items():
        tensors[peft.SHARED_PREFIX + end] = _shared(symbol, states)
    modules = sorted({module.rpartition(".")[2] for module in states})
    text = json.dumps(peft.configuration(form, modules, r, alpha), indent=2, sort_keys=True, allow_nan=False)
    with open(os.path.join(folder, CONFIG), "w", encoding="utf-8") as file:
        file.write(text + "\n")
    return write(os.path.join(folder, WEIGHTS), tensors, dtype)


def _arrays(adapter: Adapter, state: State) -> Mapping[str, Array]:
    """The arrays of a layer as a file has them, by symbol; shared ones are not among them."""
    form = adapter.file
    return {one: getattr(state, one) for one in form.names} if form.arrays is None else form.arrays(state)


def _shared(symbol: str, states: Mapping[str, State]) -> Array:
    """The matrix that every layer takes the beginning of, as many rows and columns as it needs."""
    import numpy as np

    arrays: list[Array] = [getattr(state, symbol) for state in states.values()]
    largest = max(arrays, key=lambda array: array.size)
    for array in arrays:
        if not np.array_equal(array, largest[: array.shape[0], : array.shape[1]]):
            what = f"every layer has {symbol} of its own, and a file has one for all"
            raise LorafigError(Problem(what, code="adapter-file"))
    return largest


def inspect(folder: Path) -> Checkpoint:
    """What a saved adapter is, by its header and its configuration; no array is read."""
    config = configuration(folder)
    path = os.path.join(folder, WEIGHTS)
    if not os.path.exists(path) and os.path.exists(os.path.join(folder, PICKLE)):
        raise LorafigError(pickled(PICKLE))
    header = read_header(path)
    adapter = peft.method(config, header.tensors)
    modules: dict[str, dict[str, tuple[int, ...]]] = {}
    others = []
    shared = {peft.SHARED_PREFIX + end for end in adapter.file.shared.values()}
    for name, tensor in header.tensors.items():
        symbol, module = peft.owner(adapter.file, name)
        if symbol is not None:
            fits(adapter, name, tensor, symbol)
            modules.setdefault(module, {})[symbol] = tensor.shape
        elif name not in shared:
            others.append(name)
    if not modules:
        raise LorafigError(Problem(f"{name_of(path)} holds no array of {adapter.name}", code="adapter-file"))
    layers = tuple(layer_of(adapter, module, shapes, config) for module, shapes in modules.items())
    base = config.get("base_model_name_or_path")
    base = base if isinstance(base, str) else None
    return Checkpoint(adapter.name, layers, base, header, tuple(others))


def load(folder: Path, columns: Mapping[str, int] | None = None) -> tuple[Checkpoint, dict[str, State]]:
    """A saved adapter with its arrays, by module. `columns` are the inputs k of the modules: VeRA's shared
    matrices do not say them."""
    checkpoint = inspect(folder)
    adapter = ADAPTERS[checkpoint.adapter]
    form = adapter.file
    arrays = read(os.path.join(folder, WEIGHTS))
    states: dict[str, State] = {}
    for layer in checkpoint.layers:
        own = {one: arrays[peft.array_name(layer.module, form.names[one])] for one in layer.shapes}
        sides = {"d": layer.d, "r": layer.r, "k": (columns or {}).get(layer.module, layer.k)}
        for symbol, end in form.shared.items():
            if peft.SHARED_PREFIX + end not in arrays:
                hint = "save it with save_projection=True"
                raise LorafigError(Problem(f"the file does not hold {end}", None, hint, code="adapter-file"))
            whole = arrays[peft.SHARED_PREFIX + end]
            own[symbol] = whole[tuple(slice(sides[name]) for name in adapter.symbols[symbol])]
        alpha, r = layer.alpha, layer.r
        scale = 1.0 if alpha is None or r is None else float(adapter.scaling(alpha, r))
        states[layer.module] = form.state(own, scale)
    return checkpoint, states
