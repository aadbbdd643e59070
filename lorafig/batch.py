"""Rendering many specs: in one process or several, once or after every change.

What is found goes to stderr, the names of the files that were written to stdout.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NoReturn

import click

from lorafig import pipeline
from lorafig.cli import console
from lorafig.errors import LorafigError, Problem
from lorafig.files import MAX_SPEC_BYTES, read_spec, within_bounds, write_whole
from lorafig.pipeline import Format, Options, Rendered


@dataclass(frozen=True, slots=True)
class Target:
    """Where outputs go: to files named by their figure in `folder`, to the one `file`, or, with
    neither, to stdout."""

    folder: str | None = None
    file: str | None = None


def render_all(
    paths: Sequence[str],
    formats: tuple[Format, ...],
    target: Target,
    options: Options,
    jobs: int,
) -> int:
    """Renders every spec, says what went wrong, writes what went well. Returns the exit status."""
    sources = console.Sources()
    status = 0
    written: dict[str, str] = {}
    for path, result in render_each(paths, formats, options, jobs, sources):
        if isinstance(result, LorafigError):
            console.report_error(result, sources)
            status = max(status, result.exit_status)
            continue
        console.report_doubts(result.doubts, sources)
        try:
            first = written.setdefault(result.id, path)
            if first != path:
                what = f"{path} has the id '{result.id}', as {first} has: both would write the same files"
                raise LorafigError(Problem(what, None, "give each figure an id of its own"))
            write(result, target, paths)
        except LorafigError as error:
            console.report_error(error, sources)
            status = max(status, error.exit_status)
    return status


def render_each(
    paths: Sequence[str],
    formats: tuple[Format, ...],
    options: Options,
    jobs: int,
    sources: console.Sources,
) -> Iterator[tuple[str, Rendered | LorafigError]]:
    """Every spec with its outputs or its problems, in the order given. The cache is asked here: only
    what it does not have is worth a process."""
    results: dict[str, Rendered | LorafigError] = {}
    pending: list[tuple[str, str, bytes]] = []
    for path in paths:
        try:
            file, data = read(path)
            sources.texts[file] = data
            kept = pipeline.recall(data, file, formats, options)
            if kept is not None:
                results[path] = kept
            else:
                pending.append((path, file, data))
        except LorafigError as error:
            results[path] = error
    with progress(len(pending)) as bar:
        if jobs > 1 and len(pending) > 1:
            from concurrent.futures import ProcessPoolExecutor

            with ProcessPoolExecutor(min(jobs, len(pending)), initializer=ignore_interrupts) as pool:
                futures = {
                    path: pool.submit(_render_one, data, file, formats, options)
                    for path, file, data in pending
                }
                for path, future in futures.items():
                    results[path] = future.result()
                    bar.update(1)
        else:
            for path, file, data in pending:
                results[path] = _render_one(data, file, formats, options)
                bar.update(1)
    for path in paths:
        yield path, results[path]


def _render_one(
    data: bytes, file: str, formats: tuple[Format, ...], options: Options
) -> Rendered | LorafigError:
    try:
        return pipeline.render_bytes(data, file, formats, options)
    except LorafigError as error:
        return error


def ignore_interrupts() -> None:
    """A worker leaves an interrupt to the process that started it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def progress(length: int) -> Any:
    """A bar on stderr, if that is a terminal and there is something to wait for."""
    from contextlib import nullcontext

    if length > 1 and console.on_terminal():
        return click.progressbar(length=length, label="rendering", file=sys.stderr)
    return nullcontext(_NoBar())


class _NoBar:
    def update(self, steps: int) -> None:
        pass


def write(rendered: Rendered, target: Target, specs: Sequence[str] = ()) -> None:
    """Writes the outputs; never over one of the `specs` (mine.json, rendered as json beside itself)."""
    kept = {identity for spec in specs if (identity := _identity(spec)) is not None}
    for form, data in rendered.outputs.items():
        if target.folder is not None:
            path = os.path.join(target.folder, f"{rendered.id}.{form}")
        elif target.file is not None:
            path = target.file
        else:
            try:
                sys.stdout.buffer.write(data)
                sys.stdout.buffer.flush()
            except BrokenPipeError:
                raise  # the reader has had enough: click ends quietly
            except OSError as error:
                raise LorafigError(Problem(f"cannot write to standard output: {error.strerror}")) from None
            continue
        if _identity(path) in kept:
            raise LorafigError(Problem(f"{path} is the spec itself", None, "choose another folder with -o"))
        write_whole(path, data)
        click.echo(path)


def _identity(path: str) -> tuple[int, int] | None:
    """What two names of one file have in common, whatever links and cases they are written in."""
    try:
        status = os.stat(path)
    except OSError:
        return None
    return status.st_dev, status.st_ino


def watch_files(
    paths: Sequence[str],
    formats: tuple[Format, ...],
    target: Target,
    options: Options,
    jobs: int,
) -> NoReturn:
    try:
        import watchfiles
    except ImportError:
        hint = "pip install watchfiles"
        raise LorafigError(Problem("--watch needs the package watchfiles", None, hint), "tool") from None
    render_all(paths, formats, target, options, jobs)
    by_full_path = {os.path.realpath(path): path for path in paths}
    folders = sorted({os.path.dirname(path) for path in by_full_path})
    # Folders are watched, not files: an editor that writes whole files replaces them.
    for changes in watchfiles.watch(*folders, watch_filter=None, recursive=False, raise_interrupt=True):
        touched = {os.path.realpath(path) for change, path in changes if change != watchfiles.Change.deleted}
        changed = [path for full, path in by_full_path.items() if full in touched]
        if changed:
            render_all(changed, formats, target, options, jobs)
    raise SystemExit(0)


def read(path: str) -> tuple[str, bytes]:
    """What problems call the file, and its bytes."""
    if path == "-":
        return "<stdin>", within_bounds(sys.stdin.buffer.read(MAX_SPEC_BYTES + 1), "<stdin>")
    return path, read_spec(path)
