"""QLoRA: the frozen weight is kept in 4 bits, the factors beside it are LoRA's.

Blocks of 64 entries (row by row) are divided by their largest magnitude and kept as the nearest of 16
levels; the magnitudes of 256 blocks are in turn kept in 8 bits. Dettmers et al. (2023).
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Literal, TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from lorafig.core.adapters import lora

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from lorafig.core.arrays import Array

    Codes: TypeAlias = NDArray[np.uint8]
    Single: TypeAlias = NDArray[np.float32]

BLOCK = 64  # entries of W that share a constant: Dettmers et al. (2023), section 3
CONSTANTS = 256  # constants that share one of the second level: the same
TAIL = 0.9677083  # where the tails are cut: the mean of 1 - 1/30 and 1 - 1/32, to the released code's digits


def _evenly(first: float, last: float, parts: int) -> Single:
    """The ends of equal parts, as the released tables have them: computed in float32, each from the end
    that is nearer, and rounded once."""
    import numpy as np

    start, stop = np.float32(first), np.float32(last)
    step = float((stop - start) / np.float32(parts))
    places = np.arange(parts + 1)
    upward, downward = float(start) + step * places, float(stop) - step * (parts - places)
    return np.where(2 * places < parts, upward, downward).astype(np.float32)


@cache
def normal_float() -> tuple[float, ...]:
    """The 16 levels of NF4 from -1 to 1, as float32: quantiles of the normal distribution, seven below
    zero, zero itself and eight above it. Dettmers et al. (2023), equation 4 and appendix E.

    Computed as in the code that the authors released, in float32, so that every bit is theirs.
    """
    from statistics import NormalDist

    import numpy as np

    quantile = NormalDist().inv_cdf
    above = [quantile(share) for share in _evenly(TAIL, 0.5, 8)[:-1].tolist()]
    below = [-quantile(share) for share in _evenly(TAIL, 0.5, 7)[:-1].tolist()]
    levels = np.array(sorted([*below, 0.0, *above]), dtype=np.float32)
    return tuple((levels / levels[-1]).tolist())


@cache
def dynamic_float() -> tuple[float, ...]:
    """The 256 levels of the 8-bit type of the constants, as float32: seven decades below 1, each cut into
    twice as many parts as the one below it. Dettmers et al. (2022), 8-bit Optimizers via Block-wise
    Quantization, dynamic tree quantization. QLoRA's paper says 8-bit floats; that they are these is said by
    its released code alone.
    """
    import numpy as np

    levels = [0.0, 1.0]
    for i in range(7):
        ends = _evenly(0.1, 1.0, 2**i)
        middles = (ends[:-1] + ends[1:]) / np.float32(2)
        decade = np.float32(10.0 ** (i - 6)) * middles
        levels += [*decade.tolist(), *(-decade).tolist()]
    return tuple(sorted(levels))


class Quantised(Struct, frozen=True, eq=False):
    """Codes of `bits` bits and the constant of each block of them: entry i is the level of its code times
    constant i // block, plus `offset`. 4 bits are levels of NF4, 8 bits those of `dynamic_float`."""

    shape: tuple[int, ...]
    bits: Literal[4, 8]
    codes: Codes
    constants: Single | Quantised
    block: int
    offset: float = 0.0


def _levels(bits: Literal[4, 8]) -> tuple[float, ...]:
    return normal_float() if bits == 4 else dynamic_float()


def _quantised(values: Single, bits: Literal[4, 8], block: int) -> tuple[Codes, Single]:
    """The nearest level of each value over its block's largest magnitude, and these magnitudes."""
    import numpy as np

    flat = values.ravel()
    padded = np.zeros(-(-flat.size // block) * block, dtype=np.float32)
    padded[: flat.size] = flat
    blocks = padded.reshape(-1, block)
    constants = np.abs(blocks).max(axis=1)
    # A block of zeros has the level of zero throughout.
    scaled = blocks / np.where(constants == 0, np.float32(1), constants)[:, None]
    table = np.array(_levels(bits))
    middles = (table[:-1] + table[1:]) / 2
    codes = np.searchsorted(middles, scaled.ravel()[: flat.size]).astype(np.uint8)
    return codes, constants


def quantise(W: Array) -> Quantised:
    """W in NF4 with float32 constants: Dettmers et al. (2023), equations 1 and 4."""
    import numpy as np

    codes, constants = _quantised(W.astype(np.float32), 4, BLOCK)
    return Quantised(W.shape, 4, codes, constants, BLOCK)


def double_quantise(W: Array) -> Quantised:
    """W in NF4, its constants in 8 bits about their mean: Dettmers et al. (2023), section 3."""
    import numpy as np

    once = quantise(W)
    assert not isinstance(once.constants, Quantised)
    mean = np.float32(once.constants.mean(dtype=np.float64))
    codes, constants = _quantised(once.constants - mean, 8, CONSTANTS)
    inner = Quantised(once.constants.shape, 8, codes, constants, CONSTANTS, float(mean))
    return replace(once, constants=inner)


def dequantise(quantised: Quantised) -> Array:
    """The array back: Dettmers et al. (2023), equation 2 (whose constant is the inverse of ours), and
    equation 6 where the constants are quantised too (doubleDequant). Every entry is rounded to float32,
    the type of the constants."""
    import numpy as np

    inner = quantised.constants
    constants = dequantise(inner) if isinstance(inner, Quantised) else inner.astype(np.float64)
    spread = np.repeat(constants, quantised.block)[: quantised.codes.size]
    # The product of two float32 is exact in float64, so it is rounded once.
    entries = (np.array(_levels(quantised.bits))[quantised.codes] * spread).astype(np.float32)
    back: Array = (entries + np.float32(quantised.offset)).astype(np.float64).reshape(quantised.shape)
    return back


def start(W: Array, r: int, seed: int, scale: float = 1.0) -> tuple[Array, lora.Factors]:
    """The frozen weight, which is what W is after doubleDequant, and LoRA's factors beside it, so that
    h = doubleDequant(W) x + s B A x: Dettmers et al. (2023), equations 5 and 6, s as in equation 3."""
    return lora.start(dequantise(double_quantise(W)), r, seed, scale)


ADAPTER = replace(  # W as it is after doubleDequant
    lora.ADAPTER,
    name="qlora",
    title="QLoRA",
    source="Dettmers et al. (2023), QLoRA: Efficient Finetuning of Quantized LLMs, equations 5 and 6",
    aliases=dict.fromkeys(("hat W", "tilde W", "W_NF4", "W_q"), "W"),
    kept="in 4 bits",
    bits=(4, 16),  # section 3: NF4, and BF16 of what is computed with
    start=start,
)
