"""Multiply-adds counted as they happen: arrays that keep a tally of every product that they take part in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from lorafig.core.pipeline.attention import Block, Line, forward

if TYPE_CHECKING:
    from lorafig.core.arrays import Array


class Tally(Struct):
    count: int = 0


class Counted(np.ndarray[Any, np.dtype[np.float64]]):
    """An array whose products are counted: m · n · p for one of matrices, one for each entry otherwise."""

    tally: Tally

    def __array_finalize__(self, other: object) -> None:
        if isinstance(other, Counted):
            self.tally = other.tally

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **options: Any) -> Any:
        plain = [array.view(np.ndarray) if isinstance(array, Counted) else array for array in inputs]
        result = getattr(ufunc, method)(*plain, **options)
        if ufunc is np.matmul:
            self.tally.count += result.size * plain[0].shape[-1]
        elif ufunc is np.multiply:
            self.tally.count += result.size
        return _counted(np.asarray(result), self.tally)

    def __array_function__(self, function: Any, types: Any, inputs: Any, options: Any) -> Any:
        # A product that goes past the tally would be a wrong count.
        raise NotImplementedError(f"{function.__name__} is not counted")


def multiply_adds(block: Block, x: Array) -> int:
    """Of one forward pass of a block without adapters; x is k × n."""
    assert not block.adapted
    tally = Tally()
    lines = {name: Line(_counted(line.W, tally)) for name, line in block.lines.items()}
    forward(replace(block, lines=lines), _counted(x, tally))
    return tally.count


def _counted(array: Array, tally: Tally) -> Counted:
    counted = array.view(Counted)
    counted.tally = tally
    return counted
