"""Adapters written by hand, as the format says: eight bytes of length, a header of JSON, the arrays.

A file of gigabytes is a file with a hole: only its header is on the disk.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Mapping
from math import prod
from pathlib import Path
from typing import Any

ITEM = {"F64": 8, "F32": 4, "F16": 2, "BF16": 2, "U8": 1, "I64": 8}
Arrays = Mapping[str, tuple[str, tuple[int, ...]]]


def file(path: Path, arrays: Arrays, values: Mapping[str, bytes] | None = None, **metadata: str) -> Path:
    """Writes arrays of these types and shapes; zero but where `values` has their bytes."""
    header: dict[str, Any] = {"__metadata__": metadata} if metadata else {}
    place = 0
    for name, (kind, shape) in arrays.items():
        size = ITEM[kind] * prod(shape)
        header[name] = {"dtype": kind, "shape": list(shape), "data_offsets": [place, place + size]}
        place += size
    text = json.dumps(header).encode()
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "wb") as out:
        out.write(struct.pack("<Q", len(text)) + text)
        out.truncate(8 + len(text) + place)
        for name, data in (values or {}).items():
            out.seek(8 + len(text) + header[name]["data_offsets"][0])
            out.write(data)
    return path


def peft(folder: Path, arrays: Arrays, values: Mapping[str, bytes] | None = None, **config: Any) -> Path:
    """A folder as PEFT saves one; the names are without `base_model.model.`."""
    named = {f"base_model.model.{name}": array for name, array in arrays.items()}
    placed = {f"base_model.model.{name}": data for name, data in (values or {}).items()}
    file(folder / "adapter_model.safetensors", named, placed, format="pt")
    said = {"peft_type": "LORA", "r": 8, "lora_alpha": 16, **config}
    (folder / "adapter_config.json").write_text(json.dumps(said))
    return folder


def lora(modules: Mapping[str, tuple[int, int]], r: int, kind: str = "F32") -> Arrays:
    """A (r × k) and B (d × r) of modules of these shapes, d × k."""
    return {
        name: array
        for module, (d, k) in modules.items()
        for name, array in (
            (f"{module}.lora_A.weight", (kind, (r, k))),
            (f"{module}.lora_B.weight", (kind, (d, r))),
        )
    }


def decoder(layers: int, shapes: Mapping[str, tuple[int, int]]) -> dict[str, tuple[int, int]]:
    """Projections of every layer, named as in Llama."""
    return {
        f"model.layers.{layer}.self_attn.{name}": sides
        for layer in range(layers)
        for name, sides in shapes.items()
    }
