"""`lorafig audit`."""

from __future__ import annotations

import sys
from functools import partial
from typing import TYPE_CHECKING, Any

import click

from lorafig.cli import console, output
from lorafig.cli.batch import expand
from lorafig.cli.group import JOBS, NETWORKS, ON, Command, Name
from lorafig.cli.spread import spread
from lorafig.errors import LorafigError

if TYPE_CHECKING:
    from lorafig.language.model import Figure


@click.command(
    "audit",
    cls=Command,
    examples=(
        ("lorafig audit README.md --model figures/lora.yaml", "the claims of a README, by a spec"),
        ("lorafig audit paper.tex --model adapters/mine --base llama-2-7b", "by a saved adapter"),
        (
            "lorafig audit docs/*.md --model llama-3-8b --sarif > audit.sarif",
            "by a network, for code scanning",
        ),
    ),
)
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=Name())
@click.option(
    "--model", metavar="SPEC|DIR", help="What they are held to: a spec, a saved adapter, or a network."
)
@click.option(
    "--base",
    metavar="CONFIG",
    type=NETWORKS,
    help="The network of a saved adapter: llama-3-8b, or a config.json.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
@click.option("--sarif", "as_sarif", is_flag=True, help="Print what does not hold as SARIF 2.1.0.")
@click.option(
    "--includes",
    is_flag=True,
    help="Read what a document includes too, from its own folder (\\\\input, include).",
)
@click.option("--strict", is_flag=True, help="Fail on claims that cannot be decided.")
@JOBS
@ON
@click.pass_context
def command(
    ctx: click.Context,
    files: tuple[str, ...],
    model: str | None,
    base: str | None,
    as_json: bool,
    as_sarif: bool,
    includes: bool,
    strict: bool,
    jobs: int,
    engine_on: str | None,
) -> None:
    """Verify the claims of documents: each with file, line, column and verdict.

    It reads Markdown, MyST, LaTeX, reStructuredText, HTML, Jupyter notebooks and plain text, and skips code,
    addresses and markup. A document can say itself which model it is about, from that line on:
    <!-- lorafig: {adapter: lora, d: 4096, r: 8} -->. Sentences about other things are left alone.
    """
    from lorafig.auditing.model import figure_of

    if as_json and as_sarif:
        raise click.UsageError("--json and --sarif: choose one")
    sources = console.Sources()
    figure: Figure | None = None
    if model is not None:
        try:
            figure = figure_of(model, base)
        except LorafigError as error:
            console.report_error(error, sources)
            ctx.exit(error.exit_status)
    elif base is not None:
        raise click.UsageError("--base is the network of a saved adapter: name that with --model")
    status = 0
    documents: list[dict[str, Any]] = []
    failed: list[tuple[str | None, LorafigError]] = []
    paths = expand(files)
    for path in paths:
        console.demand_utf_8(path, "a file's name", "rename it")
    bad = ("fails", "ill-typed", "undetermined") if strict else ("fails", "ill-typed")
    results = spread(partial(_audited, figure=figure, includes=includes), paths, paths, jobs, engine_on)
    for path, data in zip(paths, results, strict=True):
        sources.texts = _text(path)
        if isinstance(data, LorafigError):
            console.report_error(data, sources)
            failed.append((path, data))
            status = max(status, data.exit_status)
            continue
        documents.append(data)
        if any(claim["verdict"] in bad for claim in data["claims"]):
            status = max(status, 1)
        if not as_json and not as_sarif:
            terminal = sys.stdout.isatty()
            click.echo(console.report_table(data, console.WIDEST_CLAIM if terminal else None))
            for finding in console.failing(data, sources) if terminal else ():
                click.echo(finding + "\n")
    if as_sarif:
        import json

        from lorafig.auditing.write import to_sarif

        output.emit(json.dumps(to_sarif(documents), indent=2, ensure_ascii=False) + "\n")
    elif as_json:
        output.emit_json({"figures": documents}, failed)
    elif documents:
        click.echo(console.tally(documents))
    ctx.exit(status)


def _audited(path: str, figure: Figure | None, includes: bool) -> dict[str, Any]:
    from lorafig.auditing import audit_file

    return audit_file(path, figure, includes).to_data()


def _text(path: str) -> dict[str, bytes]:
    """The document, of which problems show a line; nothing if it cannot be read."""
    from lorafig.auditing import read_document

    try:
        return {path: read_document(path).encode()}
    except LorafigError:
        return {}
