"""What there is to see of each spec at the moment, and a bell for those who wait for it to change."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from lorafig.cli.console import printable
from lorafig.site.serve.drawing import Claims, Picture
from lorafig.site.serve.faults import Fault


@dataclass(frozen=True, slots=True)
class State:
    """A spec at one moment. `picture` is the last good one, or None; `faults` are what is wrong now, and then
    the picture is that of before. `claims` is the newest report, that of a false figure too. `revision`
    goes up whenever one of the three changes."""

    file: str
    revision: int = 0
    drawing: bool = True
    picture: Picture | None = None
    claims: Claims | None = None
    faults: tuple[Fault, ...] = ()
    more: int = 0  # faults that are not listed
    page: bytes | None = None  # the newest one there is, of a figure with something to move
    page_revision: int = 0
    page_wrong: str | None = None
    printing: bool = False  # whether the page is being made

    def to_data(self) -> dict[str, Any]:
        """What the page is told."""
        picture, claims = self.picture, self.claims
        return {
            "file": printable(self.file),
            "revision": self.revision,
            "drawing": self.drawing,
            "faults": [fault._asdict() for fault in self.faults],
            "more": self.more,
            "claims": None if claims is None else {"count": claims.count, "wrong": claims.wrong},
            "picture": None if picture is None else picture.to_data(),
            "page": self._page_data() if picture is not None and picture.moves else None,
        }

    def _page_data(self) -> dict[str, Any]:
        return {
            "revision": self.page_revision,
            "ready": self.page is not None,
            "drawing": self.printing,
            "wrong": self.page_wrong,
        }


class Board:
    """The states of all specs, by number. Every method may be called from any thread."""

    def __init__(self, files: Sequence[str]) -> None:
        self._states = tuple(State(file) for file in files)
        self._lock = threading.Lock()
        self._bells: set[Callable[[], object]] = set()
        self.closed = False

    def state(self, number: int) -> State:
        return self._states[number]

    def states(self) -> tuple[State, ...]:
        return self._states

    def update(self, number: int, **values: Any) -> None:
        with self._lock:
            states = list(self._states)
            states[number] = replace(states[number], **values)
            self._states = tuple(states)
            self._ring()

    @contextmanager
    def listen(self, bell: Callable[[], object]) -> Iterator[None]:
        """Calls `bell` after each change, and when the board is closed."""
        with self._lock:
            self._bells.add(bell)
        try:
            yield
        finally:
            with self._lock:
                self._bells.discard(bell)

    def close(self) -> None:
        with self._lock:
            self.closed = True
            self._ring()

    def _ring(self) -> None:
        for bell in self._bells:
            bell()
