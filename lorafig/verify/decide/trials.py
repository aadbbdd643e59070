"""What trials of an adapter in the core have shown, kept on disk.

They depend on the adapter and on the installed libraries alone, never on a figure; and they need NumPy, whose
import takes longer than all else that decides a figure.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import TypeVar

from msgspec import DecodeError, msgpack

from lorafig import cache as store
from lorafig.core.adapter import Adapter
from lorafig.core.adapters import ADAPTERS

T = TypeVar("T")
Trial = Callable[..., T]  # of an adapter, and of its symbols by name


def kept(kind: type[T]) -> Callable[[Trial[T]], Trial[T]]:
    """A trial whose outcome, a `kind`, is found out once by lorafig as it is installed."""

    def decorate(trial: Trial[T]) -> Trial[T]:
        @cache
        def outcome(adapter: Adapter, *symbols: str) -> T:
            if adapter.name not in ADAPTERS or ADAPTERS[adapter.name] is not adapter:
                return trial(adapter, *symbols)  # one that has the name of another, or none
            key = (trial.__qualname__, adapter.name, *symbols)
            stored = store.get("trial", key)
            if stored is not None:
                try:
                    return msgpack.decode(stored, type=kind)
                except DecodeError:
                    pass  # not what this version writes: found out again
            result = trial(adapter, *symbols)
            store.put("trial", key, msgpack.encode(result))
            return result

        return outcome

    return decorate
