"""Conditions on the fields of one object, each as a test of what was read and as a part of a JSON Schema."""

from __future__ import annotations

from typing import Any, TypeAlias

from msgspec import Struct

from lorafig.language import kinds

Path: TypeAlias = tuple[str | int, ...]
Schema: TypeAlias = dict[str, Any]


class Condition(Struct, frozen=True):
    """Something that an object is, or has."""

    def found(self, of: Any) -> Path | None:
        """The path to what makes it so, None if there is none."""
        raise NotImplementedError

    def schema(self) -> Schema:
        """The JSON Schema that just such objects fulfil."""
        raise NotImplementedError

    def __and__(self, other: Condition) -> Condition:
        return AllOf((self, other))

    def __or__(self, other: Condition) -> Condition:
        return AnyOf((self, other))


class Given(Condition, frozen=True):
    """A field has a value: neither null nor an empty list."""

    key: str

    def found(self, of: Any) -> Path | None:
        return (self.key,) if _value(of, self.key) not in (None, ()) else None

    def schema(self) -> Schema:
        return _field(self.key, {"not": {"enum": [None, []]}})


class Is(Condition, frozen=True):
    """A field has one of some values, none of which is its default."""

    key: str
    values: tuple[str | bool, ...]

    def found(self, of: Any) -> Path | None:
        value = _value(of, self.key)
        return (self.key,) if isinstance(value, (str, bool)) and value in self.values else None

    def schema(self) -> Schema:
        return _field(self.key, {"enum": list(self.values)})


class Symbol(Condition, frozen=True):
    """A field is a symbol, and no list of words."""

    key: str

    def found(self, of: Any) -> Path | None:
        return (self.key,) if isinstance(_value(of, self.key), str) else None

    def schema(self) -> Schema:
        return _field(self.key, {"type": "string"})


class Length(Condition, frozen=True):
    """A field is a list that has entries, and not as many as it needs."""

    key: str
    needed: int

    def found(self, of: Any) -> Path | None:
        value = _value(of, self.key)
        return (self.key,) if isinstance(value, tuple) and len(value) not in (0, self.needed) else None

    def schema(self) -> Schema:
        right = {"minItems": self.needed, "maxItems": self.needed}
        several = {"type": "array", "minItems": 1, "not": right}
        one: Schema = {"type": ["string", "number"]}  # which stands for a list of it
        return _field(self.key, several if self.needed == 1 else {"anyOf": [several, one]})


class Inside(Condition, frozen=True):
    """A field is an object for which something holds, or a list with one for which it does."""

    key: str
    inner: Condition

    def found(self, of: Any) -> Path | None:
        value = _value(of, self.key)
        if value is None:
            return None
        if not isinstance(value, tuple):
            path = self.inner.found(value)
            return None if path is None else (self.key, *path)
        paths = ((index, self.inner.found(entry)) for index, entry in enumerate(value))
        return next(((self.key, index, *path) for index, path in paths if path is not None), None)

    def schema(self) -> Schema:
        inner = self.inner.schema()
        one = {"allOf": [{"not": {"type": ["array", "null"]}}, inner]}
        return _field(self.key, {"anyOf": [one, {"type": "array", "contains": inner}]})


class Branch(Condition, frozen=True):
    """Something holds for an element: this one, or one in a list of `least` or more that this is."""

    inner: Condition
    least: int = 1
    alone: bool = True

    def found(self, of: Any) -> Path | None:
        if not isinstance(of, tuple):
            return self.inner.found(of) if self.alone else None
        paths = ((index, self.inner.found(entry)) for index, entry in enumerate(of))
        several = len(of) >= self.least
        return next(((index, *path) for index, path in paths if several and path is not None), None)

    def schema(self) -> Schema:
        inner = self.inner.schema()
        several = {"type": "array", "minItems": self.least, "contains": inner}
        return {"anyOf": [inner, several]} if self.alone else several


class Element(Condition, frozen=True):
    """It is an element of a class."""

    cls: type

    def found(self, of: Any) -> Path | None:
        return () if isinstance(of, self.cls) else None

    def schema(self) -> Schema:
        key = kinds.leading(self.cls)
        written: Schema = {"type": "object", "required": [key]}
        return {"anyOf": [written, {"const": key}]} if kinds.bare(self.cls) else written


class Entry(Condition, frozen=True):
    """It is a list that does not have as many entries as it needs."""

    needed: int

    def found(self, of: Any) -> Path | None:
        return () if isinstance(of, tuple) and len(of) != self.needed else None

    def schema(self) -> Schema:
        return {"type": "array", "not": {"minItems": self.needed, "maxItems": self.needed}}


class AllOf(Condition, frozen=True):
    """Each of several conditions; the path is that of the last."""

    parts: tuple[Condition, ...]

    def found(self, of: Any) -> Path | None:
        paths = [part.found(of) for part in self.parts]
        return None if any(path is None for path in paths) else paths[-1]

    def schema(self) -> Schema:
        return {"allOf": [part.schema() for part in self.parts]}


class AnyOf(Condition, frozen=True):
    """One of several conditions."""

    parts: tuple[Condition, ...]

    def found(self, of: Any) -> Path | None:
        return next((path for part in self.parts if (path := part.found(of)) is not None), None)

    def schema(self) -> Schema:
        return {"anyOf": [part.schema() for part in self.parts]}


class Not(Condition, frozen=True):
    """The opposite of a condition, of the object as a whole."""

    part: Condition

    def found(self, of: Any) -> Path | None:
        return () if self.part.found(of) is None else None

    def schema(self) -> Schema:
        return {"not": self.part.schema()}


def _field(key: str, value: Schema) -> Schema:
    return {"type": "object", "required": [key], "properties": {key: value}}


def value_at(of: Any, path: Path) -> Any:
    """What stands at the end of a path of fields and of places in lists."""
    for step in path:
        of = of[step] if isinstance(step, int) else _value(of, step)
    return of


def _value(of: Any, key: str) -> Any:
    """The value of a field of an object, or of what could be read of one; None if it is not given."""
    values = of if isinstance(of, dict) else None
    for name in (key, f"{key}_"):  # `as_` in Python is `as` in YAML
        value = getattr(of, name, None) if values is None else values.get(name)
        if value is not None:
            return value
    return None
