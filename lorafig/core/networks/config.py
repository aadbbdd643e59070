"""Reads the values of a `config.json`, as transformers and diffusers write them.

They leave out what is as their class has it, so an architecture gives these defaults.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NoReturn

from lorafig.errors import LorafigError, Problem

MOST = 2**40
MOST_LAYERS = 100_000


class Config:
    """Values by key. Errors: LorafigError, each with the key and what is there."""

    def __init__(self, values: Mapping[str, object], defaults: Mapping[str, object], called: str) -> None:
        self.values, self.defaults, self.called = values, defaults, called

    def _value(self, key: str) -> object:
        value = self.values.get(key)
        return self.defaults.get(key) if value is None else value

    def whole(self, key: str, otherwise: int | None = None, least: int = 1) -> int:
        """A whole number; `otherwise` if neither the file nor the class has one."""
        value = self._value(key)
        if value is None:
            value = otherwise
        most = MOST_LAYERS if "layer" in key else MOST
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            limit = f"{most:,}" if most != MOST else "2^40"
            self.refuse(key, value, f"a whole number from {least} to {limit}")
        return value

    def wholes(self, key: str, many: int) -> tuple[int, ...]:
        """One for each of `many` stages; a number by itself is that of all."""
        value = self._value(key)
        listed = list(value) if isinstance(value, (list, tuple)) else [value] * many
        if len(listed) != many:
            self.refuse(key, value, f"{many} whole numbers")
        return tuple(
            Config({key: item}, {}, self.called).whole(key) if item is not None else self.whole(key)
            for item in listed
        )

    def flag(self, key: str) -> bool:
        value = self._value(key)
        if not isinstance(value, bool):
            self.refuse(key, value, "true or false")
        return value

    def word(self, key: str) -> str:
        value = self._value(key)
        if not isinstance(value, str):
            self.refuse(key, value, "a word")
        return value

    def words(self, key: str) -> tuple[str, ...]:
        """A list of words; `c2p|p2c` is one too."""
        value = self._value(key)
        if isinstance(value, str):
            return tuple(part for part in value.split("|") if part)
        if value is None:
            return ()
        if not isinstance(value, (list, tuple)) or not all(isinstance(part, str) for part in value):
            self.refuse(key, value, "a list of words")
        return tuple(map(str, value))

    def divided(self, key: str, by: str) -> int:
        """The quotient of two values. An error if it is not whole."""
        one, other = self.whole(key), self.whole(by)
        if one % other != 0:
            self.refuse(key, one, f"a multiple of {by}, {other:,}")
        return one // other

    def refuse(self, key: str, value: object, expected: str) -> NoReturn:
        shown = "missing" if value is None else repr(value)[:60]
        raise LorafigError(
            Problem(f"{self.called}: {key} is {shown}", None, f"expected {expected}", code="network")
        )
