"""`lorafig check`."""

from __future__ import annotations

import sys
from functools import partial
from typing import Any

import click

from lorafig.cli import console, output
from lorafig.cli.batch import each, expand, read_written
from lorafig.cli.group import JOBS, ON, Command, Name
from lorafig.errors import LorafigError
from lorafig.outputs import check_file, stands


@click.command(
    "check",
    cls=Command,
    examples=(
        ("lorafig check figures/*.yaml", "every claim on every figure"),
        ("lorafig check mine.yaml --json", "the same for a program"),
        (
            "lorafig check build/*.svg paper.pdf",
            "the specs inside, and whether the pictures are what they give",
        ),
        ("lorafig check paper/*.tikz --against figures", "whether they are still what figures/ID.yaml give"),
    ),
)
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=Name())
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
@click.option("--strict", is_flag=True, help="Fail on texts that are prose: nobody checked what they say.")
@click.option(
    "--against",
    metavar="SPEC|DIR",
    type=Name(),
    help="The spec that the files are to come from, or the folder with ID.yaml for each, not the one inside.",
)
@JOBS
@ON
@click.pass_context
def command(
    ctx: click.Context,
    files: tuple[str, ...],
    as_json: bool,
    strict: bool,
    against: str | None,
    jobs: int,
    engine_on: str | None,
) -> None:
    """Verify figures: every claim with its verdict. FILE is a spec, or a file that lorafig wrote.

    In a file that lorafig wrote, the spec inside is verified and the picture is compared with it: a picture
    that was edited fails. If another program rewrote the file, such as an optimiser or TeX, what it draws is
    compared.
    """
    sources = console.Sources()
    status = 0
    figures = []
    failed: list[tuple[str | None, LorafigError]] = []
    paths = expand(files)
    work = partial(check_file, against)
    # One by one, each is told as soon as it is known.
    parts = [[path] for path in paths] if jobs == 1 and engine_on is None else [paths]
    results = (
        pair for part in parts for pair in each(part, sources, work, jobs, on=engine_on, reader=read_written)
    )
    for path, found in results:
        if isinstance(found, LorafigError):
            console.report_error(found, sources)
            failed.append((path, found))
            status = max(status, found.exit_status)
            continue
        for figure in found:
            figures.append(figure)
            status = max(status, _status(figure, strict))
            if "spec" in figure:
                sources.texts[figure["file"]] = figure.pop("spec").encode()
            if not as_json:
                _show(figure, sources)
    if as_json:
        output.emit_json({"figures": figures}, failed)
    elif figures:
        click.echo(console.tally(figures))
    ctx.exit(status)


def _status(figure: dict[str, Any], strict: bool) -> int:
    """The exit status that a figure asks for."""
    prose = strict and any(claim["verdict"] == "prose" for claim in figure["claims"])
    return 1 if figure["verdict"] != "holds" or prose or not stands(figure) else 0


def _show(figure: dict[str, Any], sources: console.Sources) -> None:
    terminal = sys.stdout.isatty()
    click.echo(console.report_table(figure, console.WIDEST_CLAIM if terminal else None))
    if terminal:
        for finding in console.failing(figure, sources):
            click.echo(finding + "\n")
    if "provenance" in figure:
        click.echo(console.provenance(figure["provenance"], stands(figure)) + "\n")
