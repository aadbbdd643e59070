"""A process that works for the one that serves: started when it is needed, ended when it takes long over what
nobody wants any more."""

from __future__ import annotations

import multiprocessing
import signal
import time
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import Any, TypeVar, cast

from lorafig.errors import LorafigError, Problem, fault

PATIENCE = 2.0  # seconds that work which nobody wants any more may still take: starting anew takes one
_T = TypeVar("_T")


class Worker:
    """Does one thing at a time. For one thread, except `close`."""

    def __init__(self, patience: float = PATIENCE) -> None:
        self._patience = patience
        self._process: multiprocessing.process.BaseProcess | None = None
        self._pipe: Connection | None = None
        self._closed = False

    def do(
        self, function: Callable[..., _T], arguments: tuple[Any, ...], unwanted: Callable[[], bool]
    ) -> _T | None:
        """What the function, of a module's top level, returns over there; None where it took long and became
        `unwanted` meanwhile. Errors: LorafigError, also where the process has failed or ended."""
        begun = time.monotonic()
        try:
            pipe = self._started()
            pipe.send((function, arguments))
            while not pipe.poll(0.1):
                if self._closed or (unwanted() and time.monotonic() - begun > self._patience):
                    self._end()
                    return None
            answer = pipe.recv()
        except (EOFError, OSError):
            status = self._end()
            if self._closed:
                return None
            what = f"the process that draws has ended with status {status}"
            hint = "it is tried again at the next save; what is too large can take all the memory"
            raise LorafigError(Problem(what, None, hint), "limit") from None
        if isinstance(answer, LorafigError):
            raise answer
        return cast(_T, answer)

    def close(self) -> None:
        self._closed = True
        self._end()

    def _started(self) -> Connection:
        if self._pipe is None:
            # A fresh interpreter: what is forked out of a process with threads may inherit a lock for ever.
            context = multiprocessing.get_context("spawn")
            self._pipe, other = context.Pipe()
            self._process = context.Process(target=_work, args=(other,), name="lorafig-draw", daemon=True)
            self._process.start()
            other.close()
        return self._pipe

    def _end(self) -> int | None:
        """Ends the process, if it runs, and returns its status."""
        process, self._process = self._process, None
        pipe, self._pipe = self._pipe, None
        if process is None or pipe is None:
            return None
        process.join(0.5 if not process.is_alive() else 0)
        process.kill()
        process.join()
        pipe.close()
        return process.exitcode


def _work(pipe: Connection) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # which is for the process that serves
    while True:
        try:
            function, arguments = pipe.recv()
        except EOFError:  # whoever asked has gone
            return
        answer: Any
        try:
            answer = function(*arguments)
        except LorafigError as error:
            answer = error
        except Exception as error:  # the preview says so and goes on
            answer = fault(error)
        try:
            pipe.send(answer)
        except BrokenPipeError:
            return
