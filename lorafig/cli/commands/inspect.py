"""`lorafig inspect`."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Literal, TypeAlias

import click
from msgspec import Struct

from lorafig.cli import console, output
from lorafig.cli.batch import expand
from lorafig.cli.group import JOBS, NETWORKS, ON, Command, Name
from lorafig.cli.spread import spread
from lorafig.errors import LorafigError

if TYPE_CHECKING:
    from lorafig.core.files.saved import Remark
    from lorafig.inspection import Inspection

Form: TypeAlias = Literal["json", "csv", "md", "table"]


@click.command(
    "inspect",
    cls=Command,
    examples=(
        ("lorafig inspect adapters/mine", "a folder that PEFT saved"),
        ("lorafig inspect style.safetensors", "a file of kohya's scripts, diffusers, MLX or loralib"),
        ("lorafig inspect adapters/mine --base models/llama --verify", "the arrays too, and the merge"),
        ("lorafig inspect adapters/mine --figure ranks.svg", "a heat map of layers and projections"),
        ("lorafig inspect adapters/* --base config.json --json", "many, with their share of a model"),
    ),
)
@click.argument("adapters", metavar="ADAPTER...", nargs=-1, required=True, type=Name())
@click.option(
    "--base",
    metavar="CONFIG",
    type=NETWORKS,
    help="The network it belongs to: llama-3-8b, a config.json or its folder.",
)
@click.option(
    "-f",
    "--format",
    "form",
    type=click.Choice(["table", "md", "csv"]),
    default="table",
    show_default=True,
    help="How it is printed.",
)
@click.option("--json", "as_json", is_flag=True, help="Print what was found as JSON.")
@click.option(
    "--verify",
    is_flag=True,
    help="Read the arrays too: NaN, rank and norm of each update, the merge with --base.",
)
@click.option(
    "--merged",
    metavar="PATH",
    help="A merged checkpoint: is it the base with this adapter? Asks for --verify.",
)
@click.option(
    "--figure",
    "picture",
    metavar="FILE",
    help="Draw its ranks, layers × projections: svg, pdf, png, tikz, ...",
)
@JOBS
@ON
@click.pass_context
def command(
    ctx: click.Context,
    adapters: tuple[str, ...],
    base: str | None,
    form: Literal["table", "md", "csv"],
    as_json: bool,
    verify: bool,
    merged: str | None,
    picture: str | None,
    jobs: int,
    engine_on: str | None,
) -> None:
    """Say what a saved adapter is: rank, alpha, scaling and parameters of each module.

    It reads the header of the safetensors file, whatever its size, and never a pickle. Everything in the file
    is accounted for. The status is 1 if the configuration contradicts the file, or the base does not fit.
    """
    from lorafig.inspection import write

    if merged is not None and not verify:
        raise click.UsageError("--merged is looked at with --verify")
    paths = expand(adapters)
    if picture is not None and len(paths) > 1:
        raise click.UsageError("--figure draws one adapter")
    status = 0
    texts: list[str] = []
    failed: list[tuple[str | None, LorafigError]] = []
    for path in paths:
        console.demand_utf_8(path, "a file's name", "rename it")
    how: Form = "json" if as_json else form
    work = partial(_inspected, form=how, base=base, verify=verify, merged=merged, picture=picture)
    for path, told in zip(paths, spread(work, paths, paths, jobs, engine_on), strict=True):
        if isinstance(told, LorafigError):
            console.report_error(told)
            failed.append((path, told))
            status = max(status, told.exit_status)
            continue
        status = max(status, 1 if any(remark.fails for remark in told.remarks) else 0)
        if how in ("json", "csv"):
            texts.append(told.text)
        else:
            click.echo(told.text)
        if picture is not None and not as_json:
            console.say(picture)
        for remark in () if as_json else told.remarks:
            problem = remark.problem._replace(what=f"{path}: {remark.problem.what}")
            console.say(console.problem_text(problem, None, "error" if remark.fails else "warning"))
    if as_json:
        output.emit_objects(texts, failed)
    elif form == "csv":
        output.emit("".join([write.csv_head(), *texts]))
    ctx.exit(status)


class _Told(Struct, frozen=True):
    """What is printed of an adapter. A worker sends this: thousands of adapters are more than their texts."""

    text: str
    remarks: tuple[Remark, ...]


def _inspected(
    path: str, form: Form, base: str | None, verify: bool, merged: str | None, picture: str | None
) -> _Told:
    import json

    from lorafig.inspection import inspect, write

    found = inspect(path, base, verify=verify, merged=merged)
    if picture is not None:
        found.save(picture)
    match form:
        case "json":
            text = json.dumps(found.to_data(), indent=2, ensure_ascii=False)
        case "csv":
            text = write.to_csv(found)
        case "md":
            text = write.to_markdown(found)
        case "table":
            text = _table(found)
    return _Told(text, found.remarks)


def _table(found: Inspection) -> str:
    from lorafig.inspection import write

    head = click.style(console.printable(found.path), bold=True)
    parts = [f"{head}: {console.printable(write.title(found))}"]
    if found.modules:
        parts.append(console.table(write.HEAD, write.rows(found)))
    if found.others:
        parts += ["", console.table(write.OTHERS_HEAD, write.other_rows(found))]
    if found.verified:
        parts += ["", console.table(write.VERIFIED_HEAD, write.verified_rows(found))]
    return "\n".join([*parts, "", *write.totals(found), ""])
