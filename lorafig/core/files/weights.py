"""The weights of a model in safetensors, in one file or in shards, read piece by piece."""

from __future__ import annotations

import os
from contextlib import ExitStack

from lorafig.core.files import folder as folders
from lorafig.core.files.tensors import Arrays, Path, name_of, read_header
from lorafig.errors import LorafigError, Problem

INDEX = "model.safetensors.index.json"
SINGLE = "model.safetensors"
MAX_SHARDS = 1000


class Weights:
    """The arrays of a model by name. Errors: LorafigError."""

    def __init__(self, path: Path) -> None:
        self.name = name_of(path)
        self._stack = ExitStack()
        self._files: dict[str, Arrays] = {}
        try:
            for place in _files(path):
                arrays = self._stack.enter_context(Arrays(place, read_header(place)))
                self._files.update(dict.fromkeys(arrays.header.tensors, arrays))
        except BaseException:
            self._stack.close()
            raise

    def __enter__(self) -> Weights:
        return self

    def __exit__(self, *error: object) -> None:
        self._stack.close()

    def find(self, module: str) -> tuple[str, Arrays] | None:
        """The weight of a module: by its name, or by the one that ends so, or that it ends with, the longest
        where '_' stands for '.'."""
        wanted = f"{module}.weight"
        if wanted in self._files:
            return wanted, self._files[wanted]
        near = [name for name in self._files if name.endswith(f".{wanted}") or wanted.endswith(f".{name}")]
        if not near and "." not in module:  # as kohya's scripts write it: lora_unet_…_attn1_to_q
            ends = {name: f"_{name.removesuffix('.weight').replace('.', '_')}" for name in self._files}
            near = [
                name for name, end in ends.items() if f"_{module}".endswith(end) and name.endswith(".weight")
            ]
            longest = max((len(ends[name]) for name in near), default=0)
            near = [name for name in near if len(ends[name]) == longest]
        return (near[0], self._files[near[0]]) if len(near) == 1 else None


def has_weights(path: Path) -> bool:
    """Whether a folder holds weights, beside its `config.json`."""
    return os.path.isdir(path) and any(os.path.lexists(os.path.join(path, name)) for name in (INDEX, SINGLE))


def _files(path: Path) -> list[str]:
    if not os.path.isdir(path):
        return [os.fspath(path)]
    if os.path.lexists(os.path.join(path, INDEX)):
        listed = folders.configuration(path, INDEX).get("weight_map")
        names = sorted(set(listed.values())) if isinstance(listed, dict) and _are_names(listed) else []
        if not names or len(names) > MAX_SHARDS:
            what = f"{name_of(os.path.join(path, INDEX))} names no files with weights"
            raise LorafigError(
                Problem(
                    what, None, f"it has a weight_map, of at most {MAX_SHARDS:,} files", code="adapter-file"
                )
            )
        return [folders.inside(path, name) for name in names]
    if os.path.lexists(os.path.join(path, SINGLE)):
        return [folders.inside(path, SINGLE)]
    raise LorafigError(Problem(f"{name_of(path)} holds no {SINGLE} and no {INDEX}", code="adapter-file"))


def _are_names(listed: dict[str, object]) -> bool:
    return all(isinstance(name, str) and name.endswith(".safetensors") for name in listed.values())
