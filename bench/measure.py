"""Whole processes, measured in turn: A B A B …, so that a ratio holds while the machine's speed drifts.

Time is wall time from the start of a process to its end; memory is the peak of its resident set as the
kernel counts it (of the largest process, where there are several); the kernel starts that count at the
peak of the process that forks, so that nothing below the benchmark's own can be seen. A run before the
others, which is not counted, warms caches up and shows whether a command works at all.
"""

from __future__ import annotations

import json
import os
import resource
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from tempfile import TemporaryFile
from typing import IO

LONG = 10.0  # seconds; a command that takes longer runs once, and that run counts
RSS_UNIT = 1 if sys.platform == "darwin" else 1024  # what getrusage counts peak memory in


@dataclass(frozen=True, slots=True)
class Command:
    """A program to measure. `prepare` is called before each run, outside of what is timed.

    `reports`: it prints JSON with the seconds of what it did, {"seconds": [...]}, and the median of these
    counts, not the time of the whole process. `at_most` bounds the rounds that it takes part in.
    """

    name: str
    argv: Sequence[str]
    env: Mapping[str, str] | None = None
    folder: Path | None = None
    prepare: Callable[[], None] | None = None
    reports: bool = False
    at_most: int | None = None
    time_limit: float = 120.0


@dataclass(frozen=True, slots=True)
class Run:
    """One process: wall seconds, peak bytes, what it reported, and why it failed if it did.

    `peak` is 0 where it is below the benchmark's own, which is the least that can be seen.
    """

    seconds: float
    peak: int
    reported: float | None
    failure: str | None


@dataclass(slots=True)
class Measured:
    """A command's runs, one for each round that it took part in; `missing` says why there are none."""

    name: str
    seconds: list[float] = field(default_factory=list)
    peak: int = 0
    missing: str | None = None

    @property
    def median(self) -> float | None:
        return median(self.seconds) if self.seconds and self.missing is None else None

    def ratio(self, reference: Measured) -> float | None:
        """Median over the rounds of this one's time by the other's."""
        if self.median is None or reference.median is None:
            return None
        return median(own / other for own, other in zip(self.seconds, reference.seconds, strict=False))


def run(command: Command) -> Run:
    if command.prepare is not None:
        command.prepare()
    with TemporaryFile() as out, TemporaryFile() as errors:
        begun = time.perf_counter()
        try:
            process = subprocess.Popen(
                command.argv,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=errors,
                env=None if command.env is None else dict(command.env),
                cwd=command.folder,
                start_new_session=True,
            )
        except OSError as error:
            return Run(0.0, 0, None, f"cannot start: {error.strerror}")
        late = threading.Event()

        def end() -> None:
            late.set()
            os.killpg(process.pid, signal.SIGKILL)  # not yet waited for, so the group is still its own

        timer = threading.Timer(command.time_limit, end)
        timer.start()
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - begun
        timer.cancel()
        process.returncode = os.waitstatus_to_exitcode(status)
        failure, reported = None, None
        if late.is_set():
            failure = f"not done after {command.time_limit:.0f} s"
        elif process.returncode != 0:
            # No more of what it said than fits into a table.
            said = (_last_line(errors) or _last_line(out))[:160]
            failure = f"exit status {process.returncode}: {said}"
        elif command.reports:
            reported = median(json.loads(_last_line(out))["seconds"])
        own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        peak = usage.ru_maxrss * RSS_UNIT if usage.ru_maxrss > own else 0
        return Run(seconds, peak, reported, failure)


def in_turn(commands: Sequence[Command], rounds: int, warm_up: bool = True) -> list[Measured]:
    """Runs the commands one after the other, `rounds` times; a command that fails is left out from there."""
    results = [Measured(command.name) for command in commands]
    for number in range(-1 if warm_up else 0, rounds):
        for command, result in zip(commands, results, strict=True):
            bound = rounds if command.at_most is None else command.at_most
            if result.missing is not None or number >= bound or sum(result.seconds) > LONG:
                continue
            one = run(command)
            if one.failure is not None:
                result.missing = one.failure
            elif number >= 0 or one.seconds > LONG:
                result.seconds.append(one.seconds if one.reported is None else one.reported)
                result.peak = max(result.peak, one.peak)
    return results


def _last_line(file: IO[bytes]) -> str:
    """The last line that says something."""
    file.seek(0)
    lines = [line.strip() for line in file.read().decode("utf-8", "replace").splitlines() if line.strip()]
    return lines[-1] if lines else ""
