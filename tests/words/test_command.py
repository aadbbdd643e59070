"""`lorafig describe`, `-f md` and `figure.describe()` say the same, and refuse what `render` refuses. A file
carries its spec besides."""

from __future__ import annotations

import html
import os
import pathlib
import subprocess
import sys

import pytest

import lorafig
from lorafig.errors import LorafigError

TRUE = """
id: small
title: Small
model: {d: 64, r: 4}
stack: [{bar: x}, {split: [{square: W}, {bottleneck: [A, B]}]}, {sum: [Wx, BAx]}, {bar: h}]
"""
FALSE = TRUE.replace("[A, B]", "[B, A]")


def run(
    folder: pathlib.Path, *arguments: str, stdin: str | None = None
) -> subprocess.CompletedProcess[bytes]:
    environment = os.environ | {"LORAFIG_CACHE": "off", "NO_COLOR": "1"}
    environment["PYTHONPATH"] = str(pathlib.Path(lorafig.__file__).parents[1])
    data = None if stdin is None else stdin.encode()
    command = [sys.executable, "-c", "from lorafig.cli import main; main()", *arguments]
    return subprocess.run(command, cwd=folder, env=environment, input=data, capture_output=True, check=False)


def test_the_same_words_everywhere(tmp_path: pathlib.Path) -> None:
    (tmp_path / "small.yaml").write_text(TRUE)
    told = run(tmp_path, "describe", "small.yaml")
    assert (told.returncode, told.stderr) == (0, b"")
    text = told.stdout.decode()
    assert text.startswith(
        "# Small\n\nOn the figure: a stack. A side that stands for a dimension is drawn in "
    )
    assert text.endswith("equation 3\n")
    assert "small.yaml" not in text  # where it lies says nothing of the figure
    assert run(tmp_path, "describe", "-", stdin=TRUE).stdout == told.stdout
    assert run(tmp_path, "render", "small.yaml", "-f", "md", "-o", "out").stdout == b"out/small.md\n"
    written = (tmp_path / "out" / "small.md").read_bytes()
    assert written.startswith(told.stdout)
    assert written.removeprefix(told.stdout).startswith(b"\n<!-- lorafig-spec:")
    figure = lorafig.loads(TRUE)
    assert figure.describe() == text
    figure.save(tmp_path / "a.md")
    assert (tmp_path / "a.md").read_bytes().startswith(told.stdout)


def test_a_false_figure_is_refused_as_render_refuses_it(tmp_path: pathlib.Path) -> None:
    (tmp_path / "false.yaml").write_text(FALSE)
    told, drawn = run(tmp_path, "describe", "false.yaml"), run(tmp_path, "render", "false.yaml")
    assert (told.returncode, told.stdout) == (1, b"")
    assert told.stderr == drawn.stderr
    assert b"the bottleneck does not narrow" in told.stderr
    with pytest.raises(LorafigError) as caught:
        lorafig.loads(FALSE).describe()
    assert caught.value.kind == "false"


def test_unchecked_it_is_told_with_a_mark(tmp_path: pathlib.Path) -> None:
    (tmp_path / "false.yaml").write_text(FALSE)
    told = run(tmp_path, "describe", "--no-check", "false.yaml")
    assert told.returncode == 0
    assert b"warning: " in told.stderr
    assert told.stdout.startswith(b"# Small\n\n**Unverified**: ")
    assert "Not so, or not decided:\n\n- “".encode() in told.stdout
    assert lorafig.loads(FALSE).describe(check=False).encode() == told.stdout


def test_one_spec_at_a_time(tmp_path: pathlib.Path) -> None:
    told = run(tmp_path, "describe", "a.yaml", "b.yaml")
    assert (told.returncode, told.stdout) == (2, b"")
    assert b"Error: Got unexpected extra argument (b.yaml)" in told.stderr


def test_alt_is_what_the_svg_has(tmp_path: pathlib.Path) -> None:
    (tmp_path / "small.yaml").write_text(TRUE)
    told = run(tmp_path, "describe", "small.yaml", "--alt")
    assert (told.returncode, told.stderr) == (0, b"")
    text = told.stdout.decode().rstrip("\n")
    figure = lorafig.loads(TRUE)
    assert text == figure.alt_text() != ""
    assert f">{html.escape(text, quote=False)}</desc>" in figure.to_svg()
    assert run(tmp_path, "describe", "-", "--alt", stdin=TRUE).stdout == told.stdout


def test_alt_of_a_false_figure(tmp_path: pathlib.Path) -> None:
    (tmp_path / "false.yaml").write_text(FALSE)
    told = run(tmp_path, "describe", "false.yaml", "--alt")
    assert (told.returncode, told.stdout) == (1, b"")
    assert told.stderr == run(tmp_path, "describe", "false.yaml").stderr
    marked = run(tmp_path, "describe", "false.yaml", "--alt", "--no-check")
    assert marked.returncode == 0
    assert marked.stdout.startswith(b"Unverified: ")
