"""Sums of multiples of named lengths, as `lorafig.scene.Length`."""

from __future__ import annotations

from lorafig.scene import Length


def named(name: str) -> Length:
    return ((1.0, name),)


def times(length: Length, factor: float) -> Length:
    return tuple([(amount * factor, name) for amount, name in length]) if factor != 0 else ()


def plus(*lengths: Length) -> Length:
    """The sum of lengths, each name once, in order of appearance."""
    terms = [length for length in lengths if length]
    if len(terms) < 2:
        return terms[0] if terms else ()
    total: dict[str, float] = {}
    for length in terms:
        for amount, name in length:
            total[name] = total.get(name, 0.0) + amount
    return tuple([(amount, name) for name, amount in total.items() if amount != 0.0])
