"""A small store of results that can be computed again, on disk and shared by all processes.

An entry is a file named by the hash of its key, which always includes a stamp of the installed
lorafig: a changed source never meets an old entry. Entries are checked when read, so that a
truncated or foreign file counts as none. The folder may be deleted at any time; where it cannot be
written, everything works without it.

Folder: $LORAFIG_CACHE, else $XDG_CACHE_HOME/lorafig, else ~/.cache/lorafig; LORAFIG_CACHE=off for none.
"""

from __future__ import annotations

import hashlib
import os
import stat
import sys
import time
from collections.abc import Iterable
from contextlib import suppress
from functools import cache

from lorafig.files import read_regular

MAX_TOTAL_BYTES = 64 << 20
MAX_ENTRIES = 20_000

# The store is bounded shard by shard, so that pruning looks at a sixteenth of it. A shard is pruned
# when a look finds it seven eighths full, down to five eighths; the rest is room for what is put
# between two looks.
_SHARDS = 16
_SHARD_BYTES = MAX_TOTAL_BYTES // _SHARDS
_SHARD_ENTRIES = MAX_ENTRIES // _SHARDS
_LOOK_EVERY = 16  # puts, by chance of the key; large entries always look
_LARGE = 32 << 10
_LEFT_OVER = 3600.0  # seconds after which a temporary file is taken for left over
_MAGIC = b"lorafig1"
_TEMPORARY = ".part-"
_HEX = frozenset("0123456789abcdef")


def get(kind: str, key_parts: Iterable[bytes | str]) -> bytes | None:
    """What was put under this kind and key by this very version of lorafig, or None."""
    base = folder()
    if base is None:
        return None
    key = _key(kind, key_parts)
    try:
        entry = read_regular(_path(base, key), _SHARD_BYTES)
    except OSError:
        return None
    head = len(_MAGIC) + 32
    data = entry[head:]
    return data if entry[:head] == _MAGIC + _checksum(key, data) else None


def put(kind: str, key_parts: Iterable[bytes | str], data: bytes) -> None:
    """Keeps `data` for later calls of `get`, if that is possible."""
    base = folder()
    if base is None or len(data) > _SHARD_BYTES // 2:
        return
    key = _key(kind, key_parts)
    path = _path(base, key)
    shard = os.path.dirname(path)
    part = os.path.join(shard, f"{_TEMPORARY}{os.getpid()}-{os.urandom(6).hex()}")
    try:
        if os.path.islink(shard):  # somebody's folder
            return
        try:
            _write(part, path, _MAGIC + _checksum(key, data) + data)
        except FileNotFoundError:  # the first entry, or somebody deleted the folder just now
            os.makedirs(shard, mode=0o700, exist_ok=True)
            _write(part, path, _MAGIC + _checksum(key, data) + data)
        if len(data) > _LARGE or key[-1] % _LOOK_EVERY == 0:
            _prune(shard)
    except OSError:
        return


def folder() -> str | None:
    """Where the entries are; None where there is no place for them, or it is switched off."""
    chosen = os.environ.get("LORAFIG_CACHE", "")
    if chosen.lower() == "off":
        return None
    if chosen:
        return os.path.abspath(chosen)
    base = os.environ.get("XDG_CACHE_HOME", "")
    if not os.path.isabs(base):  # the XDG specification: a relative path is to be ignored
        base = os.path.join(os.path.expanduser("~"), ".cache")
    return os.path.join(base, "lorafig") if os.path.isabs(base) else None


@cache
def stamp() -> bytes:
    """What the results depend on but the key does not say: lorafig's own files and its libraries.

    Sizes and times of change of all files of the package and its templates; and for the libraries
    the times at which the folders that hold them changed, which an installer does.
    """
    from lorafig import __version__
    from lorafig.resources import folder as resource

    digest = hashlib.sha256()
    package = os.path.dirname(os.path.abspath(__file__))
    digest.update(f"{__version__} {sys.version} {package}\n".encode())
    for base in sorted({package, resource("templates"), resource("fonts")}):
        for line in sorted(_state(base)):
            digest.update(line.encode("utf-8", "surrogateescape"))
    for entry in sys.path:
        if entry.endswith(("site-packages", "dist-packages")):
            try:
                digest.update(f"{entry} {os.stat(entry).st_mtime_ns}\n".encode("utf-8", "surrogateescape"))
            except OSError:
                continue
    return digest.digest()


def _state(base: str) -> list[str]:
    lines: list[str] = []
    pending = [base]
    while pending:
        try:
            entries = os.scandir(pending.pop())
        except OSError:
            continue
        with entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    if entry.name != "__pycache__":
                        pending.append(entry.path)
                else:
                    found = entry.stat()
                    lines.append(f"{entry.path} {found.st_size} {found.st_mtime_ns}\n")
    return lines


def _key(kind: str, key_parts: Iterable[bytes | str]) -> bytes:
    digest = hashlib.sha256(stamp())
    for part in (kind, *key_parts):
        data = part.encode("utf-8", "surrogatepass") if isinstance(part, str) else part
        digest.update(b"%d:" % len(data))  # lengths keep ('ab', 'c') apart from ('a', 'bc')
        digest.update(data)
    return digest.digest()


def _path(base: str, key: bytes) -> str:
    name = key.hex()
    return os.path.join(base, name[0], name[1:])


def _checksum(key: bytes, data: bytes) -> bytes:
    digest = hashlib.sha256(key)
    digest.update(data)
    return digest.digest()


def _write(part: str, path: str, entry: bytes) -> None:
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(entry)
        os.replace(part, path)
    except BaseException:
        _unlink(part)
        raise


def _prune(shard: str) -> None:
    """Deletes the oldest entries of a shard that is nearly full, and temporary files left over: only regular
    files with the names that are given here."""
    kept: list[tuple[int, int, str]] = []
    now = time.time()
    with os.scandir(shard) as entries:
        for entry in entries:
            try:
                state = entry.stat(follow_symlinks=False)
            except OSError:  # deleted by another process just now
                continue
            if not stat.S_ISREG(state.st_mode):
                continue
            if _is_hex(entry.name, 63):
                kept.append((state.st_mtime_ns, state.st_size, entry.path))
            elif _is_temporary(entry.name) and now - state.st_mtime > _LEFT_OVER:
                _unlink(entry.path)
    total = sum(size for _, size, _ in kept)
    count = len(kept)
    if total <= _SHARD_BYTES * 7 // 8 and count <= _SHARD_ENTRIES * 7 // 8:
        return
    for _, size, path in sorted(kept):
        if total <= _SHARD_BYTES * 5 // 8 and count <= _SHARD_ENTRIES * 5 // 8:
            return
        _unlink(path)
        total -= size
        count -= 1


def _is_temporary(name: str) -> bool:
    process, _, mark = name.removeprefix(_TEMPORARY).partition("-")
    return name.startswith(_TEMPORARY) and process.isdigit() and _is_hex(mark, 12)


def _is_hex(name: str, length: int) -> bool:
    return len(name) == length and set(name) <= _HEX


def _unlink(path: str) -> None:
    with suppress(OSError):
        os.unlink(path)
