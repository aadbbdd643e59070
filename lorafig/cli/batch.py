"""Many specs, one after the other or in several processes. What is wrong with one stops no other."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

import click

from lorafig.cli import console
from lorafig.errors import LorafigError, Problem, fault
from lorafig.files import MAX_SPEC_BYTES, read_spec, within_bounds

T = TypeVar("T")
Pending = tuple[str, str, bytes]  # a spec as it was named, what problems call it, its bytes


def read(path: str) -> tuple[str, bytes]:
    """What problems call the file, and its bytes."""
    if path != "-":
        console.demand_utf_8(path, "a file's name", "rename it")
        return path, read_spec(path)
    try:
        return "<stdin>", within_bounds(sys.stdin.buffer.read(MAX_SPEC_BYTES + 1), "<stdin>")
    except OSError as error:
        raise LorafigError(Problem(f"cannot read standard input: {error.strerror or error}")) from None


def each(
    paths: Sequence[str],
    sources: console.Sources,
    work: Callable[[bytes, str], T],
    jobs: int,
    recall: Callable[[bytes, str], T | None] = lambda data, file: None,
) -> list[tuple[str, T | LorafigError]]:
    """Every spec with what `work` makes of its bytes and name, or with its problems, in the order given.

    `recall` says what is known already, in this process: only the rest is worth another one."""
    results: dict[str, T | LorafigError] = {}
    pending: list[Pending] = []
    for path in paths:
        try:
            file, data = read(path)
            sources.texts[file] = data
            known = recall(data, file)
        except LorafigError as error:
            results[path] = error
        else:
            if known is None:
                pending.append((path, file, data))
            else:
                results[path] = known
    if pending:
        with _progress(len(pending)) as step:
            for (path, _, _), result in zip(pending, _done(pending, work, jobs), strict=True):
                results[path] = result
                step()
    return [(path, results[path]) for path in paths]


def attempt(work: Callable[[bytes, str], T], data: bytes, file: str) -> T | LorafigError:
    """What the work returns, or an error: that of the spec, or a fault of our own."""
    try:
        return work(data, file)
    except LorafigError as error:
        return error
    except Exception as error:
        return fault(error, file)


def _done(
    pending: Sequence[Pending], work: Callable[[bytes, str], T], jobs: int
) -> Iterator[T | LorafigError]:
    if jobs == 1 or len(pending) == 1 or not _has_folder():
        for _, file, data in pending:
            yield attempt(work, data, file)
        return
    import warnings

    from joblib import Parallel, delayed
    from joblib.externals.loky.process_executor import TerminatedWorkerError

    count = min(jobs, len(pending))
    parallel = Parallel(count, return_as="generator", initializer=_begin, initargs=(os.getpid(),))
    results = parallel(delayed(attempt)(work, data, file) for _, file, data in pending)
    left = [file for _, file, _ in pending]
    try:
        for result in results:
            del left[0]
            yield result
    except TerminatedWorkerError:
        for file in left:
            what = f"{file}: a process that draws has ended, perhaps for want of memory"
            yield LorafigError(Problem(what, None, "use fewer --jobs"), "limit")
    finally:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # that there is more to do is known
            results.close()  # which ends the processes at once


def _has_folder() -> bool:
    """Whether there is a folder to start a process in: the current one may have been removed."""
    try:
        os.getcwd()
    except OSError:
        return False
    return True


def _begin(parent: int) -> None:
    """A worker leaves an interrupt to the process that started it, and ends when that one has been killed."""
    import signal
    import threading
    import time

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(0.5)
        os._exit(1)

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=watch, daemon=True).start()


@contextmanager
def _progress(length: int) -> Iterator[Callable[[], Any]]:
    """A bar on stderr, if that is a terminal and there is something to wait for; called for each step."""
    if length > 1 and console.on_terminal():
        with click.progressbar(length=length, label="rendering", file=sys.stderr) as bar:
            yield lambda: bar.update(1)
    else:
        yield lambda: None


def clashes(ids: Sequence[tuple[str, str]], what: str) -> Iterator[tuple[str, LorafigError]]:
    """The specs, of pairs of path and id, whose id another one before has, also such as a file system may not
    tell apart; `what` both would have."""
    first: dict[str, tuple[str, str]] = {}
    for path, name in ids:
        other, known = first.setdefault(name.casefold(), (path, name))
        if other != path:
            same = f"as {other} has" if known == name else f"and {other} has '{known}'"
            told = f"{path} has the id '{name}', {same}: both would {what}"
            yield path, LorafigError(Problem(told, None, "give each figure an id of its own"))
