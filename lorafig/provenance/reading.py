"""Records read back from what is written in a file."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from lorafig.errors import LorafigError, Problem
from lorafig.files import MAX_SPEC_BYTES
from lorafig.options import FORMATS, Options
from lorafig.provenance.record import END, FILE, MARK, Record, total_of

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,199}")
_PART = re.compile(r"[^\x00-\x1f\x7f/\\:]{1,200}")
_ESCAPED = re.compile(r"(?:%[0-9A-F]{2})+")


def read_line(text: str) -> Record:
    """The record of a line, from its mark to its end. Errors: LorafigError."""
    if not text.endswith(END):
        raise damaged("is cut off")
    parts = text[len(MARK) : -len(END)].split(";")
    return _made(parts[0], _fields(parts[1:]))


def _fields(parts: Iterable[str]) -> list[tuple[str, str]]:
    return [(key, _plain(value)) for key, _, value in (part.partition("=") for part in parts)]


def read_comments(lines: list[str]) -> Record:
    """The record of lines of comments, without the sign of a comment. Errors: LorafigError."""
    head = lines[0][len(MARK) :].split(";")
    fields = _fields(head[1:])
    key, values = "", list[str]()
    for written in lines[1:]:
        if written == ".":
            break
        if written.startswith("+ ") and values:
            values[-1] += _plain(written[2:])
        elif written == "|" or written.startswith("| "):
            values.append(_plain(written[2:]))
        elif written.endswith(":"):
            if values:
                fields.append((key, "\n".join(values)))
            key, values = written[:-1], []
        else:
            raise damaged("is broken by another line")
    else:
        raise damaged("is cut off")
    fields.append((key, "\n".join(values)))
    return _made(head[0], fields)


def from_fields(total: str, fields: list[tuple[str, str]]) -> Record:
    """The record of names and values that are not a text of ours: those of an object of JSON."""
    return _made(total, fields)


def _plain(text: str) -> str:
    try:
        return _ESCAPED.sub(lambda match: bytes.fromhex(match[0].replace("%", "")).decode(), text)
    except UnicodeDecodeError:
        raise damaged("is not UTF-8") from None


def _made(claimed: str, fields: list[tuple[str, str]]) -> Record:
    """A record whose sum is right, of values that are such. Errors: LorafigError."""
    if total_of(fields) != claimed:
        raise damaged("has been changed, or damaged: its checksum is another one")
    values = dict(fields)
    try:
        written = values.pop("format")
        form = next(form for form in FORMATS if form == written)
        name, spec, version, verdict, picture = (
            values.pop(key) for key in ("id", "spec", "version", "verdict", "picture")
        )
    except (KeyError, StopIteration):
        raise damaged("lacks what every record has") from None
    files = {key.removeprefix(FILE): values.pop(key) for key in list(values) if key.startswith(FILE)}
    if len(spec.encode("utf-8", "surrogatepass")) > MAX_SPEC_BYTES:
        raise LorafigError(Problem("the spec in it is larger than 1 MiB"), "limit")
    if not _ID.fullmatch(name) or not all(map(_may_lie_beside, files)):
        raise damaged("names what no figure has")
    return Record(name, spec, form, _options(values, version), version, verdict, picture, files)


def _may_lie_beside(name: str) -> bool:
    """Whether a file of this name may be written beside a spec, whoever says so."""
    parts = name.split("/")
    plain = all(part != "" and not part.startswith(".") and _PART.fullmatch(part) for part in parts)
    return plain and name.endswith((".json", ".yaml", ".yml"))


def _options(values: Mapping[str, str], version: str) -> Options:
    made: dict[str, Any] = {}
    for name, value in values.items():
        if name not in Options._fields:
            what = f"the file was made with an option '{name}' that this lorafig does not have"
            raise LorafigError(Problem(what, None, f"use lorafig {version}"))
        default = getattr(Options(), name)
        made[name] = value
        if isinstance(default, bool):
            made[name] = value == "yes"
        elif isinstance(default, float):
            try:
                made[name] = float(value)
            except ValueError:
                raise damaged(f"has '{value[:20]}' for {name}") from None
    return Options(**made)


def damaged(how: str) -> LorafigError:
    hint = "write the file again from its spec"
    return LorafigError(Problem(f"the spec in it {how}", None, hint, code="spec-damaged"))
