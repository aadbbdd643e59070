"""`lorafig schema`."""

from __future__ import annotations

import json

import click

from lorafig.cli.group import Command
from lorafig.cli.output import emit


@click.command(
    "schema",
    cls=Command,
    examples=(("lorafig schema > lorafig.schema.json", "for an editor's YAML language server"),),
)
def command() -> None:
    """Print the JSON Schema of the language, by which an editor completes and checks a spec."""
    from lorafig.language.schema import schema

    emit(json.dumps(schema(), indent=2, ensure_ascii=False) + "\n")
