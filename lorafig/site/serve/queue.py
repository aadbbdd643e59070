"""What is yet to be done: each number once, however often it was asked for."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable


class Queue:
    """Does `work` for the numbers that `ask` names, one at a time, in their order."""

    def __init__(self, work: Callable[[int], None]) -> None:
        self._work = work
        self._waiting: dict[int, None] = {}
        self._bell = threading.Condition()
        self._closed = False

    def ask(self, numbers: Iterable[int]) -> None:
        with self._bell:
            self._waiting |= dict.fromkeys(numbers)
            self._bell.notify()

    def waits(self, number: int) -> bool:
        """Whether it has been asked for since it was begun."""
        with self._bell:
            return number in self._waiting

    def close(self) -> None:
        with self._bell:
            self._closed = True
            self._bell.notify()

    def run(self) -> None:
        """Works until it is closed."""
        while True:
            with self._bell:
                self._bell.wait_for(lambda: self._waiting or self._closed)
                if self._closed:
                    return
                number = next(iter(self._waiting))
                del self._waiting[number]
            self._work(number)
