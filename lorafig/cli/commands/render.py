"""`lorafig render`."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

import click

from lorafig.cli import console, output
from lorafig.cli.batch import clashes, each
from lorafig.cli.group import JOBS, SPECS, THEMES, VENUES, WIDTH, Command, Name, Words, expand
from lorafig.cli.spread import ON
from lorafig.errors import LorafigError
from lorafig.options import FORMATS, Engine, Font, Format, Options, TextMode
from lorafig.pipeline import Rendered, recall, render_bytes


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
    help="The largest text, of 6 to 9 pt, that fits the column or page of ICML, NeurIPS, ACL, ...",
)
@WIDTH
@click.option(
    "--dpi",
    type=click.IntRange(36, 2400),
    default=300,
    show_default=True,
    help="Dots an inch of the png.",
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
def command(
    ctx: click.Context,
    specs: tuple[str, ...],
    formats: tuple[Format, ...] | None,
    place: str,
    engine: Engine,
    text: TextMode,
    theme: str | None,
    font: Font | None,
    venue: str | None,
    width: str | None,
    dpi: int,
    jobs: int,
    engine_on: str | None,
    no_check: bool,
    depfile: str | None,
    as_json: bool,
    watch: bool,
) -> None:
    """Verify figures and draw them, each to DIR/ID.FORMAT.

    A figure that does not hold is not drawn: the reasons are told, and what was there before stays.
    The others are drawn all the same.
    """
    paths = expand(specs)
    wanted, target = output.where_to(place, formats, paths)
    if depfile is not None and (watch or place == "-" or "-" in paths):
        raise click.UsageError("--depfile is for files: leave out --watch and '-'")
    if as_json and (watch or place == "-"):
        raise click.UsageError("--json takes standard output for itself: leave out --watch and '-o -'")
    options = Options(engine, text, theme, not no_check, venue, font, dpi, width)
    if not watch:
        beside = len(paths) == 1 and engine_on is None
        ctx.exit(render_all(paths, wanted, target, options, jobs, beside, engine_on, as_json, depfile))
    if "-" in paths:
        raise click.UsageError("--watch needs files, and '-' is stdin")
    from lorafig.cli.watching import changed, demand_one

    demand_one(paths)
    for numbers in changed(paths):
        render_all([paths[number] for number in numbers], wanted, target, options, jobs)


def render_all(
    paths: Sequence[str],
    formats: tuple[Format, ...],
    target: output.Target,
    options: Options,
    jobs: int = 1,
    beside: bool = False,
    on: str | None = None,
    as_json: bool = False,
    depfile: str | None = None,
) -> int:
    """Renders every spec, says what went wrong, writes what went well. Returns the exit status. `beside`:
    what draws may be imported in another process, which is worth it once."""
    sources = console.Sources()
    work = partial(render_bytes, formats=formats, options=options, beside=beside)
    known = partial(recall, formats=formats, options=options)
    results = dict(each(paths, sources, work, jobs, known, on))
    ids = [(path, result.id) for path, result in results.items() if isinstance(result, Rendered)]
    results |= clashes(ids, "write the same files")
    errors = [result for result in results.values() if isinstance(result, LorafigError)]
    for error in errors:  # all of them before anything is written
        console.report_error(error, sources)
    written: list[dict[str, Any]] = []
    failed = [(path, result) for path, result in results.items() if isinstance(result, LorafigError)]
    for path, result in results.items():
        if isinstance(result, LorafigError):
            continue
        console.report_doubts(result.doubts, sources)
        if result.fit is not None and not as_json:
            console.say(f"{result.id}: {result.fit}")
        try:
            files = output.write(result, target, paths, quiet=as_json)
            doubts = [problem.to_data(path) for problem in result.doubts]
            written.append(
                {"id": result.id, "file": path, "outputs": files, "doubts": doubts, "fit": result.fit}
            )
        except LorafigError as error:
            console.report_error(error, sources)
            errors.append(error)
            failed.append((path, error))
    if depfile is not None:
        rules = [(figure["outputs"], figure["file"]) for figure in written]
        output.write_depfile(depfile, rules, options, sources.texts)
    if as_json:
        output.emit_json({"figures": written}, failed)
    return max((error.exit_status for error in errors), default=0)
