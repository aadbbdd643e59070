"""`lorafig claim`."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Literal

import click

from lorafig.cli import console, output
from lorafig.cli.group import ADAPTERS, NETWORKS, Command
from lorafig.errors import LorafigError

_RANK = ("rank", "lora_r", "lora_rank")  # as other tools call r
# Digits are bounded: as an exact fraction, 1e999999999 would fill the memory.
_SCALAR = re.compile(r"[-+]?([0-9]{1,20}/[1-9][0-9]{0,19}|[0-9]{1,20}(\.[0-9]{1,20})?([eE][-+]?[0-9]{1,2})?)")


def _given(ctx: click.Context, parameter: click.Parameter, values: tuple[str, ...]) -> dict[str, str]:
    """`NAME=VALUE`, or `NAME: VALUE`, many times over."""
    mark = ":" if parameter.name == "shapes" else "="
    pairs: dict[str, str] = {}
    for value in values:
        name, given, what = (part.strip() for part in value.partition(mark))
        if not name or not given or not what:
            raise click.BadParameter(f"expected {parameter.make_metavar(ctx)}, found '{value}'")
        if name in pairs:
            raise click.BadParameter(f"'{name}' is given twice")
        pairs[name] = what
    return pairs


def _dimensions(ctx: click.Context, parameter: click.Parameter, values: tuple[str, ...]) -> dict[str, int]:
    sizes: dict[str, int] = {}
    for name, value in _given(ctx, parameter, values).items():
        number = value.replace(",", "").replace("_", "")
        if not (number.isascii() and number.isdigit() and len(number) < 20 and 1 <= int(number) <= 2**40):
            raise click.BadParameter(f"'{name}' is a whole number from 1 to 2^40, not '{value}'")
        sizes["r" if name in _RANK and "r" not in sizes else name] = int(number)
    return sizes


def _scalars(ctx: click.Context, parameter: click.Parameter, values: tuple[str, ...]) -> dict[str, Fraction]:
    scalars: dict[str, Fraction] = {}
    for name, value in _given(ctx, parameter, values).items():
        if _SCALAR.fullmatch(value) is None:
            raise click.BadParameter(f"'{name}' is a number such as 16, 0.5, 1e-3 or 1/8, not '{value}'")
        scalars[name] = Fraction(value)
    return scalars


def _shapes(
    ctx: click.Context, parameter: click.Parameter, values: tuple[str, ...]
) -> dict[str, tuple[str, ...]]:
    return {
        name: tuple(size.strip() for size in value.replace("×", ",").split(","))
        for name, value in _given(ctx, parameter, values).items()
    }


def _targets(ctx: click.Context, parameter: click.Parameter, values: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(target.strip() for value in values for target in value.split(",") if target.strip())


@click.command(
    "claim",
    cls=Command,
    examples=(
        ("lorafig claim 'h = (W + BA)x'", "over the symbols of the adapter"),
        ("lorafig claim 'r(d+k) = 24.6K' -D d=1536 -D k=1536 -D r=8", "with these sizes"),
        ("lorafig claim 'W_m x = h' --let 'W_m = W + BA'", "with a definition"),
        (
            "lorafig claim '4.2M trainable parameters' --network llama-2-7b --targets q_proj,v_proj -D r=8",
            "of a whole network",
        ),
        ("lorafig claim 'BA \\in \\mathbb{R}^{d\\times k}' -T 'B: d,r' -T 'A: r,k' --json", "for a program"),
    ),
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
    "--adapter",
    default="lora",
    show_default=True,
    metavar="NAME",
    type=ADAPTERS,
    help="The method whose symbols it speaks of.",
)
@click.option(
    "--network",
    metavar="NAME|FILE",
    type=NETWORKS,
    help="The network it is about: llama-3-8b, or a config.json.",
)
@click.option(
    "--targets",
    multiple=True,
    callback=_targets,
    metavar="MODULE,...",
    help="Its modules with an adapter: q_proj,v_proj.",
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
def command(
    ctx: click.Context,
    text: str,
    dimensions: dict[str, int],
    shapes: dict[str, tuple[str, ...]],
    scalars: dict[str, Fraction],
    definitions: tuple[str, ...],
    adapter: str,
    network: str | None,
    targets: tuple[str, ...],
    rounding: Literal["nearest", "down"],
    as_json: bool,
) -> None:
    """Decide one claim: does it hold?

    Write symbols as a figure does, in LaTeX or plain. They are those of the adapter. If you give sizes with
    -D, these are the only sizes with a value; if you give shapes with -T, these are the only matrices, with
    x, h and ΔW beside them where they fit. -S and --let add to what is there.
    """
    from lorafig.verify import decide_claim
    from lorafig.verify.report import claim_object, claim_to_json

    sources = console.Sources()
    try:
        verdict = decide_claim(
            sources.typed("TEXT", text),
            dims=dimensions,
            shapes=shapes,
            scalars=scalars,
            lets=[sources.typed("--let", definition) for definition in definitions],
            adapter=adapter,
            network=network,
            targets=targets,
            rounding=rounding,
        )
    except LorafigError as error:
        console.report_error(error, sources)
        if as_json:
            output.emit_json({"figures": []}, [(None, error)])
        ctx.exit(error.exit_status)
    if as_json:
        output.emit(claim_to_json(verdict))
    else:
        click.echo(console.claim_line(claim_object(verdict)))
    ctx.exit(0 if verdict.verdict == "holds" else 1)
