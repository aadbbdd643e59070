"""`lorafig check`."""

from __future__ import annotations

import sys

import click

from lorafig.cli import console, output
from lorafig.cli.batch import each
from lorafig.cli.group import JOBS, SPECS, Command, expand
from lorafig.cli.spread import ON
from lorafig.errors import LorafigError
from lorafig.pipeline import check_bytes


@click.command(
    "check",
    cls=Command,
    examples=(
        ("lorafig check figures/*.yaml", "every claim on every figure"),
        ("lorafig check mine.yaml --json", "the same for a program"),
    ),
)
@SPECS
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
@click.option("--strict", is_flag=True, help="Fail on texts that are prose: nobody checked what they say.")
@JOBS
@ON
@click.pass_context
def command(
    ctx: click.Context,
    specs: tuple[str, ...],
    as_json: bool,
    strict: bool,
    jobs: int,
    engine_on: str | None,
) -> None:
    """Verify figures without drawing them: every claim with its verdict."""
    sources = console.Sources()
    status = 0
    figures = []
    failed: list[tuple[str | None, LorafigError]] = []
    paths = expand(specs)
    # One by one, each is told as soon as it is known.
    parts = [[path] for path in paths] if jobs == 1 and engine_on is None else [paths]
    results = (pair for part in parts for pair in each(part, sources, check_bytes, jobs, on=engine_on))
    for path, figure in results:
        if isinstance(figure, LorafigError):
            console.report_error(figure, sources)
            failed.append((path, figure))
            status = max(status, figure.exit_status)
            continue
        figures.append(figure)
        prose = any(claim["verdict"] == "prose" for claim in figure["claims"])
        if figure["verdict"] != "holds" or (strict and prose):
            status = max(status, 1)
        if not as_json:
            terminal = sys.stdout.isatty()
            click.echo(console.report_table(figure, console.WIDEST_CLAIM if terminal else None))
            if terminal:
                for finding in console.failing(figure, sources):
                    click.echo(finding + "\n")
    if as_json:
        output.emit_json({"figures": figures}, failed)
    elif figures:
        click.echo(console.tally(figures))
    ctx.exit(status)
