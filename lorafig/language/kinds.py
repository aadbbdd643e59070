"""What may stand where: the annotations of the model's classes, made readable.

The reader, the JSON Schema, the reference and the writer all go by these, so that they agree.
"""

from __future__ import annotations

import inspect
import types
from dataclasses import MISSING, dataclass
from functools import cache
from typing import Annotated, Any, Literal, TypeAlias, Union, get_args, get_origin

from lorafig.language import model

NAME_PATTERN = r"[A-Za-z][A-Za-z0-9-]*"
NAME_LENGTH = 64

# Kinds are told apart by `match` alone: comparing and printing would only cost start-up.


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Label:
    """Mathematics or text."""

    form: Literal["math", "text"]


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Identifier:
    """A name: letters, digits and '-', so that it can be a file's name and an id of XML and TikZ."""


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Whole:
    """An integer from `low` to `high`."""

    low: int
    high: int


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Real:
    """A finite number from `low` to `high`; `positive` leaves out 0."""

    low: float | None = None
    high: float | None = None
    positive: bool = False


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Truth:
    """True or false."""


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Choice:
    """One of some words or numbers."""

    values: tuple[str | int, ...]


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Many:
    """A list of at least `least`."""

    item: Kind
    least: int = 0


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Colour:
    """A colour: '#0072B2' or '#07B'."""


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Chain:
    """Names of nodes with arrows between them: see `lorafig.language.chain`."""


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Named:
    """Objects of one class, each under its name."""

    cls: type


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Record:
    """An object of one of the model's classes."""

    cls: type


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Either:
    """What fits one of the members."""

    members: tuple[Kind, ...]


Kind: TypeAlias = (
    Label | Identifier | Whole | Real | Truth | Choice | Many | Colour | Chain | Named | Record | Either
)


@dataclass(frozen=True, slots=True)
class Field:
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


def fields(cls: type) -> tuple[Field, ...]:
    """The fields that an author may write: those that the class itself declares, then inherited ones."""
    return _fields(cls.__name__)


@cache
def _fields(name: str) -> tuple[Field, ...]:
    cls = vars(model)[name]
    own = set(inspect.get_annotations(cls))
    found = []
    for attribute, entry in cls.__dataclass_fields__.items():
        if attribute == "where" or (attribute == "name" and cls in KEYED):
            continue
        kind, nullable = _kind(entry.type)
        required = entry.default is MISSING
        default = None if required else entry.default
        found.append(
            Field(attribute.rstrip("_"), attribute, kind, required, nullable, default, attribute in own)
        )
    found.sort(key=lambda field: not field.own)
    return tuple(found)


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
