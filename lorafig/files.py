"""Reading regular files within bounds, and writing files whole or not at all.

A pipe, a device or a socket in the place of a spec could be waited for for ever: it is not opened.

The content goes to a temporary file in the same folder, which then takes the target's place in one
step. A process that is killed in between leaves the old file as it was and at most a temporary file,
which the next write of the same target removes: the kernel drops a dead process's lock on it.

Nothing is synced to the disk (fsync): what is guarded against is a run that fails or is killed, not a
power cut, and after one of these `lorafig render` writes the same bytes again. A sync costs up to
tens of milliseconds a file, more than drawing the figure.
"""

from __future__ import annotations

import errno
import os
import stat
import time
from contextlib import suppress

from lorafig.errors import LorafigError, Problem
from lorafig.resources import gallery

MAX_SPEC_BYTES = 1 << 20
_BINARY = getattr(os, "O_BINARY", 0)
_WAITS_FOR_NOBODY = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0)
_HEX = frozenset("0123456789abcdef")
_SUFFIX = ".lorafig-part"
_STALE = 3600.0  # seconds; where locks do not exist, older temporary files are taken for left over


def read_spec(path: str | os.PathLike[str]) -> bytes:
    """A spec's bytes, at most 1 MiB of them: more is an error before it is read."""
    name = os.fspath(path)
    folder = f"name the files in it: {os.path.join(name, '*.yaml')}"
    return within_bounds(
        read_named(name, MAX_SPEC_BYTES, folder, "'-' reads a spec from standard input"), name
    )


def read_named(
    name: str, most: int, folder: str = "name the files in it", special: str | None = None
) -> bytes:
    """The first `most` + 1 bytes of a file that a user named, with hints for what is a `folder` or another
    `special` file. Errors: LorafigError."""
    try:
        return read_regular(name, most)
    except FileNotFoundError:
        problem = Problem(f"there is no file {name}", None, meant(name), code="file-missing")
    except IsADirectoryError:
        problem = Problem(f"{name} is a folder", None, folder, code="file-unreadable")
    except NotRegularError:
        problem = Problem(f"{name} is not a regular file", None, special, code="file-unreadable")
    except (OSError, ValueError) as error:
        said = getattr(error, "strerror", None) or error
        problem = Problem(f"cannot read {name}: {said}", code="file-unreadable")
    raise LorafigError(problem)


def meant(name: str) -> str | None:
    """What to do about a name that no file has: a format, an id, or one with a letter wrong."""
    import difflib

    if name.lower() in ("svg", "tikz", "tex", "pdf", "png", "eps", "html", "mmd", "md", "json"):
        return f"formats are joined by commas: -f svg,{name.lower()}"
    if "://" in name:
        return "it is an address: fetch it first, and name the file"
    if name.removesuffix(".yaml") in gallery():
        figure = name.removesuffix(".yaml")
        return f"it is a figure of the gallery: 'lorafig new mine --from {figure}' copies it"
    folder, base = os.path.split(name)
    endings = (".yaml", ".yml", ".json", os.path.splitext(base)[1] or ".yaml")
    try:
        listed = sorted(os.listdir(folder or "."))
        others = [other for other in listed if other.endswith(endings) and other != base]
    except OSError:
        return f"there is no folder {folder} either" if folder else None
    if os.path.splitext(base)[0] + ".yaml" in others:
        return f"did you mean {os.path.join(folder, os.path.splitext(base)[0] + '.yaml')}?"
    stems = {os.path.splitext(other)[0]: other for other in others}
    close = difflib.get_close_matches(os.path.splitext(base)[0], stems, 1, 0.7)
    return f"did you mean {os.path.join(folder, stems[close[0]])}?" if close else None


class NotRegularError(OSError):
    """A pipe, a device or a socket."""


def read_regular(path: str, most: int) -> bytes:
    """The first `most` + 1 bytes of a regular file. Errors: OSError.

    Nothing else is opened, for that may wait or change something; what takes the file's place meanwhile is
    opened without waiting, and not read."""
    _demand_regular(os.stat(path), path)
    handle = os.open(path, os.O_RDONLY | _WAITS_FOR_NOBODY | _BINARY)
    with os.fdopen(handle, "rb") as file:
        _demand_regular(os.fstat(handle), path)
        return file.read(most + 1)


def _demand_regular(status: os.stat_result, path: str) -> None:
    if stat.S_ISDIR(status.st_mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), path)
    if not stat.S_ISREG(status.st_mode):
        raise NotRegularError(errno.EINVAL, "it is not a regular file", path)


def within_bounds(data: bytes, name: str) -> bytes:
    if len(data) > MAX_SPEC_BYTES:
        raise LorafigError(too_large(name), "limit")
    return data


def too_large(name: str) -> Problem:
    return Problem(
        f"{name} is larger than 1 MiB",
        None,
        "the spec of a figure is a few kilobytes",
        code="file-unreadable",
    )


def write_whole(path: str | os.PathLike[str], data: bytes | str, new: bool = False) -> None:
    """Writes `data` (text as UTF-8) to `path` and nowhere else, making its folder if needed.

    A new file gets the permissions that the umask gives, a replaced one keeps its own; `new` asks for one
    that is not there yet. Errors: LorafigError for a folder, a link or anything else in the target's place,
    and for a failed write.
    """
    target = os.fspath(path)
    content = data.encode() if isinstance(data, str) else data
    parent, name = os.path.split(target)
    try:
        # Resolved once: `none/..` leads to the same place before and after a folder `none` is made.
        folder = os.path.realpath(parent or os.curdir)
        place = os.path.join(folder, name)
        mode = _target_mode(target, place)
        if new and mode is not None:
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), target)
        os.makedirs(folder, exist_ok=True)
        with os.scandir(folder) as entries:
            for entry in entries:
                remove_left_over(entry, name)
        replace(place, content, mode, new)
    except OSError as error:
        reason = error.strerror or str(error)
        raise LorafigError(Problem(f"cannot write {target}: {reason}", code="file-write"), "spec") from None


def _target_mode(target: str, place: str) -> int | None:
    """Permissions of the file at `place`, which errors call `target`; None if there is none."""
    try:
        mode = os.lstat(place).st_mode
    except FileNotFoundError:
        return None
    if stat.S_ISLNK(mode):
        hint = f"name the file itself, {os.path.realpath(place)}, or remove the link"
        raise LorafigError(
            Problem(f"cannot write {target}: it is a symbolic link", None, hint, code="file-write")
        )
    if stat.S_ISDIR(mode):
        raise LorafigError(Problem(f"cannot write {target}: it is a folder", code="file-write"))
    if not stat.S_ISREG(mode):
        problem = Problem(
            f"cannot write {target}: it is not a regular file",
            None,
            "-o - writes to stdout",
            code="file-write",
        )
        raise LorafigError(problem)
    return stat.S_IMODE(mode)


def replace(target: str, content: bytes, mode: int | None, new: bool = False, most: int = 0o666) -> None:
    """Gives `target` this content in one step, and the permissions `mode`, or, for None, those that the umask
    leaves of `most`. What is `new` never takes the place of another file. Errors: OSError."""
    folder, name = os.path.split(target)
    while True:
        part = os.path.join(folder, f".{name[:180]}.{os.getpid()}-{os.urandom(4).hex()}{_SUFFIX}")
        handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _BINARY, most)
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
                if new:
                    _rename_to_new(part, target)
                else:
                    os.replace(part, target)
            return
        except BaseException:  # also a keyboard interrupt or the SystemExit of a signal
            unlink(part)
            raise


def _rename_to_new(part: str, target: str) -> None:
    """Never over a file that has come meanwhile, where the file system can say so."""
    try:
        os.link(part, target)
    except FileExistsError:
        raise
    except OSError:  # a file system without links
        os.rename(part, target)
    else:
        os.unlink(part)


def remove_left_over(entry: os.DirEntry[str], name: str = "") -> bool:
    """Whether the entry of a folder is a temporary file, of the file `name` if one is named; it is removed
    unless the process that writes it is alive."""
    if not (entry.name.startswith(f".{name[:180]}") and entry.name.endswith(_SUFFIX)):
        return False
    target, _, mark = entry.name[1 : -len(_SUFFIX)].rpartition(".")
    process, _, number = mark.partition("-")
    if name not in ("", target) or not process.isdigit() or len(number) != 8 or not set(number) <= _HEX:
        return False
    try:
        if not entry.is_file(follow_symlinks=False):
            return False
        handle = os.open(entry.path, os.O_WRONLY | _WAITS_FOR_NOBODY | getattr(os, "O_NOFOLLOW", 0))
    except OSError:
        return True
    try:
        if _lock(handle, entry.path):
            unlink(entry.path)
    finally:
        os.close(handle)
    return True


def _lock(handle: int, path: str | None = None) -> bool:
    """Locks the open file unless another process has; without locks, by the age of `path`."""
    try:
        import fcntl

        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except (ImportError, OSError):  # a system, or a file system, without locks
        return path is None or time.time() - os.stat(path).st_mtime > _STALE
    return True


def unlink(path: str) -> None:
    with suppress(OSError):
        os.unlink(path)
