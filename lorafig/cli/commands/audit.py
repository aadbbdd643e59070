"""`lorafig audit`."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from lorafig.cli import console, output
from lorafig.cli.group import Command, Name, expand
from lorafig.errors import LorafigError, fault

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
    "--base", metavar="CONFIG", help="The network of a saved adapter: llama-3-8b, or a config.json."
)
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
@click.option("--sarif", "as_sarif", is_flag=True, help="Print what does not hold as SARIF 2.1.0.")
@click.option("--strict", is_flag=True, help="Fail on claims that cannot be decided.")
@click.pass_context
def command(
    ctx: click.Context,
    files: tuple[str, ...],
    model: str | None,
    base: str | None,
    as_json: bool,
    as_sarif: bool,
    strict: bool,
) -> None:
    """Verify the claims of documents: each with file, line, column and verdict.

    Read are Markdown, MyST, LaTeX, reStructuredText, HTML, Jupyter notebooks and plain text, without code,
    addresses and markup. A document may say what model it is about itself, from there on:
    <!-- lorafig: {adapter: lora, d: 4096, r: 8} -->. What speaks of other things is left alone.
    """
    from lorafig.auditing import audit_text, read_document
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
    documents = []
    errors = []
    for path in expand(files):
        try:
            console.demand_utf_8(path, "a file's name", "rename it")
            text = read_document(path)
            sources.texts[path] = text.encode()
            found = audit_text(text, path, figure)
        except LorafigError as error:
            problem = error
        except Exception as error:
            problem = fault(error, path)
        else:
            data = found.to_data()
            documents.append(data)
            bad = ("fails", "ill-typed", "undetermined") if strict else ("fails", "ill-typed")
            if any(claim.verdict in bad for claim in found.claims):
                status = max(status, 1)
            if not as_json and not as_sarif:
                terminal = sys.stdout.isatty()
                click.echo(console.report_table(data, console.WIDEST_CLAIM if terminal else None))
                for finding in console.failing(data, sources) if terminal else ():
                    click.echo(finding + "\n")
            del sources.texts[path]
            continue
        console.report_error(problem, sources)
        errors += [one.to_data(path) for one in problem.problems]
        status = max(status, problem.exit_status)
    if as_sarif or as_json:
        import json

        from lorafig.auditing.write import to_sarif

        report = to_sarif(documents) if as_sarif else {"version": 1, "figures": documents, "errors": errors}
        output.emit(json.dumps(report, indent=2, ensure_ascii=False) + "\n")
    elif documents:
        click.echo(console.tally(documents))
    ctx.exit(status)
