"""The kinds of problems by their codes: what each means, with an example and the example mended.

A message carries its code (`errors.Problem.code`), and JSON has it as `code`. The rows are `codes.toml`. The
rules of `lorafig lint` are explained by their docstrings.
"""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import NamedTuple

_HEAD = "id: mine\ntitle: LoRA\n"
_BODIES = ("stack:", "row:", "flow:", "product:")


class Code(NamedTuple):
    """`title` is a line, `meaning` a few sentences. `wrong` and `right` are lines of a spec, if it is about
    one."""

    title: str
    meaning: str
    wrong: str = ""
    right: str = ""


@cache
def codes() -> dict[str, Code]:
    rows = tomllib.loads(files("lorafig").joinpath("codes.toml").read_text("utf-8"))
    return {
        name: Code(row["title"], " ".join(row.pop("meaning").split()), **_examples(row))
        for name, row in rows.items()
    }


def _examples(row: dict[str, str]) -> dict[str, str]:
    return {key: row[key].strip("\n") for key in ("wrong", "right") if key in row}


def whole(example: str) -> str:
    """The lines of an example as a spec of its own."""
    head = "" if example.startswith("id:") else _HEAD
    body = "" if any(line.startswith(_BODIES) for line in example.split("\n")) else "stack: [{bar: x}]\n"
    return f"{head}{example}\n{body}"
