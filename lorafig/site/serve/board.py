"""What there is to see of each spec at the moment, and a bell for those who wait for it to change."""

from __future__ import annotations

import threading
from collections.abc import Sequence
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
            "faults": [fault.to_data() for fault in self.faults],
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
        self._states = [State(file) for file in files]
        self._bell = threading.Condition()
        self._changes = 1
        self._closed = False

    def state(self, number: int) -> State:
        with self._bell:
            return self._states[number]

    def states(self) -> tuple[int, tuple[State, ...]]:
        """How many changes there have been, and what came of them."""
        with self._bell:
            return self._changes, tuple(self._states)

    def update(self, number: int, **values: Any) -> None:
        with self._bell:
            self._states[number] = replace(self._states[number], **values)
            self._changes += 1
            self._bell.notify_all()

    def wait(self, seen: int, seconds: float) -> bool:
        """Waits until there is a change after those that were `seen`, or the board is closed."""
        with self._bell:
            return self._bell.wait_for(lambda: self._changes > seen or self._closed, seconds)

    @property
    def closed(self) -> bool:
        with self._bell:
            return self._closed

    def close(self) -> None:
        with self._bell:
            self._closed = True
            self._bell.notify_all()
