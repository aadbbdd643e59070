"""Problems as a page shows them: with the line of the spec, cut around the word that is meant."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from lorafig.cli.console import Sources, cut, printable
from lorafig.errors import Problem

MOST = 50  # problems that are listed; a spec that is no YAML can have one in every line


class Fault(NamedTuple):
    """A problem, and the line it is in as what is before the word, the word, and what is after it."""

    what: str
    hint: str | None
    place: str | None
    line: int | None
    column: int | None
    source: tuple[str, str, str] | None


def faults(problems: Sequence[Problem], data: bytes, file: str) -> tuple[tuple[Fault, ...], int]:
    """The first problems of a spec by line, and how many more there are."""
    sources = Sources()
    sources.texts[file] = data
    ordered = sorted(problems, key=lambda problem: problem.where[1:] if problem.where is not None else (0, 0))
    return tuple(_fault(problem, sources) for problem in ordered[:MOST]), max(0, len(ordered) - MOST)


def _fault(problem: Problem, sources: Sources) -> Fault:
    where = problem.where
    source = None if where is None else sources.line(where)
    return Fault(
        printable(problem.what),
        None if problem.hint is None else printable(problem.hint),
        None if where is None else printable(str(where)),
        None if where is None else where.line,
        None if where is None else where.column,
        None if where is None or source is None else cut(source, where.column),
    )
