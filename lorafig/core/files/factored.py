"""Arrays that a file has in more factors than the core: LoKr's C as a product of two, and the small kernel
that stands between the two of a convolution (Tucker's decomposition).

As LyCORIS and PEFT have them: of LoHa and LoKr the outer arrays are r × d and r × channels, of LoRA d × r and
r × channels; the kernel between is r × r × its sides.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import prod
from typing import TYPE_CHECKING

from lorafig.errors import LorafigError, Problem

if TYPE_CHECKING:
    from lorafig.core.arrays import Array

Shape = tuple[int, ...]
# The kernels between, with what stands left and right of each; and the products of two.
KERNELS: Mapping[str, Mapping[str, tuple[str, str]]] = {
    "lora": {"mid": ("B", "A")},
    "dora": {"mid": ("B", "A")},
    "rslora": {"mid": ("B", "A")},
    "loha": {"mid_1": ("B_1", "A_1"), "mid_2": ("B_2", "A_2")},
    "lokr": {"mid": ("B", "A")},
}
PRODUCTS: Mapping[str, Mapping[str, tuple[str, str]]] = {"lokr": {"C": ("C_1", "C_2")}}
_TURNED = ("loha", "lokr")  # whose left array is r × d where a kernel follows


def shapes_of(method: str, shapes: Mapping[str, Shape]) -> dict[str, Shape]:
    """The shapes of the core's arrays. Errors: LorafigError where the factors do not go together."""
    whole = dict(shapes)
    for kernel, (left, right) in KERNELS.get(method, {}).items():
        if kernel in whole:
            between, ups, downs = whole.pop(kernel), whole.get(left, ()), whole.get(right, ())
            ups = ups[::-1] if method in _TURNED else ups[:2]
            if len(between) < 3 or len(ups) != 2 or len(downs) < 2 or between[:2] != (ups[1], downs[0]):
                raise LorafigError(
                    Problem("the arrays around a kernel do not go together", code="adapter-file")
                )
            whole[left], whole[right] = ups, (between[0], downs[1] * prod(between[2:]))
    for symbol, (left, right) in PRODUCTS.get(method, {}).items():
        if left in whole and right in whole:
            first, second = whole.pop(left), whole.pop(right)
            if len(first) != 2 or len(second) != 2 or first[1] != second[0]:
                raise LorafigError(Problem("two factors do not go together", code="adapter-file"))
            whole[symbol] = first[0], second[1]
    return whole


def arrays_of(method: str, arrays: Mapping[str, Array]) -> dict[str, Array]:
    """The core's arrays. Their shapes are those of `shapes_of`."""
    import numpy as np

    whole = dict(arrays)
    for kernel, (left, right) in KERNELS.get(method, {}).items():
        if kernel in whole:
            between, ups, downs = whole.pop(kernel), whole[left], whole[right]
            ups = ups.T if method in _TURNED else ups.reshape(ups.shape[:2])
            inner = np.tensordot(between, downs.reshape(downs.shape[:2]), (1, 0))  # r × sides × channels
            whole[left], whole[right] = ups, np.moveaxis(inner, -1, 1).reshape(len(between), -1)
    for symbol, (left, right) in PRODUCTS.get(method, {}).items():
        if left in whole and right in whole:
            whole[symbol] = whole.pop(left) @ whole.pop(right)
    return whole
