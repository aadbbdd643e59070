"""Can the picture be read? Rules over what was laid out, each with a name, a measure and a remedy."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from msgspec import Struct

from lorafig.errors import Place, Problem
from lorafig.language.model import Figure
from lorafig.lint import marks, room, sight
from lorafig.lint.picture import Finding, Picture
from lorafig.scene import Scene

# In the order in which they are told. What a rule looks for stands in its docstring.
RULES: tuple[Callable[[Picture], Iterator[Finding]], ...] = (*marks.RULES, *sight.RULES, *room.RULES)
NAMES = tuple(rule.__name__.replace("_", "-") for rule in RULES)


class Linted(Struct, frozen=True):
    """A figure's id and what is to be found on its picture."""

    id: str
    findings: tuple[Finding, ...]


def lint(figure: Figure, scene: Scene, places: Mapping[str, Place], widest: float | None = None) -> Linted:
    """What keeps the picture of a figure from being read.

    `places` says where in the spec an item of the scene comes from; `widest` is the width in mm that it may
    have, None for any. The scene is that of the figure.
    """
    picture = Picture(figure, scene, places, widest)
    found: list[Finding] = []
    for rule, name in zip(RULES, NAMES, strict=True):
        found += [finding.named(name) for finding in rule(picture)]
    return Linted(str(figure.id), tuple(found))


def problem(finding: Finding) -> Problem:
    """A finding as the command line tells it."""
    return Problem(f"{finding.rule}: {finding.what}", finding.where, finding.remedy, code=finding.rule)


def to_data(linted: Linted, file: str) -> dict[str, Any]:
    """The findings of a figure for programs; a measure's unit stands in its name."""
    return {
        "id": linted.id,
        "file": file,
        "findings": [
            {
                "rule": finding.rule,
                "line": None if finding.where is None else finding.where.line,
                "column": None if finding.where is None else finding.where.column,
                "item": finding.item,
                "what": finding.what,
                "measure": finding.measure,
                "limit": finding.limit,
                "unit": finding.unit,
                "remedy": finding.remedy,
            }
            for finding in linted.findings
        ],
    }
