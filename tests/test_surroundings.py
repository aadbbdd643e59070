"""The real command where its surroundings are not as they should be."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from lorafig import __version__, cli
from tests.test_cli import TRUE, files

Command = Callable[..., subprocess.CompletedProcess[str]]
ENVIRONMENT = {key: value for key, value in os.environ.items() if not key.startswith("LORAFIG_")} | {
    "PYTHONPATH": str(Path(cli.__file__).parents[2]),
    "NO_COLOR": "1",
}
PROGRAM = [sys.executable, "-c", "from lorafig.cli import main; main()"]
READING = [
    ["render", "x.yaml"], ["check", "x.yaml"], ["describe", "x.yaml"], ["gallery", "x.yaml"],
    ["gallery", "specs"], ["new", "mine", "--from-mermaid", "x.yaml"],
    ["render", "x.yaml", "small.yaml", "--jobs", "2"],
]  # fmt: skip


@pytest.fixture
def command(tmp_path: Path) -> Command:
    """Runs the command in a folder with small.yaml, with a cache of its own."""
    (tmp_path / "small.yaml").write_text(TRUE)

    def call(*arguments: str, **options: object) -> subprocess.CompletedProcess[str]:
        environment = ENVIRONMENT | {"LORAFIG_CACHE": str(tmp_path / ".cache")}
        given = {"cwd": tmp_path, "env": environment, "stdin": subprocess.DEVNULL} | options
        program = given.pop("program", PROGRAM)
        return subprocess.run(
            [*program, *arguments], capture_output=True, text=True, check=False, timeout=60, **given
        )

    return call


@pytest.mark.parametrize("output", ["", "nosuch/..", "nosuch/../src", "link/../src"])
def test_the_gallery_replaces_nobodys_folder(command: Command, tmp_path: Path, output: str) -> None:
    for name in ("src", "else/src", "else/deep"):
        (tmp_path / name).mkdir(parents=True)
        (tmp_path / name / "thesis.tex").write_text("years")
    (tmp_path / "link").symlink_to("else/deep")
    before = files(tmp_path)
    result = command("gallery", "small.yaml", "-o", output)
    assert (result.returncode, result.stdout) == (2, "")
    assert "Traceback" not in result.stderr
    assert [name for name in files(tmp_path) if not name.startswith(".cache")] == before


@pytest.mark.parametrize("arguments", READING, ids=" ".join)
@pytest.mark.parametrize("kind", ["fifo", "device"])
def test_only_regular_files_are_read(
    command: Command, tmp_path: Path, arguments: list[str], kind: str
) -> None:
    (tmp_path / "specs").mkdir()
    for path in (tmp_path / "x.yaml", tmp_path / "specs" / "x.yaml"):
        os.mkfifo(path) if kind == "fifo" else path.symlink_to("/dev/zero")
    result = command(*arguments)
    assert result.returncode == 2
    name = "specs/x.yaml" if "specs" in arguments else "x.yaml"
    assert result.stderr == (
        f"error: {name} is not a regular file\n  hint: '-' reads a spec from standard input\n"
    )


# Faults of our own

_BLUNDER = """
from lorafig import language
real = language.loads
def loads(data, *rest):
    if b"title: Blunder" in data:
        raise KeyError("secret")
    return real(data, *rest)
language.loads = loads
"""


@pytest.fixture
def blunder(tmp_path: Path) -> Command:
    """The command, which fails in a way that nobody expected where a spec asks for it, in workers too."""
    (tmp_path / "small.yaml").write_text(TRUE)
    (tmp_path / "blunder.yaml").write_text(
        TRUE.replace("Small", "Blunder").replace("id: small", "id: blunder")
    )
    (tmp_path / "other.yaml").write_text(TRUE.replace("id: small", "id: other"))
    (tmp_path / "sitecustomize.py").write_text(_BLUNDER)

    def call(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        path = os.pathsep.join([str(tmp_path), ENVIRONMENT["PYTHONPATH"]])
        return subprocess.run(
            [*PROGRAM, *arguments], cwd=tmp_path, capture_output=True, text=True, check=False, timeout=60,
            env=ENVIRONMENT | {"LORAFIG_CACHE": "off", "PYTHONPATH": path} | environment,
        )  # fmt: skip

    return call


FAULT = (
    f"error: blunder.yaml: lorafig {__version__} itself failed:"
    " KeyError: 'secret' (LORAFIG_TRACEBACK=1 shows where)\n"
)


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_a_fault_of_our_own_is_told_as_one_and_stops_no_other_figure(blunder: Command, jobs: str) -> None:
    result = blunder("render", "small.yaml", "blunder.yaml", "other.yaml", "--jobs", jobs)
    assert result.returncode == 5
    assert result.stdout == "build/figures/small.svg\nbuild/figures/other.svg\n"
    assert result.stderr == FAULT


@pytest.mark.parametrize("arguments", ["check", "check --json", "describe", "gallery"])
def test_a_fault_of_our_own_in_every_command(blunder: Command, arguments: str) -> None:
    result = blunder(*arguments.split(), "blunder.yaml")
    assert (result.returncode, result.stderr) == (5, FAULT)


def test_the_traceback_is_shown_to_those_who_ask(blunder: Command) -> None:
    for jobs in ("1", "2"):
        result = blunder("render", "blunder.yaml", "small.yaml", "--jobs", jobs, LORAFIG_TRACEBACK="1")
        assert result.returncode == 5
        assert result.stderr.startswith("Traceback (most recent call last):\n")
        assert result.stderr.endswith(FAULT)


def test_a_fault_outside_of_any_figure(command: Command, tmp_path: Path) -> None:
    code = "from lorafig import starter\ndef start(*_): raise ZeroDivisionError\nstarter.start = start\n"
    code += "from lorafig.cli import main; main()"
    result = command("new", "mine", program=[sys.executable, "-c", code])
    assert result.returncode == 5
    assert result.stderr == (
        f"error: lorafig {__version__} itself failed: ZeroDivisionError (LORAFIG_TRACEBACK=1 shows where)\n"
    )
