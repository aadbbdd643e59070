"""Where outputs go: a folder, a file, stdout."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from lorafig.cli import console
from lorafig.errors import LorafigError, Problem
from lorafig.files import write_whole
from lorafig.options import FORMATS, Format, Options
from lorafig.pipeline import Rendered

if TYPE_CHECKING:
    import click

DEFAULT_FOLDER = os.path.join("build", "figures")


class Target(NamedTuple):
    """Files named by their figure in `folder`, the one `file`, or, with neither, stdout."""

    folder: str | None = None
    file: str | None = None


def formats(
    ctx: click.Context, parameter: click.Parameter, values: tuple[str, ...]
) -> tuple[Format, ...] | None:
    """Those of `-f svg,pdf`, and of `-f svg -f pdf`."""
    if not values:
        return None
    names = tuple(dict.fromkeys(filter(None, (part.strip().lower() for part in ",".join(values).split(",")))))
    unknown = [name for name in names if name not in FORMATS]
    if unknown:
        from lorafig.language.messages import did_you_mean

        close = did_you_mean(unknown[0], FORMATS)
        if any(mark in unknown[0] for mark in "; +/"):
            close = "formats are joined by commas: -f svg,pdf"
        what = f"there is no format '{unknown[0]}'; " + ("" if close is None else f"{close.rstrip('?')}; ")
        raise _bad(f"{what}the formats are {', '.join(FORMATS)}")
    if not names:
        raise _bad(f"name one or more of {', '.join(FORMATS)}")
    return tuple(form for name in names for form in FORMATS if form == name)


def _bad(told: str) -> click.BadParameter:
    import click

    return click.BadParameter(told)


def where_to(
    output: str, formats: tuple[Format, ...] | None, paths: Sequence[str]
) -> tuple[tuple[Format, ...], Target]:
    """What `-f` and `-o` mean together."""
    if output == "":
        raise console.usage("'-o' names nothing; '-o .' is the current folder")
    if output == "-":
        wanted = formats or ("svg",)
        if len(paths) > 1 or len(wanted) > 1:
            raise console.usage("'-o -' takes one spec and one format; name a folder for more")
        return wanted, Target()
    ending = os.path.splitext(output)[1].removeprefix(".").lower()
    named = [form for form in FORMATS if form == ending]
    if os.path.isdir(output) or output.endswith(("/", os.sep)) or not ending:
        return formats or ("svg",), Target(folder=output)
    if not named:
        raise console.usage(
            f"no format ends in '.{ending}'; the formats are {', '.join(FORMATS)}, and a folder ends in '/'"
        )
    wanted = formats or (named[0],)
    if len(paths) > 1 or len(wanted) > 1:
        raise console.usage(f"'-o {output}' is one file; name a folder for several figures or formats")
    if wanted != (named[0],):
        raise console.usage(f"'-o {output}' ends in .{ending}, and the format is {wanted[0]}")
    return wanted, Target(file=output)


def write(rendered: Rendered, target: Target, specs: Sequence[str] = (), quiet: bool = False) -> list[str]:
    """Writes the outputs, and says where; never over one of the `specs` (mine.json, rendered as json beside
    itself)."""
    written = []
    kept = {identity for spec in specs if (identity := _identity(spec)) is not None}
    for form, data in rendered.outputs.items():
        if target.folder is not None:
            path = os.path.join(target.folder, f"{rendered.id}.{form}")
        elif target.file is not None:
            path = target.file
        else:
            emit(data)
            continue
        if _identity(path) in kept:
            raise LorafigError(
                Problem(
                    f"{path} is the spec itself", None, "choose another folder with -o", code="file-write"
                )
            )
        write_whole(path, data)
        written.append(path)
        if not quiet:
            print(path, flush=True)
    return written


def _identity(path: str) -> tuple[int, int] | None:
    """What two names of one file have in common, whatever links and cases they are written in."""
    try:
        status = os.stat(path)
    except OSError:
        return None
    return status.st_dev, status.st_ino


def emit(data: bytes | str) -> None:
    """What a program reads: UTF-8, whatever the locale."""
    sys.stdout.buffer.write(data if isinstance(data, bytes) else data.encode(errors="backslashreplace"))
    sys.stdout.buffer.flush()


def emit_json(report: Mapping[str, Any], failed: Iterable[tuple[str | None, LorafigError]]) -> None:
    """A report for programs on stdout, with what went wrong, each problem with its code."""
    import json

    errors = [problem.to_data(path) for path, error in failed for problem in error.problems]
    whole = {"version": 1, **report, "errors": errors}
    emit(json.dumps(whole, indent=2, ensure_ascii=False) + "\n")


def emit_objects(texts: Sequence[str], failed: Iterable[tuple[str | None, LorafigError]]) -> None:
    """The same report where its objects are JSON already, each written with an indent of 2."""
    import json
    from textwrap import indent

    errors = [problem.to_data(path) for path, error in failed for problem in error.problems]
    inner = ",\n".join(indent(text, "    ") for text in texts)
    listed = f"[\n{inner}\n  ]" if texts else "[]"
    told = indent(json.dumps(errors, indent=2, ensure_ascii=False), "  ").lstrip()
    emit(f'{{\n  "version": 1,\n  "adapters": {listed},\n  "errors": {told}\n}}\n')


def write_depfile(
    path: str,
    rules: Iterable[tuple[Sequence[str], str]],
    options: Options,
    texts: Mapping[str, bytes],
) -> None:
    """Outputs with the spec and the files beside it that they are made of, as make reads them. A file that is
    gone has a rule without a recipe, so that make does not stop at it."""
    from lorafig.language import loads
    from lorafig.pipeline import read_beside

    lines, beside = [], []
    for outputs, spec in rules:
        others = read_beside(loads(texts[spec], spec), options, spec)
        beside += others
        lines.append(" ".join(map(_for_make, outputs)) + ": " + " ".join(map(_for_make, [spec, *others])))
    lines += [f"{_for_make(other)}:" for other in dict.fromkeys(beside)]
    write_whole(path, "".join(line + "\n" for line in lines))


def _for_make(name: str) -> str:
    return name.replace("$", "$$").replace("#", "\\#").replace(" ", "\\ ")
