"""The rows on many items: headers of adapters and specs, in one process, in two, on two workers of Dask."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path

from bench.measure import Measured, run
from bench.ours.again import changed
from bench.setting import SPEC, Bench
from bench.table import Section, seconds, timed
from tests.inspection import made

ADAPTERS, SPECS = 10_000, 2_000
LAYERS, RANK = 32, 8
SIZES = {"q_proj": (4096, 4096), "v_proj": (4096, 4096)}
ONE, TWO, DASK = "one process", "two processes", "Dask, two workers"
TIME_LIMIT = 1800.0  # seconds
SETTLED = 5.0  # seconds until the workers have started


def adapters(bench: Bench) -> Section:
    """Headers of 64 modules each; the arrays are holes in the files."""
    folder = bench.work / "adapters"
    arrays = made.lora(made.decoder(LAYERS, SIZES), RANK, "BF16")
    count = ADAPTERS // 10 if bench.quick else ADAPTERS
    for number in range(count):
        made.peft(folder / f"a{number:05}", arrays)
    return _section(
        bench,
        f"{count:,} adapters' headers, 64 modules each",
        count,
        "inspect",
        [str(folder / "a*"), "--json"],
    )


def specs(bench: Bench) -> Section:
    """The two-panel figure with numbers of its own in each, verified and written as SVG."""
    folder, text = bench.work / "specs", SPEC.read_text(encoding="utf-8")
    folder.mkdir()
    count = SPECS // 10 if bench.quick else SPECS
    for number in range(count):
        own = changed(text, number + 1).replace(f"id: {SPEC.stem}", f"id: s{number}", 1)
        (folder / f"s{number:04}.yaml").write_text(own, encoding="utf-8")
    return _section(
        bench,
        f"{count:,} specs, verified, to SVG",
        count,
        "render",
        [str(folder / "*.yaml"), "-f", "svg", "-o", str(bench.work / "drawn")],
    )


def _section(bench: Bench, title: str, count: int, command: str, arguments: Sequence[str]) -> Section:
    """Wall time, and the processors' time of all processes, which others at work on the machine move less."""

    def measured(name: str, *more: str) -> tuple[Measured, float]:
        usual = bench.ours(name, (command, *arguments, *more), f"many-{command}-{name.replace(' ', '-')}")
        before = _spent()
        one = run(replace(usual, time_limit=TIME_LIMIT))
        seconds = [] if one.failure is not None else [one.seconds]
        return Measured(name, seconds, one.peak, one.failure), _spent() - before

    results = [measured(ONE), measured(TWO, "--jobs", "2")]
    if find_spec("distributed") is not None:
        before = _spent()
        with _cluster(bench.work):
            time.sleep(SETTLED)
        idle = _spent() - before
        before = _spent()
        with _cluster(bench.work) as address:
            result, _ = measured(DASK, "--on", f"dask:{address}")
        results.append((result, _spent() - before - idle))
    else:
        results.append((Measured(DASK, missing="pip install 'lorafig[dask]'"), 0.0))
    base, alone = results[0]
    section = Section(title, base.name, [timed(result, base) for result, _ in results])
    for result, spent in results:
        if result.median is not None:
            over = (
                ""
                if result is base
                else f", {seconds(max(0.0, spent - alone) / count)} more than one process"
            )
            section.notes.append(f"{result.name}: {seconds(spent / count)} of a processor an item{over}")
    return section


def _spent() -> float:
    """Processors' seconds of all processes that have ended."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


@contextmanager
def _cluster(folder: Path) -> Iterator[str]:
    """The address of a scheduler of Dask on this machine with two workers."""
    file = folder / "scheduler.json"
    file.unlink(missing_ok=True)
    started: list[subprocess.Popen[bytes]] = []

    def start(*arguments: str) -> None:
        quiet = subprocess.DEVNULL
        argv = (sys.executable, "-m", *arguments, "--no-dashboard")
        started.append(subprocess.Popen(argv, stdout=quiet, stderr=quiet, cwd=folder))

    try:
        start(
            "distributed.cli.dask_scheduler",
            "--host",
            "127.0.0.1",
            "--port",
            "0",
            "--scheduler-file",
            str(file),
        )
        while not file.exists():
            time.sleep(0.1)
        address = str(json.loads(file.read_text(encoding="utf-8"))["address"])
        for _ in range(2):
            start("distributed.cli.dask_worker", address, "--nthreads", "1", "--no-nanny")
        yield address
    finally:
        for process in started:
            process.kill()
            process.wait()
