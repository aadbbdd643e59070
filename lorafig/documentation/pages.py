"""The command line and the gallery, as pages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape

import click

from lorafig.language import load
from lorafig.resources import gallery, place

MARK = "<!-- Written by `make docs` from {}. Change that. -->"
_CHINESE = re.compile("[\u4e00-\u9fff]")
_SPECIAL = re.compile(r"([\\`*_{}\[\]<>|])")


def text(words: str) -> str:
    """Words as Markdown that shows them as they are, on one line; what is between backticks is code."""
    parts = re.split(r"(`[^`]+`)", " ".join(words.split()))
    parts[::2] = [_SPECIAL.sub(r"\\\1", part) for part in parts[::2]]
    return "".join(parts)


def command_line() -> str:
    from lorafig.cli.group import cli

    context = click.Context(cli, info_name="lorafig")
    parts = [
        "# The command line\n",
        MARK.format("the commands in lorafig/cli/commands") + "\n",
        *_paragraphs(cli.help or ""),
        "Results go to stdout, findings and progress to stderr. `NO_COLOR` is honoured.\n",
    ]
    for name in cli.list_commands(context):
        command = cli.get_command(context, name)
        assert command is not None
        parts += _command(command, click.Context(command, context, info_name=name))
    return "\n".join(parts)


def _command(command: click.Command, context: click.Context) -> Iterator[str]:
    yield f"## lorafig {command.name}\n"
    yield f"```text\n{context.command_path} {' '.join(command.collect_usage_pieces(context))}\n```\n"
    yield from _paragraphs(command.help or "")
    rows = [
        record
        for parameter in command.get_params(context)
        if isinstance(parameter, click.Option) and (record := parameter.get_help_record(context)) is not None
    ]
    table = [f"| {_code(option)} | {text(meaning)} |" for option, meaning in rows if "--help" not in option]
    if table:
        yield "\n".join(["| option | what it does |", "|---|---|", *table]) + "\n"
    examples: tuple[tuple[str, str], ...] = getattr(command, "examples", ())
    if examples:
        width = max(len(line) for line, _ in examples)
        yield "```sh\n" + "\n".join(f"{line:<{width}}  # {meaning}" for line, meaning in examples) + "\n```\n"


def _code(words: str) -> str:
    """Code in a cell of a table: in backticks, a bar would end the cell on some sites."""
    return f"<code>{escape(words).replace('|', '&#124;')}</code>"


def _paragraphs(words: str) -> Iterator[str]:
    for paragraph in re.split(r"\n\s*\n", words.strip()):
        yield text(paragraph) + "\n"


def figures() -> str:
    parts = [
        "# The gallery\n",
        MARK.format("the specs in figures/") + "\n",
        "Every figure that comes with lorafig, as the fence of [Figures in documentation](embedding.md) draws"
        " it here. `lorafig list` names them, `lorafig new mine --from ID` copies one, and"
        " `lorafig gallery -o site` makes a site of them with search, downloads and sources.\n",
    ]
    for name, path in sorted(gallery().items(), key=lambda row: place(row[0])):
        figure = load(path)
        about = figure.about
        said = [text(str(value)) for value in (about.shows, about.when) if value]
        if about.after:
            said.append(f"After {text(str(about.after))}.")
        told = " ".join(said)
        language = ' {: lang="zh" }' if _CHINESE.search(told) else ""
        parts += [
            f"## {text(str(figure.title))}{language}\n",
            f'```lorafig gallery="{name}"\n```\n',
            told + (f"\n{language.strip()}" if language else "") + "\n",
            f"Id: `{name}`.\n",
            source(path),
        ]
        if figure.controls is not None:
            parts += [
                "With sliders:\n",
                f'```lorafig gallery="{name}" interactive height="{HEIGHT}"\n```\n',
            ]
    return "\n".join(parts)


def source(path: str) -> str:
    """A spec that opens on a click."""
    with open(path, encoding="utf-8") as file:
        code = escape(file.read().rstrip("\n"), quote=False)
    code = code.replace("\n\n", "\n&#8203;\n")  # an empty line would end the HTML
    head = '<details class="lorafig-source"><summary>The spec</summary>'
    return f'{head}<pre tabindex="0"><code>{code}</code></pre></details>\n'


HEIGHT = 900  # px of an interactive page in the gallery
