"""Real documentation projects, built by the real commands."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from textwrap import dedent

BIN = Path(sys.executable).parent

SPEC = """\
lorafig: 1
id: mine
title: LoRA beside a frozen weight
model: {d: 256, r: 4}
stack:
  - bar: x
  - split: [{square: W}, {bottleneck: [A, B], brace: r}]
  - sum: [Wx, BAx]
  - bar: h
"""
WRONG = SPEC.replace("brace: r", "brace: d").replace("id: mine", "id: wrong")
# What is said of it, at line 7 of a file that is called `{}`.
WRONG_SAYS = """\
{}:7:54: error: 'd' does not hold: the waist is r, and the brace along it says d
    - split: [{{square: W}}, {{bottleneck: [A, B], brace: d}}]
                                                       ^
  hint: it should read r"""


def write(folder: Path, files: Mapping[str, str]) -> Path:
    """Files by their names in a folder; their text without the indentation that it has in a test."""
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(dedent(text))
    return folder


def run(command: str, folder: Path) -> tuple[int, str]:
    """The exit status of a command of the environment, and all that it wrote."""
    name, *arguments = command.split()
    environment = os.environ | {
        "LORAFIG_CACHE": str(folder / ".lorafig-cache"),
        "NO_COLOR": "1",
        "NO_MKDOCS_2_WARNING": "1",
        "PYDEVD_DISABLE_FILE_VALIDATION": "1",
    }
    done = subprocess.run(
        [BIN / name, *arguments],
        cwd=folder,
        env=environment,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
        timeout=300,
    )
    return done.returncode, re.sub(r"\x1b\[[0-9;]*m", "", done.stdout)


def built(command: str, folder: Path) -> str:
    """What a command that must succeed wrote."""
    status, output = run(command, folder)
    assert status == 0, output
    return output


def figures(html: str) -> list[str]:
    return re.findall(r"<figure.*?</figure>", html, re.DOTALL)
