"""Files that change, come and go, without a server."""

import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import watchfiles

from lorafig.cli.watching import changed


class Watched:
    """What `changed` says, collected by a thread."""

    def __init__(self, paths: list[Path]) -> None:
        self.found: set[int] = set()
        self._bell = threading.Condition()
        self._thread = threading.Thread(target=self._run, args=([str(path) for path in paths],), daemon=True)
        self._ended = False
        self._thread.start()
        assert self.comes(set(range(len(paths))))

    def _run(self, paths: list[str]) -> None:
        for numbers in changed(paths):
            with self._bell:
                if self._ended:
                    return
                self.found.update(numbers)
                self._bell.notify()

    def comes(self, numbers: set[int]) -> bool:
        """Waits until the numbers have been said; forgets them."""
        with self._bell:
            came = self._bell.wait_for(lambda: numbers <= self.found, 20)
            self.found.clear()
            return came

    def end(self) -> None:
        self._ended = True


@pytest.fixture
def watch() -> Iterator[object]:
    started: list[Watched] = []

    def begin(*paths: Path) -> Watched:
        started.append(Watched(list(paths)))
        return started[-1]

    yield begin
    for one in started:
        one.end()


def test_changes_by_the_number_of_the_file(watch, tmp_path: Path) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    one.write_text("1")
    watched = watch(one, two)
    two.write_text("2")
    assert watched.comes({1})
    one.write_text("other")
    assert watched.comes({0})
    os.utime(one, (1, 1))
    assert watched.comes({0})
    one.unlink()
    assert watched.comes({0})
    one.write_text("again")
    two.unlink()
    assert watched.comes({0, 1})


def test_a_folder_that_comes_later(watch, tmp_path: Path) -> None:
    file = tmp_path / "a" / "b" / "file"
    watched = watch(file)
    file.parent.mkdir(parents=True)
    file.write_text("1")
    assert watched.comes({0})
    file.unlink()
    file.parent.rmdir()
    assert watched.comes({0})


def test_a_system_that_tells_nothing(watch, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where there are no watches left, or none on this file system, the files are looked at."""

    def full(*_: object, **__: object) -> Iterator[set[object]]:
        raise OSError(28, "inotify watch limit reached")
        yield set()

    monkeypatch.setattr(watchfiles, "watch", full)
    file = tmp_path / "file"
    watched = watch(file)
    file.write_text("1")
    assert watched.comes({0})
    file.write_text("other")
    assert watched.comes({0})


def test_a_theme_and_a_network_beside_the_spec(watch, tmp_path: Path) -> None:
    spec, other = tmp_path / "spec.yaml", tmp_path / "other.yaml"
    spec.write_text("theme: 'my theme.yaml'\nmodel: {network: config.json}\n")
    other.write_text("theme: paper\n")
    watched = watch(spec, other)
    (tmp_path / "my theme.yaml").write_text("line: 1\n")  # it comes later
    assert watched.comes({0})
    (tmp_path / "config.json").write_text("{}")
    assert watched.comes({0})
    other.write_text("theme: night.yml\n")
    assert watched.comes({1})
    (tmp_path / "night.yml").write_text("line: 2\n")  # the name is newer than the watching
    assert watched.comes({1})
