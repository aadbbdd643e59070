"""`lorafig render`."""

from __future__ import annotations

from typing import Any

import click

from lorafig.cli import output, remembered
from lorafig.cli.group import JOBS, ON, SPECS, THEMES, VENUES, WIDTH, Command, Name, Whole, Words
from lorafig.cli.rendering import run
from lorafig.options import FORMATS


@click.command(
    "render",
    cls=Command,
    examples=(
        ("lorafig render figures/*.yaml -f svg,tikz,pdf", "every figure in three formats, in build/figures"),
        ("lorafig render mine.yaml -o paper/lora.tikz", "one file, for \\input in a paper"),
        ("lorafig render - -o - < mine.yaml > mine.svg", "from stdin to stdout"),
        ("lorafig render mine.yaml --watch", "again after every change"),
    ),
)
@SPECS
@click.option(
    "-f",
    "--format",
    "formats",
    multiple=True,
    callback=output.formats,
    type=Words(lambda: FORMATS, many=True),
    metavar="FORMAT,...",
    help=f"Formats, of {', '.join(FORMATS)}; svg unless the output's name says otherwise. 'tikz' is for"
    " \\input, 'tex' a document of its own, 'html' a page with sliders, 'mmd' a flow as Mermaid, 'md' the"
    " figure in words, 'json' the report.",
)
@click.option(
    "-o",
    "--output",
    "place",
    default=output.DEFAULT_FOLDER,
    show_default=True,
    metavar="DIR|FILE|-",
    help="Folder, or the file of one figure in one format; '-' is stdout.",
)
@click.option(
    "--engine",
    type=click.Choice(["mpl", "tex"]),
    default="mpl",
    show_default=True,
    help="What makes the pdf: Matplotlib or a TeX installation.",
)
@click.option(
    "--text",
    type=click.Choice(["paths", "live"]),
    default="paths",
    show_default=True,
    help="Text in the svg: outlines, the same everywhere, or text.",
)
@click.option(
    "--theme",
    metavar="NAME|FILE|auto",
    type=THEMES,
    help="A palette or a theme file, in place of the spec's; auto for an svg that is light or dark as its"
    " page is.",
)
@click.option(
    "--font",
    type=click.Choice(["sans", "serif"]),
    help="The font of words, in place of the spec's; TikZ has the document's where nothing is said.",
)
@click.option(
    "--venue",
    metavar="NAME",
    type=VENUES,
    help="The largest text that fits the column or page of ICML, NeurIPS, ACL, ..., a slide, or a poster.",
)
@WIDTH
@click.option(
    "--dpi",
    type=Whole(36, 2400),
    default=300,
    show_default=True,
    help="Dots an inch of the png.",
)
@click.option(
    "--caption",
    type=click.Choice(["auto", "on", "off"]),
    default="auto",
    show_default=True,
    help="Whether the picture has the spec's caption; auto: all but 'tikz', whose document gives its own.",
)
@JOBS
@ON
@click.option(
    "--no-check", is_flag=True, help="Draw what is false or undecided too, with a mark that says so."
)
@click.option(
    "--depfile",
    metavar="FILE",
    type=Name(),
    help="Write on which files each output depends, for make and ninja.",
)
@click.option("--json", "as_json", is_flag=True, help="Print what was written, and every problem, as JSON.")
@click.option("--watch", is_flag=True, help="Go on, and draw again what changes.")
@click.pass_context
def command(ctx: click.Context, /, **asked: Any) -> None:
    """Verify figures and draw them, each to DIR/ID.FORMAT.

    A figure that does not hold is not drawn: lorafig says why, and leaves its old files as they are.
    The other figures are drawn.
    """
    status = run(**asked)
    if status == 0:
        remembered.keep(ctx)
    ctx.exit(status)
