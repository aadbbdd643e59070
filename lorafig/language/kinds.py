"""What may stand where: the annotations of the model's classes, made readable.

The reader, the JSON Schema, the reference and the writer all go by these, so that they agree.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any, Literal, TypeAlias, get_args

from msgspec import NODEFAULT, Struct

from lorafig.language import model
from lorafig.themes.palettes import LEAST_UNIT

NAME_PATTERN = r"[A-Za-z][A-Za-z0-9-]*"
NAME_LENGTH = 64


class _Kind(Struct, frozen=True, eq=False, gc=False):
    def __or__(self, other: Any) -> Any:
        return _either(self, other)


class Label(_Kind, frozen=True, gc=False):
    """Mathematics or text."""

    form: Literal["math", "text"]


class Identifier(_Kind, frozen=True, gc=False):
    """A name: letters, digits and '-', so that it can be a file's name and an id of XML and TikZ."""


class Whole(_Kind, frozen=True, gc=False):
    """An integer from `low` to `high`."""

    low: int
    high: int


class Real(_Kind, frozen=True, gc=False):
    """A finite number from `low` to `high`; `positive` leaves out 0."""

    low: float | None = None
    high: float | None = None
    positive: bool = False


class Truth(_Kind, frozen=True, gc=False):
    """True or false."""


class Choice(_Kind, frozen=True, gc=False):
    """One of some words or numbers."""

    values: tuple[str | int, ...]


class Many(_Kind, frozen=True, gc=False):
    """A list of at least `least`."""

    item: Kind
    least: int = 0


class Colour(_Kind, frozen=True, gc=False):
    """A colour: '#0072B2' or '#07B'."""


class Chain(_Kind, frozen=True, gc=False):
    """Names of nodes with arrows between them: see `lorafig.language.chain`."""


class Range(_Kind, frozen=True, gc=False):
    """An index and what it runs over: see `lorafig.language.index`."""


class NetworkName(_Kind, frozen=True, gc=False):
    """A network by its name, or by the path of its config.json."""


class PaletteFile(_Kind, frozen=True, gc=False):
    """A palette by its name, or by the path of a theme file."""


class Length(_Kind, frozen=True, gc=False):
    """A width: see `lorafig.themes.widths`."""


class Target(_Kind, frozen=True, gc=False):
    """A module of a network by its name."""


class Named(_Kind, frozen=True, gc=False):
    """Objects of one class, each under its name, or under its symbol."""

    cls: type
    symbol: bool = False


class Rest(_Kind, frozen=True, gc=False):
    """Objects of one class under the keys of a mapping that no other field has: symbols of sizes."""

    cls: type


class Record(_Kind, frozen=True, gc=False):
    """An object of one of the model's classes."""

    cls: type


class Either(_Kind, frozen=True, gc=False):
    """What fits one of the members."""

    members: tuple[Kind, ...]


Kind: TypeAlias = (
    Label
    | Identifier
    | Whole
    | Real
    | Truth
    | Choice
    | Many
    | Colour
    | Chain
    | Range
    | NetworkName
    | PaletteFile
    | Length
    | Target
    | Named
    | Rest
    | Record
    | Either
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
    "columns": Whole(1, 100),
    "dimension": Whole(1, 2**40),
    "cell": Whole(1, 64),
    "font size": Real(5.0, 48.0),
    "width": Length(),
    "positive": Real(positive=True),
    "colour": Colour(),
    "chain": Chain(),
    "range": Range(),
    "network": NetworkName(),
    "target": Target(),
    "palette": PaletteFile(),
    "line width": Real(0.5, 4.0),
    "corner": Real(0.0, 8.0),
    "unit": Real(LEAST_UNIT, 8.0),
}
_LEAST = {"not empty": 1, "two or more": 2}

# Where a class is expected, a single value means this field of it.
SHORTHAND: dict[type, str] = {
    model.Brace: "label",
    model.ThemeChoice: "palette",
    model.Legend: "at",
    model.Level: "title",
    model.Function: "means",
    model.Size: "value",
}
# Classes whose objects stand under their name: their field `name` is that key.
KEYED: tuple[type, ...] = (
    model.FlowNode,
    model.FlowGroup,
    model.Look,
    model.Level,
    model.Function,
    model.Size,
    model.Symbol,
    model.SizeSlider,
)


def _fields(cls: type[Struct]) -> tuple[Field, ...]:
    defaults = dict(zip(reversed(cls.__struct_fields__), reversed(cls.__struct_defaults__), strict=False))
    written: list[Field] = []
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
            written.append(
                Field(attribute.rstrip("_"), attribute, kind, required, nullable, default, base is cls)
            )
    return tuple(written)


# The fields of a class that an author may write: those that it declares itself, then inherited ones.
fields: Callable[[type], tuple[Field, ...]] = cache(_fields)


def _by_key(cls: type) -> dict[str, Field]:
    return {field.key: field for field in fields(cls) if not isinstance(field.kind, Rest)}


def rest(cls: type) -> Field | None:
    """The field that takes all other keys."""
    return next((field for field in fields(cls) if isinstance(field.kind, Rest)), None)


by_key: Callable[[type], dict[str, Field]] = cache(_by_key)


def leading(cls: type) -> str:
    """The key that tells one class from another: the first field that the class itself declares."""
    return fields(cls)[0].key


def bare(cls: type) -> bool:
    """Whether an element can stand as its bare key: nothing else is required of it."""
    return issubclass(cls, model.Element) and not any(field.required for field in fields(cls))


def members(kind: Kind) -> tuple[Kind, ...]:
    return kind.members if isinstance(kind, Either) else (kind,)


def single(kind: Kind) -> bool:
    """Whether one value may stand for a list of it: labels, names, and numbers beside them."""
    return all(isinstance(member, (Label, Identifier, Whole, Target)) for member in members(kind))


@cache
def _kind(annotation: str) -> tuple[Kind, bool]:
    """The kind that an annotation stands for, and whether it admits None.

    It is evaluated with the names of kinds in the place of `typing`'s, whose unions take ten times as long.
    """
    kind = eval(annotation, {}, _Names())
    nullable = isinstance(kind, Either) and None in kind.members
    if nullable:
        kind = _either(*(member for member in kind.members if member is not None))
    return kind, nullable


class _Names(dict[str, Any]):
    """What the names in an annotation mean: a form of kinds, a mark, or a class of the model."""

    def __missing__(self, name: str) -> Any:
        if name in _FORMS:
            return _FORMS[name]
        meaning = getattr(model, name)
        if hasattr(meaning, "__metadata__"):
            return _MARKS[meaning.__metadata__[0]]
        if isinstance(meaning, type):
            return Record(meaning)
        arguments = get_args(meaning)
        records = isinstance(arguments[0], type)
        return _either(*map(Record, arguments)) if records else Choice(arguments)


def _either(*kinds: Any) -> Any:
    """One of several kinds, each of which may be so itself; None stands for nothing."""
    flat: list[Any] = [
        member for kind in kinds for member in (members(kind) if kind is not None else (None,))
    ]
    return flat[0] if len(flat) == 1 else Either(tuple(flat))


class _Form:
    """A name with arguments in brackets."""

    def __init__(self, make: Callable[..., Kind]) -> None:
        self.make = make

    def __getitem__(self, arguments: Any) -> Kind:
        return self.make(*arguments) if isinstance(arguments, tuple) else self.make(arguments)


def _annotated(kind: Kind, mark: str) -> Kind:
    assert isinstance(kind, Many)
    if mark in _LEAST:
        return Many(kind.item, _LEAST[mark])
    assert isinstance(kind.item, Record)
    if mark == "rest":
        return Rest(kind.item.cls)
    return Named(kind.item.cls, mark == "by symbol")


_FORMS: dict[str, Any] = {
    "Annotated": _Form(_annotated),
    "Literal": _Form(lambda *values: Choice(values)),
    "tuple": _Form(lambda item, _: Many(item)),
    "bool": Truth(),
}
