"""Multiply-adds counted as they happen: arrays that keep a tally of every product that they take part in."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from lorafig.core.pipeline.attention import Block, Line, forward

if TYPE_CHECKING:
    from lorafig.core.arrays import Array


@dataclass(slots=True)
class Tally:
    count: int = 0


class Counted(np.ndarray[Any, np.dtype[np.float64]]):
    """An array whose products are counted: m · n · p for one of matrices, one for each entry otherwise."""

    tally: Tally

    def __array_finalize__(self, other: object) -> None:
        if isinstance(other, Counted):
            self.tally = other.tally

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **options: Any) -> Any:
        plain = [one.view(np.ndarray) if isinstance(one, Counted) else one for one in inputs]
        found = getattr(ufunc, method)(*plain, **options)
        if ufunc is np.matmul:
            self.tally.count += found.size * plain[0].shape[-1]
        elif ufunc is np.multiply:
            self.tally.count += found.size
        counted = np.asarray(found).view(Counted)
        counted.tally = self.tally
        return counted

    def __array_function__(self, function: Any, types: Any, inputs: Any, options: Any) -> Any:
        # A product that goes past the tally would be a wrong count.
        raise NotImplementedError(f"{function.__name__} is not counted")


def multiply_adds(block: Block, x: Array) -> int:
    """Of one forward pass of a block without adapters; x is k × n."""
    tally = Tally()

    def counted(array: Array) -> Array:
        found = array.view(Counted)
        found.tally = tally
        return found

    lines = {name: Line(counted(line.W)) for name, line in block.lines.items()}
    assert not block.adapted
    forward(replace(block, lines=lines), counted(x))
    return tally.count
