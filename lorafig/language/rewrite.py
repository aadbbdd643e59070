"""A part of a spec with other labels: one walk over all that is written on it."""

from __future__ import annotations

from collections.abc import Callable, Collection
from functools import cache
from typing import Any, Literal, TypeAlias

from msgspec.structs import replace

from lorafig.language import kinds, model

# A label's source and what it is -> what is written in its place.
Write: TypeAlias = Callable[[str, Literal["math", "text"]], str]


def rewritten(part: Any, write: Write, but: Collection[str | type] = ()) -> Any:
    """The part with its labels as `write` gives them; the same one where none changes. Fields of the
    names in `but`, and objects of its classes, stay as they are."""
    changed = {}
    for attribute, kind in _labelled(type(part)):
        old = getattr(part, attribute)
        if old is not None and attribute not in but:
            new = _written(old, kind, write, but)
            if new is not old:
                changed[attribute] = new
    return replace(part, **changed) if changed else part


def _fields(cls: type) -> tuple[tuple[str, kinds.Kind], ...]:
    return tuple((field.attribute, field.kind) for field in kinds.fields(cls) if _may(field.kind))


# The fields of a class that labels may stand in.
_labelled: Callable[[type], tuple[tuple[str, kinds.Kind], ...]] = cache(_fields)


def _may(kind: kinds.Kind) -> bool:
    if isinstance(kind, kinds.Many):
        return _may(kind.item)
    if isinstance(kind, kinds.Either):
        return any(map(_may, kind.members))
    return isinstance(kind, kinds.Label | kinds.Record | kinds.Named | kinds.Rest)


def _written(old: Any, kind: kinds.Kind, write: Write, but: Collection[str | type]) -> Any:
    if isinstance(old, tuple):
        inner = _inner(kind)
        new = tuple(_written(entry, inner, write, but) for entry in old)
        return old if all(map(_same, old, new)) else new
    if isinstance(old, model.Located):
        return old if type(old) in but else rewritten(old, write, but)
    form = next((member.form for member in kinds.members(kind) if isinstance(member, kinds.Label)), None)
    return old if form is None or not isinstance(old, str) else write(old, form)


def _same(one: Any, other: Any) -> bool:
    return one is other


@cache
def _inner(kind: kinds.Kind) -> kinds.Kind:
    """The kinds of what stands in a list of this kind."""
    items = [member.item for member in kinds.members(kind) if isinstance(member, kinds.Many)]
    return kinds.Either(tuple(part for item in items for part in kinds.members(item)))
