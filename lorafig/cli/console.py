"""What the command line prints: problems with the line they are in, tables of claims."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, Any, Literal

from lorafig.errors import LorafigError, Place, Problem

if TYPE_CHECKING:
    import click

    from lorafig.language.model import Source

Word = Literal["error", "warning"]

_WIDTH = 100  # columns of a source line that are shown
WIDEST_CLAIM = 60  # columns of a claim in a table on a terminal
_COLOURS = {"holds": "green", "fails": "red", "ill-typed": "red", "undetermined": "yellow"}


class Sources:
    """The specs of a run by the name that problems call them: what stood in a line."""

    def __init__(self) -> None:
        self.texts: dict[str, bytes] = {}
        self._lines: tuple[bytes, list[str]] = (b"", [""])  # of the text that was looked at last

    def typed(self, name: str, text: str) -> Source:
        """A label from the command line, with places as if it were the next line of a file `name`."""
        from lorafig.language.model import Source

        before = self.texts.get(name, b"")
        self.texts[name] = before + text.replace("\n", " ").encode() + b"\n"
        return Source(text, Place(name, before.count(b"\n") + 1, 1), exact=True)

    def line(self, place: Place) -> str | None:
        """The line of a place: of a spec, or of a file beside one, such as a theme, which is read for it."""
        if place.file not in self.texts:
            from lorafig.files import read_spec

            try:
                self.texts[place.file] = read_spec(place.file)
            except LorafigError:
                return None
        data = self.texts[place.file]
        if data is not self._lines[0]:
            text = data.decode("utf-8-sig", "replace").replace("\r\n", "\n").replace("\r", "\n")
            self._lines = (data, text.split("\n"))
        lines = self._lines[1]
        return lines[place.line - 1] if 1 <= place.line <= len(lines) else None


def problem_text(problem: Problem, sources: Sources | None = None, word: Word = "error") -> str:
    """A problem in full: where and what, the line with a caret under it, the hint."""
    shade = "red" if word == "error" else "yellow"
    head = style(f"{word}:", fg=shade, bold=True) + " " + printable(problem.what)
    if problem.where is None:
        lines = [head]
    else:
        lines = [style(f"{printable(str(problem.where))}:", bold=True) + " " + head]
        source = sources.line(problem.where) if sources is not None else None
        if source is not None:
            shown, caret = excerpt(source, problem.where.column)
            lines += [f"  {shown}", "  " + style(caret, fg=shade, bold=True)]
    if problem.hint is not None:
        lines.append("  " + style("hint:", fg="cyan") + " " + printable(problem.hint))
    return "\n".join(lines)


def excerpt(source: str, column: int) -> tuple[str, str]:
    """The part of a line around a column (from 1), and a line with a caret under the word there."""
    before, word, after = cut(source, column)
    return before + word + after, " " * columns(before) + "^" * max(1, columns(word))


def cut(source: str, column: int) -> tuple[str, str, str]:
    """The part of a line around a column (from 1): what is before the word there, the word, what is after."""
    at = min(column - 1, len(source))
    token = _token().match(source, at)
    start = 0 if at < _WIDTH - 20 else at - _WIDTH // 2
    end = start + _WIDTH
    word = "" if token is None else token.group()[: end - at]
    before = ("…" if start > 0 else "") + printable(source[start:at])
    after = printable(source[at + len(word) : end]) + ("…" if end < len(source) else "")
    return before, printable(word), after


@cache
def _token() -> re.Pattern[str]:
    return re.compile(r"'[^']*'|\"[^\"]*\"|[A-Za-z0-9_.\-]+|\\[A-Za-z]+|.", re.DOTALL)


def printable(text: str) -> str:
    """Text of a stranger without what would move a terminal's cursor or change its colours."""
    return "".join(char if char.isprintable() else " " if char == "\t" else "\ufffd" for char in text)


def demand_utf_8(text: str, what: str, hint: str | None = None) -> None:
    """Raises LorafigError for a name that cannot be shown, nor be part of an output."""
    try:
        text.encode()
    except UnicodeEncodeError:
        shown = os.fsencode(text).decode("utf-8", "backslashreplace")
        raise LorafigError(Problem(f"{what} is not UTF-8: {shown}", None, hint, code="encoding")) from None


def columns(text: str) -> int:
    """How many columns of a terminal the text takes."""
    import unicodedata

    wide = sum(unicodedata.east_asian_width(char) in "WF" for char in text)
    return len(text) + wide - sum(unicodedata.combining(char) != 0 for char in text)


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Columns of text, as wide as what is in them; verdicts coloured."""
    cells = [list(map(printable, row)) for row in rows]
    widths = [max(columns(row[index]) for row in [list(head), *cells]) for index in range(len(head))]
    lines = [style(_row(head, widths), bold=True)]
    for row in cells:
        line = _row(row, widths)
        for cell in row:
            if cell in _COLOURS:
                line = line.replace(f"  {cell}", "  " + style(cell, fg=_COLOURS[cell]), 1)
        lines.append(line)
    return "\n".join(lines)


def report_table(figure: Mapping[str, Any], widest: int | None = None) -> str:
    """A figure's object of the report as a table, under a line that says what came of it. Claims are cut
    off at `widest` columns."""
    claims = figure["claims"]
    counted = _counted(sum(claim["verdict"] != "prose" for claim in claims), "claim")
    verdict = style(figure["verdict"], fg=_COLOURS[figure["verdict"]], bold=True)
    name = style(printable(figure["id"]), bold=True)
    head = f"{name} ({printable(figure['file'])}): {verdict}, {counted}"
    rows = [
        (
            claim["where"] or "",
            _cut(claim["text"], widest),
            claim["kind"],
            claim["verdict"],
            _should_read(claim),
        )
        for claim in claims
    ]
    return head + "\n" + table(("place", "claim", "kind", "verdict", "should read"), rows) + "\n"


def provenance(found: Mapping[str, Any], stands: bool) -> str:
    """What is said of a picture beside its spec: `picture: exact: …`, and where it differs."""
    word = style(found["picture"], fg="green" if stands else "red", bold=True)
    lines = [f"picture: {word}: {printable(found['detail'])}"]
    return "\n".join(lines + [f"  {printable(place)}" for place in found["differs"]])


def tally(figures: Iterable[Mapping[str, Any]]) -> str:
    """What came of all texts in one line: `31 claims hold, 6 texts are prose`."""
    verdicts = [claim["verdict"] for figure in figures for claim in figure["claims"]]
    held, prose = verdicts.count("holds"), verdicts.count("prose")
    others = len(verdicts) - held - prose
    parts = [f"{_counted(held, 'claim')} {'holds' if held == 1 else 'hold'}"]
    if others:
        parts.append(f"{others} {'does' if others == 1 else 'do'} not")
    if prose:
        parts.append(f"{_counted(prose, 'text')} {'is' if prose == 1 else 'are'} prose")
    return ", ".join(parts)


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" + ("" if number == 1 else "s")


def failing(figure: Mapping[str, Any], sources: Sources) -> Iterator[str]:
    """What does not hold, one after the other: the claim with what is wrong, the line of the spec, the
    smallest case in which it fails, and what would hold."""
    for claim in figure["claims"]:
        if claim["verdict"] in ("holds", "prose") or claim["unverified"]:
            continue
        verdict = style(claim["verdict"], fg=_COLOURS[claim["verdict"]], bold=True)
        detail = "" if claim["detail"] is None else f": {printable(claim['detail'])}"
        lines = [f"{printable(claim['text'])}: {verdict}{detail}"]
        if claim["line"] is not None:
            place = Place(figure["file"], claim["line"], claim["column"] or 1)
            source = sources.line(place)
            if source is not None:
                shown, caret = excerpt(source, place.column)
                number = f"{place.line} | "
                lines += [
                    f"  {number}{shown}",
                    "  " + " " * len(number) + style(caret, fg="red", bold=True),
                ]
        if claim.get("counterexample") is not None:
            lines.append(f"  for one, {printable(claim['counterexample'])}")
        if claim["hint"] is not None:
            lines.append("  " + style("hint:", fg="cyan") + " " + printable(claim["hint"]))
        yield "\n".join(lines)


def _cut(text: str, widest: int | None) -> str:
    return text if widest is None or columns(text) <= widest else text[: widest - 1] + "…"


def claim_line(claim: Mapping[str, Any]) -> str:
    """A claim's object of the report as one line."""
    verdict = style(claim["verdict"], fg=_COLOURS[claim["verdict"]], bold=True)
    line = f"{printable(claim['text'])}: {verdict}"
    if claim["detail"] is not None:
        line += f": {printable(claim['detail'])}"
    if claim.get("counterexample") is not None:
        line += f"; {printable(claim['counterexample'])}"
    if claim["hint"] is not None:
        line += f" ({printable(claim['hint'])})"
    return line


def _should_read(claim: Mapping[str, Any]) -> str:
    if claim["verdict"] == "holds":
        return str(claim["hint"] or "")
    if claim["verdict"] == "undetermined" and claim["unverified"]:
        return f"unverified: {claim['unverified']}"
    return str(claim["hint"] or claim["detail"] or "")


def _row(cells: Sequence[str], widths: Sequence[int]) -> str:
    padded = [cell + " " * (width - columns(cell)) for cell, width in zip(cells, widths, strict=True)]
    return "  ".join(padded).rstrip()


def report_error(error: LorafigError, sources: Sources | None = None) -> None:
    for problem in error.problems:
        say(problem_text(problem, sources))
    if on_terminal():
        codes = dict.fromkeys(problem.code for problem in error.problems)
        say(style(f"  more: lorafig explain {' '.join(codes)}", dim=True))


def report_doubts(problems: Iterable[Problem], sources: Sources | None = None) -> None:
    """What is wrong with a figure that was drawn all the same."""
    for problem in problems:
        say(problem_text(problem, sources, "warning"))


def style(text: str, **how: Any) -> str:
    """Text in colours. click is imported when there is something to say: it takes as long as all else that is
    done where nothing has changed."""
    import click

    return click.style(text, **how)


def usage(told: str) -> click.UsageError:
    """What is wrong with the arguments."""
    import click

    return click.UsageError(told)


def say(text: str) -> None:
    """A line on stderr."""
    import click

    with lost_if_refused():
        click.echo(text, err=True, color=colour())


@contextmanager
def lost_if_refused() -> Iterator[None]:
    """What a stderr that is full or closed does not take is lost; the work, and its status, is not."""
    try:
        yield
    except OSError:
        discard(2)


def discard(stream: int) -> None:
    """Lets what is still to be written to stdout (1) or stderr (2) go nowhere, at the latest what the
    interpreter has kept when it ends."""
    handle = os.open(os.devnull, os.O_WRONLY)
    os.dup2(handle, stream)
    os.close(handle)


def colour() -> bool | None:
    """What click is told about colours: None lets it ask whether the stream is a terminal."""
    return False if os.environ.get("NO_COLOR") else None


def on_terminal() -> bool:
    return sys.stderr.isatty()
