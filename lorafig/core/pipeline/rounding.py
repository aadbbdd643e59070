"""How far rounding alone can take an attention block from what its weights say, as a running error analysis.

With u = 2^-53 and γ(n) = n u / (1 - n u), a sum of n products is off by at most γ(n) times the sum of the
products' magnitudes, in any order (Higham 2002, Accuracy and Stability of Numerical Algorithms, section 3.1).
So what a projection gives is off by at most γ times S |x|, S being the formula of the merged weight at the
magnitudes of all entries, whether the update is kept apart or merged. Errors that come in are carried on at
magnitudes; softmax turns an error of its scores into a factor. Nothing here underflows: entries are of the
order of 1.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import inf, sqrt
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from lorafig.core.arrays import U, gamma
from lorafig.core.pipeline.attention import PROJECTIONS, Block, Line, Projection, Trace

if TYPE_CHECKING:
    from lorafig.core.adapter import Adapter, State
    from lorafig.core.arrays import Array

EXP = 4  # units of roundoff that an exponential is off by at most; NumPy's are within 2


class Size(Struct, frozen=True, eq=False):
    """Of a projection: what its merged weight is at magnitudes (as the weight), and how many roundings
    lie on the longest way from an entry to its output."""

    S: Array
    roundings: int

    def error(self, x: Array, error: Array | float) -> Array:
        """What its output for x is off by, where x is off by `error`."""
        import numpy as np

        incoming = gamma(self.roundings) * np.abs(x) + error
        outgoing: Array = self.S @ incoming
        return outgoing


def _own_arrays(state: State) -> dict[str, Array]:
    import numpy as np

    values = {name: getattr(state, name) for name in state.__struct_fields__}
    return {name: value for name, value in values.items() if isinstance(value, np.ndarray)}


def size(adapter: Adapter, line: Line) -> Size:
    """The size of a projection, with an adapter beside it or without."""
    import numpy as np

    W, state = line.W, line.state
    if state is None:
        return Size(np.abs(W), sum(W.shape) + 16)
    arrays = _own_arrays(state)
    # No sum is longer than all sides of the weight and of what is between the factors together, and the
    # sixteen are for the scaling, the ratio of DoRA's norms and the sums of terms.
    roundings = sum(W.shape) + sum(2 * min(array.shape) for array in arrays.values() if array.ndim == 2) + 16
    if adapter.magnitude is not None:
        return Size(adapter.magnitude(W, state, roundings), roundings)
    magnitudes = replace(state, **{name: np.abs(array) for name, array in arrays.items()})
    return Size(adapter.merged(np.abs(W), magnitudes), roundings)


def sizes(block: Block) -> dict[Projection, Size]:
    return {name: size(block.adapter, block.lines[name]) for name in PROJECTIONS}


def error(trace: Trace, of: Mapping[Projection, Size], x: Array) -> Array:
    """What the output of a forward pass is off by at most (k × n), by the values that it came through."""
    import numpy as np

    n = x.shape[1]
    E_Q, E_K, E_V = (of[name].error(x, 0.0).reshape(trace.Q.shape) for name in PROJECTIONS[:3])
    Q, K, V = np.abs(trace.Q) + E_Q, np.abs(trace.K) + E_K, np.abs(trace.V) + E_V
    inner = Q.shape[1]
    E_S = E_Q.transpose(0, 2, 1) @ K + Q.transpose(0, 2, 1) @ E_K
    E_S = (E_S + gamma(inner + 4) * (Q.transpose(0, 2, 1) @ K)) * (1 / sqrt(inner))
    # A shift of all scores changes nothing, and an error of at most e in each takes a weight off by a factor
    # of exp(2 e) at most; subtracting the largest rounds by u times the distance to it.
    highest = np.abs(trace.Q.transpose(0, 2, 1) @ trace.K).max(axis=2, keepdims=True) * (1 / sqrt(inner))
    off = 2 * (E_S.max(axis=2, keepdims=True) + 3 * U * highest) + gamma(2 * EXP + n + 2)
    E_P = trace.P * np.expm1(off)
    P = trace.P + E_P
    E_O = E_V @ P.transpose(0, 2, 1) + V @ E_P.transpose(0, 2, 1) + gamma(n) * (V @ P.transpose(0, 2, 1))
    return of["o"].error(np.abs(trace.O.reshape(-1, n)) + E_O.reshape(-1, n), E_O.reshape(-1, n))


def distance(one: Trace, other: Trace, of: Mapping[Projection, Size], x: Array) -> tuple[float, float]:
    """Two outputs that would be the same without rounding: the difference of the entry that takes the largest
    share of its bound, and that bound."""
    return worst(one.y - other.y, error(one, of, x) + error(other, of, x))


def worst(difference: Array, bound: Array) -> tuple[float, float]:
    """The entry that takes the largest share of its bound, and the bound."""
    import numpy as np

    gap = np.abs(difference).ravel()
    share = gap / np.maximum(bound.ravel(), np.finfo(float).tiny)
    at = int(np.argmax(np.where(np.isnan(share), np.inf, share)))
    return float(gap[at]), float(bound.ravel()[at])


def share(found: tuple[float, float]) -> float:
    """The share of its bound that a residual takes."""
    residual, bound = found
    return residual / bound if bound > 0 else (inf if residual > 0 else 0.0)
