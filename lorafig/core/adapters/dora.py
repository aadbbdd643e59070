"""DoRA: the direction of the weight is adapted by LoRA, its magnitude by a vector of its own.

V = W + s B A is d × k. Liu et al. (2024) norm the columns of V (m is 1 × k) with W as d × k and h = W x.
Their released code, and PEFT after it, norm what `nn.Linear` keeps as its rows, one output each (m is d).
For a square W the counts are equal, but the adapters are not: `per` says which one is meant.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Literal, TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from lorafig.core.adapters import lora
from lorafig.core.arrays import LEAKY, diagonal_times, gamma, kaiming_uniform, random

if TYPE_CHECKING:
    from lorafig.core.arrays import Array

Per: TypeAlias = Literal["column", "row"]
# The array of m as the paper has it, a norm for each column. PEFT's is one for each row under another name: a
# square layer would take the wrong one without a word.
BY_COLUMN = "lora_magnitude_columns"


class Dora(Struct, frozen=True, eq=False):
    """The magnitudes m (k of columns, d of rows), A (r × k), B (d × r) and the factor of their product."""

    m: Array
    A: Array
    B: Array
    scale: float = 1.0
    per: Per = "column"


def norms(V: Array, per: Per) -> Array:
    """The Euclidean norm of each column, ‖V‖_c, or of each row: Liu et al. (2024), equation 2."""
    import numpy as np

    lengths: Array = np.linalg.norm(V, axis=0 if per == "column" else 1)
    return lengths


def start(W: Array, r: int, seed: int, scale: float = 1.0) -> tuple[Array, Dora]:
    """m is ‖W‖_c, A is drawn as by He et al. (2015), B is zero: Liu et al. (2024), section 3.1 and 4.1."""
    import numpy as np

    d, k = W.shape
    A = kaiming_uniform(random(seed), r, k, LEAKY)
    return W, Dora(norms(W, "column"), A, np.zeros((d, r)), scale)


def _factors(state: Dora) -> lora.Factors:
    return lora.Factors(state.A, state.B, state.scale)


def _direction(W: Array, state: Dora) -> Array:
    """V + ΔV, that is W + s B A: Liu et al. (2024), equation 5."""
    return lora.merged(W, _factors(state))


def _scaled(V: Array, v: Array, per: Per) -> Array:
    """The columns, or the rows, of V times the entries of v."""
    return V * v if per == "column" else diagonal_times(v, V)


def forward(W: Array, state: Dora, x: Array) -> Array:
    """h = W' x, the magnitudes going to x or to the product: Liu et al. (2024), equation 5.

    No column (row) of W + s B A may be zero: its direction is not defined.
    """
    V = _direction(W, state)
    ratio = state.m / norms(V, state.per)
    if state.per == "column":
        return V @ diagonal_times(ratio, x)
    return diagonal_times(ratio, V @ x)


def merged(W: Array, state: Dora) -> Array:
    """W' = m (W + s B A) / ‖W + s B A‖_c: Liu et al. (2024), equation 5."""
    V = _direction(W, state)
    return _scaled(V, state.m / norms(V, state.per), state.per)


def gradients(W: Array, state: Dora, slope: Array) -> dict[str, Array]:
    """What a loss gains by m, A and B where it gains `slope` by W': Liu et al. (2024), equations 6 and 7.

    (As section 4.3 proposes, PEFT takes ‖V‖_c for a constant: then A and B gain what lies along V too.)
    """
    V = _direction(W, state)
    lengths = norms(V, state.per)
    unit = _scaled(V, 1 / lengths, state.per)
    along = (slope * unit).sum(axis=0 if state.per == "column" else 1)
    for_V = _scaled(slope - _scaled(unit, along, state.per), state.m / lengths, state.per)
    return {"m": along, **lora.gradients(W, _factors(state), for_V)}


def parameters(d: int, k: int, r: int) -> int:
    """Entries of A, B and m (k of them): Liu et al. (2024), section 5.1."""
    return r * (d + k) + k


def magnitude(W: Array, state: Dora, roundings: int) -> Array:
    """DoRA divides by norms, whose relative error is that of V = W + s B A over their length.

    |m| / ‖V‖ · (M + |V| ‖M‖ / ‖V‖) with M = |W| + s |B| |A|; the norms in it are computed ones, which the
    last factor makes up for.
    """
    import numpy as np

    V = _direction(W, state)
    M = lora.merged(np.abs(W), lora.Factors(np.abs(state.A), np.abs(state.B), state.scale))
    lengths = norms(V, state.per)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = norms(M, state.per) / lengths
    off = gamma(roundings) * (1 + float(np.max(ratio)))
    if not off < 0.5:
        return np.full(W.shape, np.inf)  # a norm next to nothing: rounding can do anything
    total = M + _scaled(np.abs(V), ratio, state.per)
    return _scaled(total, np.abs(state.m) / lengths, state.per) / (1 - off) ** 2


def _read(arrays: Mapping[str, Array], scale: float) -> Dora:
    by_column = "m_columns" in arrays
    m = arrays["m_columns" if by_column else "m"]
    return Dora(m, arrays["A"], arrays["B"], scale, "column" if by_column else "row")


def _written(state: Dora) -> dict[str, Array]:
    return {"A": state.A, "B": state.B, "m" if state.per == "row" else "m_columns": state.m}


ADAPTER = replace(
    lora.ADAPTER,
    name="dora",
    title="DoRA",
    source="Liu et al. (2024), DoRA: Weight-Decomposed Low-Rank Adaptation, equation 5",
    symbols={**lora.SYMBOLS, "m": ("k",)},
    defined={
        "h": "(m ⊙ \\frac{W + s BA}{‖W + s BA‖_c}) x",
        "W'": "m ⊙ \\frac{W + s BA}{‖W + s BA‖_c}",
        "ΔV": "s BA",
    },
    count="r(d + k) + k",
    aliases={"V": "W", "ΔW": "ΔV"},
    laws={"m": "norms", "A": "uniform", "B": "zero"},
    before={"m": "‖W‖_c"},
    trainable=("m", "A", "B"),
    start=start,
    forward=forward,
    merged=merged,
    unmerged=None,
    lost="merging divides by the norms of its columns and does not keep them",
    gradients=gradients,
    parameters=parameters,
    magnitude=magnitude,
    file=replace(
        lora.FILE,
        names={**lora.FILE.names, "m": "lora_magnitude_vector", "m_columns": BY_COLUMN},
        state=_read,
        arrays=_written,
        shapes={"m": ("d",), "m_columns": ("k",)},
        instead={"m_columns": ("m",)},
        marks={"use_dora": True},
    ),
)
