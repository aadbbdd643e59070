"""Finds the folders that are shipped beside the code: `templates/` and `figures/`.

In a checkout (also one that is installed as editable) they lie at the top, and these are the ones
that are meant even when an installer has left a copy in the package. In a wheel they lie in the package.
"""

from __future__ import annotations

import os

_PACKAGE = os.path.dirname(os.path.abspath(__file__))
_TOP = os.path.dirname(_PACKAGE)


def folder(name: str) -> str:
    """The path of `templates`, `figures` or `fonts`."""
    if os.path.isfile(os.path.join(_TOP, "pyproject.toml")):
        beside = os.path.join(_TOP, name)
        if os.path.isdir(beside):
            return beside
    return os.path.join(_PACKAGE, name)


def gallery() -> dict[str, str]:
    """The gallery: a figure's id to the path of its spec, by id. A file is named by its figure's id."""
    base = folder("figures")
    try:
        names = sorted(os.listdir(base))
    except FileNotFoundError:
        return {}
    return {name.removesuffix(".yaml"): os.path.join(base, name) for name in names if name.endswith(".yaml")}
