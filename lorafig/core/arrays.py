"""What every adapter shares: how weights lie, how vectors scale, how factors are drawn.

A weight W is d × k and maps x (k) to h (d), as in `torch.nn.Linear`; a batch is k × n, one column each.
"""

from __future__ import annotations

from math import sqrt
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Array: TypeAlias = NDArray[np.float64]


def diagonal_times(v: Array, X: Array) -> Array:
    """diag(v) X without forming the matrix: v is n, X is n or n × m."""
    return v * X if X.ndim == 1 else v[:, None] * X


def random(seed: int) -> np.random.Generator:
    import numpy as np

    return np.random.Generator(np.random.PCG64(seed))


def kaiming_uniform(generator: np.random.Generator, rows: int, columns: int, slope: float = 0.0) -> Array:
    """Uniform draws of variance 2 / ((1 + slope²) fan_in), fan_in = columns: He et al. (2015).

    `slope` is that of the leaky rectifier; PyTorch starts its linear layers with √5, which is
    U(-1/√fan_in, 1/√fan_in).
    """
    limit = sqrt(6 / ((1 + slope * slope) * columns))
    return generator.uniform(-limit, limit, (rows, columns))


LEAKY = sqrt(5)  # PyTorch's slope for linear layers
U = 2.0**-53  # the unit roundoff of float64


def gamma(n: int) -> float:
    """What n roundings are off by at most, as a share (Higham 2002, lemma 3.1)."""
    return n * U / (1 - n * U)
