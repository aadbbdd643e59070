"""Finds the folders that are shipped beside the code: `templates/` and `figures/`.

In a checkout (also one that is installed as editable) they lie at the top, and these are the ones
that are meant even when an installer has left a copy in the package. In a wheel they lie in the package.
"""

from __future__ import annotations

import os
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jinja2 import Environment

_PACKAGE = os.path.dirname(os.path.abspath(__file__))
_TOP = os.path.dirname(_PACKAGE)


def folder(name: str) -> str:
    """The path of `templates`, `figures` or `fonts`."""
    if os.path.isfile(os.path.join(_TOP, "pyproject.toml")):
        beside = os.path.join(_TOP, name)
        if os.path.isdir(beside):
            return beside
    return os.path.join(_PACKAGE, name)


def template(group: str, name: str) -> str:
    """The text of a file of `templates/GROUP`."""
    with open(os.path.join(folder("templates"), group, name), encoding="utf-8") as file:
        return file.read()


@cache
def page_templates(group: str, ends: bool = True) -> Environment:
    """The templates of HTML in `templates/GROUP`: what is filled in is escaped, and what is missing fails.
    `ends` keeps the end of a template's last line."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    return Environment(
        loader=FileSystemLoader(os.path.join(folder("templates"), group)),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=ends,
    )


# What people come for: it stands before the rest of the gallery, which is in the order of the alphabet.
FIRST = (
    "lora-reparametrization",
    "lora-visualizer",
    "lora-two-panel",
    "transformer-lora",
    "lora-beside-vera",
)


def place(name: str) -> tuple[int, str]:
    """Where a figure of the gallery stands in it, to sort by."""
    return FIRST.index(name) if name in FIRST else len(FIRST), name


def gallery() -> dict[str, str]:
    """The gallery: a figure's id to the path of its spec, by id. A file is named by its figure's id."""
    base = folder("figures")
    try:
        names = sorted(os.listdir(base))
    except FileNotFoundError:
        return {}
    return {name.removesuffix(".yaml"): os.path.join(base, name) for name in names if name.endswith(".yaml")}
