"""An example of each class of the language for the reference: a row of `examples.yaml`, drawn there."""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import cache

import yaml

_MODEL = "model: {d: 256, r: 4}\n"


@cache
def examples() -> Mapping[str, str]:
    """The example of each class by its name: the body of a spec, without id and title."""
    with open(os.path.join(os.path.dirname(__file__), "examples.yaml"), encoding="utf-8") as file:
        bodies: dict[str, str] = yaml.safe_load(file)
    return bodies


def example(cls: str) -> str | None:
    """The example of a class as a whole spec."""
    body = examples().get(cls)
    if body is None:
        return None
    model = "" if body.startswith("model:") else _MODEL
    return f"id: example-{cls.lower()}\ntitle: An example\n{model}{body}"
