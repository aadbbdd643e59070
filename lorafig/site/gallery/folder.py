"""A folder that is replaced whole or not at all, and only if nothing but a site can be lost.

A name is resolved once: what is checked is the very path that is replaced. The new site is written to a
temporary folder beside the old one, whose place it then takes. A process that is killed in between leaves the
old site, or both halves of the exchange for the next run to tidy up: temporary folders are locked by the
process that writes them, and the kernel drops a dead process's lock. What is removed is named by the list
that each site carries.
"""

from __future__ import annotations

import os
import re
import shutil
import stat
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import PurePosixPath

from lorafig.errors import LorafigError, Problem
from lorafig.files import read_regular

MARKER = ".lorafig-gallery"
_HEAD = "lorafig gallery 1"
_MOST = 64 << 20  # bytes of a list of files
_NEW, _OLD = ".lorafig-new", ".lorafig-old"
_OWN_NAME = "-o site"


def check(target: str) -> None:
    """Raises LorafigError unless `target` is new, empty, or a site that nobody has added files to."""
    _check(target, _resolved(target))


def replace(target: str, files: Mapping[str, bytes]) -> None:
    """Writes the site: `files` by their paths in it, with '/' between folders. Errors: LorafigError, and
    the old site stays."""
    path = _resolved(target)
    parent, name = os.path.split(path)
    _check(target, path)
    try:
        os.makedirs(parent, exist_ok=True)
        _tidy(path)
        _check(target, path)  # once more: an old site may have got its place back
        mark = f"{os.getpid()}-{os.urandom(4).hex()}"
        new = os.path.join(parent, f".{name[:180]}.{mark}{_NEW}")
        os.mkdir(new)
        try:
            with _locked(new):
                _write(new, files)
                _exchange(target, path, new, os.path.join(parent, f".{name[:180]}.{mark}{_OLD}"))
        except BaseException:  # also a keyboard interrupt or the SystemExit of a signal
            shutil.rmtree(new, ignore_errors=True)
            raise
    except OSError as error:
        raise _cannot(target, error.strerror or str(error)) from None


def _resolved(target: str) -> str:
    """The absolute path that a name leads to: as the system reads it, with the links before its last part
    followed. The last part is taken as it is, for a link there is refused."""
    if target == "":
        raise LorafigError(
            Problem("the name of the site's folder is empty", None, f"name one: {_OWN_NAME}", code="gallery")
        )
    parent, name = os.path.split(target.rstrip(os.sep) or target)
    try:
        if name in {"", os.curdir, os.pardir}:
            return os.path.realpath(target)
        return os.path.join(os.path.realpath(parent or os.curdir), name)
    except OSError as error:
        raise _cannot(target, error.strerror or str(error)) from None


def _check(target: str, path: str) -> None:
    """Looks at `path`, which errors call `target`."""
    try:
        mode = os.lstat(path).st_mode
        if stat.S_ISLNK(mode):
            hint = f"name the folder itself, {os.path.realpath(path)}, or remove the link"
            raise _cannot(target, "it is a symbolic link", hint)
        if not stat.S_ISDIR(mode):
            raise _cannot(target, "it is not a folder", f"name a folder of its own: {_OWN_NAME}")
        if os.path.commonpath([os.path.realpath(os.getcwd()), path]) == path:
            hint = f"name a folder of its own: {_OWN_NAME}"
            raise _cannot(target, "it is the current folder, or one that holds it", hint)
        _check_files(target, path)
    except FileNotFoundError:
        return
    except OSError as error:
        raise _cannot(target, error.strerror or str(error)) from None


def _check_files(target: str, path: str) -> None:
    names = sorted(_files(path))
    if not names:
        return
    own = _listed(path)
    if own is None:
        what = f"it holds {names[0]} and is not a site that 'lorafig gallery' wrote"
        raise _cannot(target, what, "choose a folder that is new or empty")
    foreign = [name for name in names if name not in own]
    if foreign:
        what = f"'lorafig gallery' did not write {foreign[0]}, which would be lost"
        raise _cannot(target, what, "move it away, or build elsewhere and copy the site here")


def _write(folder: str, files: Mapping[str, bytes]) -> None:
    for name, data in {MARKER: _marker(files), **files}.items():
        parts = PurePosixPath(name).parts
        assert not {"/", ".."} & set(parts), name  # no id can say so
        path = os.path.join(folder, *parts)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "xb") as file:
            file.write(data)


def _exchange(target: str, path: str, new: str, old: str) -> None:
    if not os.path.isdir(path):
        os.rename(new, path)
        return
    os.chmod(new, stat.S_IMODE(os.stat(path).st_mode))
    with _locked(path):
        os.rename(path, old)
        try:
            _check_files(target, old)  # what nobody finds under its name any more, nobody adds to
            os.rename(new, path)
        except BaseException:
            os.rename(old, path)
            raise
        _remove(old)


def _tidy(path: str) -> None:
    """Removes what killed runs have left; an old site that has lost its place gets it back."""
    parent, name = os.path.split(path)
    mark = rf"\d+-[0-9a-f]+({re.escape(_NEW)}|{re.escape(_OLD)})"
    left_over = re.compile(rf"\.{re.escape(name[:180])}\.{mark}")
    with os.scandir(parent) as entries:
        left = sorted(
            entry.path
            for entry in entries
            if left_over.fullmatch(entry.name) and entry.is_dir(follow_symlinks=False)
        )
    for folder in left:
        with _locked(folder) as mine:
            if not mine:  # another run is at work
                continue
            if folder.endswith(_OLD) and not os.path.lexists(path):
                os.rename(folder, path)
            else:
                _remove(folder)


def _remove(folder: str) -> None:
    """Removes the files of a site that its list names, the list last, and the folders that are empty then."""
    own = _listed(folder) or frozenset()
    for base, _, names in os.walk(folder, topdown=False):
        prefix = _prefix(folder, base)
        with suppress(OSError):
            for name in sorted(names, key=MARKER.__eq__):
                if prefix + name in own:
                    os.unlink(os.path.join(base, name))
            os.rmdir(base)


@contextmanager
def _locked(folder: str) -> Iterator[bool]:
    """Locks a folder; False if another process has. Where folders cannot be locked, nothing is tidied."""
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


def _listed(folder: str) -> frozenset[str] | None:
    """The files that the site in a folder says are its own; None if it is not a site."""
    path = os.path.join(folder, MARKER)
    with suppress(OSError, UnicodeDecodeError):
        if not os.path.islink(path):
            head, *names = read_regular(path, _MOST).decode().split("\n")
            if head == _HEAD:
                return frozenset({*names, MARKER})
    return None


def _files(folder: str) -> Iterator[str]:
    """All that is in a folder, but folders, by path with '/'; an empty folder counts as a file."""
    for base, folders, names in os.walk(folder, onerror=_fail):
        prefix = _prefix(folder, base)
        if not folders and not names and prefix:
            yield prefix
        links = [name for name in folders if os.path.islink(os.path.join(base, name))]
        yield from (prefix + name for name in [*names, *links])


def _fail(error: OSError) -> None:
    raise error  # what cannot be read may hold anything


def _prefix(folder: str, base: str) -> str:
    inside = os.path.relpath(base, folder).replace(os.sep, "/")
    return "" if inside == "." else f"{inside}/"


def _cannot(target: str, why: str, hint: str | None = None) -> LorafigError:
    return LorafigError(Problem(f"cannot write {target}: {why}", None, hint, code="gallery"))
