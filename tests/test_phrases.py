"""Documentation, docstrings and messages are plain modern English: no inverted or archaic phrases."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

TOP = Path(__file__).parents[1]
PAGES = [TOP / "README.md", TOP / "CONTRIBUTING.md", *sorted((TOP / "docs").glob("*.md"))]
# A phrase, and what stands for it today.
ARCHAIC = {
    r"(?<!there )\b(?:is|are) no (?:part|edge|name|size|shape|symbol|number|dimension|claim)\b": "is not a",
    r"(?<!there )\b(?:is|are) no (?:file|index|list|relation|family|module|colour|unit)\b": "is not a",
    r"\bheld against\b": "compared with",
    r"\btold so\b": "told that",
    r"\b(?:is|are) not so\b": "is false",
    r"\bwhat is no\b": "what is not a",
    r"\bas long everywhere\b": "has the same length everywhere",
    r"\bthat (?:it|we) came? from\b": "before",
    r"\b(?:whereof|thereof|therein|hereby|wherein|whither|thence)\b": "of which",
}


def _strings(path: Path) -> Iterator[tuple[str, str]]:
    """The texts in a module that somebody reads: docstrings, messages and their hints."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and " " in node.value:
            yield f"{path.relative_to(TOP)}:{node.lineno}", node.value


@cache
def _texts() -> list[tuple[str, str]]:
    return [*_read()]


def _read() -> Iterator[tuple[str, str]]:
    for page in PAGES:
        for number, line in enumerate(page.read_text(encoding="utf-8").splitlines(), 1):
            yield f"{page.relative_to(TOP)}:{number}", line
    for path in sorted((TOP / "lorafig").rglob("*.py")):
        yield from _strings(path)


@pytest.mark.whole
@pytest.mark.parametrize("phrase", ARCHAIC)
def test_nothing_is_said_in_an_archaic_way(phrase: str) -> None:
    pattern = re.compile(phrase, re.IGNORECASE)
    found = [f"{place}: {match.group()}" for place, text in _texts() for match in pattern.finditer(text)]
    assert found == [], f"say '{ARCHAIC[phrase]}'"


@pytest.mark.parametrize(
    ("text", "phrase"),
    [
        ("'x' is no edge", r"(?<!there )"),
        ("there is no file x", ""),
        ("the file is held against it", r"\bheld"),
    ],
)
def test_the_patterns_find_what_they_are_for(text: str, phrase: str) -> None:
    matching = [pattern for pattern in ARCHAIC if re.search(pattern, text, re.IGNORECASE)]
    assert len(matching) == (phrase != "")
    assert all(pattern.startswith(phrase) for pattern in matching)
