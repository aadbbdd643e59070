"""Reading specs within bounds, and writing files whole or not at all.

The content goes to a temporary file in the same folder, which then takes the target's place in one
step. A process that is killed in between leaves the old file as it was and at most a temporary file,
which the next write of the same target removes: the kernel drops a dead process's lock on it.

Nothing is synced to the disk (fsync): what is guarded against is a run that fails or is killed, not a
power cut, and after one of these `lorafig render` writes the same bytes again. A sync costs up to
tens of milliseconds a file, more than drawing the figure.
"""

from __future__ import annotations

import os
import stat
import time
from contextlib import suppress

from lorafig.errors import LorafigError, Problem

MAX_SPEC_BYTES = 1 << 20
_SUFFIX = ".lorafig-part"
_STALE = 3600.0  # seconds; where locks do not exist, older temporary files are taken for left over


def read_spec(path: str | os.PathLike[str]) -> bytes:
    """A spec's bytes, at most 1 MiB of them: more is an error before it is read."""
    name = os.fspath(path)
    try:
        with open(name, "rb") as file:
            return within_bounds(file.read(MAX_SPEC_BYTES + 1), name)
    except FileNotFoundError:
        problem = Problem(f"there is no file {name}")
    except IsADirectoryError:
        problem = Problem(
            f"{name} is a folder", None, f"name the files in it: {os.path.join(name, '*.yaml')}"
        )
    except OSError as error:
        problem = Problem(f"cannot read {name}: {error.strerror or error}")
    raise LorafigError(problem)


def within_bounds(data: bytes, name: str) -> bytes:
    if len(data) > MAX_SPEC_BYTES:
        raise LorafigError(too_large(name), "limit")
    return data


def too_large(name: str) -> Problem:
    return Problem(f"{name} is larger than 1 MiB", None, "the spec of a figure is a few kilobytes")


def write_whole(path: str | os.PathLike[str], data: bytes | str) -> None:
    """Writes `data` (text as UTF-8) to `path` and nowhere else, making its folder where needed.

    A new file gets the permissions that the umask gives, a replaced one keeps its own. Errors:
    LorafigError for a folder, a link or anything else in the target's place, and for a failed write.
    """
    target = os.fspath(path)
    content = data.encode() if isinstance(data, str) else data
    folder, name = os.path.split(target)
    try:
        mode = _target_mode(target)
        if folder:
            os.makedirs(folder, exist_ok=True)
        _remove_left_over(folder or ".", name)
        _replace(target, folder or ".", name, content, mode)
    except OSError as error:
        reason = error.strerror or str(error)
        raise LorafigError(Problem(f"cannot write {target}: {reason}"), "spec") from None


def _target_mode(target: str) -> int | None:
    """Permissions of the file to be replaced; None where there is none."""
    try:
        found = os.lstat(target)
    except FileNotFoundError:
        return None
    if stat.S_ISLNK(found.st_mode):
        hint = f"name the file itself, {os.path.realpath(target)}, or remove the link"
        raise LorafigError(Problem(f"cannot write {target}: it is a symbolic link", None, hint))
    if stat.S_ISDIR(found.st_mode):
        raise LorafigError(Problem(f"cannot write {target}: it is a folder"))
    if not stat.S_ISREG(found.st_mode):
        problem = Problem(f"cannot write {target}: it is not a regular file", None, "-o - writes to stdout")
        raise LorafigError(problem)
    return stat.S_IMODE(found.st_mode)


def _replace(target: str, folder: str, name: str, content: bytes, mode: int | None) -> None:
    while True:
        part = os.path.join(folder, f".{name[:180]}.{os.getpid()}-{os.urandom(4).hex()}{_SUFFIX}")
        handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o666)
        try:
            with os.fdopen(handle, "wb") as file:
                # Another process may have taken the file for left over before it was locked.
                if not _lock(handle) or os.fstat(handle).st_nlink == 0:
                    continue
                file.write(content)
                file.flush()
                if mode is not None:
                    os.chmod(part, mode)
                if os.name == "nt":  # an open file cannot be moved there, and there are no locks to keep
                    file.close()
                os.replace(part, target)
            return
        except BaseException:  # also a keyboard interrupt or the SystemExit of a signal
            _unlink(part)
            raise


def _remove_left_over(folder: str, name: str) -> None:
    start = f".{name[:180]}."
    with os.scandir(folder) as entries:
        parts = [entry for entry in entries if entry.name.startswith(start) and entry.name.endswith(_SUFFIX)]
    for entry in parts:
        try:
            handle = os.open(entry.path, os.O_WRONLY | getattr(os, "O_NOFOLLOW", 0))
        except OSError:
            continue
        try:
            if _lock(handle, entry.path):
                _unlink(entry.path)
        finally:
            os.close(handle)


def _lock(handle: int, path: str | None = None) -> bool:
    """Locks the open file unless another process has; without locks, by the age of `path`."""
    try:
        import fcntl
    except ImportError:
        return path is None or time.time() - os.stat(path).st_mtime > _STALE
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:  # a file system without locks
        return path is None or time.time() - os.stat(path).st_mtime > _STALE
    return True


def _unlink(path: str) -> None:
    with suppress(OSError):
        os.unlink(path)
