"""The table of adapters: how each starts, what it computes, how it is merged and what it costs.

W is d × k and maps x (k) to h (d), as in Hu et al. (2021); batches are columns, so x may be k × n. One row
is one method, and stands below its formulas in the module that is named here; each formula stands once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import TYPE_CHECKING

from lorafig.core.adapters.lora import (
    SIGMA,
    Factors,
    lora_delta,
    lora_forward,
    lora_initial,
    lora_merged,
    lora_unmerged,
    scaling,
)
from lorafig.core.adapters.row import Adapter, Law, State

if TYPE_CHECKING:
    from lorafig.core.arrays import Array as Array

__all__ = [
    "ADAPTERS",
    "SIGMA",
    "Adapter",
    "Factors",
    "Law",
    "State",
    "lora_delta",
    "lora_forward",
    "lora_initial",
    "lora_merged",
    "lora_unmerged",
    "scaling",
]

MODULES: Mapping[str, str] = {
    "lora": "lora",
    "rslora": "lora",
    "dora": "dora",
    "qlora": "qlora",
    "lora-fa": "lora",
    "vera": "vera",
    "adalora": "svd",
    "pissa": "svd",
    "loha": "loha",
    "lokr": "lokr",
    "ia3": "ia3",
}


class _Rows(Mapping[str, Adapter]):
    """The rows by name. A figure has one adapter: its module alone is imported."""

    def __getitem__(self, name: str) -> Adapter:
        row: Adapter = import_module(f"lorafig.core.adapters.{MODULES[name]}").ROWS[name]
        return row

    def __iter__(self) -> Iterator[str]:
        return iter(MODULES)

    def __len__(self) -> int:
        return len(MODULES)

    def __contains__(self, name: object) -> bool:
        return name in MODULES


ADAPTERS: Mapping[str, Adapter] = _Rows()


def dimensions(name: str, d: int, k: int, r: int) -> dict[str, int]:
    """The dimensions of a method's symbols, by name; in LoKr also the factors of d = d_1 d_2, k = k_1 k_2."""
    found = {"d": d, "k": k, "r": r}
    if any(size == "d_1" for sizes in ADAPTERS[name].symbols.values() for size in sizes):
        from lorafig.core.adapters.lokr import split

        found["d_1"], found["d_2"] = split(d)
        found["k_1"], found["k_2"] = split(k)
    return found
