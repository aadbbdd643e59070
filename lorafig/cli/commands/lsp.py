"""`lorafig lsp`."""

from __future__ import annotations

import os
import sys

import click

from lorafig.cli.group import Command
from lorafig.errors import LorafigError, Problem


@click.command(
    "lsp",
    cls=Command,
    examples=(("lorafig lsp", "an editor starts this, and speaks to it over stdin and stdout"),),
)
def command() -> None:
    """The language server: verdicts as one types, completion, hover, quick fixes, formatting.

    It speaks the Language Server Protocol over stdin and stdout, and needs the extra lorafig[lsp].
    """
    try:
        from lorafig.lsp.server import server
    except ModuleNotFoundError as error:
        what = f"the language server needs the package {(error.name or '').partition('.')[0]}"
        raise LorafigError(Problem(what, None, "pip install 'lorafig[lsp]'"), "tool") from None
    # The server closes what it writes to; stdout is flushed once more where the command ends.
    server().start_io(stdout=os.fdopen(os.dup(sys.stdout.fileno()), "wb"))
