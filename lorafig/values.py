"""Values that know where they stand, with equality that ignores the place; and values read from a table."""

from __future__ import annotations

import dataclasses
import os
from operator import attrgetter
from typing import Any, ClassVar, TypeVar

from msgspec import Struct, json, structs

_Value = TypeVar("_Value")


class Placed(Struct, frozen=True, eq=False):
    """A frozen value. The fields that a class declares right below this one are its place: two values are
    equal, and hash alike, wherever they stand."""

    _names: ClassVar[tuple[str, ...]] = ()
    _parts: ClassVar[Any]  # attrgetter of the names

    def __init_subclass__(cls) -> None:
        if Placed not in cls.__bases__:
            cls._names = (*cls._names, *cls.__annotations__)
            cls._parts = attrgetter(*cls._names)

    def __eq__(self, other: object) -> bool:
        same: bool = self.__class__ is other.__class__ and self._parts(self) == self._parts(other)
        return same

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __hash__(self) -> int:
        return hash(self._parts(self))


def replace(value: _Value, **changes: Any) -> _Value:
    """A copy of a value with other contents in some of its fields, be it a struct or a dataclass."""
    copy: _Value
    if isinstance(value, Struct):
        copy = structs.replace(value, **changes)
    else:
        copy = dataclasses.replace(value, **changes)  # type: ignore[type-var]
    return copy


def read_table(module: str, name: str, of: type[_Value]) -> _Value:
    """The values of a file of JSON that lies beside a module (its `__file__`), held to the type `of`."""
    with open(os.path.join(os.path.dirname(module), name), "rb") as file:
        return json.decode(file.read(), type=of)
