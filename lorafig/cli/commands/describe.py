"""`lorafig describe`."""

from __future__ import annotations

import click

from lorafig.cli.group import Command, Name
from lorafig.cli.output import Target
from lorafig.cli.rendering import render_all
from lorafig.options import Options


@click.command(
    "describe",
    cls=Command,
    examples=(
        ("lorafig describe mine.yaml", "components, data flow and symbols, as Markdown"),
        ("lorafig describe - < mine.yaml > mine.md", "from stdin to stdout"),
    ),
)
@click.argument("spec", metavar="SPEC", type=Name())
@click.option(
    "--no-check", is_flag=True, help="Describe what is false or undecided too, with a mark that says so."
)
@click.pass_context
def command(ctx: click.Context, spec: str, no_check: bool) -> None:
    """Tell a figure in words: what is on it, what flows where, what every symbol is.

    The figure is verified first; one that does not hold is refused, as 'render' refuses it.
    """
    ctx.exit(render_all([spec], ("md",), Target(), Options(check=not no_check, carries=False)))
