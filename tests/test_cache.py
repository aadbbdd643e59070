"""The cache: shared, bounded, checked, and never needed."""

from __future__ import annotations

import fcntl
import multiprocessing
import os
import shutil
import sys
from pathlib import Path

import pytest

from lorafig import cache


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    base = tmp_path / "cache"
    monkeypatch.setenv("LORAFIG_CACHE", str(base))
    return base


def entries(base: Path) -> list[Path]:
    return [path for path in base.rglob("*") if path.is_file()]


def test_what_is_put_is_got(folder: Path) -> None:
    assert cache.get("svg", ["a", b"b"]) is None
    cache.put("svg", ["a", b"b"], b"\0data")
    assert cache.get("svg", ["a", b"b"]) == b"\0data"
    cache.put("svg", ["a", b"b"], b"")
    assert cache.get("svg", ["a", b"b"]) == b""
    (entry,) = entries(folder)
    assert entry.stat().st_mode & 0o077 == 0


def test_keys_do_not_run_together() -> None:
    cache.put("k", ["ab", "c"], b"1")
    for kind, parts in [("k", ["a", "bc"]), ("k", ["abc"]), ("ka", ["b", "c"]), ("k", ["ab", "c", ""])]:
        assert cache.get(kind, parts) is None


def test_damaged_and_foreign_entries_are_none(folder: Path) -> None:
    cache.put("k", ["a"], b"data" * 100)
    (first,) = entries(folder)
    whole = first.read_bytes()
    for length in range(0, len(whole), 7):
        first.write_bytes(whole[:length])
        assert cache.get("k", ["a"]) is None
    first.write_bytes(whole + b"x")
    assert cache.get("k", ["a"]) is None
    first.write_bytes(whole)
    assert cache.get("k", ["a"]) == b"data" * 100
    cache.put("k", ["b"], b"other")
    (second,) = set(entries(folder)) - {first}
    shutil.copyfile(second, first)
    assert cache.get("k", ["a"]) is None


def test_where_it_is(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("LORAFIG_CACHE", "off")
    assert cache.folder() is None
    cache.put("k", ["a"], b"a")
    assert cache.get("k", ["a"]) is None
    monkeypatch.delenv("LORAFIG_CACHE")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "xdg"))
    assert cache.folder() == str(tmp_path / "xdg" / "lorafig")
    monkeypatch.setenv("XDG_CACHE_HOME", "relative")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert cache.folder() == str(tmp_path / ".cache" / "lorafig")
    monkeypatch.setattr(sys, "platform", "elsewhere")
    for variable in ("", str(tmp_path / "xdg")):
        monkeypatch.setenv("XDG_CACHE_HOME", variable)
        elsewhere = cache.folder()
        with monkeypatch.context() as patch:
            patch.setattr(sys, "platform", "linux")
            assert cache.folder() == elsewhere  # what platformdirs says here


def test_a_relative_folder_where_the_current_one_is_gone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LORAFIG_CACHE", "cache")
    (tmp_path / "gone").mkdir()
    monkeypatch.chdir(tmp_path / "gone")
    (tmp_path / "gone").rmdir()
    assert cache.folder() is None
    assert cache.get("k", ["a"]) is None


def test_it_can_be_deleted_at_any_time(folder: Path) -> None:
    cache.put("k", ["a"], b"a")
    shutil.rmtree(folder)
    assert cache.get("k", ["a"]) is None
    cache.put("k", ["a"], b"a")
    assert cache.get("k", ["a"]) == b"a"


def test_without_a_place_to_write(folder: Path) -> None:
    folder.write_text("a file where the folder should be")
    cache.put("k", ["a"], b"a")
    assert cache.get("k", ["a"]) is None


def test_a_full_disk(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*arguments: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    cache.put("k", ["a"], b"a")
    assert cache.get("k", ["a"]) is None
    assert entries(folder) == []


def test_a_changed_source_meets_no_old_entry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "lorafig"
    package.mkdir()
    (package / "a.py").write_text("a = 1\n")
    monkeypatch.setattr(cache, "__file__", str(package / "cache.py"))
    stamps = []
    for change in (
        lambda: None,
        lambda: (package / "a.py").write_text("a = 22\n"),
        lambda: os.utime(package / "a.py", ns=(1, 1)),
        lambda: (package / "a.py").rename(package / "b.py"),
        lambda: (package / "templates").mkdir() or (package / "templates" / "t").write_text("t"),
    ):
        change()
        cache.stamp.cache_clear()
        stamps.append(cache.stamp())
    cache.stamp.cache_clear()
    assert len(set(stamps)) == len(stamps)


def test_the_number_of_entries_is_bounded(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache, "_SHARD_ENTRIES", 160)
    for index in range(5000):
        cache.put("k", [str(index)], b"x")
    kept = len(entries(folder))
    assert 16 * 160 // 2 < kept <= 16 * 160
    assert cache.get("k", ["4999"]) == b"x"
    assert cache.get("k", ["0"]) is None  # the oldest go first


def test_the_size_is_bounded(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache, "_SHARD_BYTES", 1 << 20)
    for index in range(400):
        cache.put("k", [str(index)], bytes(100_000))
    assert sum(path.stat().st_size for path in entries(folder)) <= 16 << 20
    cache.put("k", ["too large"], bytes(700_000))
    assert cache.get("k", ["too large"]) is None


def test_temporary_files_of_dead_processes_go(folder: Path) -> None:
    cache.put("k", ["a"], b"a")
    (entry,) = entries(folder)
    dead, alive = (entry.parent / f".{'0' * 63}.{number}-01234567.lorafig-part" for number in (1, 2))
    dead.write_bytes(b"")
    with open(alive, "wb") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        cache._prune(str(entry.parent))
        assert not dead.exists()
        assert alive.exists()
        assert entry.exists()


def test_files_of_others_stay(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the folder is also somebody's, and where a shard is a link to one of somebody's."""
    monkeypatch.setattr(cache, "_SHARD_ENTRIES", 16)
    photos = tmp_path / "photos"
    photos.mkdir()
    folder.mkdir()
    (folder / "0").symlink_to(photos)
    (folder / "1").mkdir()
    for number in range(100):
        (photos / f"{number:063x}").write_text("mine")
        (folder / "1" / f"{number}.jpg").write_text("mine")
    old = [folder / "1" / name for name in (".part-of-it", ".a.1-notes.lorafig-part", ".a.lorafig-part")]
    for path in old:
        path.write_text("mine")
    for number in range(2000):
        cache.put("k", [str(number)], b"x")
    assert [path.read_bytes() for path in photos.iterdir()] == [b"mine"] * 100
    assert len(list((folder / "1").glob("*.jpg"))) == 100
    assert all(path.exists() for path in old)


def test_an_entry_that_is_a_pipe_is_none(folder: Path) -> None:
    cache.put("k", ["a"], b"a")
    (entry,) = entries(folder)
    entry.unlink()
    os.mkfifo(entry)
    assert cache.get("k", ["a"]) is None
    cache.put("k", ["a"], b"b")
    assert cache.get("k", ["a"]) == b"b"


def hammer(seed: int) -> int:
    """Reads and writes what the others do, and now and then deletes it all. Returns wrong reads."""
    wrong = 0
    base = cache.folder()
    assert base is not None
    for step in range(400):
        key = str((step * 7 + seed) % 50)
        expected = key.encode() * 5000
        found = cache.get("k", [key])
        wrong += found is not None and found != expected
        if found is None:
            cache.put("k", [key], expected)
        if seed == 0 and step % 100 == 99:
            shutil.rmtree(base, ignore_errors=True)
    return wrong


def test_many_processes(folder: Path) -> None:
    with multiprocessing.get_context("spawn").Pool(4) as pool:
        assert pool.map(hammer, range(8)) == [0] * 8
    assert all(not path.name.startswith(".") for path in entries(folder))
