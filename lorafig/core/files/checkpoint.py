"""Saved adapters as PEFT writes and reads them: `adapter_model.safetensors` and `adapter_config.json`."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from lorafig.core.adapters import ADAPTERS
from lorafig.core.files.layer import Layer, fits, layer_of
from lorafig.core.files.peft import FORMATS, PREFIX, SHARED_PREFIX, Format, configuration, method, stored
from lorafig.core.files.tensors import Header, Path, Precision, name_of, read, read_header, write
from lorafig.errors import LorafigError, Problem

if TYPE_CHECKING:
    from lorafig.core.adapters.row import State
    from lorafig.core.arrays import Array

WEIGHTS = "adapter_model.safetensors"
CONFIG = "adapter_config.json"
PICKLE = "adapter_model.bin"
MAX_CONFIG = 1 << 20  # bytes


@dataclass(frozen=True, slots=True)
class Checkpoint:
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
    form = FORMATS[adapter]
    tensors = {
        f"{PREFIX}{module}.{end}": array
        for module, state in states.items()
        for end, array in stored(adapter, state).items()
    }
    for symbol, end in (form.shared or {}).items():
        tensors[SHARED_PREFIX + end] = _shared(symbol, states)
    modules = sorted({module.rpartition(".")[2] for module in states})
    text = json.dumps(configuration(adapter, modules, r, alpha), indent=2, sort_keys=True, allow_nan=False)
    with open(os.path.join(folder, CONFIG), "w", encoding="utf-8") as file:
        file.write(text + "\n")
    return write(os.path.join(folder, WEIGHTS), tensors, dtype)


def _shared(symbol: str, states: Mapping[str, State]) -> Array:
    """The matrix that every layer takes the beginning of, as many rows and columns as it needs."""
    import numpy as np

    arrays: list[Array] = [getattr(state, symbol) for state in states.values()]
    largest = max(arrays, key=lambda array: array.size)
    for one in arrays:
        if not np.array_equal(one, largest[: one.shape[0], : one.shape[1]]):
            what = f"every layer has {symbol} of its own, and a file has one for all"
            raise LorafigError(Problem(what))
    return largest


def inspect(folder: Path) -> Checkpoint:
    """What a saved adapter is, by its header and its configuration; no array is read."""
    config = _config(folder)
    adapter = method(config)
    path = os.path.join(folder, WEIGHTS)
    if not os.path.exists(path) and os.path.exists(os.path.join(folder, PICKLE)):
        what = f"{PICKLE} is a pickle, and reading one runs what is in it"
        raise LorafigError(Problem(what, None, "save the adapter again, with safe_serialization=True"))
    header = read_header(path)
    form = FORMATS[adapter]
    modules: dict[str, dict[str, tuple[int, ...]]] = {}
    others = []
    shared = {SHARED_PREFIX + end for end in (form.shared or {}).values()}
    for name, tensor in header.tensors.items():
        symbol, module = _owner(form, name)
        if symbol is not None:
            fits(name, tensor, symbol)
            modules.setdefault(module, {})[symbol] = tensor.shape
        elif name not in shared:
            others.append(name)
    if not modules:
        raise LorafigError(Problem(f"{name_of(path)} holds no array of {adapter}"))
    layers = tuple(layer_of(adapter, module, shapes, config) for module, shapes in modules.items())
    base = config.get("base_model_name_or_path")
    return Checkpoint(adapter, layers, base if isinstance(base, str) else None, header, tuple(others))


def load(folder: Path, columns: Mapping[str, int] | None = None) -> tuple[Checkpoint, dict[str, State]]:
    """A saved adapter with its arrays, by module. `columns` are the inputs k of the modules: VeRA's shared
    matrices do not say them."""
    found = inspect(folder)
    form = FORMATS[found.adapter]
    arrays = read(os.path.join(folder, WEIGHTS))
    states: dict[str, State] = {}
    for layer in found.layers:
        own = {symbol: arrays[f"{PREFIX}{layer.module}.{form.names[symbol]}"] for symbol in layer.shapes}
        for symbol, end in (form.shared or {}).items():
            if SHARED_PREFIX + end not in arrays:
                hint = "save it with save_projection=True"
                raise LorafigError(Problem(f"the file does not hold {end}", None, hint))
            own[symbol] = arrays[SHARED_PREFIX + end]
        if found.adapter == "vera":
            k = own["A"].shape[1] if columns is None else columns.get(layer.module, own["A"].shape[1])
            own["A"], own["B"] = own["A"][:, :k], own["B"][: layer.d]
        states[layer.module] = form.state(own, scale(found.adapter, layer.r, layer.alpha))
    return found, states


def scale(adapter: str, r: int | None, alpha: Fraction | None) -> float:
    """The scaling of a layer, by the method's own formula."""
    if alpha is None or r is None:
        return 1.0
    return float(ADAPTERS[adapter].scaling(alpha, r))


def _owner(form: Format, name: str) -> tuple[str | None, str]:
    """The symbol of an array and the module that it belongs to; None for what is no array of the method."""
    if name.startswith(PREFIX):
        for symbol, end in form.names.items():
            if name.endswith("." + end) and len(name) > len(PREFIX) + len(end) + 1:
                return symbol, name[len(PREFIX) : -len(end) - 1]
    return None, ""


def _config(folder: Path) -> dict[str, Any]:
    path = os.path.join(folder, CONFIG)
    name = name_of(path)
    try:
        with open(path, "rb") as file:
            data = file.read(MAX_CONFIG + 1)
    except FileNotFoundError:
        hint = f"an adapter is a folder with {CONFIG} and {WEIGHTS}"
        raise LorafigError(Problem(f"there is no file {name}", None, hint)) from None
    except OSError as error:
        raise LorafigError(Problem(f"cannot read {name}: {error.strerror or error}")) from None
    if len(data) > MAX_CONFIG:
        raise LorafigError(Problem(f"{name} is larger than 1 MiB"), "limit")
    try:
        found = json.loads(data)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise LorafigError(Problem(f"{name} is no JSON object"))
    return found
