"""`lorafig serve`."""

from __future__ import annotations

import click

from lorafig.cli.batch import expand
from lorafig.cli.group import SPECS, THEME, Command, Whole


def _hosts(ctx: click.Context, parameter: click.Parameter, hosts: tuple[str, ...]) -> tuple[str, ...]:
    import re

    for host in hosts:
        if re.fullmatch(r"[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?(:[0-9]{1,5})?", host) is None:
            raise click.BadParameter(f"'{host}' is not a host: write it without http:// and without a path")
    return hosts


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
    type=Whole(0, 65535),
    metavar="N",
    help="The port; without it the first free one from 8000 on. 0 is any free one.",
)
@click.option(
    "--allow-host",
    "allowed",
    multiple=True,
    metavar="HOST",
    callback=_hosts,
    help="A host by which a proxy forwards to the preview, as the browser's address has it, with its port if"
    " it has one: for Codespaces, JupyterHub and the like. May be given several times.",
)
@click.option("--open/--no-open", "show", default=False, help="Open a browser; it does not unless asked to.")
@THEME
def command(
    specs: tuple[str, ...], port: int | None, allowed: tuple[str, ...], show: bool, theme: str | None
) -> None:
    """Show figures in the browser, and again whenever they are saved.

    What is wrong with a spec is shown with its line, above the last good picture. The preview is at
    127.0.0.1, for this machine alone; its address goes to stdout. Ctrl-C ends it.
    """
    from lorafig.site.serve import serve

    paths = expand(specs)
    if "-" in paths:
        raise click.UsageError("a preview needs files, and '-' is stdin")
    serve(paths, port, theme, show, allowed)
