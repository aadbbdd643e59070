"""The command `lorafig` and its commands, each in a file of its own that is imported when it is asked for."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from importlib import import_module
from typing import TYPE_CHECKING, Any

import click

from lorafig import __version__
from lorafig.cli import console
from lorafig.cli.spread import ENGINES

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem


class Name(click.ParamType):  # type: ignore[type-arg]  # of click 8.1 too
    """A file or a folder, which a shell completes; click.Path looks a translation up at every start."""

    name = "path"

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        from click.shell_completion import CompletionItem

        return [CompletionItem(incomplete, type="file")]


class Words(click.ParamType):  # type: ignore[type-arg]  # of click 8.1 too
    """A text of which a shell completes the words that there are; they are looked up when it asks. With
    `many`, several with commas between them."""

    name = "text"

    def __init__(self, known: Callable[[], Iterable[str]], many: bool = False) -> None:
        self.known = known
        self.many = many

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        from click.shell_completion import CompletionItem

        before, comma, word = incomplete.rpartition(",") if self.many else ("", "", incomplete)
        taken = before.split(",")
        return [
            CompletionItem(before + comma + known)
            for known in self.known()
            if known.startswith(word) and known not in taken
        ]


class Whole(click.IntRange):
    """A whole number in a range, with a message that says so."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        try:
            int(value)
        except ValueError:
            self.fail(f"'{value}' is not a whole number", param, ctx)
        return super().convert(value, param, ctx)


def _themes() -> Iterable[str]:
    from lorafig.themes.palettes import PALETTES

    return [*PALETTES, "auto"]


def _venues() -> Iterable[str]:
    from lorafig.themes import venues

    return venues.names()


def _figures() -> Iterable[str]:
    from lorafig.resources import gallery

    return gallery()


def _adapters() -> Iterable[str]:
    from lorafig.core.adapters import ADAPTERS

    return ADAPTERS


def _networks() -> Iterable[str]:
    from lorafig.core.networks import names

    return names()


THEMES, VENUES, FIGURES, ADAPTERS = Words(_themes), Words(_venues), Words(_figures), Words(_adapters)
NETWORKS = Words(_networks)


# Commands of other tools, and the one here that does it.
_COMMAND_MEANT = {
    "build": "render",
    "draw": "render",
    "compile": "render",
    "export": "render",
    "verify": "check",
    "validate": "check",
    "test": "check",
    "init": "new",
    "create": "new",
    "ls": "list",
    "show": "describe",
    "extract": "recover",
    "restore": "recover",
    "watch": "serve",
    "preview": "serve",
    "format": "fmt",
    "why": "explain",
    "env": "doctor",
    "info": "doctor",
}
# Options of other tools, and those here that do it, where a command has them.
_OPTION_MEANT = {
    "--model": ("--network", "--base"),
    "--base-model": ("--network", "--base"),
    "--modules": ("--targets",),
    "--target-modules": ("--targets",),
    "--rank": ("-D",),
    "--out": ("--output",),
    "--outdir": ("--output",),
    "--format": ("--json",),
    "--style": ("--theme",),
    "--conference": ("--venue",),
    "--force": ("--no-check",),
}
# In the order in which one meets them.
COMMANDS = (
    "render",
    "check",
    "claim",
    "audit",
    "inspect",
    "describe",
    "recover",
    "lint",
    "list",
    "new",
    "fmt",
    "schema",
    "explain",
    "gallery",
    "serve",
    "lsp",
    "doctor",
)
SPECS = click.argument("specs", metavar="SPEC...", nargs=-1, required=True, type=Name())


def _width(ctx: click.Context, parameter: click.Parameter, value: str | None) -> str | None:
    if value is not None:
        from lorafig.themes.widths import width

        width(value)
    return value


def _engine(ctx: click.Context, parameter: click.Parameter, value: str | None) -> str | None:
    if value is None:
        return None
    name, _, address = value.partition(":")
    if name not in ENGINES or (name == "dask" and not address):
        raise click.BadParameter(f"'{value}' is not dask:ADDRESS, ray or ray:ADDRESS")
    return value


JOBS = click.option(
    "--jobs", type=Whole(1, 256), default=1, show_default=True, metavar="N", help="Processes."
)
JSON = click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
THEME = click.option(
    "--theme",
    metavar="NAME|FILE",
    type=THEMES,
    help="A palette or a theme file, in place of the spec's.",
)
WIDTH = click.option(
    "--width",
    metavar="LENGTH",
    callback=_width,
    help="How wide the figure may be, in place of the spec's: 3.25in, 8.5cm, '0.48\\linewidth' of the venue.",
)
ON = click.option(
    "--on",
    "engine_on",
    callback=_engine,
    metavar="ENGINE",
    help="A cluster that runs: dask:ADDRESS, ray or ray:ADDRESS.",
)
_SHELLS = ("bash", "zsh", "fish")
_EXAMPLES = (
    ("lorafig new mine", "a spec of your own, mine.yaml"),
    ("lorafig check mine.yaml", "is it true?"),
    ("lorafig render mine.yaml -f svg,pdf", "draw it"),
    ('eval "$(lorafig --completion bash)"', "completion, in ~/.bashrc; zsh and fish likewise"),
)


class Command(click.Command):
    """A command whose help ends with examples, set as they are typed."""

    def __init__(self, *args: Any, examples: Sequence[tuple[str, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.examples = examples

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """As click does it; a list that is written with blanks is told how it is written."""
        given = list(args)
        try:
            return super().parse_args(ctx, args)
        except click.NoSuchOption as error:
            have = {name for parameter in self.params for name in parameter.opts}
            meant = next((name for name in _OPTION_MEANT.get(error.option_name, ()) if name in have), None)
            if error.option_name not in _OPTION_MEANT:
                raise
            told = f" Did you mean '{meant}'?" if meant is not None else ""
            raise click.UsageError(f"No such option '{error.option_name}'.{told}", ctx) from None
        except click.MissingParameter as error:
            if error.param is None or error.param.metavar != "SPEC...":
                raise
            how = f"name a spec, lorafig {self.name} mine.yaml; 'lorafig new mine' writes one"
            raise click.UsageError(f"{error.format_message().rstrip('.')}: {how}", ctx) from None
        except click.UsageError as error:
            extra = re.match(r"Got unexpected extra arguments? \(([^\s)]+)", error.message)
            before = given[: given.index(extra[1])] if extra is not None and extra[1] in given else []
            option, value = before[-2:] if len(before) > 1 else ("", "")
            lists = {name for parameter in self.params if _is_list(parameter) for name in parameter.opts}
            if extra is not None and option in lists:
                how = f"values are joined by commas: {option} {value},{extra[1]}"
                raise click.UsageError(f"{error.message}: {how}", ctx) from None
            metavars = {parameter.metavar for parameter in self.params}
            if extra is not None and before and metavars & {"TEXT", "ID"}:
                how = f"quote what has blanks in it: lorafig {self.name} '{before[-1]} {extra[1]} …'"
                if "ID" in metavars:
                    how = f"an id has no blanks: {before[-1]}-{extra[1]}"
                raise click.UsageError(f"{error.message}: {how}", ctx) from None
            raise

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        _write_examples(self.examples, formatter)


def _is_list(parameter: click.Parameter) -> bool:
    return (parameter.metavar or "").endswith(",...")


class _Group(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = import_module(f"lorafig.cli.commands.{cmd_name}").command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that is called; for a name that none has, the one that is meant."""
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            import difflib

            meant = _COMMAND_MEANT.get(args[0])
            close = [meant] if meant else difflib.get_close_matches(args[0], COMMANDS, 1, 0.7)
            told = f" Did you mean 'lorafig {close[0]}'?" if close else ""
            if args[0] == "help":
                told = f" Did you mean 'lorafig {' '.join(set(args[1:2]) & set(COMMANDS))} --help'?".replace(
                    "  ", " "
                )
            if args[0].endswith((".yaml", ".yml", ".json")):
                told = f" Did you mean 'lorafig render {args[0]}'?"
            if args[0] in ("version", "completion"):
                told = f" Did you mean 'lorafig --{args[0]}{' bash' if args[0] == 'completion' else ''}'?"
            ctx.fail(f"No such command '{args[0]}'.{told}")
        return super().resolve_command(ctx, args)

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        _write_examples(_EXAMPLES, formatter)


def _write_examples(examples: Sequence[tuple[str, str]], formatter: click.HelpFormatter) -> None:
    if examples:
        with formatter.section("Examples"):
            for command, meaning in examples:
                formatter.write(f"{'':>{formatter.current_indent}}{command}\n")
                formatter.write(f"{'':>{formatter.current_indent + 4}}{meaning}\n")


def _version(ctx: click.Context, parameter: click.Parameter, asked: bool) -> None:
    if asked and not ctx.resilient_parsing:
        click.echo(f"lorafig {__version__}")
        ctx.exit()


def _completion(ctx: click.Context, parameter: click.Parameter, shell: str | None) -> None:
    if shell is None or ctx.resilient_parsing:
        return
    from click.shell_completion import get_completion_class

    completion = get_completion_class(shell)
    assert completion is not None
    click.echo(completion(cli, {}, "lorafig", "_LORAFIG_COMPLETE").source())
    ctx.exit()


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option(
    "--version",
    is_flag=True,
    callback=_version,
    expose_value=False,
    is_eager=True,
    help="Show the version and exit.",
)
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

    Exit status: 0 all well, 1 a claim fails, 2 bad spec or usage, 3 a tool is missing, 4 a limit is hit,
    5 a fault of lorafig's own, of which LORAFIG_TRACEBACK=1 shows the traceback.
    What has held before is kept in ~/.cache/lorafig; LORAFIG_CACHE names another folder, or is 'off'.
    """
    ctx.color = console.colour()
