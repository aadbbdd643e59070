"""Products of matrices that are the same to the bit on every processor.

BLAS adds up in an order of its own on each kind of processor, with or without fused multiply-adds, and so
rounds in another way. Here it multiplies parts of the factors of so few bits that it rounds nothing (Ozaki,
Ogita, Oishi and Rump 2012, Error-free transformations of matrix multiplication): what is rounded is rounded
by sums of whole arrays, entry by entry. There are never more roundings than the inner dimension.
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from lorafig.core.arrays import Array

MANTISSA = 53  # bits of a number of float64
ONE_THREAD = 2**18  # multiply-adds that OpenBLAS leaves to one thread
WORTH_THREADS = 2**26


def one_thread() -> AbstractContextManager[object]:
    """Keeps BLAS to one thread: to share out tiles among threads takes longer than to multiply them."""
    from threadpoolctl import threadpool_limits

    limits: AbstractContextManager[object] = threadpool_limits(limits=1, user_api="blas")
    return limits


@cache
def roomy() -> None:
    """Lets the allocator of glibc keep memory that is freed, up to twice as much as was freed at once before:
    new pages cost more than what is computed in them."""
    np.empty(2**21)


def times(
    left: Array, right: Array, bits: tuple[int | None, int | None] = (None, None), cut: bool = True
) -> Array:
    """A matrix product. `bits` are those of the entries on the left and on the right, if they are known to be
    that few; `cut` says that BLAS may have more than one thread."""
    inner, columns = right.shape
    if columns == 1:  # which BLAS would not do sooner
        total: Array = (left * right.T).sum(axis=1, keepdims=True)
        return total
    room = MANTISSA - (inner - 1).bit_length()  # for the bits of an entry on either side
    first, last = bits
    if first is None and last is None:
        lefts, rights = parts(left, room // 2), parts(right, room // 2)
    elif first is None or last is None or first + last > room:
        # Of the one side as it is, and of the other in parts.
        lefts = [left] if first is not None else parts(left, room - (last or 0))
        rights = [right] if first is None else parts(right, room - first)
    else:
        return _exactly(left, right, cut)
    if len(lefts) * len(rights) > inner:
        return _one_by_one(left, right)
    products = [_exactly(first, last, cut) for first in lefts for last in rights]
    total = products[0]
    for product in products[1:]:
        total += product
    return total


def parts(array: Array, bits: int) -> list[Array]:
    """Arrays of at most `bits` bits an entry whose sum is the array, the one of the highest bits first."""
    pieces: list[Array] = []
    rest = array
    _, exponent = np.frexp(np.max(np.abs(array)))
    while rest.any():
        exponent -= bits
        shift = np.ldexp(1.5, exponent + MANTISSA - 1)  # beside which nothing below 2^exponent is left
        part = (rest + shift) - shift
        rest = rest - part
        pieces.append(part)
    return pieces or [array]


def _one_by_one(left: Array, right: Array) -> Array:
    """Where the inner dimension is that small: a sum of as many arrays."""
    total = left[:, :1] * right[:1]
    for i in range(1, len(right)):
        total += left[:, i : i + 1] * right[i : i + 1]
    return total


def _exactly(left: Array, right: Array, cut: bool) -> Array:
    """A product that rounds nothing. A small one is cut into pieces that BLAS does not share out among
    threads: to wake them takes longer than the product, much longer where the machine is busy."""
    inner, columns = right.shape
    rows = left.shape[0]
    limit = ONE_THREAD // (inner * columns)
    if not cut or rows * inner * columns > WORTH_THREADS or limit < 1 or limit >= rows:
        product: Array = np.matmul(left, right)
        return product
    whole = rows // limit * limit
    result = np.empty((rows, columns))
    np.matmul(left[:whole].reshape(-1, limit, inner), right, out=result[:whole].reshape(-1, limit, columns))
    np.matmul(left[whole:], right, out=result[whole:])
    return result
