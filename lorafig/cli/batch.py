"""Many specs, one after the other or in several processes. What is wrong with one stops no other."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any, TypeVar

from lorafig.cli import console
from lorafig.cli.spread import spread
from lorafig.errors import LorafigError, Problem
from lorafig.files import MAX_SPEC_BYTES, read_spec, within_bounds

T = TypeVar("T")
Pending = tuple[str, str, bytes]  # a spec as it was named, what problems call it, its bytes


def expand(specs: Sequence[str]) -> list[str]:
    """The files that the arguments name, each once. Patterns are for shells that do not expand them."""
    paths: list[str] = []
    for spec in specs:
        if spec != "-" and any(char in spec for char in "*?[") and not os.path.exists(spec):
            from glob import glob

            matches = sorted(glob(spec, recursive=True))
            if not matches:
                raise console.usage(f"no file fits '{spec}'")
            paths += matches
        else:
            paths.append(spec)
    return list(dict.fromkeys(paths))


def read(path: str) -> tuple[str, bytes]:
    """What problems call the file, and its bytes."""
    if path != "-":
        console.demand_utf_8(path, "a file's name", "rename it")
        return path, read_spec(path)
    return "<stdin>", within_bounds(_stdin(MAX_SPEC_BYTES + 1), "<stdin>")


# Files that are not specs by the ends of their names, with the command that reads them.
_PAGE = (
    "'lorafig audit {}' decides what it claims, 'lorafig recover {}' takes out the spec of what lorafig wrote"
)
_OTHERS = {
    **dict.fromkeys((".md", ".markdown", ".rst", ".ipynb"), _PAGE),
    ".safetensors": "'lorafig inspect {}' says what is in it",
}


def read_figure(path: str) -> tuple[str, bytes]:
    """As `read`, of a spec: a file that is another thing by its name is refused."""
    file, data = read(path)
    hint = _OTHERS.get(os.path.splitext(path)[1].lower())
    if hint is not None:
        raise LorafigError(Problem(f"{path} is not a spec", None, hint.replace("{}", path), code="spec"))
    return file, data


def _stdin(most: int) -> bytes:
    try:
        return sys.stdin.buffer.read(most)
    except OSError as error:
        raise LorafigError(
            Problem(f"cannot read standard input: {error.strerror or error}", code="file-unreadable")
        ) from None


def read_written(path: str) -> tuple[str, bytes]:
    """As `read`, also of a file that lorafig wrote, which may be larger than a spec."""
    from lorafig.provenance import find

    if path == "-":
        data = _stdin(find.MAX_FILE + 1)
        return "<stdin>", data if find.drawn_by_us(data, "") else within_bounds(data, "<stdin>")
    if not find.drawn_by_us(b"", path):
        return read_figure(path)
    console.demand_utf_8(path, "a file's name", "rename it")
    return path, find.read(path)


def each(
    paths: Sequence[str],
    sources: console.Sources,
    work: Callable[[bytes, str], T],
    jobs: int,
    recall: Callable[[bytes, str], T | None] = lambda data, file: None,
    on: str | None = None,
    reader: Callable[[str], tuple[str, bytes]] = read_figure,
) -> list[tuple[str, T | LorafigError]]:
    """Every spec with what `work` makes of its bytes and name, or with its problems, in the order given.

    `recall` says what is known already, in this process: only the rest is worth another one, or the cluster
    `on`. `reader` is what reads a file."""
    results: dict[str, T | LorafigError] = {}
    pending: list[Pending] = []
    for path in paths:
        try:
            file, data = reader(path)
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
            done = spread(partial(_made, work), pending, [file for _, file, _ in pending], jobs, on)
            for (path, _, _), result in zip(pending, done, strict=True):
                results[path] = result
                step()
    return [(path, results[path]) for path in paths]


def _made(work: Callable[[bytes, str], T], pending: Pending) -> T:
    _, file, data = pending
    return work(data, file)


@contextmanager
def _progress(length: int) -> Iterator[Callable[[], Any]]:
    """A bar on stderr, if that is a terminal and there is something to wait for; called for each step."""
    if length > 1 and console.on_terminal():
        import click

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
            yield (
                path,
                LorafigError(Problem(told, None, "give each figure an id of its own", code="name-taken")),
            )
