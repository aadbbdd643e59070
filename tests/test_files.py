# ruff: noqa: E501
"""Files are written whole or not at all."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import textwrap
import threading
from pathlib import Path

import pytest

from lorafig import files
from lorafig.errors import LorafigError
from lorafig.files import read_spec, write_whole

ENVIRONMENT = os.environ | {"PYTHONPATH": str(Path(files.__file__).parents[1])}

# Writes the file named by its argument, and stops in the middle: the content's second half never comes.
STOPPED = """
import os, sys, time
from lorafig import files

class Halting:
    def __init__(self, handle, mode):
        self.file = os.fdopen(os.dup(handle), mode)
        self.handle = handle
    def __enter__(self):
        return self
    def __exit__(self, *reason):
        self.file.close()
        os.close(self.handle)
    def write(self, content):
        self.file.write(content[: len(content) // 2])
        self.file.flush()
        print("half", flush=True)
        time.sleep(60)

class Os:
    fdopen = staticmethod(Halting)
    def __getattr__(self, name):
        return getattr(os, name)

files.os = Os()
{setup}
files.write_whole(sys.argv[1], "n" * 100_000)
"""


def test_a_new_file_and_a_replaced_one(tmp_path: Path) -> None:
    target = tmp_path / "new" / "folder" / "a.svg"
    write_whole(target, "é\n")
    assert target.read_bytes() == "é\n".encode()
    write_whole(str(target), b"\0")
    assert target.read_bytes() == b"\0"
    assert os.listdir(target.parent) == ["a.svg"]


def test_a_relative_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write_whole("a.svg", b"a")
    write_whole("a.svg", b"b")
    assert (tmp_path / "a.svg").read_bytes() == b"b"
    assert os.listdir(tmp_path) == ["a.svg"]


@pytest.mark.parametrize("umask", [0o022, 0o077, 0o002])
def test_permissions(tmp_path: Path, umask: int) -> None:
    old = os.umask(umask)
    try:
        write_whole(tmp_path / "a", b"a")
        assert (tmp_path / "a").stat().st_mode & 0o777 == 0o666 & ~umask
        (tmp_path / "a").chmod(0o604)
        write_whole(tmp_path / "a", b"b")
        assert (tmp_path / "a").stat().st_mode & 0o777 == 0o604
    finally:
        os.umask(old)


def test_a_link_is_refused(tmp_path: Path) -> None:
    real = tmp_path / "real"
    real.write_text("old")
    link = tmp_path / "link"
    link.symlink_to(real)
    with pytest.raises(LorafigError) as caught:
        write_whole(link, b"new")
    assert str(caught.value) == (
        f"cannot write {link}: it is a symbolic link\n  hint: name the file itself, {real}, or remove the link"
    )
    assert real.read_text() == "old"
    assert link.is_symlink()


def test_other_things_in_its_place(tmp_path: Path) -> None:
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    (tmp_path / "file").write_text("")
    for target, expected in [
        (tmp_path, f"cannot write {tmp_path}: it is a folder"),
        (fifo, f"cannot write {fifo}: it is not a regular file\n  hint: -o - writes to stdout"),
        (tmp_path / "file" / "a", f"cannot write {tmp_path / 'file' / 'a'}: Not a directory"),
        (tmp_path / ("n" * 300), f"cannot write {tmp_path / ('n' * 300)}: File name too long"),
    ]:
        with pytest.raises(LorafigError) as caught:
            write_whole(target, b"a")
        assert str(caught.value) == expected
    assert sorted(os.listdir(tmp_path)) == ["fifo", "file"]


@pytest.mark.parametrize(
    "error", [OSError(28, "No space left on device"), KeyboardInterrupt(), SystemExit(143)]
)
def test_a_failure_leaves_the_old_file_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: BaseException
) -> None:
    target = tmp_path / "a"
    target.write_text("old")

    def fail(source: str, goal: str) -> None:
        raise error

    with monkeypatch.context() as patch:
        patch.setattr(files.os, "replace", fail)
        expected = LorafigError if isinstance(error, OSError) else type(error)
        with pytest.raises(expected) as caught:
            write_whole(target, b"new")
    if isinstance(error, OSError):
        assert str(caught.value) == f"cannot write {target}: No space left on device"
    assert target.read_text() == "old"
    assert os.listdir(tmp_path) == ["a"]


def stopped_writer(target: Path, setup: str = "") -> subprocess.Popen[str]:
    """A process that has written half of the content and waits."""
    code = textwrap.dedent(STOPPED).replace("{setup}", setup)
    process = subprocess.Popen(
        [sys.executable, "-c", code, str(target)], env=ENVIRONMENT, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "half\n"
    return process


def test_a_killed_process_leaves_the_old_file(tmp_path: Path) -> None:
    target = tmp_path / "a.svg"
    target.write_text("old")
    process = stopped_writer(target)
    assert len(os.listdir(tmp_path)) == 2
    process.kill()
    process.communicate()
    assert target.read_text() == "old"
    (left,) = set(os.listdir(tmp_path)) - {"a.svg"}
    assert left.startswith(".a.svg.")
    write_whole(target, "new")
    assert target.read_text() == "new"
    assert os.listdir(tmp_path) == ["a.svg"]


def test_a_living_process_keeps_its_temporary_file(tmp_path: Path) -> None:
    target = tmp_path / "a.svg"
    process = stopped_writer(target)
    try:
        write_whole(target, "mine")
        assert target.read_text() == "mine"
        assert len(os.listdir(tmp_path)) == 2
    finally:
        process.kill()
        process.communicate()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_leaves_no_temporary_file(tmp_path: Path, number: signal.Signals) -> None:
    target = tmp_path / "a.svg"
    target.write_text("old")
    process = stopped_writer(target, "from lorafig.cli import _end_on_signals; _end_on_signals()")
    process.send_signal(number)
    process.communicate()
    assert target.read_text() == "old"
    assert os.listdir(tmp_path) == ["a.svg"]


def test_many_writers_of_one_file(tmp_path: Path) -> None:
    target = tmp_path / "a"
    contents = [bytes([65 + index]) * 50_000 for index in range(8)]
    errors: list[BaseException] = []

    def work(content: bytes) -> None:
        try:
            for _ in range(20):
                write_whole(target, content)
                assert target.read_bytes() in contents
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=work, args=(content,)) for content in contents]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert os.listdir(tmp_path) == ["a"]


def test_a_spec_is_not_read_beyond_its_limit(tmp_path: Path) -> None:
    endless = tmp_path / "endless.yaml"
    endless.touch()
    os.truncate(endless, 1 << 40)
    with pytest.raises(LorafigError) as caught:
        read_spec(endless)
    assert caught.value.kind == "limit"


def test_only_regular_files_are_read(tmp_path: Path) -> None:
    fifo, unix, link = tmp_path / "fifo", tmp_path / "unix", tmp_path / "link"
    os.mkfifo(fifo)
    link.symlink_to(fifo)
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(unix))
        for path in (fifo, unix, link, Path("/dev/zero"), Path("/dev/tty")):
            with pytest.raises(LorafigError) as caught:
                read_spec(path)
            assert caught.value.exit_status == 2
            assert str(caught.value) == (
                f"{path} is not a regular file\n  hint: '-' reads a spec from standard input"
            )


def test_what_becomes_a_pipe_while_it_is_opened_is_not_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spec = tmp_path / "spec"
    os.mkfifo(spec)
    regular = os.stat(__file__)
    monkeypatch.setattr(os, "stat", lambda path: regular)
    with pytest.raises(LorafigError, match="is not a regular file"):
        read_spec(spec)


def test_a_folder_that_is_not_there_leads_nowhere_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "real").write_text("old")
    (tmp_path / "a").symlink_to("real")
    with pytest.raises(LorafigError, match="symbolic link"):
        write_whole("none/../a", b"new")
    assert (tmp_path / "real").read_text() == "old"
    write_whole("none/../b", b"new")
    assert sorted(os.listdir(tmp_path)) == ["a", "b", "real"]


def test_a_new_file_never_replaces_another(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "a"
    write_whole(target, "mine", new=True)
    with pytest.raises(LorafigError, match=r"cannot write .*: File exists"):
        write_whole(target, "other", new=True)
    monkeypatch.setattr(files, "_target_mode", lambda target, place: None)  # it has come since
    with pytest.raises(LorafigError, match=r"cannot write .*: File exists"):
        write_whole(target, "other", new=True)
    assert target.read_text() == "mine"
    assert os.listdir(tmp_path) == ["a"]


@pytest.mark.parametrize("name", [".a.notes.lorafig-part", ".a.1-0123456.lorafig-part", ".a..lorafig-part"])
def test_only_temporary_files_of_ours_are_left_over(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("somebody's")
    os.mkfifo(tmp_path / ".a.1-01234567.lorafig-part")
    (tmp_path / ".a.2-01234567.lorafig-part").write_text("half")
    write_whole(tmp_path / "a", b"a")
    assert set(os.listdir(tmp_path)) == {"a", name, ".a.1-01234567.lorafig-part"}
