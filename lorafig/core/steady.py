"""Products, and singular values, that are the same on every processor.

BLAS adds up in an order of its own on each kind of processor. What a pipeline tells of its training and
of its rounding is to be the same everywhere, and its block is small enough for products without BLAS.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from msgspec.structs import replace

if TYPE_CHECKING:
    from lorafig.core.adapter import State
    from lorafig.core.arrays import Array


class Steady(np.ndarray[Any, np.dtype[np.float64]]):
    """An array whose products with matrices and vectors are added up one after the other."""

    def __matmul__(self, other: Any) -> Any:
        return _product(self, other)

    def __rmatmul__(self, other: Any) -> Any:
        return _product(other, self)


def _product(left: Array, right: Array) -> Array:
    if right.ndim == 1:
        return _product(left, right[:, None])[..., 0]
    total: Array = (left[..., None] * right[..., None, :, :]).sum(axis=-2)
    return total


def singular(W: Array) -> tuple[Array, Array, Array]:
    """U, the singular values and Vᵀ. Each sign, which is free, is such that the largest entry of a row of Vᵀ
    is positive.

    What LAPACK finds is rounded, so that no processor shows in it, and then made exact again (Ogita and
    Aishima 2020, Iterative refinement for singular value decomposition based on matrix multiplication).
    """
    if W.shape[0] > W.shape[1]:
        V, values, Ut = singular(W.T)
        return Ut.T, values, V.T
    W = W.view(Steady)
    U, _, Vt = np.linalg.svd(W.view(np.ndarray), full_matrices=False)
    signs = np.sign(np.take_along_axis(Vt, np.abs(Vt).argmax(axis=1)[:, None], axis=1)[:, 0])
    U, V = (np.round(array * signs * 2.0**14).view(Steady) * 2.0**-14 for array in (U, Vt.T))
    one = np.eye(len(W))
    for _ in range(4):  # three would do
        R, S, T = one - U.T @ U, one - V.T @ V, U.T @ W @ V
        values = np.diag(T) / (1 - (np.diag(R) + np.diag(S)) / 2)
        left, right = T + R * values, T.T + S * values
        gap = values**2 - values[:, None] ** 2
        apart = np.abs(gap) > 1e-9 * values[0] ** 2
        gap = np.where(apart, gap, 1.0)
        F = np.where(apart, (left * values + right * values[:, None]) / gap, R / 2)
        G = np.where(apart, (left * values[:, None] + right * values) / gap, S / 2)
        outside = W.T @ U
        inside = V.T @ outside
        U, V = U + U @ F, V + V @ G + (outside - V @ (inside + S @ inside)) / values
    return U, values, V.T


def steady(state: State) -> State:
    """The arrays of a layer, as steady ones."""
    arrays = {name: getattr(state, name) for name in state.__struct_fields__}
    views = {name: array.view(Steady) for name, array in arrays.items() if isinstance(array, np.ndarray)}
    return replace(state, **views)
