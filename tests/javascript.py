"""Node, for tests of what a page computes: the page's own scripts, asked one question after another."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path
from typing import Any

from lorafig.resources import folder

PAGE = Path(folder("templates")) / "page"
_LOOP = """
require('readline').createInterface({ input: process.stdin }).on('line', (line) => {
  process.stdout.write(JSON.stringify(answer(JSON.parse(line))) + '\\n');
});
"""


def script(*names: str) -> str:
    """Scripts of the page, one after another."""
    return "\n".join((PAGE / name).read_text(encoding="utf-8") for name in names)


def pair(value: Fraction) -> list[str]:
    """A fraction for JavaScript: `Exact.num(...pair)`."""
    return [str(value.numerator), str(value.denominator)]


class Node:
    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def __call__(self, question: Any) -> Any:
        """What `answer` says to the question."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(question) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        assert line != "", "node has ended"
        return json.loads(line)


@contextmanager
def node(source: str) -> Iterator[Node]:
    """Node with the script `source`, which defines `answer(question)`; both are JSON."""
    process = subprocess.Popen(
        ["node", "--eval", source + _LOOP], stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8"
    )
    try:
        yield Node(process)
    finally:
        assert process.stdin is not None
        process.stdin.close()
        process.wait(10)
