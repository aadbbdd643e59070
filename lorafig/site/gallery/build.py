"""From arguments to the site: find the specs, draw them in one process or several, write the folder.

What is wrong goes to stderr, the index's path to stdout. All figures are looked at before anything is
written, so that one run names all that is wrong.
"""

from __future__ import annotations

import os
from collections.abc import Sequence

import click

from lorafig.batch import ignore_interrupts, progress, read
from lorafig.cli import console
from lorafig.errors import LorafigError, Problem
from lorafig.resources import gallery
from lorafig.site.gallery import folder
from lorafig.site.gallery.entry import Entry, make

ENDINGS = (".yaml", ".yml", ".json")


def run(arguments: Sequence[str], target: str, jobs: int) -> int:
    folder.check(target)  # before the work, and once more before it is replaced
    sources = console.Sources()
    results = _entries(specs(arguments), jobs, sources)
    entries = [result for result in results if isinstance(result, Entry)]
    errors = [result for result in results if isinstance(result, LorafigError)]
    errors += _duplicates(entries)
    if errors:
        for error in errors:
            console.report_error(error, sources)
        return max(error.exit_status for error in errors)
    from lorafig.site.gallery.site import files

    folder.replace(target, files(entries))
    click.echo(os.path.join(target, "index.html"))
    return 0


def specs(arguments: Sequence[str]) -> list[str]:
    """The specs that files and folders name, each file once; those of the shipped gallery with none."""
    found = [] if arguments else [path for _, path in sorted(gallery().items())]
    for argument in arguments:
        if not os.path.isdir(argument):
            found.append(argument)
            continue
        try:
            names = sorted(os.listdir(argument), key=os.path.splitext)
        except OSError as error:
            raise LorafigError(Problem(f"cannot read {argument}: {error.strerror or error}")) from None
        inside = [name for name in names if name.endswith(ENDINGS) and not name.startswith(".")]
        if not inside:
            hint = f"specs end in {', '.join(ENDINGS[:-1])} or {ENDINGS[-1]}"
            raise LorafigError(Problem(f"there is no spec in {argument}", None, hint))
        found += [os.path.join(argument, name) for name in inside]
    once: dict[str, str] = {}
    for path in found:
        once.setdefault(path if path == "-" else os.path.realpath(path), path)
    return list(once.values())


def _entries(paths: Sequence[str], jobs: int, sources: console.Sources) -> list[Entry | LorafigError]:
    """Every spec with its pictures or its problems, in the order given."""
    results: dict[str, Entry | LorafigError] = {}
    pending: list[tuple[str, str, bytes]] = []
    for path in paths:
        try:
            file, data = read(path)
            sources.texts[file] = data
            pending.append((path, file, data))
        except LorafigError as error:
            results[path] = error
    with progress(len(pending)) as bar:
        if jobs > 1 and len(pending) > 1:
            from concurrent.futures import ProcessPoolExecutor

            with ProcessPoolExecutor(min(jobs, len(pending)), initializer=ignore_interrupts) as pool:
                futures = {path: pool.submit(make, data, file) for path, file, data in pending}
                for path, future in futures.items():
                    results[path] = future.result()
                    bar.update(1)
        else:
            for path, file, data in pending:
                results[path] = make(data, file)
                bar.update(1)
    return [results[path] for path in paths]


def _duplicates(entries: Sequence[Entry]) -> list[LorafigError]:
    """Ids that two specs have; also such as one folder cannot tell apart on every system."""
    first: dict[str, Entry] = {}
    errors = []
    for entry in entries:
        other = first.setdefault(entry.id.casefold(), entry)
        if other is not entry:
            what = f"{entry.path} has the id '{entry.id}', and {other.path} has '{other.id}'"
            if other.id == entry.id:
                what = f"{entry.path} has the id '{entry.id}', as {other.path} has"
            problem = Problem(
                f"{what}: both would have the same page", None, "give each figure an id of its own"
            )
            errors.append(LorafigError(problem))
    return errors
