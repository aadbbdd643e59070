"""Figures back to plain data, and plain data to YAML. What is written loads to an equal figure."""

from __future__ import annotations

import re
from typing import Any

from lorafig.language import kinds, model

_PLAIN = r"[A-Za-z](?:[A-Za-z0-9_().-]| (?=[A-Za-z0-9(]))*\Z"
_KEY = r"[A-Za-z][A-Za-z0-9_-]*\Z"
_WORDS = {"true", "false", "null", "yes", "no", "on", "off", "y", "n"}


def to_data(value: Any) -> Any:
    """A figure, or a part of one, as dicts, lists, strings and numbers; defaults are left out.

    Strings stay what they are, so that those from a file keep their place.
    """
    if isinstance(value, (tuple, list)):  # a list is what many write in Python for a tuple
        return [to_data(item) for item in value]
    if not isinstance(value, model.Located):
        return value
    cls: type = type(value)
    fields = kinds.fields(cls)
    if kinds.bare(cls) and value == cls():
        return kinds.leading(cls)
    always = "lorafig" if isinstance(value, model.Figure) else kinds.leading(cls) if kinds.bare(cls) else None
    data: dict[str, Any] = {}
    if isinstance(value, model.Panel) and value.panel is not None:
        data["panel"] = value.panel  # a title stands on top
    for field in fields:
        entry = getattr(value, field.attribute)
        if field.required or field.key == always or entry != field.default:
            if isinstance(field.kind, kinds.Named):
                data[field.key] = {named.name: to_data(named) for named in entry}
            elif isinstance(field.kind, kinds.Rest):
                data |= {named.name: to_data(named) for named in entry}
            else:
                data[field.key] = to_data(entry)
    shorthand = kinds.SHORTHAND.get(cls)
    return data[shorthand] if shorthand is not None and list(data) == [shorthand] else data


def write(data: Any) -> str:
    """Plain data as YAML in block style, with short lists on one line."""
    lines: list[str] = []
    _write(data, "", "", lines)
    return "\n".join(lines) + "\n"


def _write(data: Any, head: str, indent: str, lines: list[str]) -> None:
    """Appends `data`; `head` is what stands before it on its first line, `indent` before the others."""
    if isinstance(data, dict) and data:
        for index, (key, value) in enumerate(data.items()):
            named = key if re.match(_KEY, key) else scalar(key)
            start = (head if index == 0 else indent) + f"{named}:"
            if isinstance(value, (dict, list)) and value and not _short(value):
                lines.append(start)
                _write(value, indent + "  ", indent + "  ", lines)
            else:
                lines.append(f"{start} {_flow(value)}")
    elif isinstance(data, list) and data and not _short(data):
        for index, item in enumerate(data):
            _write(item, (head if index == 0 else indent) + "- ", indent + "  ", lines)
    else:
        lines.append(head + _flow(data))


def _short(value: Any) -> bool:
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        return False
    return sum(map(len, value)) < 60


def _flow(value: Any) -> str:
    if isinstance(value, list):
        return "[" + ", ".join(_flow(item) for item in value) + "]"
    if isinstance(value, dict):
        return "{}"
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return scalar(value)
    return repr(value)


def scalar(text: str) -> str:
    """A string as YAML, in quotes where it needs them."""
    if re.match(_PLAIN, text) and text.lower() not in _WORDS:
        return text
    if text.isprintable():
        return "'" + text.replace("'", "''") + "'"
    escaped = "".join(char if char.isprintable() and char not in '"\\' else _escape(char) for char in text)
    return f'"{escaped}"'


def _escape(char: str) -> str:
    if char in '"\\':
        return "\\" + char
    return f"\\U{ord(char):08x}"
