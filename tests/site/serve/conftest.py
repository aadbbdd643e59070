"""The real command in a folder of its own, as one starts it in a terminal."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.request import urlopen

import pytest

# A shell starts what runs in the background with the interrupt ignored.
_CODE = """import signal
signal.signal(signal.SIGINT, signal.default_int_handler)
if __name__ == "__main__":
    from lorafig.cli import main
    main()
"""


class Preview:
    """A preview that runs; `address` ends in a slash."""

    def __init__(self, folder: Path, arguments: tuple[str, ...]) -> None:
        self.folder = folder
        program = folder / ".program.py"
        program.write_text(_CODE)
        with open(folder / ".stderr", "wb") as errors:
            self.process = subprocess.Popen(
                [sys.executable, str(program), "serve", *arguments],
                cwd=folder,
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
                env=os.environ | {"LORAFIG_CACHE": "off", "NO_COLOR": "1"},
            )
        assert self.process.stdout is not None
        self.address = self.process.stdout.readline().strip()
        assert self.address.startswith("http://127.0.0.1:"), self.stderr()

    @property
    def port(self) -> int:
        return int(self.address.rstrip("/").rpartition(":")[2])

    @property
    def file(self) -> Path:
        return self.folder / "small.yaml"

    def stderr(self) -> str:
        return (self.folder / ".stderr").read_text()

    def interrupt(self) -> int:
        """Ctrl-C, and the status that it ends with."""
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(timeout=30)

    def close(self) -> None:
        if self.process.poll() is None:  # whatever came of it
            self.process.send_signal(signal.SIGINT)
            try:
                self.process.wait(timeout=30)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
                raise
        assert self.process.stdout is not None
        self.process.stdout.close()


@pytest.fixture
def preview(tmp_path: Path) -> Iterator[Callable[..., Preview]]:
    """Starts `lorafig serve ARGUMENTS` on a free port, unless the arguments name one."""
    started = []

    def start(*arguments: str) -> Preview:
        port = () if "--port" in arguments else ("--port", "0")
        started.append(Preview(tmp_path, (*arguments, *port)))
        return started[-1]

    yield start
    for one in started:
        one.close()


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Preview]:
    """One for the tests of a module that do not end it: of small.yaml, of one that is not there yet, of one
    in a folder that comes and goes, and of a link."""
    folder = tmp_path_factory.mktemp("preview")
    (folder / "small.yaml").write_text(SMALL)
    for name in ("node_modules", "else"):  # the first one is a name that watchers like to overlook
        (folder / name).mkdir()
        (folder / name / "small.yaml").write_text(SMALL)
    (folder / "link.yaml").symlink_to("else/small.yaml")
    names = ("small.yaml", "later/small.yaml", "node_modules/small.yaml", "link.yaml")
    one = Preview(folder, (*names, "--port", "0"))
    yield one
    one.close()


@pytest.fixture
def small(shared: Preview) -> Preview:
    """The shared one, its small.yaml as it was at first and drawn. `address` is that of its index."""
    (shared.folder / "small.yaml").write_text(SMALL)
    with urlopen(f"{shared.address}events", timeout=60) as stream:
        for line in stream:
            if line.startswith(b"data: "):
                state = json.loads(line[6:])["figures"][0]
                if state["picture"] and state["picture"]["title"] == "Small" and not state["faults"]:
                    return shared
    raise AssertionError(shared.stderr())


SMALL = """id: small
title: Small
model: {d: 64, r: 4}
stack:
  - bar: x
  - split:
      - square: W
      - bottleneck: [A, B]
        brace: r
  - sum: [Wx, BAx]
  - bar: h
"""
OTHER = SMALL.replace("title: Small", "title: Another")
FALSE = SMALL.replace("[A, B]", "[B, A]")
BROKEN = SMALL.replace("  - bar: h", "  - barr: h")
