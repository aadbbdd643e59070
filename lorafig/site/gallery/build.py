"""From arguments to the site: find the specs, draw them in one process or several, write the folder.

What is wrong goes to stderr, the index's path to stdout. All figures are looked at before anything is
written, so that one run names all that is wrong.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from typing import Any

import click

from lorafig.cli import console
from lorafig.cli.batch import clashes, each
from lorafig.errors import LorafigError, Problem
from lorafig.resources import gallery, place
from lorafig.site.gallery import folder
from lorafig.site.gallery.entry import Entry, make

ENDINGS = (".yaml", ".yml", ".json")


def run(arguments: Sequence[str], target: str, jobs: int) -> int:
    folder.check(target)  # before the work, and once more before it is replaced
    sources = console.Sources()
    results = [result for _, result in each(specs(arguments), sources, make, jobs)]
    entries = [result for result in results if isinstance(result, Entry)]
    errors = [result for result in results if isinstance(result, LorafigError)]
    ids = [(entry.path, entry.id) for entry in entries]
    errors += [error for _, error in clashes(ids, "have the same page")]
    if errors:
        for error in errors:
            console.report_error(error, sources)
        return max(error.exit_status for error in errors)
    from lorafig.site.gallery.site import files

    folder.replace(target, files(entries))
    click.echo(os.path.join(target, "index.html"))
    return 0


def specs(arguments: Sequence[str]) -> list[str]:
    """The specs that files and folders name, each file once; those of the shipped gallery with none. What is
    in the order of the alphabet, as in a folder or by a pattern, has what people come for first."""
    paths = [] if arguments else list(gallery().values())
    for argument in arguments:
        if not os.path.isdir(argument):
            paths.append(argument)
            continue
        try:
            names = sorted(os.listdir(argument), key=os.path.splitext)
        except OSError as error:
            raise LorafigError(
                Problem(f"cannot read {argument}: {error.strerror or error}", code="gallery")
            ) from None
        inside = [name for name in names if name.endswith(ENDINGS) and not name.startswith(".")]
        if not inside:
            hint = f"specs end in {', '.join(ENDINGS[:-1])} or {ENDINGS[-1]}"
            raise LorafigError(Problem(f"there is no spec in {argument}", None, hint, code="gallery"))
        paths += [os.path.join(argument, name) for name in inside]
    once: dict[str, str] = {}
    for path in paths:
        once.setdefault(path if path == "-" else os.path.realpath(path), path)
    found = list(once.values())
    return sorted(found, key=_place) if any(found == sorted(found, key=key) for key in _ALPHABETS) else found


def _letters(path: str) -> str:
    return "".join(char for char in path.casefold() if char.isalnum())


# Names in the order of a folder, of a pattern, and of a pattern where signs do not count.
_ALPHABETS: tuple[Callable[[str], Any], ...] = (os.path.splitext, str, _letters)


def _place(path: str) -> tuple[int, str]:
    return place(os.path.splitext(os.path.basename(path))[0])
