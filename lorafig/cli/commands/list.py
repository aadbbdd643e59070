"""`lorafig list`."""

from __future__ import annotations

import click

from lorafig.cli import console
from lorafig.cli.group import Command


@click.command("list", cls=Command, examples=(("lorafig list", "then: lorafig new mine --from ID"),))
def command() -> None:
    """List the gallery: id, title and file of each figure."""
    from lorafig.language import load
    from lorafig.resources import gallery

    rows = [(name, str(load(path).title), path) for name, path in gallery().items()]
    click.echo(console.table(("id", "title", "file"), rows))
