"""`lorafig describe`."""

from __future__ import annotations

import click

from lorafig.cli import console
from lorafig.cli.batch import read_figure
from lorafig.cli.group import Command, Name
from lorafig.cli.output import Target
from lorafig.cli.rendering import render_all
from lorafig.errors import LorafigError
from lorafig.options import Options


@click.command(
    "describe",
    cls=Command,
    examples=(
        ("lorafig describe mine.yaml", "components, data flow and symbols, as Markdown"),
        ("lorafig describe mine.yaml --alt", "a few sentences, for the alt of an image"),
        ("lorafig describe - < mine.yaml > mine.md", "from stdin to stdout"),
    ),
)
@click.argument("spec", metavar="SPEC", type=Name())
@click.option("--alt", is_flag=True, help="A few sentences alone: the alternative text of the picture.")
@click.option(
    "--no-check", is_flag=True, help="Describe what is false or undecided too, with a mark that says so."
)
@click.pass_context
def command(ctx: click.Context, spec: str, alt: bool, no_check: bool) -> None:
    """Tell a figure in words: what is on it, what flows where, what every symbol is.

    The figure is verified first; one that does not hold is refused, as 'render' refuses it.
    """
    if alt:
        ctx.exit(_alt(spec, not no_check))
    ctx.exit(render_all([spec], ("md",), Target(), Options(check=not no_check, carries=False)))


def _alt(path: str, check: bool) -> int:
    """Prints the alternative text of a spec; the exit status."""
    from lorafig.pipeline import alternative_bytes

    sources = console.Sources()
    try:
        file, data = read_figure(path)
        sources.texts[file] = data
        click.echo(alternative_bytes(data, file, check))
    except LorafigError as error:
        console.report_error(error, sources)
        return error.exit_status
    return 0
