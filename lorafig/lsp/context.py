"""Where in a spec a position is: the keys that lead there, and what stands beside it.

The text is unfinished, since somebody is writing in it: it is scanned up to the position, where a word takes
the place of what is being written.
"""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

import yaml

from lorafig.language import kinds, model
from lorafig.language.kinds import Field, Kind

_HERE = "lorafigposition"


class Level(NamedTuple):
    """A mapping or a list around the position. `keys` are those of a mapping that stand before it."""

    kind: Literal["map", "list"]
    keys: tuple[str, ...] = ()


class Context(NamedTuple):
    """`word` is what has been written of the word at the position, which begins at `start`."""

    levels: tuple[Level, ...]
    on_key: bool
    word: str
    start: int

    def kinds(self) -> tuple[Kind, ...]:
        """What may stand at the position: records if it is on a key, otherwise the kinds of its value."""
        found: tuple[Kind, ...] = (kinds.Record(model.Figure),)
        for number, level in enumerate(self.levels):
            last = number == len(self.levels) - 1
            if level.kind == "list":
                found = tuple(
                    member.item
                    for kind in found
                    for member in kinds.members(kind)
                    if isinstance(member, kinds.Many)
                )
                found = tuple(member for kind in found for member in kinds.members(kind))
            elif last and self.on_key:
                return self._records(found, level)
            else:
                found = self._under(found, level)
        return tuple(member for kind in found for member in kinds.members(kind))

    def _records(self, found: tuple[Kind, ...], level: Level) -> tuple[Kind, ...]:
        records = [member for kind in found for member in kinds.members(kind)]
        chosen = [
            record
            for record in records
            if isinstance(record, kinds.Record) and kinds.leading(record.cls) in level.keys
        ]
        if not chosen and level.keys:
            chosen = [
                record
                for record in records
                if isinstance(record, kinds.Record) and set(level.keys) <= kinds.by_key(record.cls).keys()
            ]
        if chosen and len(records) > 1:
            return tuple(chosen)
        return tuple(record for record in records if isinstance(record, (kinds.Record, kinds.Named)))

    def _under(self, found: tuple[Kind, ...], level: Level) -> tuple[Kind, ...]:
        """What the last key of a mapping takes."""
        if not level.keys:
            return ()
        key, before = level.keys[-1], level
        kinds_: list[Kind] = []
        for record in self._records(found, before):
            if isinstance(record, kinds.Named):
                kinds_.append(kinds.Record(record.cls))
            elif isinstance(record, kinds.Record):
                field: Field | None = kinds.by_key(record.cls).get(key)
                if field is not None:
                    kinds_ += (
                        [kinds.Record(field.kind.cls)] if isinstance(field.kind, kinds.Rest) else [field.kind]
                    )
        return tuple(kinds_)


def context(text: str, at: int) -> Context:
    """The context of an offset."""
    line_start = text.rfind("\n", 0, at) + 1
    line = text[line_start:at]
    word = re.search(r"\\?[\w#\\-]*$", line)
    assert word is not None
    written = word.group()
    command = re.search(r"\\[A-Za-z]*$", written)
    if command is not None:
        written = command.group()
    elif re.match(r"-+$", written):
        written = ""
    begin = _scalar_start(line)
    before = text[: line_start + begin]
    sign = before.rstrip(" ")[-1:] if not before.endswith("\n") else ""
    on_key = sign not in (":", "[")
    levels = _levels(before + (f"{_HERE}: 0" if on_key else _HERE), on_key)
    if levels is None or (on_key and sign == "," and levels and levels[-1].kind == "list"):
        on_key = False
        levels = _levels(before + _HERE, False)
    levels = levels or ()
    on_key = on_key and bool(levels) and levels[-1].kind == "map"
    return Context(levels, on_key, written, at - len(written))


def _scalar_start(line: str) -> int:
    """Where the value or key begins that is being written at the end of a line."""
    quote, start, at = "", 0, 0
    depth = 0
    start = len(line) - len(line.lstrip(" "))
    while at < len(line):
        char = line[at]
        if quote:
            if char == quote:
                quote = ""
        elif char in "'\"" and line[:at].rstrip(" ")[-1:] in ("", ":", "-", "[", "{", ","):
            quote, start = char, at
        elif char in "[{" and line[:at].rstrip(" ")[-1:] in ("", ":", "-", "[", "{", ","):
            depth += 1
            start = at + 1
        elif char in "]}" and depth:
            depth -= 1
            start = at + 1
        elif (char == "," and depth) or (
            char in ":-" and line[at + 1 : at + 2] in (" ", "") and (char == ":" or not line[:at].strip(" -"))
        ):
            start = at + 1
        at += 1
    while not quote and start < len(line) and line[start] == " ":
        start += 1
    return start


def _levels(text: str, as_key: bool) -> tuple[Level, ...] | None:
    """The mappings and lists around the word that marks the position; None if it is not reached."""
    stack: list[tuple[str, list[str]]] = []
    key_next = False
    try:
        for token in yaml.scan(text, Loader=yaml.SafeLoader):
            match token:
                case yaml.BlockMappingStartToken() | yaml.FlowMappingStartToken():
                    stack.append(("map", []))
                case yaml.BlockSequenceStartToken() | yaml.FlowSequenceStartToken():
                    stack.append(("list", []))
                case yaml.BlockEntryToken() if stack and stack[-1][0] == "map":
                    stack.append(("bare", []))  # a list as far left as its key has no start of its own
                case yaml.BlockEndToken() | yaml.FlowMappingEndToken() | yaml.FlowSequenceEndToken():
                    if stack and stack[-1][0] == "bare":
                        stack.pop()
                    stack.pop()
                case yaml.KeyToken():
                    if stack and stack[-1][0] == "bare":
                        stack.pop()
                    key_next = True
                case yaml.ScalarToken(value=value):
                    if value.startswith(_HERE):
                        break
                    if key_next and stack:
                        stack[-1][1].append(value)
                    key_next = False
        else:
            return None
    except yaml.YAMLError:
        return None
    return tuple(Level("map" if kind == "map" else "list", tuple(keys)) for kind, keys in stack)
