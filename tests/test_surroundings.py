"""The real command where its surroundings are not as they should be."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from lorafig import cli
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
        return subprocess.run(
            [*PROGRAM, *arguments], capture_output=True, text=True, check=False, timeout=60, **given
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
