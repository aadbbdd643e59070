"""The numbers that a claim by itself gives, each as what it is, however it was given: `-D alpha=16`, `--let
'd = 4096'`, `-S scaling=2`."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from fractions import Fraction

from lorafig.core.adapter import Adapter
from lorafig.verify.meaning.symbols import ALIASES

SCALARS = ("α", "s")  # what an adapter has of numbers that are no sizes
_NUMBER = re.compile(
    r"\s*\\?(?P<name>[A-Za-zα][A-Za-z_]*)\s*=\s*(?P<digits>[0-9]{1,12})(?P<part>\.[0-9]{1,9})?\s*"
)


def told_apart(
    dims: Mapping[str, int], scalars: Mapping[str, Fraction], lets: Sequence[str], row: Adapter
) -> tuple[dict[str, int], dict[str, Fraction], list[str]]:
    """The sizes, the scalars and the other definitions. A definition that gives the scaling, alpha or a size
    of the adapter its number is no second meaning of it."""
    sizes: dict[str, int] = {}
    numbers: dict[str, Fraction] = {}
    others = []
    for name, size in dims.items():
        known = ALIASES.get(name, name)
        if known == "α":
            numbers[known] = Fraction(size)
        else:
            sizes[name] = size
    numbers |= {ALIASES.get(name, name): value for name, value in scalars.items()}
    of_adapter = {size for own in row.symbols.values() for size in own}
    for definition in lets:
        match = _NUMBER.fullmatch(definition)
        if match is None:
            others.append(definition)
            continue
        name = ALIASES.get(match["name"], match["name"])
        if name in SCALARS and row.scale != "" and name not in numbers:
            numbers[name] = Fraction(match["digits"] + (match["part"] or ""))
        elif name in of_adapter and match["part"] is None and int(match["digits"]) > 0 and name not in sizes:
            sizes[name] = int(match["digits"])
        else:
            others.append(definition)
    return sizes, numbers, others
