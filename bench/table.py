"""What was measured, as one table and as JSON."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import IO

from bench.measure import Measured

MIB = 1 << 20


@dataclass(frozen=True, slots=True)
class Goal:
    """What design asks of a number: at most `limit`, worded as `text`. `value` is what was measured."""

    text: str
    value: float | None
    limit: float

    @property
    def met(self) -> bool | None:
        return None if self.value is None else self.value <= self.limit


@dataclass(frozen=True, slots=True)
class Line:
    """One tool in a section: its figure in words, peak memory in bytes, and its ratio to the reference.

    A peak of 0 was too low to be seen: see `measure.Run`.
    """

    name: str
    amount: str = ""
    peak: int | None = None
    ratio: float | None = None
    goals: tuple[Goal, ...] = ()
    missing: str | None = None
    values: tuple[float, ...] = ()


@dataclass(slots=True)
class Section:
    """Things that are compared with each other: all ratios are to the one named `reference`."""

    title: str
    reference: str | None = None
    lines: list[Line] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    failure: str | None = None  # why it was not measured


def seconds(value: float) -> str:
    if value < 0.1:
        return f"{value * 1000:.1f} ms"
    return f"{value * 1000:.0f} ms" if value < 1 else f"{value:.2f} s"


def timed(result: Measured, reference: Measured | None, goals: tuple[Goal, ...] = ()) -> Line:
    """The line of a command that was measured, or of one that could not be."""
    if result.median is None:
        return Line(result.name, goals=goals, missing=result.missing or "was not run")
    ratio = None if reference is None else result.ratio(reference)
    return Line(result.name, seconds(result.median), result.peak, ratio, goals, values=tuple(result.seconds))


def write_table(sections: Sequence[Section], heading: str, out: IO[str]) -> None:
    """The table: in colour on a terminal, plain elsewhere."""
    from rich.console import Console
    from rich.text import Text

    console = Console(file=out, highlight=False, soft_wrap=True)
    console.print(heading)
    lines = [line for section in sections for line in section.lines]
    name_width = max((len(line.name) for line in lines), default=0)
    for section in sections:
        console.print()
        to = "" if section.reference is None else f"   (ratios: ÷ {section.reference})"
        console.print(Text.assemble((section.title, "bold"), to))
        if section.failure is not None:
            console.print(Text(f"  {section.failure}", "bold red"))
        for line in section.lines:
            text = Text(f"  {line.name:{name_width}}")
            if line.missing is None:
                peak = "" if line.peak is None or line.peak == 0 else f"{line.peak / MIB:.0f} MiB"
                text.append(f"{line.amount:>10}{peak:>10}{_ratio(line.ratio):>10}")
            else:
                text.append(f"{'–':>10}{'':>20}")
            for number, goal in enumerate(line.goals):
                text.append("; " if number else "   ")
                text.append(goal.text + " ")
                text.append(*_VERDICTS[goal.met])
            if line.missing is not None:
                text.append(f"   left out: {line.missing}", "dim")
            text.rstrip()
            console.print(text)
        for note in section.notes:
            console.print(Text(f"  {note}", "dim"))


_VERDICTS = {True: ("met", "green"), False: ("missed", "bold red"), None: ("not measured", "yellow")}


def _ratio(value: float | None) -> str:
    if value is None:
        return ""
    return f"{value:.2f} ×" if value < 10 else f"{value:.0f} ×"


def write_json(sections: Sequence[Section], heading: str, out: IO[str]) -> None:
    """The same for a program, with every run's seconds."""
    data = [asdict(section) for section in sections]
    for section, record in zip(sections, data, strict=True):
        for line, entry in zip(section.lines, record["lines"], strict=True):
            for goal, kept in zip(line.goals, entry["goals"], strict=True):
                kept["met"] = goal.met
    json.dump({"version": 1, "measured": heading, "sections": data}, out, indent=2, ensure_ascii=False)
    out.write("\n")
