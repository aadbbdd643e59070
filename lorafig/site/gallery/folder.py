"""A folder that is replaced whole or not at all, and only where nothing else than a site can be lost.

The new site is written to a temporary folder beside the old one, which it then takes the place of. A process
that is killed in between leaves the old site, or both halves of the exchange for the next run to tidy up:
temporary folders are locked by the process that writes them, and the kernel drops a dead process's lock.
"""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import PurePosixPath

from lorafig.errors import LorafigError, Problem

MARKER = ".lorafig-gallery"
_HEAD = "lorafig gallery 1"
_NEW, _OLD = ".lorafig-new", ".lorafig-old"


def check(target: str) -> None:
    """Raises LorafigError unless `target` is new, empty, or a site that nobody has added files to."""
    try:
        mode = os.lstat(target).st_mode
    except FileNotFoundError:
        return
    except OSError as error:
        raise _cannot(target, error.strerror or str(error)) from None
    if stat.S_ISLNK(mode):
        hint = f"name the folder itself, {os.path.realpath(target)}, or remove the link"
        raise _cannot(target, "it is a symbolic link", hint)
    if not stat.S_ISDIR(mode):
        raise _cannot(target, "it is not a folder", "name a folder of its own: -o site")
    here = os.path.realpath(os.getcwd())
    if os.path.commonpath([here, os.path.realpath(target)]) == os.path.realpath(target):
        hint = "name a folder of its own: -o site"
        raise _cannot(target, "it is the current folder, or one that holds it", hint)
    try:
        found = sorted(_files(target))
        if not found:
            return
        own = _listed(target)
    except OSError as error:
        raise _cannot(target, error.strerror or str(error)) from None
    if own is None:
        what = f"it holds {found[0]} and is not a site that 'lorafig gallery' wrote"
        raise _cannot(target, what, "choose a folder that is new or empty")
    foreign = [name for name in found if name not in own]
    if foreign:
        what = f"'lorafig gallery' did not write {foreign[0]}, which would be lost"
        raise _cannot(target, what, "move it away, or build elsewhere and copy the site here")


def replace(target: str, files: Mapping[str, bytes]) -> None:
    """Writes the site: `files` by their paths in it, with '/' between folders. Errors: LorafigError, and
    the old site stays."""
    path = os.path.abspath(target)
    parent, name = os.path.split(path)
    check(target)
    try:
        os.makedirs(parent, exist_ok=True)
        _tidy(path)
        check(target)  # once more: an old site may have got its place back
        mark = f"{os.getpid()}-{os.urandom(4).hex()}"
        new = os.path.join(parent, f".{name[:180]}.{mark}{_NEW}")
        os.mkdir(new)
        try:
            with _locked(new):
                _write(new, files)
                _exchange(path, new, os.path.join(parent, f".{name[:180]}.{mark}{_OLD}"))
        except BaseException:  # also a keyboard interrupt or the SystemExit of a signal
            shutil.rmtree(new, ignore_errors=True)
            raise
    except OSError as error:
        raise _cannot(target, error.strerror or str(error)) from None


def _write(folder: str, files: Mapping[str, bytes]) -> None:
    for name, data in {**files, MARKER: _marker(files)}.items():
        parts = PurePosixPath(name).parts
        assert not {"/", ".."} & set(parts), name  # no id can say so
        path = os.path.join(folder, *parts)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "xb") as file:
            file.write(data)


def _exchange(path: str, new: str, old: str) -> None:
    if not os.path.isdir(path):
        os.rename(new, path)
        return
    os.chmod(new, stat.S_IMODE(os.stat(path).st_mode))
    with _locked(path):
        os.rename(path, old)
        try:
            os.rename(new, path)
        except BaseException:
            os.rename(old, path)
            raise
        shutil.rmtree(old, ignore_errors=True)


def _tidy(path: str) -> None:
    """Removes what killed runs have left; an old site that has lost its place gets it back."""
    parent, name = os.path.split(path)
    with os.scandir(parent) as entries:
        left = sorted(
            entry.path
            for entry in entries
            if entry.name.startswith(f".{name[:180]}.") and entry.name.endswith((_NEW, _OLD))
            if entry.is_dir(follow_symlinks=False)
        )
    for one in left:
        with _locked(one) as mine:
            if not mine:  # another run is at work
                continue
            if one.endswith(_OLD) and not os.path.lexists(path):
                os.rename(one, path)
            else:
                shutil.rmtree(one, ignore_errors=True)


@contextmanager
def _locked(folder: str) -> Iterator[bool]:
    """Locks a folder; False where another process has. Where folders cannot be locked, nothing is tidied."""
    try:
        import fcntl
    except ImportError:
        yield False
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            yield False
        else:
            yield True
    finally:
        os.close(handle)


def _marker(files: Mapping[str, bytes]) -> bytes:
    """Says that this is a site, and which files are its own: others are somebody's."""
    return "\n".join([_HEAD, *sorted(files), ""]).encode()


def _listed(target: str) -> frozenset[str] | None:
    """The files that the site in `target` says are its own; None where it is no site."""
    path = os.path.join(target, MARKER)
    with suppress(OSError, UnicodeDecodeError):
        if stat.S_ISREG(os.lstat(path).st_mode):
            with open(path, encoding="utf-8") as file:
                head, *names = file.read().split("\n")
            if head == _HEAD:
                return frozenset({*names, MARKER})
    return None


def _files(target: str) -> Iterator[str]:
    """All that is in a folder, but folders, by path with '/'; an empty folder counts as a file."""
    for base, folders, names in os.walk(target):
        inside = os.path.relpath(base, target).replace(os.sep, "/")
        prefix = "" if inside == "." else f"{inside}/"
        if not folders and not names and prefix:
            yield prefix
        links = [name for name in folders if os.path.islink(os.path.join(base, name))]
        yield from (prefix + name for name in [*names, *links])


def _cannot(target: str, why: str, hint: str | None = None) -> LorafigError:
    return LorafigError(Problem(f"cannot write {target}: {why}", None, hint))
