"""The line that PEFT prints of a model: `trainable params: 4,194,304 || all params: 6,742,609,920 ||
trainable%: 0.0622`.
"""

from __future__ import annotations

import re

from msgspec import Struct

_COUNT = r"([0-9][0-9,_]{0,30}|[0-9][0-9{},]{0,60})"
_LINE = (
    rf"\s*trainable (?:params|parameters):\s*{_COUNT}\s*\|\|\s*all (?:params|parameters):\s*{_COUNT}"
    r"\s*\|\|\s*trainable\s*\\?%\s*:\s*([0-9]{1,3}(?:\.[0-9]{1,20})?)\s*\\?%?\s*\.?\s*"
)


class Printed(Struct, frozen=True):
    """What the line says: parameters that are trained, all of them, and the percentage by its digits."""

    trained: int
    all: int
    percent: str


def read(text: str) -> Printed | None:
    """The parts of such a line; None for any other text."""
    match = re.fullmatch(_LINE, text, re.IGNORECASE) if ":" in text else None
    if match is None:
        return None
    trained, every = (int("".join(re.findall(r"[0-9]+", match[place]))) for place in (1, 2))
    return Printed(trained, every, match[3])
