"""Modules that differ in the number of their layer alone, as one row: `layers.{0–31}.self_attn.q_proj`."""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterable
from typing import Generic, TypeVar

from msgspec import Struct

T = TypeVar("T")


class Row(Struct, Generic[T], frozen=True):
    """What is alike, under a name that says of which layers it is."""

    name: str
    items: tuple[T, ...]


def folded(items: Iterable[T], name: Callable[[T], str], alike: Callable[[T], Hashable]) -> list[Row[T]]:
    groups: dict[Hashable, list[T]] = {}
    for item in items:
        groups.setdefault((_numbers(name(item))[0], alike(item)), []).append(item)
    return [Row(_named([name(item) for item in group]), tuple(group)) for group in groups.values()]


def _numbers(name: str) -> tuple[tuple[str, ...], tuple[int, ...]]:
    """What stands around the numbers that are a part of a name by themselves, and these numbers."""
    between = r"(?<=\.)([0-9]{1,9})(?=\.)" if "." in name else r"(?<=_)([0-9]{1,9})(?=_)"
    parts = re.split(between, name)
    return tuple(parts[0::2]), tuple(map(int, parts[1::2]))


def _named(names: list[str]) -> str:
    parts, _ = _numbers(names[0])
    columns = list(zip(*(_numbers(name)[1] for name in names), strict=True))
    vary = [place for place, column in enumerate(columns) if len(set(column)) > 1]
    shown = [
        str(column[0]) if place not in vary else f"{{{_ranges(column)}}}" if len(vary) == 1 else "*"
        for place, column in enumerate(columns)
    ]
    return parts[0] + "".join(number + part for number, part in zip(shown, parts[1:], strict=True))


def _ranges(numbers: Iterable[int]) -> str:
    """`0–3, 7`."""
    runs: list[list[int]] = []
    for number in sorted(set(numbers)):
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    return ", ".join(str(first) if first == last else f"{first}–{last}" for first, last in runs)
