"""Reading a spec: from a file, from text, from plain data, and back to text."""

from __future__ import annotations

import math
import os

from lorafig.errors import LorafigError, Problem
from lorafig.files import read_spec
from lorafig.language.convert import convert
from lorafig.language.model import Figure, NamedNetwork, NamedPalette
from lorafig.language.nodes import MAX_CHARACTERS, MAX_DEPTH, MAX_NODES, Mapping, Node, Scalar, Sequence
from lorafig.language.write import to_data, write


def load(path: str | os.PathLike[str]) -> Figure:
    """The figure of a YAML or JSON file. Errors: LorafigError with all problems of the file."""
    return loads(read_spec(path), os.fspath(path))


def loads(text: str | bytes, file: str = "<string>") -> Figure:
    """The figure that `text` describes; `file` is what its places are called."""
    from lorafig.language.reader import compose, decode  # which loads the parser of YAML

    figure = convert(compose(decode(text, file) if isinstance(text, bytes) else text, file))
    assert isinstance(figure, Figure)
    return figure


def from_data(data: object) -> Figure:
    """The figure that plain data describes: dicts, lists, strings and numbers, as JSON has them.

    Problems have no place in a file, so each begins with the path to it: `row[0].stack[1].bar`.
    """
    figure = convert(_Plain().node(data, "", 1))
    assert isinstance(figure, Figure)
    return figure


def validate(figure: Figure) -> Figure:
    """A figure built from the classes, held to the same rules as one from a file."""
    return from_data(to_data(figure))


class _Plain:
    """Plain data to nodes, within the limits that a file has."""

    def __init__(self) -> None:
        self.count = 0

    def node(self, data: object, path: str, depth: int) -> Node:
        self.count += 1
        if self.count > MAX_NODES:
            raise LorafigError(Problem(f"more than {MAX_NODES:,} values in one spec"), "limit")
        where = getattr(data, "where", None) if isinstance(data, str) else None
        if isinstance(data, (dict, list, tuple)) and depth > MAX_DEPTH:
            raise LorafigError(Problem(f"{path}: nested deeper than {MAX_DEPTH} levels"), "limit")
        if isinstance(data, dict):
            entries = {}
            for key, value in data.items():
                inner = f"{path}.{key}" if path else str(key)
                if not isinstance(key, str):
                    raise LorafigError(
                        Problem(f"{inner}: a key is a string, not {type(key).__name__}", code="wrong-type")
                    )
                entries[key] = Scalar(key, key, "'", None, inner), self.node(value, inner, depth + 1)
            return Mapping(entries, where, path)
        if isinstance(data, (list, tuple)):
            return Sequence(
                tuple(self.node(item, f"{path}[{index}]", depth + 1) for index, item in enumerate(data)),
                where,
                path,
            )
        if isinstance(data, str):
            if len(data) > MAX_CHARACTERS:
                what = f"{path}: a text of {len(data):,} characters; the limit is {MAX_CHARACTERS:,}"
                raise LorafigError(Problem(what), "limit")
            return Scalar(data, data, "'", where, path, getattr(data, "exact", False))
        if data is None or isinstance(data, (bool, int, float)):
            return Scalar(data, _written(data), "", where, path)
        what = f"{path}: {type(data).__name__} is not plain data"
        raise LorafigError(Problem(what, None, "give strings, numbers, lists and dicts", code="wrong-type"))


def _written(value: bool | int | float | None) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    if isinstance(value, int) and abs(value) > 10**40:
        return f"a number of {value.bit_length()} bits"
    return f"{value!r}"


def beside(figure: Figure) -> dict[str, bytes]:
    """What stood in the files that a figure names, by their paths as it names them."""
    found: dict[str, bytes] = {}
    parts: list[object] = [to_data(figure)]
    while parts:
        part = parts.pop()
        if isinstance(part, dict):
            parts += part.values()
        elif isinstance(part, list):
            parts += part
        elif isinstance(part, NamedNetwork | NamedPalette) and part.data is not None:
            found[os.path.normpath(part)] = part.data
    return found


def dump(figure: Figure) -> str:
    """The figure as YAML that loads to an equal figure."""
    return write(to_data(figure))
