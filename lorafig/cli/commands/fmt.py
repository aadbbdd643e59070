"""`lorafig fmt`."""

from __future__ import annotations

import click

from lorafig.cli import console
from lorafig.cli.batch import expand, read_figure
from lorafig.cli.group import SPECS, Command
from lorafig.errors import LorafigError
from lorafig.files import write_whole
from lorafig.language.reader import decode


@click.command(
    "fmt",
    cls=Command,
    examples=(
        ("lorafig fmt figures/*.yaml", "format in place"),
        ("lorafig fmt --check figures/*.yaml", "name the files that would change, for CI"),
        ("lorafig fmt - < mine.yaml", "from stdin to stdout"),
    ),
)
@SPECS
@click.option("--check", "only", is_flag=True, help="Write nothing; fail if a file would change.")
@click.pass_context
def command(ctx: click.Context, specs: tuple[str, ...], only: bool) -> None:
    """Format specs: indentation, blanks and line ends. Comments, quotes and the order of keys stay.

    What is written reads as the same values, or nothing is written. Exit status 1 of --check: a file would
    change.
    """
    from lorafig.formatting import formatted

    sources = console.Sources()
    status = 0
    for path in expand(specs):
        try:
            file, data = read_figure(path)
            sources.texts[file] = data
            before = decode(data, file)
            after = formatted(before, file)
            if path == "-" and not only:
                click.echo(after, nl=False)
            elif after.encode() != data:
                if only:
                    status = max(status, 1)
                else:
                    write_whole(path, after)
                click.echo(path)
        except LorafigError as error:
            console.report_error(error, sources)
            status = max(status, error.exit_status)
    ctx.exit(status)
