"""A small store of results that can be computed again, on disk and shared by all processes.

An entry is a file named by the hash of its key, which always includes a stamp of the installed
lorafig: a changed source never meets an old entry. Entries are checked when read, so that a
truncated or foreign file counts as none. The folder may be deleted at any time; where it cannot be
written, everything works without it.

Folder: $LORAFIG_CACHE, else $XDG_CACHE_HOME/lorafig, else ~/.cache/lorafig; LORAFIG_CACHE=off for none.
"""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Iterable
from functools import cache

from lorafig.files import read_regular, remove_left_over, replace, unlink
from lorafig.hashes import blake2b

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
_MAGIC = b"lorafig1"
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
    entry = _MAGIC + _checksum(key, data) + data
    try:
        if os.path.islink(shard):  # somebody's folder
            return
        try:
            replace(path, entry, None, most=0o600)
        except FileNotFoundError:  # the first entry, or somebody deleted the folder just now
            os.makedirs(shard, mode=0o700, exist_ok=True)
            replace(path, entry, None, most=0o600)
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
        try:
            return os.path.abspath(chosen)
        except OSError:  # relative to a current folder that is gone
            return None
    if sys.platform == "linux":  # as platformdirs says, whose import takes a fifth of the time of a whole run
        base = os.environ.get("XDG_CACHE_HOME", "")
        if not os.path.isabs(base):  # the XDG specification: a relative path is to be ignored
            base = os.path.join(os.path.expanduser("~"), ".cache")
        path = os.path.join(base, "lorafig")
    else:
        from platformdirs import user_cache_dir

        path = user_cache_dir("lorafig", appauthor=False)
    return path if os.path.isabs(path) else None


@cache
def stamp() -> bytes:
    """What the results depend on but the key does not say: lorafig's own files and its libraries.

    Sizes and times of change of all files of the package and its templates; and for the libraries
    the times at which the folders that hold them changed, which an installer does.
    """
    from lorafig import __version__
    from lorafig.resources import folder as resource

    package = os.path.dirname(os.path.abspath(__file__))
    lines = [f"{__version__} {sys.version} {package}"]
    for base in (package, resource("templates"), resource("fonts")):
        if base == package or os.path.dirname(base) != package:
            lines += sorted(_state(base))
    for entry in sys.path:
        if entry.endswith(("site-packages", "dist-packages")):
            try:
                lines.append(f"{entry} {os.stat(entry).st_mtime_ns}")
            except OSError:
                continue
    return blake2b("\n".join(lines).encode("utf-8", "surrogateescape"), digest_size=32).digest()


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
                    status = entry.stat()
                    lines.append(f"{entry.path} {status.st_size} {status.st_mtime_ns}")
    return lines


def _key(kind: str, key_parts: Iterable[bytes | str]) -> bytes:
    digest = blake2b(stamp(), digest_size=32)
    for part in (kind, *key_parts):
        data = part.encode("utf-8", "surrogatepass") if isinstance(part, str) else part
        digest.update(b"%d:" % len(data))  # lengths keep ('ab', 'c') apart from ('a', 'bc')
        digest.update(data)
    return digest.digest()


def _path(base: str, key: bytes) -> str:
    name = key.hex()
    return os.path.join(base, name[0], name[1:])


def _checksum(key: bytes, data: bytes) -> bytes:
    digest = blake2b(key, digest_size=32)
    digest.update(data)
    return digest.digest()


def _prune(shard: str) -> None:
    """Deletes the oldest entries of a shard that is nearly full, and temporary files left over: only regular
    files with the names that are given here."""
    kept: list[tuple[int, int, str]] = []
    with os.scandir(shard) as entries:
        for entry in entries:
            if remove_left_over(entry) or len(entry.name) != 63 or not set(entry.name) <= _HEX:
                continue
            try:
                status = entry.stat(follow_symlinks=False)
            except OSError:  # deleted by another process just now
                continue
            if stat.S_ISREG(status.st_mode):
                kept.append((status.st_mtime_ns, status.st_size, entry.path))
    total = sum(size for _, size, _ in kept)
    count = len(kept)
    if total <= _SHARD_BYTES * 7 // 8 and count <= _SHARD_ENTRIES * 7 // 8:
        return
    for _, size, path in sorted(kept):
        if total <= _SHARD_BYTES * 5 // 8 and count <= _SHARD_ENTRIES * 5 // 8:
            return
        unlink(path)
        total -= size
        count -= 1
