"""The order in which TikZ draws: what something is placed from comes before it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import assert_never

from lorafig.scene import Arrow, Brace, Drawn, Group, Icon, Item, Label, Part, Shape, Wedge, walk


def placed_first(items: Sequence[Item]) -> list[Item]:
    """The items, each behind those that it is placed from, else in the order in which they are read.

    TikZ can refer to nothing that comes later, while a row is placed from its first stack, wherever in the
    row that stands.
    """
    owners: dict[str | None, int] = {name: index for index, item in enumerate(items) for name in _names(item)}
    ordered: list[Item] = []
    begun: set[int] = set()

    def put(index: int) -> None:
        if index not in begun:
            begun.add(index)
            for inner in walk((items[index],)):
                for name in _placed_from(inner):
                    if name in owners:
                        put(owners[name])
            ordered.append(items[index])

    for index in range(len(items)):
        put(index)
    return ordered


def _names(item: Item) -> list[str]:
    inside = [name for inner in item.items for name in _names(inner)] if isinstance(item, Group) else []
    return [item.name, *inside]


def _placed_from(item: Drawn) -> tuple[str | None, ...]:
    match item:
        case Label() | Shape() | Icon():
            return (item.place.of,)
        case Arrow():
            return item.start.of, item.end.of
        case Wedge():
            return item.of, item.to
        case Brace():
            return (item.of.label if isinstance(item.of, Part) else item.of,)
        case _:
            assert_never(item)
