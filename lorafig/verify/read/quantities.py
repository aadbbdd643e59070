"""Words that say what a number counts, in lower case, and units of memory."""

from __future__ import annotations

from fractions import Fraction

FEWER = ("fewer", "less", "smaller", "reduction")
OF_ALL = (
    "of the parameters",
    "of the weights",
    "of all parameters",
    "of parameters",
    "of the full",
    "of the original",
    "of original",
    "of the total",
    "of all",
    "are trained",
    "are trainable",
)
TRAINED = ("trainable", "trained", "lora", "adapter", "learnable")
OTHERS = ("frozen", "saved", "fixed", "untouched", "remain")  # what is not trained
ENTRIES_ALONE = ("parameters", "params", "weights")
ENTRIES = ("parameter", "params", "weights", "entries", "values")
# Bytes of a unit.
MEMORY = {
    "B": Fraction(1), "bits": Fraction(1, 8),
    **{f"{letter}B": Fraction(1000**power) for power, letter in enumerate(("k", "M", "G", "T"), 1)},
    **{f"{letter}iB": Fraction(1024**power) for power, letter in enumerate(("K", "M", "G", "T"), 1)},
    "KB": Fraction(1000),
}  # fmt: skip
