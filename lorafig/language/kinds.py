"""What may stand where: the annotations of the model's classes, made readable.

The reader, the JSON Schema, the reference and the writer all go by these, so that they agree.
"""

from __future__ import annotations

import types
from collections.abc import Callable
from functools import cache
from typing import Annotated, Any, Literal, TypeAlias, Union, get_args, get_origin

from msgspec import NODEFAULT, Struct

from lorafig.language import model

NAME_PATTERN = r"[A-Za-z][A-Za-z0-9-]*"
NAME_LENGTH = 64


class Label(Struct, frozen=True, eq=False, gc=False):
    """Mathematics or text."""

    form: Literal["math", "text"]


class Identifier(Struct, frozen=True, eq=False, gc=False):
    """A name: letters, digits and '-', so that it can be a file's name and an id of XML and TikZ."""


class Whole(Struct, frozen=True, eq=False, gc=False):
    """An integer from `low` to `high`."""

    low: int
    high: int


class Real(Struct, frozen=True, eq=False, gc=False):
    """A finite number from `low` to `high`; `positive` leaves out 0."""

    low: float | None = None
    high: float | None = None
    positive: bool = False


class Truth(Struct, frozen=True, eq=False, gc=False):
    """True or false."""


class Choice(Struct, frozen=True, eq=False, gc=False):
    """One of some words or numbers."""

    values: tuple[str | int, ...]


class Many(Struct, frozen=True, eq=False, gc=False):
    """A list of at least `least`."""

    item: Kind
    least: int = 0


class Colour(Struct, frozen=True, eq=False, gc=False):
    """A colour: '#0072B2' or '#07B'."""


class Chain(Struct, frozen=True, eq=False, gc=False):
    """Names of nodes with arrows between them: see `lorafig.language.chain`."""


class Named(Struct, frozen=True, eq=False, gc=False):
    """Objects of one class, each under its name."""

    cls: type


class Record(Struct, frozen=True, eq=False, gc=False):
    """An object of one of the model's classes."""

    cls: type


class Either(Struct, frozen=True, eq=False, gc=False):
    """What fits one of the members."""

    members: tuple[Kind, ...]


Kind: TypeAlias = (
    Label | Identifier | Whole | Real | Truth | Choice | Many | Colour | Chain | Named | Record | Either
)


class Field(Struct, frozen=True, gc=False):
    """A field of a class: `key` is its name in YAML, `attribute` in Python."""

    key: str
    attribute: str
    kind: Kind
    required: bool
    nullable: bool
    default: Any
    own: bool  # declared by the class itself, not inherited


# The marks of the model's `Annotated` types.
_MARKS: dict[str, Kind] = {
    "math": Label("math"),
    "text": Label("text"),
    "name": Identifier(),
    "dimension": Whole(1, 2**40),
    "font size": Real(5.0, 24.0),
    "positive": Real(positive=True),
    "colour": Colour(),
    "chain": Chain(),
}
_PLAIN: dict[type, Kind] = {bool: Truth()}
_LEAST = {"not empty": 1, "two or more": 2}

# Where a class is expected, a single value means this field of it.
SHORTHAND: dict[type, str] = {
    model.Brace: "label",
    model.ThemeChoice: "palette",
}
# Classes whose objects stand under their name: their field `name` is that key.
KEYED: tuple[type, ...] = (model.FlowNode, model.FlowGroup, model.Look)


def _fields(cls: type[Struct]) -> tuple[Field, ...]:
    defaults = dict(zip(reversed(cls.__struct_fields__), reversed(cls.__struct_defaults__), strict=False))
    found: list[Field] = []
    for base in cls.__mro__:
        for attribute, annotation in vars(base).get("__annotations__", {}).items():
            if attribute not in cls.__struct_fields__ or attribute == "where":
                continue
            if attribute == "name" and cls in KEYED:
                continue
            kind, nullable = _kind(annotation)
            default = defaults.get(attribute, NODEFAULT)
            required = default is NODEFAULT
            default = None if required else default
            found.append(
                Field(attribute.rstrip("_"), attribute, kind, required, nullable, default, base is cls)
            )
    return tuple(found)


# The fields of a class that an author may write: those that it declares itself, then inherited ones.
fields: Callable[[type], tuple[Field, ...]] = cache(_fields)


def leading(cls: type) -> str:
    """The key that tells one class from another: the first field that the class itself declares."""
    return fields(cls)[0].key


def bare(cls: type) -> bool:
    """Whether an element can stand as its bare key: nothing else is required of it."""
    return issubclass(cls, model.Element) and not any(field.required for field in fields(cls))


def choices(cls: type, key: str) -> tuple[str, ...]:
    """The words that the field `key` of a class admits."""
    return tuple(
        value
        for field in fields(cls)
        if field.key == key
        for member in members(field.kind)
        if isinstance(member, Choice)
        for value in member.values
        if isinstance(value, str)
    )


def members(kind: Kind) -> tuple[Kind, ...]:
    return kind.members if isinstance(kind, Either) else (kind,)


@cache
def _kind(annotation: str) -> tuple[Kind, bool]:
    """The kind that an annotation stands for, and whether it admits None."""
    return _of(eval(annotation, vars(model)))


def _of(hint: Any) -> tuple[Kind, bool]:
    origin = get_origin(hint)
    if origin is Annotated:
        base, mark = get_args(hint)
        if mark in _MARKS:
            return _MARKS[mark], False
        kind, nullable = _of(base)
        if mark == "by name":
            assert isinstance(kind, Many)
            assert isinstance(kind.item, Record)
            return Named(kind.item.cls), nullable
        return _with_least(kind, _LEAST[mark]), nullable
    if origin in (Union, types.UnionType):
        nullable = False
        found: list[Kind] = []
        for part in get_args(hint):
            if part is type(None):
                nullable = True
            else:
                found.extend(members(_of(part)[0]))
        return (found[0] if len(found) == 1 else Either(tuple(found))), nullable
    if origin is tuple:
        item = _of(get_args(hint)[0])[0]
        return Many(item), False
    if origin is Literal:
        return Choice(get_args(hint)), False
    return _PLAIN.get(hint) or Record(hint), False


def _with_least(kind: Kind, least: int) -> Kind:
    assert isinstance(kind, Many)
    return Many(kind.item, least)
