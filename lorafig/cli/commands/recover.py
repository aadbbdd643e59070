"""`lorafig recover`."""

from __future__ import annotations

import os

import click

from lorafig.cli import console, output
from lorafig.cli.group import Command, Name
from lorafig.errors import LorafigError, Problem


@click.command(
    "recover",
    cls=Command,
    examples=(
        ("lorafig recover mine.svg > mine.yaml", "the spec in a picture"),
        ("lorafig recover paper.pdf -o figures/", "the specs in a paper, each in a file named by its figure"),
    ),
)
@click.argument("path", metavar="FILE", type=Name())
@click.option(
    "-o",
    "--output",
    "place",
    default="-",
    metavar="FILE|DIR/|-",
    help="A new file, or a folder; '-', the default, is stdout.",
)
@click.option("--id", "wanted", metavar="ID", help="The figure, of a file with several.")
@click.pass_context
def command(ctx: click.Context, path: str, place: str, wanted: str | None) -> None:
    """Give back the spec inside a file that lorafig wrote, byte for byte.

    A paper that includes figures has their specs too. How the file was made is told on stderr. Files that
    exist are not overwritten.
    """
    from lorafig.files import write_whole
    from lorafig.provenance.find import find, read
    from lorafig.provenance.record import Record

    console.demand_utf_8(path, "a file's name", "rename it")
    known = {record.id: record for record in find(read(path), console.printable(path))}
    if wanted is not None:
        if wanted not in known:
            what = f"{path}: there is no figure '{wanted}' in it"
            raise LorafigError(Problem(what, None, f"it has {', '.join(known)}"))
        known = {wanted: known[wanted]}
    folder = os.path.isdir(place) or place.endswith(("/", os.sep))
    if len(known) > 1 and not folder:
        what = f"{path}: there are {len(known)} specs in it: {', '.join(known)}"
        raise LorafigError(Problem(what, None, "name a folder, '-o DIR/', or one of them, '--id ID'"))

    def told(name: str, record: Record) -> None:
        console.say(f"made by lorafig {record.version}: {record.command(name)}")

    for name, record in known.items():
        if place == "-":
            output.emit(record.spec.encode())
            told(f"{name}.yaml", record)
            for beside in record.files:
                console.say(f"it names {beside}, which is in the file too: '-o DIR/' writes both")
            continue
        target = os.path.join(place, f"{name}.yaml") if folder else place
        write_whole(target, record.spec, new=True)
        for beside, content in record.files.items():
            write_whole(os.path.join(os.path.dirname(target), beside), content, new=True)
        click.echo(target)
        told(target, record)
