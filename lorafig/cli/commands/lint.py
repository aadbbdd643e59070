"""`lorafig lint`."""

from __future__ import annotations

from functools import partial

import click

from lorafig.cli import console, output
from lorafig.cli.batch import each, expand
from lorafig.cli.group import JOBS, SPECS, THEME, WIDTH, Command
from lorafig.errors import LorafigError
from lorafig.options import palette_named
from lorafig.pipeline import lint_bytes


@click.command(
    "lint",
    cls=Command,
    examples=(
        ("lorafig lint figures/*.yaml", "what cannot be read on any figure"),
        ("lorafig lint mine.yaml --venue CVPR", "at the width that the venue has"),
        ("lorafig lint mine.yaml --theme grey --json", "in another theme, for a program"),
    ),
)
@SPECS
@click.option("--json", "as_json", is_flag=True, help="Print the findings as JSON.")
@THEME
@click.option("--venue", metavar="NAME", help="The venue whose width the figure has to fit.")
@WIDTH
@JOBS
@click.pass_context
def command(
    ctx: click.Context,
    specs: tuple[str, ...],
    as_json: bool,
    theme: str | None,
    venue: str | None,
    width: str | None,
    jobs: int,
) -> None:
    """Say what keeps a figure from being read: small or faint text, overlaps, lines through boxes.

    A finding names its rule, its place, what was measured and what to do. 'lorafig check' says whether
    the figure is true.
    """
    from lorafig.lint import problem, to_data

    if theme is not None:
        palette_named(theme)
    if venue is not None:
        from lorafig.themes import venues

        venues.venue(venue)
    sources = console.Sources()
    status, number = 0, 0
    figures = []
    failed: list[tuple[str | None, LorafigError]] = []
    for path, linted in each(expand(specs), sources, partial(lint_bytes, theme, venue, width), jobs):
        if isinstance(linted, LorafigError):
            console.report_error(linted, sources)
            failed.append((path, linted))
            status = max(status, linted.exit_status)
            continue
        figures.append(to_data(linted, path))
        number += len(linted.findings)
        if not as_json:
            for finding in linted.findings:
                click.echo(console.problem_text(problem(finding), sources, "warning"))
    if number:
        status = max(status, 1)
    if as_json:
        output.emit_json({"figures": figures}, failed)
    elif figures:
        click.echo(f"{_count(len(figures), 'figure')}, {_count(number, 'finding')}")
    ctx.exit(status)


def _count(number: int, noun: str) -> str:
    return f"{'no' if number == 0 else number} {noun}{'' if number == 1 else 's'}"
