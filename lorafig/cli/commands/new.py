"""`lorafig new`."""

from __future__ import annotations

import click

from lorafig.cli import console
from lorafig.cli.batch import read
from lorafig.cli.group import FIGURES, NETWORKS, Command
from lorafig.errors import LorafigError


@click.command(
    "new",
    cls=Command,
    examples=(
        ("lorafig new mine", "mine.yaml, from the first figure of the gallery"),
        ("lorafig new mine --from lora-reparametrization", "from another one"),
        ("lorafig new mine --from-mermaid chart.mmd", "from a Mermaid flowchart; '-' is stdin"),
        ("lorafig new mine --from-mermaid README.md", "from the flowcharts of a page: mine-1.yaml …"),
        ("lorafig new mine --from-adapter adapters/mine", "from a saved adapter, with its sizes"),
    ),
)
@click.argument("name", metavar="ID")
@click.option(
    "--from",
    "origin",
    metavar="ID",
    type=FIGURES,
    help="The gallery's figure to begin with; see 'lorafig list'.",
)
@click.option(
    "--from-mermaid",
    "chart",
    metavar="FILE",
    help="A Mermaid flowchart, or a page of Markdown with some; '-' is stdin.",
)
@click.option("--from-adapter", "adapter", metavar="DIR", help="A saved adapter to begin with.")
@click.option(
    "--base",
    metavar="CONFIG",
    type=NETWORKS,
    help="The network of the adapter: llama-3-8b, or a config.json.",
)
@click.pass_context
def command(
    ctx: click.Context,
    name: str,
    origin: str | None,
    chart: str | None,
    adapter: str | None,
    base: str | None,
) -> None:
    """Write ID.yaml, a spec to begin with: a figure of the gallery, a Mermaid flowchart, or a saved adapter.

    What a figure cannot show of a flowchart is named with its line and left out; what nobody can check is
    marked as unverified. From a saved adapter, the spec takes the sizes, rank and alpha that most of its
    modules have.
    """
    from lorafig.starter import start, start_from_adapter, start_from_mermaid

    if base is not None and adapter is None:
        raise click.UsageError("--base is the network of a saved adapter: name that with --from-adapter")
    if sum(given is not None for given in (origin, chart, adapter)) > 1:
        raise click.UsageError("--from, --from-mermaid and --from-adapter: a spec begins with one of them")
    if adapter is not None:
        try:
            made, doubts = start_from_adapter(name, adapter, base)
        except LorafigError as error:
            console.report_error(error)
            ctx.exit(error.exit_status)
        console.report_doubts(doubts)
        click.echo(made)
        return
    if chart is None:
        click.echo(start(name, origin))
        return
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
