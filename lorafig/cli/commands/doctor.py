"""`lorafig doctor`."""

from __future__ import annotations

import click

from lorafig.cli import console
from lorafig.cli.group import JSON, Command


@click.command(
    "doctor",
    cls=Command,
    examples=(
        ("lorafig doctor", "what is there, and what is missing for which command"),
        ("lorafig doctor --json", "the same for a program, or for a report of a bug"),
    ),
)
@JSON
@click.pass_context
def command(ctx: click.Context, as_json: bool) -> None:
    """Show what lorafig finds on this machine: versions, fonts, TeX, browser, cache, extras.

    Exit status 3: something that every command needs is missing. What is optional may be missing.
    """
    from lorafig.doctor import examine

    found = examine()
    if as_json:
        import json

        click.echo(json.dumps({"version": 1, "findings": [one.to_data() for one in found]}, indent=2))
    else:
        rows = [(one.name, one.state, one.found, one.remedy or "") for one in found]
        click.echo(console.table(("what", "state", "found", "what to do"), rows))
    ctx.exit(3 if any(one.state == "broken" for one in found) else 0)
