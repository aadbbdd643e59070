"""rsLoRA: LoRA with another scaling, alpha / √r."""

from __future__ import annotations

from fractions import Fraction
from math import isqrt, sqrt

from msgspec.structs import replace

from lorafig.core.adapter import Number
from lorafig.core.adapters import lora


def scaling(alpha: Number, r: int) -> Number:
    """The factor of the update, alpha / √r: Kalajdzievski (2023), section 3, theorem 3.2.

    A fraction gives a fraction: exact where r is a square, else off by less than 2^-256 of its value,
    so that every digit that a figure can show is right.
    """
    if isinstance(alpha, Fraction):
        digits = 256
        return alpha / Fraction(isqrt(r << 2 * digits), 1 << digits)
    return alpha / sqrt(r)


ADAPTER = replace(
    lora.ADAPTER,
    name="rslora",
    title="rsLoRA",
    source="Kalajdzievski (2023), A Rank Stabilization Scaling Factor for Fine-Tuning with LoRA, theorem 3.2",
    # The scaling is written out: it is what the method is.
    defined={
        "h": "Wx + \\frac{α}{\\sqrt{r}} BAx",
        "ΔW": "\\frac{α}{\\sqrt{r}} BA",
        "W'": "W + \\frac{α}{\\sqrt{r}} BA",
    },
    scale="\\frac{α}{\\sqrt{r}}",
    scaling=scaling,
    file=replace(lora.FILE, marks={"use_rslora": True}),
)
