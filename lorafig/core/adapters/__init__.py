"""The adapters by name: each is the ADAPTER of a file in this folder, `lora-fa` that of `lora_fa.py`.

A method that is added is one more file: what it has to say of itself is in `core/adapter.py`.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from importlib import import_module

from lorafig.core.adapter import Adapter


def _names() -> tuple[str, ...]:
    """The files of this folder; LoRA first, as most of the others refer to it."""
    files = (entry.partition(".")[0] for entry in os.listdir(os.path.dirname(__file__)))
    names = {file.replace("_", "-") for file in files if file.isidentifier() and not file.startswith("_")}
    return tuple(sorted(names, key=lambda name: (name != "lora", name)))


NO_ADAPTER = "none"


class _Adapters(Mapping[str, Adapter]):
    """A figure has one adapter: its module alone is imported.

    `none` is there by its name, and is not a method.
    """

    names = _names()

    def __getitem__(self, name: str) -> Adapter:
        if name not in self.names and name != NO_ADAPTER:
            raise KeyError(name)
        file = "_none" if name == NO_ADAPTER else name.replace("-", "_")
        adapter: Adapter = import_module(f"lorafig.core.adapters.{file}").ADAPTER
        return adapter

    def __iter__(self) -> Iterator[str]:
        return iter(self.names)

    def __len__(self) -> int:
        return len(self.names)

    def __contains__(self, name: object) -> bool:
        return name in self.names


ADAPTERS: Mapping[str, Adapter] = _Adapters()
