"""The command line: arguments, files, exit status. The work is done by `pipeline` and the modules it calls.

Exit status: 0 all well; 1 a claim fails; 2 bad spec or usage; 3 a tool is missing; 4 a limit is hit.
With several specs it is the highest of theirs.
"""

from __future__ import annotations

import io
import os
import re
import signal
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Literal, NoReturn

import click

from lorafig import __version__, pipeline
from lorafig.batch import Target, read, render_all, watch_files
from lorafig.cli import console
from lorafig.errors import LorafigError
from lorafig.pipeline import FORMATS, Format, Options

if TYPE_CHECKING:
    from fractions import Fraction
    from types import FrameType

DEFAULT_FOLDER = os.path.join("build", "figures")
# Digits are bounded: as an exact fraction, 1e999999999 would fill the memory.
_SCALAR = re.compile(r"[-+]?([0-9]{1,20}/[1-9][0-9]{0,19}|[0-9]{1,20}(\.[0-9]{1,20})?([eE][-+]?[0-9]{1,2})?)")
_SHELLS = ("bash", "zsh", "fish")


class _Examples(click.Command):
    """A command whose help ends with examples, set as they are typed."""

    def __init__(self, *args: Any, examples: Sequence[tuple[str, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.examples = examples

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        write_examples(self.examples, formatter)


class _Group(click.Group):
    command_class = _Examples

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.commands)  # in the order in which one meets them

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        write_examples(
            (
                ("lorafig new mine", "a spec of your own, mine.yaml"),
                ("lorafig check mine.yaml", "is it true?"),
                ("lorafig render mine.yaml -f svg,pdf", "draw it"),
                ('eval "$(lorafig --completion bash)"', "completion, in ~/.bashrc; zsh and fish likewise"),
            ),
            formatter,
        )


def write_examples(examples: Sequence[tuple[str, str]], formatter: click.HelpFormatter) -> None:
    if examples:
        with formatter.section("Examples"):
            for command, meaning in examples:
                formatter.write(f"{'':>{formatter.current_indent}}{command}\n")
                formatter.write(f"{'':>{formatter.current_indent + 4}}{meaning}\n")


def _completion(ctx: click.Context, parameter: click.Parameter, shell: str | None) -> None:
    if shell is None or ctx.resilient_parsing:
        return
    from click.shell_completion import get_completion_class

    found = get_completion_class(shell)
    assert found is not None
    click.echo(found(cli, {}, "lorafig", "_LORAFIG_COMPLETE").source())
    ctx.exit()


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="lorafig", message="%(prog)s %(version)s")
@click.option(
    "--completion",
    type=click.Choice(_SHELLS),
    callback=_completion,
    expose_value=False,
    is_eager=True,
    help="Print the completion script of a shell.",
)
@click.pass_context
def cli(ctx: click.Context) -> None:
    """Figures of low-rank adaptation that are checked before they are drawn.

    Exit status: 0 all well, 1 a claim fails, 2 bad spec or usage, 3 a tool is missing, 4 a limit is hit.
    What has held before is kept in ~/.cache/lorafig; LORAFIG_CACHE names another folder, or is 'off'.
    """
    ctx.color = console.colour()


def _formats(ctx: click.Context, parameter: click.Parameter, value: str | None) -> tuple[Format, ...] | None:
    if value is None:
        return None
    chosen: list[Format] = []
    for name in filter(None, (part.strip().lower() for part in value.split(","))):
        for form in FORMATS:
            if form == name:
                chosen.append(form)
                break
        else:
            raise click.BadParameter(f"there is no format '{name}'; the formats are {', '.join(FORMATS)}")
    if not chosen:
        raise click.BadParameter(f"name one or more of {', '.join(FORMATS)}")
    return tuple(dict.fromkeys(chosen))


_SPECS = click.argument("specs", metavar="SPEC...", nargs=-1, required=True, type=click.Path())


@cli.command(
    examples=(
        ("lorafig render figures/*.yaml -f svg,tikz,pdf", "every figure in three formats, in build/figures"),
        ("lorafig render mine.yaml -o paper/lora.tikz", "one file, for \\input in a paper"),
        ("lorafig render - -o - < mine.yaml > mine.svg", "from stdin to stdout"),
        ("lorafig render mine.yaml --watch", "again after every change"),
    )
)
@_SPECS
@click.option(
    "-f",
    "--format",
    "formats",
    callback=_formats,
    metavar="FORMAT,...",
    help=f"Formats, of {', '.join(FORMATS)}; svg unless the output's name says otherwise. 'tikz' is for"
    " \\input, 'tex' a document of its own, 'html' a page with sliders, 'mmd' a flow as Mermaid, 'md' the"
    " figure in words, 'json' the report.",
)
@click.option(
    "-o",
    "--output",
    default=DEFAULT_FOLDER,
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
@click.option("--theme", metavar="NAME", help="A palette, in place of the spec's.")
@click.option(
    "--venue",
    metavar="NAME",
    help="The largest text, of 6 to 9 pt, that fits the column or page of ICML, NeurIPS, ACL, ...",
)
@click.option(
    "--jobs", type=click.IntRange(1, 256), default=1, show_default=True, metavar="N", help="Processes."
)
@click.option(
    "--no-check", is_flag=True, help="Draw what is false or undecided too, with a mark that says so."
)
@click.option("--watch", is_flag=True, help="Go on, and draw again what changes.")
@click.pass_context
def render(
    ctx: click.Context,
    specs: tuple[str, ...],
    formats: tuple[Format, ...] | None,
    output: str,
    engine: pipeline.Engine,
    text: pipeline.TextMode,
    theme: str | None,
    venue: str | None,
    jobs: int,
    no_check: bool,
    watch: bool,
) -> None:
    """Verify figures and draw them, each to DIR/ID.FORMAT.

    A figure that does not hold is not drawn: the reasons are told, and what was there before stays.
    The others are drawn all the same.
    """
    paths = expand(specs)
    wanted, target = where_to(output, formats, paths)
    options = Options(engine, text, theme, not no_check, venue)
    if not watch:
        ctx.exit(render_all(paths, wanted, target, options, jobs))
    if "-" in paths:
        raise click.UsageError("--watch needs files, and '-' is stdin")
    watch_files(paths, wanted, target, options, jobs)


def where_to(
    output: str, formats: tuple[Format, ...] | None, paths: Sequence[str]
) -> tuple[tuple[Format, ...], Target]:
    """What `-f` and `-o` mean together."""
    if output == "":
        raise click.UsageError("'-o' names nothing; '-o .' is the current folder")
    if output == "-":
        wanted = formats or ("svg",)
        if len(paths) > 1 or len(wanted) > 1:
            raise click.UsageError("'-o -' takes one spec and one format; name a folder for more")
        return wanted, Target()
    ending = os.path.splitext(output)[1].removeprefix(".").lower()
    named = [form for form in FORMATS if form == ending]
    if os.path.isdir(output) or output.endswith(("/", os.sep)) or not ending:
        return formats or ("svg",), Target(folder=output)
    if not named:
        raise click.UsageError(
            f"no format ends in '.{ending}'; the formats are {', '.join(FORMATS)}, and a folder ends in '/'"
        )
    wanted = formats or (named[0],)
    if len(paths) > 1 or len(wanted) > 1:
        raise click.UsageError(f"'-o {output}' is one file; name a folder for several figures or formats")
    if wanted != (named[0],):
        raise click.UsageError(f"'-o {output}' ends in .{ending}, and the format is {wanted[0]}")
    return wanted, Target(file=output)


def expand(specs: Sequence[str]) -> list[str]:
    """The files that the arguments name, each once. Patterns are for shells that do not expand them."""
    found: list[str] = []
    for spec in specs:
        if spec != "-" and any(char in spec for char in "*?[") and not os.path.exists(spec):
            from glob import glob

            matches = sorted(glob(spec, recursive=True))
            if not matches:
                raise click.UsageError(f"no file fits '{spec}'")
            found += matches
        else:
            found.append(spec)
    return list(dict.fromkeys(found))


@cli.command(
    examples=(
        ("lorafig check figures/*.yaml", "every claim on every figure"),
        ("lorafig check mine.yaml --json", "the same for a program"),
    )
)
@_SPECS
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
@click.pass_context
def check(ctx: click.Context, specs: tuple[str, ...], as_json: bool) -> None:
    """Verify figures without drawing them: every claim with its verdict."""
    import json

    sources = console.Sources()
    status = 0
    figures = []
    errors = []
    for path in expand(specs):
        try:
            file, data = read(path)
            sources.texts[file] = data
            figure = pipeline.check_bytes(data, file)
        except LorafigError as error:
            console.report_error(error, sources)
            errors += [problem.to_data(path) for problem in error.problems]
            status = max(status, error.exit_status)
            continue
        figures.append(figure)
        if figure["verdict"] != "holds":
            status = max(status, 1)
        if not as_json:
            terminal = sys.stdout.isatty()
            click.echo(console.report_table(figure, console.WIDEST_CLAIM if terminal else None))
            if terminal:
                for one in console.failing(figure, sources):
                    click.echo(one + "\n")
    if as_json:
        found = {"version": 1, "figures": figures, "errors": errors}
        emit(json.dumps(found, indent=2, ensure_ascii=False) + "\n")
    ctx.exit(status)


def _given(ctx: click.Context, parameter: click.Parameter, values: tuple[str, ...]) -> dict[str, str]:
    """`NAME=VALUE`, or `NAME: VALUE`, many times over."""
    mark = ":" if parameter.name == "shapes" else "="
    found: dict[str, str] = {}
    for value in values:
        name, given, what = (part.strip() for part in value.partition(mark))
        if not name or not given or not what:
            raise click.BadParameter(f"expected {parameter.make_metavar(ctx)}, found '{value}'")
        if name in found:
            raise click.BadParameter(f"'{name}' is given twice")
        found[name] = what
    return found


def _dimensions(ctx: click.Context, parameter: click.Parameter, values: tuple[str, ...]) -> dict[str, int]:
    found: dict[str, int] = {}
    for name, value in _given(ctx, parameter, values).items():
        number = value.replace(",", "").replace("_", "")
        if not (number.isascii() and number.isdigit() and len(number) < 20 and 1 <= int(number) <= 2**40):
            raise click.BadParameter(f"'{name}' is a whole number from 1 to 2^40, not '{value}'")
        found[name] = int(number)
    return found


def _scalars(ctx: click.Context, parameter: click.Parameter, values: tuple[str, ...]) -> dict[str, Fraction]:
    from fractions import Fraction

    found: dict[str, Fraction] = {}
    for name, value in _given(ctx, parameter, values).items():
        if _SCALAR.fullmatch(value) is None:
            raise click.BadParameter(f"'{name}' is a number such as 16, 0.5, 1e-3 or 1/8, not '{value}'")
        found[name] = Fraction(value)
    return found


def _shapes(
    ctx: click.Context, parameter: click.Parameter, values: tuple[str, ...]
) -> dict[str, tuple[str, ...]]:
    return {
        name: tuple(size.strip() for size in value.replace("×", ",").split(","))
        for name, value in _given(ctx, parameter, values).items()
    }


@cli.command(
    examples=(
        ("lorafig claim 'h = (W + BA)x'", "over the symbols of the adapter"),
        ("lorafig claim 'r(d+k) = 24.6K' -D d=1536 -D k=1536 -D r=8", "over these alone"),
        ("lorafig claim 'W_m x = h' --let 'W_m = W + BA'", "with a definition"),
        ("lorafig claim 'BA \\in \\mathbb{R}^{d\\times k}' -T 'B: d,r' -T 'A: r,k' --json", "for a program"),
    )
)
@click.argument("text", metavar="TEXT")
@click.option(
    "-D", "dimensions", multiple=True, callback=_dimensions, metavar="NAME=SIZE", help="A dimension: d=256."
)
@click.option(
    "-T", "shapes", multiple=True, callback=_shapes, metavar="NAME:SIZES", help="A shape: 'W: d,k'."
)
@click.option(
    "-S", "scalars", multiple=True, callback=_scalars, metavar="NAME=VALUE", help="A scalar: alpha=16."
)
@click.option("--let", "definitions", multiple=True, metavar="EQUATION", help="A definition: 'W_m = W + BA'.")
@click.option(
    "--adapter", default="lora", show_default=True, metavar="NAME", help="Whose symbols hold with none given."
)
@click.option(
    "--rounding",
    type=click.Choice(["nearest", "down"]),
    default="nearest",
    show_default=True,
    help="How a number that is shown was rounded.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the claim as JSON.")
@click.pass_context
def claim(
    ctx: click.Context,
    text: str,
    dimensions: dict[str, int],
    shapes: dict[str, tuple[str, ...]],
    scalars: dict[str, Fraction],
    definitions: tuple[str, ...],
    adapter: str,
    rounding: Literal["nearest", "down"],
    as_json: bool,
) -> None:
    """Decide one claim: does it hold?

    Symbols are named as a figure writes them, in LaTeX or plain. Those that are given with -D, -T, -S and
    --let are the only ones; with none given, those of the adapter hold.
    """
    from lorafig.verify import decide_claim
    from lorafig.verify.report import claim_object, claim_to_json

    sources = console.Sources()
    try:
        found = decide_claim(
            sources.typed("TEXT", text),
            dims=dimensions,
            shapes=shapes,
            scalars=scalars,
            lets=[sources.typed("--let", definition) for definition in definitions],
            adapter=adapter,
            rounding=rounding,
        )
    except LorafigError as error:
        console.report_error(error, sources)
        ctx.exit(error.exit_status)
    if as_json:
        emit(claim_to_json(found))
    else:
        click.echo(console.claim_line(claim_object(found)))
    ctx.exit(0 if found.verdict == "holds" else 1)


@cli.command(
    examples=(
        ("lorafig describe mine.yaml", "components, data flow and symbols, as Markdown"),
        ("lorafig describe - < mine.yaml > mine.md", "from stdin to stdout"),
    )
)
@click.argument("spec", metavar="SPEC", type=click.Path())
@click.option(
    "--no-check", is_flag=True, help="Describe what is false or undecided too, with a mark that says so."
)
@click.pass_context
def describe(ctx: click.Context, spec: str, no_check: bool) -> None:
    """Tell a figure in words: what is on it, what flows where, what every symbol is.

    The figure is verified first; one that does not hold is refused, as 'render' refuses it.
    """
    ctx.exit(render_all([spec], ("md",), Target(), Options(check=not no_check), 1))


@cli.command("list", examples=(("lorafig list", "then: lorafig new mine --from ID"),))
def list_gallery() -> None:
    """List the gallery: id, title and file of each figure."""
    from lorafig.language import load
    from lorafig.resources import gallery

    rows = [(name, str(load(path).title), path) for name, path in gallery().items()]
    click.echo(console.table(("id", "title", "file"), rows))


@cli.command(
    examples=(
        ("lorafig new mine", "mine.yaml, from the first figure of the gallery"),
        ("lorafig new mine --from lora-reparametrization", "from another one"),
        ("lorafig new mine --from-mermaid chart.mmd", "from a Mermaid flowchart; '-' is stdin"),
    )
)
@click.argument("name", metavar="ID")
@click.option(
    "--from", "origin", metavar="ID", help="The gallery's figure to begin with; see 'lorafig list'."
)
@click.option(
    "--from-mermaid", "chart", metavar="FILE", help="A Mermaid flowchart to begin with; '-' is stdin."
)
@click.pass_context
def new(ctx: click.Context, name: str, origin: str | None, chart: str | None) -> None:
    """Write ID.yaml, a spec to begin with: a copy of a figure of the gallery, or a Mermaid flowchart.

    What a flowchart says and a figure cannot is named with its line, and left out.
    """
    from lorafig.starter import start, start_from_mermaid

    if chart is None:
        click.echo(start(name, origin))
        return
    if origin is not None:
        raise click.UsageError("--from and --from-mermaid: a spec begins with one of them")
    sources = console.Sources()
    try:
        file, data = read(chart)
        sources.texts[file] = data
        path, remarks = start_from_mermaid(name, data, file)
    except LorafigError as error:
        console.report_error(error, sources)
        ctx.exit(error.exit_status)
    console.report_doubts(remarks, sources)
    click.echo(path)


@cli.command(examples=(("lorafig schema > lorafig.schema.json", "for an editor's YAML language server"),))
def schema() -> None:
    """Print the JSON Schema of the language, by which an editor completes and checks a spec."""
    import json

    from lorafig.language.schema import schema as build

    emit(json.dumps(build(), indent=2, ensure_ascii=False) + "\n")


@cli.command(
    examples=(
        ("lorafig gallery -o site", "the gallery that lorafig comes with; open site/index.html"),
        ("lorafig gallery figures more/one.yaml -o site --jobs 4", "of a folder of specs and another one"),
    )
)
@click.argument("specs", metavar="[SPEC|FOLDER]...", nargs=-1, type=click.Path())
@click.option(
    "-o", "--output", default="site", show_default=True, metavar="DIR", help="Folder, replaced as a whole."
)
@click.option(
    "--jobs", type=click.IntRange(1, 256), default=1, show_default=True, metavar="N", help="Processes."
)
@click.pass_context
def gallery(ctx: click.Context, specs: tuple[str, ...], output: str, jobs: int) -> None:
    """Write a site of figures: an index with search and tags, and a page for each with all its formats.

    It needs no server and loads nothing from elsewhere. Where one figure does not hold, the reasons are
    told, and the site that was there before stays.
    """
    from lorafig.site.gallery import build

    ctx.exit(build(expand(specs), output, jobs))


@cli.command(
    examples=(
        ("lorafig serve mine.yaml --open", "see it in the browser, drawn again at every save"),
        ("lorafig serve figures/*.yaml", "several, with an index"),
    )
)
@_SPECS
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    metavar="N",
    help="The port; without it the first free one from 8000 on. 0 is any free one.",
)
@click.option("--open/--no-open", "show", default=False, help="Open a browser; it does not unless asked to.")
@click.option("--theme", metavar="NAME", help="A palette, in place of the spec's.")
def serve(specs: tuple[str, ...], port: int | None, show: bool, theme: str | None) -> None:
    """Show figures in the browser, and again whenever they are saved.

    What is wrong with a spec is shown with its line, above the last good picture. The preview is at
    127.0.0.1, for this machine alone; its address goes to stdout. Ctrl-C ends it.
    """
    from lorafig.site.serve import serve as run

    paths = expand(specs)
    if "-" in paths:
        raise click.UsageError("a preview needs files, and '-' is stdin")
    run(paths, port, theme, show)


def emit(text: str) -> None:
    """What a program reads: UTF-8, whatever the locale."""
    sys.stdout.buffer.write(text.encode())
    sys.stdout.buffer.flush()


def main() -> None:
    """The entry point: every way out has its exit status, and no traceback."""
    _end_on_signals()
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # a locale without ℝ is no reason to fail
    status: int
    try:
        outcome = cli.main(prog_name="lorafig", standalone_mode=False)
        status = outcome if isinstance(outcome, int) else 0
        sys.stdout.flush()
    except LorafigError as error:
        console.report_error(error)
        status = error.exit_status
    except click.ClickException as error:
        error.show()
        status = 2
    except (click.Abort, KeyboardInterrupt):
        status = 130
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # what reads has gone; nothing is left to say
        status = 141
    sys.exit(status)


def _end_on_signals() -> None:
    """Ends by an exception, so that temporary files are removed on the way out."""

    def leave(number: int, frame: FrameType | None) -> NoReturn:
        raise SystemExit(128 + number)

    for name in ("SIGTERM", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), leave)
