"""`lorafig new`."""

from __future__ import annotations

import click

from lorafig.cli import console
from lorafig.cli.batch import read
from lorafig.cli.group import Command
from lorafig.errors import LorafigError


@click.command(
    "new",
    cls=Command,
    examples=(
        ("lorafig new mine", "mine.yaml, from the first figure of the gallery"),
        ("lorafig new mine --from lora-reparametrization", "from another one"),
        ("lorafig new mine --from-mermaid chart.mmd", "from a Mermaid flowchart; '-' is stdin"),
        ("lorafig new mine --from-mermaid README.md", "from the flowcharts of a page: mine-1.yaml …"),
    ),
)
@click.argument("name", metavar="ID")
@click.option(
    "--from", "origin", metavar="ID", help="The gallery's figure to begin with; see 'lorafig list'."
)
@click.option(
    "--from-mermaid",
    "chart",
    metavar="FILE",
    help="A Mermaid flowchart, or a page of Markdown with some; '-' is stdin.",
)
@click.pass_context
def command(ctx: click.Context, name: str, origin: str | None, chart: str | None) -> None:
    """Write ID.yaml, a spec to begin with: a copy of a figure of the gallery, or a Mermaid flowchart.

    What a flowchart says and a figure cannot is named with its line, and left out. What nobody can check is
    marked in the spec as unverified.
    """
    from lorafig.starter import start, start_from_mermaid

    if chart is None:
        click.echo(start(name, origin))
        return
    if origin is not None:
        raise click.UsageError("--from and --from-mermaid: a spec begins with one of them")
    sources = console.Sources()
    try:
        file, data = read(chart)
        sources.texts[file] = data
        paths, remarks = start_from_mermaid(name, data, file)
    except LorafigError as error:
        console.report_error(error, sources)
        ctx.exit(error.exit_status)
    console.report_doubts(remarks, sources)
    for path in paths:
        click.echo(path)
