"""`lorafig serve`."""

from __future__ import annotations

import click

from lorafig.cli.group import SPECS, THEME, Command, expand


@click.command(
    "serve",
    cls=Command,
    examples=(
        ("lorafig serve mine.yaml --open", "see it in the browser, drawn again at every save"),
        ("lorafig serve figures/*.yaml", "several, with an index"),
    ),
)
@SPECS
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    metavar="N",
    help="The port; without it the first free one from 8000 on. 0 is any free one.",
)
@click.option("--open/--no-open", "show", default=False, help="Open a browser; it does not unless asked to.")
@THEME
def command(specs: tuple[str, ...], port: int | None, show: bool, theme: str | None) -> None:
    """Show figures in the browser, and again whenever they are saved.

    What is wrong with a spec is shown with its line, above the last good picture. The preview is at
    127.0.0.1, for this machine alone; its address goes to stdout. Ctrl-C ends it.
    """
    from lorafig.site.serve import serve

    paths = expand(specs)
    if "-" in paths:
        raise click.UsageError("a preview needs files, and '-' is stdin")
    serve(paths, port, theme, show)
