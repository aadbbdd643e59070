"""`lorafig schema`."""

from __future__ import annotations

import json

import click

from lorafig.cli.group import Command
from lorafig.cli.output import emit


@click.command(
    "schema",
    cls=Command,
    examples=(
        ("lorafig schema > lorafig.schema.json", "for an editor's YAML language server"),
        ("lorafig schema theme > theme.schema.json", "likewise, for theme files"),
    ),
)
@click.argument("of", type=click.Choice(["spec", "theme"]), default="spec")
def command(of: str) -> None:
    """Print the JSON Schema of the language, by which an editor completes and checks a spec or a theme."""
    from lorafig.language.schema import schema

    emit(json.dumps(schema(of), indent=2, ensure_ascii=False) + "\n")
