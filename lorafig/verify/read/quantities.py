"""Words that say what a number counts, in lower case."""

from __future__ import annotations

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
