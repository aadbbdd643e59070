"""The JSON Schema (2020-12) of the language, from the model's classes.

An editor completes and checks a spec by it. It accepts what the reader accepts, but for what no
schema can say: how labels are written, that names are unique, what has to fit together.
"""

from __future__ import annotations

from typing import Any

from lorafig.language import kinds, model, together
from lorafig.language.chain import PATTERN
from lorafig.language.docs import class_docs
from lorafig.language.kinds import Field, Kind
from lorafig.language.networks import MAX_NAME
from lorafig.language.nodes import MAX_CHARACTERS
from lorafig.language.themes import FILE
from lorafig.language.write import to_data
from lorafig.themes.palettes import PALETTES
from lorafig.themes.widths import PATTERN as WIDTH

# Something to be seen, and no control characters. A line feed passes: blocks of lines (`>`, `|`) have
# one where a schema sees them, and the reader makes it a space; where it stands elsewhere the reader
# refuses it.
_VISIBLE = r"\S"
_CONTROL = r"[\u0000-\u0009\u000B-\u001F\u007F-\u009F\u2028\u2029]"
_LABEL: dict[str, Any] = {
    "type": "string",
    "maxLength": MAX_CHARACTERS,
    "pattern": _VISIBLE,
    "not": {"pattern": _CONTROL},
}
_LABELS = {
    "math": r"Mathematics, in LaTeX or Unicode, such as 'W \in \mathbb{R}^{d\times k}'.",
    "text": "Words, with mathematics between dollar signs.",
}


# What a file may be, and what it is called.
FILES: dict[str, tuple[type, str]] = {
    "spec": (model.Figure, "lorafig figure spec"),
    "theme": (model.Theme, "lorafig theme"),
}


def schema(of: str = "spec") -> dict[str, Any]:
    """The schema of one of FILES, as plain data."""
    top, name = FILES[of]
    records: dict[str, type] = {}
    _collect(kinds.Record(top), records)
    definitions: dict[str, Any] = {name: {"description": text, **_LABEL} for name, text in _LABELS.items()}
    definitions["name"] = {
        "description": "Letters, digits and '-', a letter first.",
        "type": "string",
        "maxLength": kinds.NAME_LENGTH,
        "pattern": f"^{kinds.NAME_PATTERN}$",
        "not": {"pattern": "[^A-Za-z0-9-]"},  # '$' of some dialects passes a line feed
    }
    for called, cls in sorted(records.items()):
        if cls is not top:
            definitions[called] = _object(cls)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": name,
        **_object(top),
        "$defs": definitions,
    }


def _collect(kind: Kind, records: dict[str, type]) -> None:
    """All classes that can be reached from `kind`, by name."""
    match kind:
        case kinds.Record(cls=cls):
            if cls.__name__ not in records:
                records[cls.__name__] = cls
                for field in kinds.fields(cls):
                    _collect(field.kind, records)
        case kinds.Named(cls=cls) | kinds.Rest(cls=cls):
            _collect(kinds.Record(cls), records)
        case kinds.Many(item=item):
            _collect(item, records)
        case kinds.Either(members=members):
            for member in members:
                _collect(member, records)
        case _:
            pass


def _object(cls: type) -> dict[str, Any]:
    doc = class_docs()[cls.__name__]
    fields = kinds.fields(cls)
    required = [field.key for field in fields if field.required]
    if kinds.bare(cls):
        required = [kinds.leading(cls)]  # its key tells it from the others
    rules, rest = [*together.schemas(cls)], kinds.rest(cls)
    return {
        "description": doc.text,
        "type": "object",
        "properties": {field.key: _property(field, doc.fields) for field in kinds.by_key(cls).values()},
        **({"required": required} if required else {}),
        "additionalProperties": False if rest is None else _value(rest.kind),
        **({"allOf": rules} if rules else {}),
    }


def _property(field: Field, docs: dict[str, str]) -> dict[str, Any]:
    value = _value(field.kind)
    if field.nullable:
        value = {"anyOf": [value, {"type": "null"}]}
    text = docs.get(field.attribute)
    if text is not None:
        value = {"description": text, **value}
    if not field.required and field.default not in (None, ()):
        default = to_data(field.default)
        if default != {}:
            value = {**value, "default": default}
    return value


def _value(kind: Kind) -> dict[str, Any]:
    match kind:
        case kinds.Label(form=form):
            return {"$ref": f"#/$defs/{form}"}
        case kinds.Identifier():
            return {"$ref": "#/$defs/name"}
        case kinds.Whole(low=low, high=high):
            return {"type": "integer", "minimum": low, "maximum": high}
        case kinds.Real(low=low, high=high, positive=positive):
            limits: dict[str, Any] = {"exclusiveMinimum": 0} if positive else {}
            if low is not None:
                limits["minimum"] = low
            if high is not None:
                limits["maximum"] = high
            return {"type": "number", **limits}
        case kinds.Truth():
            return {"type": "boolean"}
        case kinds.Colour():
            return {"type": "string", "pattern": "^#(?:[0-9A-Fa-f]{3}|[0-9A-Fa-f]{6})$"}
        case kinds.Chain():
            return {"type": "string", "pattern": PATTERN, "maxLength": MAX_CHARACTERS}
        case kinds.Rest(cls=cls):
            return _value(kinds.Record(cls))
        case kinds.Range():
            return {"type": "string", "pattern": "^[^=]+=.*(\\.\\.|…|dots).+$", "maxLength": MAX_CHARACTERS}
        case kinds.PaletteFile():
            path = {"type": "string", "pattern": FILE, "maxLength": MAX_NAME}
            return {"anyOf": [_value(kinds.Choice(tuple(PALETTES))), path]}
        case kinds.Length():
            return {"type": "string", "pattern": WIDTH, "maxLength": 63}
        case kinds.NetworkName() | kinds.Target():
            return {"type": "string", "minLength": 1, "maxLength": MAX_NAME}
        case kinds.Named(cls=cls, symbol=symbol):
            names = {"allOf": [{"$ref": "#/$defs/name"}, {"not": {"pattern": "-$"}}]}
            return {
                "type": "object",
                "propertyNames": {"$ref": "#/$defs/math"} if symbol else names,
                "additionalProperties": _value(kinds.Record(cls)),
                "minProperties": 1,
            }
        case kinds.Choice(values=values):
            return {"enum": list(values)} if len(values) > 1 else {"const": values[0]}
        case kinds.Many(item=item, least=least):
            many = {"type": "array", "items": _value(item), **({"minItems": least} if least else {})}
            return {"anyOf": [many, _value(item)]} if kinds.single(item) and least < 2 else many
        case kinds.Record(cls=cls):
            reference = {"$ref": f"#/$defs/{cls.__name__}"}
            shorthand = kinds.SHORTHAND.get(cls)
            if shorthand is None:
                return reference
            field = next(field for field in kinds.fields(cls) if field.key == shorthand)
            return {"anyOf": [reference, _value(field.kind)]}
        case kinds.Either():
            return {"anyOf": _alternatives(kind)}


def _alternatives(kind: kinds.Either) -> list[dict[str, Any]]:
    alternatives: list[dict[str, Any]] = []
    with_choice = any(isinstance(member, kinds.Choice) for member in kind.members)
    for member in kind.members:
        value = _value(member)
        if isinstance(member, kinds.Many) and with_choice:  # a single word is the choice, not a list of one
            value = value["anyOf"][0] if "anyOf" in value else value
        alternatives.append(value)
        if isinstance(member, kinds.Record) and kinds.bare(member.cls):
            alternatives.append(
                {"const": kinds.leading(member.cls), "description": class_docs()[member.cls.__name__].text}
            )
    return alternatives
