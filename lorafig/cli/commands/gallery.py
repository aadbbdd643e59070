"""`lorafig gallery`."""

from __future__ import annotations

import click

from lorafig.cli.batch import expand
from lorafig.cli.group import JOBS, Command, Name


@click.command(
    "gallery",
    cls=Command,
    examples=(
        ("lorafig gallery -o site", "the gallery that lorafig comes with; open site/index.html"),
        ("lorafig gallery figures more/one.yaml -o site --jobs 4", "of a folder of specs and another one"),
    ),
)
@click.argument("specs", metavar="[SPEC|FOLDER]...", nargs=-1, type=Name())
@click.option(
    "-o", "--output", default="site", show_default=True, metavar="DIR", help="Folder, replaced as a whole."
)
@JOBS
@click.pass_context
def command(ctx: click.Context, specs: tuple[str, ...], output: str, jobs: int) -> None:
    """Write a site of figures: an index with search and tags, and a page for each with all its formats.

    It needs no server and loads nothing from elsewhere. If a figure does not hold, lorafig says
    why, and leaves the old site as it is.
    """
    from lorafig.site.gallery import build

    ctx.exit(build(expand(specs), output, jobs))
