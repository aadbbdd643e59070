"""Counts of parameters and of multiply-adds, in exact integers and fractions."""

from __future__ import annotations

from fractions import Fraction


def full_parameters(d: int, k: int) -> int:
    """Entries of a weight, d k: what full fine-tuning trains."""
    return d * k


def lora_parameters(d: int, k: int, r: int) -> int:
    """Entries of A (r × k) and B (d × r), r (d + k): Hu et al. (2021), section 5.1, for square W."""
    return r * (d + k)


def trained_share(d: int, k: int, trained: int) -> Fraction:
    """The parameters that are trained as a part of the weight's."""
    return Fraction(trained, full_parameters(d, k))


def reduction(d: int, k: int, trained: int) -> Fraction:
    """How many times fewer parameters are trained than the weight has."""
    return 1 / trained_share(d, k, trained)


def multiply_adds(d: int, k: int, r: int) -> int:
    """Multiply-adds of one forward pass of one vector while the update runs beside W."""
    return full_parameters(d, k) + lora_parameters(d, k, r)
