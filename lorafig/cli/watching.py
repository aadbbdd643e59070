"""Which files have changed: told by the system where it can, and looked after once a second for the rest."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Iterable, Iterator, Sequence
from typing import TypeAlias

from lorafig.errors import LorafigError, Problem
from lorafig.files import read_spec

_LOOK = 1000  # ms between two looks at files of which the system says nothing
_QUIET = 20  # ms without another change: a file that is being written is left alone so long,
_LONGEST = 200  # but never longer than this
_MOST = 20  # files that a spec is watched with
_Mark: TypeAlias = tuple[int, ...] | None
# What may name a file beside a spec: a theme, a network.
_NAMED = re.compile(rb"""'([^'\n]+)'|"([^"\n]+)"|([^\s'"{}\[\],]+)""")
_ENDINGS = (b".yaml", b".yml", b".json")


def changed(paths: Sequence[str], others: Sequence[str] = ()) -> Iterator[list[int]]:
    """The numbers of the specs that have changed, come or gone, over and over; all of them at first. A spec
    has changed where a file has that it may name, or one of the `others`, which belong to all of them.

    Folders are watched, not files: an editor that writes whole files replaces them. A folder that is not
    there yet, or comes back as another one, is found when its files are looked at. Errors: LorafigError
    without the package watchfiles.
    """
    try:
        import watchfiles  # noqa: F401
    except ImportError:
        problem = Problem(
            "watching files needs the package watchfiles", None, "pip install watchfiles", code="tool"
        )
        raise LorafigError(problem, "tool") from None
    paths = [os.path.abspath(path) for path in paths]
    others = [os.path.abspath(path) for path in others]
    # Before they are read: what changes meanwhile is a change.
    files = [[path, *named(path), *others] for path in paths]
    seen = [_marks(own) for own in files]
    yield list(range(len(paths)))
    while True:
        folders = _folders(path for own in files for path in own)
        for told in _told(folders):
            changes = [
                number
                for number, own in enumerate(files)
                if _marks(own) != seen[number]
                or (told and any(os.path.realpath(path) in told for path in own))
            ]
            for number in changes:
                files[number] = [paths[number], *named(paths[number]), *others]
                seen[number] = _marks(files[number])
            if changes:
                yield changes
            if _folders(path for own in files for path in own) != folders:
                break


def named(path: str) -> list[str]:
    """The files in the folder of a spec that it may be made of, those that are not there yet as well: a
    word that only looks like one costs a look at it, and one that is missed is not drawn anew."""
    try:
        data = read_spec(path)
    except LorafigError:
        return []
    words = {next(filter(None, match.groups())) for match in _NAMED.finditer(data)}
    names = sorted(word.decode(errors="replace") for word in words if word.lower().endswith(_ENDINGS))
    folder = os.path.dirname(path)
    return [os.path.join(folder, name) for name in names[:_MOST] if "\0" not in name]


def demand_one(paths: Sequence[str]) -> None:
    """Raises LorafigError if none of the files can be read: what is misspelt would be waited for for ever."""
    errors = []
    for path in paths:
        try:
            read_spec(path)
            return
        except LorafigError as error:
            errors.append(error)
    raise LorafigError(tuple(problem for error in errors for problem in error.problems), errors[0].kind)


def _told(folders: Iterable[str]) -> Iterator[set[str]]:
    """What the system says has changed, at once, and nothing once a second. Ends where it can say no more."""
    import watchfiles

    if not folders:
        time.sleep(_LOOK / 1000)
        yield set()
        return
    try:
        for events in watchfiles.watch(
            *folders,
            watch_filter=None,  # the default one is blind in folders of certain names, such as .venv
            debounce=_LONGEST,
            step=_QUIET,
            rust_timeout=_LOOK,
            yield_on_timeout=True,
            recursive=False,
            raise_interrupt=True,
        ):
            yield {os.path.realpath(path) for _, path in events}
    except OSError:  # a folder that went this moment, or no more watches to be had
        time.sleep(_LOOK / 1000)
        yield set()


def _mark(path: str) -> _Mark:
    """What changes when a file does; None where there is none."""
    try:
        status = os.stat(path)
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size, status.st_ino, status.st_dev


def _marks(paths: Iterable[str]) -> list[_Mark]:
    return [_mark(path) for path in paths]


def _folders(paths: Iterable[str]) -> dict[str, tuple[int, int]]:
    """The folders there are, of the files and of what they are links to, each with what tells it from another
    one of the same name."""
    folders = {}
    for path in paths:
        for folder in (os.path.dirname(path), os.path.dirname(os.path.realpath(path))):
            try:
                status = os.stat(folder)
            except OSError:
                continue
            folders[folder] = (status.st_dev, status.st_ino)
    return folders
