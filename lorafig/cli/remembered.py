"""What click made of the arguments of `render`, kept for the same arguments.

A run in which nothing has changed takes as long as the import of click. Nothing is decided here: what click
once read is taken as if it had read it again, and all that depends on files is asked anew.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from lorafig import cache

if TYPE_CHECKING:
    import click


def keep(ctx: click.Context) -> None:
    """Keeps the parameters of a command, if the whole process was called for it, and all went well."""
    if ctx.obj is not None:
        import json

        cache.put("arguments", ctx.obj, json.dumps(ctx.params).encode())


def known(arguments: list[str]) -> dict[str, Any] | None:
    """The parameters of a call of `render` that click has read before; None if it has to read them."""
    if arguments[:1] != ["render"] or "_LORAFIG_COMPLETE" in os.environ:
        return None
    entry = cache.get("arguments", arguments)
    if entry is None:
        return None
    import json

    found = json.loads(entry)
    return {name: tuple(value) if isinstance(value, list) else value for name, value in found.items()}
