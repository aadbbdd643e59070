"""The order in which TikZ draws: what something is placed from comes before it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from heapq import heappop, heappush
from typing import assert_never

from lorafig.scene import Arrow, Brace, Drawn, Group, Icon, Item, Label, Part, Shape, walk


def placed_first(items: Sequence[Item]) -> list[Item]:
    """The items, each behind those that it is placed from, else in the order in which they are read.

    TikZ can refer to nothing that comes later, while a row is placed from its first stack, wherever in the
    row that stands.
    """
    owners = {inner.name: index for index, item in enumerate(items) for inner in _all(item)}
    waits: list[set[int]] = []  # for each item, those that must come before it
    waiting: list[list[int]] = [[] for _ in items]  # for each item, those that wait for it
    for index, item in enumerate(items):
        named = {owners[name] for inner in walk((item,)) for name in _named(inner) if name in owners}
        waits.append(named - {index})
        for before in waits[-1]:
            waiting[before].append(index)
    ready = [index for index, before in enumerate(waits) if not before]
    ordered: list[Item] = []
    while ready:
        index = heappop(ready)
        ordered.append(items[index])
        for after in waiting[index]:
            waits[after].remove(index)
            if not waits[after]:
                heappush(ready, after)
    if len(ordered) < len(items):
        around = next(items[index].name for index, before in enumerate(waits) if before)
        raise ValueError(f"{around!r} is placed from what is placed from it")
    return ordered


def _all(item: Item) -> Iterator[Item]:
    """An item and, if it is a group, all that is in it."""
    yield item
    if isinstance(item, Group):
        for inner in item.items:
            yield from _all(inner)


def _named(item: Drawn) -> tuple[str | None, ...]:
    """The names of what an item is placed from."""
    match item:
        case Label() | Shape() | Icon():
            return (item.place.of,)
        case Arrow():
            return item.start.of, item.end.of
        case Brace():
            return (item.of.label if isinstance(item.of, Part) else item.of,)
        case _:
            assert_never(item)
