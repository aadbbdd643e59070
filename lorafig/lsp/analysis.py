"""A text to what is wrong with it: problems of the spec, or the verdicts on its claims."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal, NamedTuple

from lorafig import language
from lorafig.draw import check
from lorafig.errors import LorafigError, Place, Problem
from lorafig.language.model import Figure
from lorafig.verify.report import Claim, Report, claim_code

Severity = Literal["error", "warning", "information", "hint"]
_SPEC = re.compile(r"^(?:lorafig|stack|row|flow|product)\s*:", re.MULTILINE)
_WORD = re.compile(r"'[^'\n]*'|\"[^\"\n]*\"|[\w.\-]+|\\[A-Za-z]+|[^\n]")


class Finding(NamedTuple):
    """`start` and `end` are offsets into the text, in characters."""

    severity: Severity
    what: str
    hint: str | None
    code: str
    start: int
    end: int


class Analysis(NamedTuple):
    """`figure` and `report` are those of the text, None if it is not a spec, or cannot be verified."""

    findings: tuple[Finding, ...]
    figure: Figure | None = None
    report: Report | None = None


def is_spec(text: str) -> bool:
    """Whether a YAML file is meant for lorafig: editors ask about every YAML file."""
    return (
        _SPEC.search(text) is not None
        and re.search(r"^(?:lorafig|id|title)\s*:", text, re.MULTILINE) is not None
    )


@lru_cache(8)  # the same text is asked about at every completion and hover
def analyse(text: str, file: str) -> Analysis:
    """What lorafig finds in a text. `file` is its name, of which networks and messages make use."""
    lines = Lines(text)
    try:
        figure = language.loads(text, file)
    except LorafigError as error:
        return Analysis(tuple(_problem(problem, lines) for problem in error.problems))
    try:
        report = check(figure)
    except LorafigError as error:
        return Analysis(tuple(_problem(problem, lines) for problem in error.problems), figure)
    told = {(problem.where, problem.what) for problem in report.problems()}
    wrong = [_problem(problem, lines) for problem in report.problems()]
    excused = [_doubt(claim, lines) for claim in report.unverified]
    prose = [_prose(claim, lines) for claim in report.prose if (claim.where, claim.text) not in told]
    return Analysis((*wrong, *excused, *prose), figure, report)


def _problem(problem: Problem, lines: Lines) -> Finding:
    start, end = lines.word(problem.where)
    claim = re.match(r"'(.+)' (?:does not hold|is ill-typed|cannot be decided)", problem.what)
    if claim is not None and lines.text.startswith(claim[1], start):
        end = start + len(claim[1])  # the whole claim, and not its first word
    return Finding("error", problem.what, problem.hint, problem.code, start, end)


def _doubt(claim: Claim, lines: Lines) -> Finding:
    start, end = lines.word(claim.where)
    what = f"'{claim.text}' is not verified: {claim.unverified}"
    return Finding("information", what, None, claim_code(claim), start, end)


def _prose(claim: Claim, lines: Lines) -> Finding:
    start, end = lines.word(claim.where)
    return Finding("hint", f"'{claim.text}' is prose: nobody checks what it says", None, "prose", start, end)


class Lines:
    """The lines of a text: places to offsets."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.starts = [0, *(match.end() for match in re.finditer(r"\r\n|\r|\n", text))]

    def offset(self, place: Place) -> int:
        if place.line > len(self.starts):
            return len(self.text)
        start = self.starts[place.line - 1]
        end = self.starts[place.line] if place.line < len(self.starts) else len(self.text) + 1
        return min(start + place.column - 1, max(start, end - 1))

    def word(self, place: Place | None) -> tuple[int, int]:
        """The word at a place; the first line for what has none."""
        if place is None:
            return 0, len(self.text.partition("\n")[0])
        start = self.offset(place)
        match = _WORD.match(self.text, start)
        return start, start if match is None else match.end()
