"""`lorafig explain`."""

from __future__ import annotations

import click

from lorafig.cli.group import JSON, Command, Words


def _codes() -> list[str]:
    from lorafig.cli.explained import explained

    return list(explained())


# What messages say, by the code that it has.
_SAID = {
    "ill-typed": "claim-shape",
    "does-not-hold": "claim",
    "fails": "claim",
    "undetermined": "undecided",
    "cannot-be-decided": "undecided",
    "not-understood": "undecided",
}


@click.command(
    "explain",
    cls=Command,
    examples=(
        ("lorafig explain unknown-key", "what it means, an example, and the example mended"),
        ("lorafig explain", "every code in one line"),
    ),
)
@click.argument("names", metavar="[CODE]...", nargs=-1, type=Words(_codes))
@JSON
@click.pass_context
def command(ctx: click.Context, names: tuple[str, ...], as_json: bool) -> None:
    """Say what the code of a message means, and what to do about it.

    Codes stand in the JSON of every command; on a terminal, the last line after errors names them.
    """
    from lorafig.cli.explained import explained, told

    known = explained()
    coded = ["-".join(name.lower().split()) for name in names]
    names = tuple(
        _SAID.get(code, code if code in known else name) for code, name in zip(coded, names, strict=True)
    )
    for name in names:
        if name not in known:
            from lorafig.language.messages import did_you_mean

            close = did_you_mean(name, known)
            ctx.fail(f"There is no code '{name}'; {close or 'lorafig explain lists them'}")
    if as_json:
        import json

        shown = {name: known[name]._asdict() for name in (names or known)}
        click.echo(json.dumps({"version": 1, "codes": shown}, indent=2, ensure_ascii=False))
    elif names:
        click.echo("\n\n".join(told(name, known[name]) for name in names))
    else:
        width = max(map(len, known))
        for name, code in known.items():
            click.echo(f"{name:<{width}}  {code.title}")
