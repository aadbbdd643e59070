"""Where the spec of a figure on a page comes from, and how its problems are told.

A documentation build reads what strangers send in a pull request: a file's name may not lead out of the
project's folder, not even through a symbolic link, and only specs are read.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass

from lorafig.embed.request import Request
from lorafig.errors import LorafigError, Problem
from lorafig.files import meant, read_spec, within_bounds

ENDINGS = (".yaml", ".yml", ".json")


@dataclass(frozen=True, slots=True)
class Source:
    """A spec's bytes, what problems call it, and its full path if it is a file of the project."""

    data: bytes
    file: str
    path: str | None = None


def find(asked: Request, body: str, name: str, folder: str, root: str) -> Source:
    """The spec that a page asks for: a file, a figure of the gallery, or `body`, which `name` calls.

    A file's name is relative to `folder`, the page's; with a slash before it, to `root`, the project's.
    """
    file = asked.file
    one_line = body.strip()
    if file is None and asked.gallery is None and _is_name(one_line):
        file, one_line = one_line, ""
    if (file is not None or asked.gallery is not None) and one_line != "":
        hint = "leave one of them out"
        raise LorafigError(
            Problem("a spec is named, and another one is written below it", None, hint, code="embedding")
        )
    if file is not None:
        return _in_project(file, folder, root)
    if asked.gallery is not None:
        return _in_gallery(asked.gallery)
    if one_line == "":
        hint = "write it here, or name a file or a figure of the gallery"
        raise LorafigError(Problem("there is no spec", None, hint, code="embedding"))
    return Source(within_bounds(body.encode(), name), name)


def _is_name(text: str) -> bool:
    return "\n" not in text and ": " not in text and text.endswith(ENDINGS)


def _in_project(file: str, folder: str, root: str) -> Source:
    if not file.isprintable() or "\\" in file:
        raise LorafigError(Problem(f"'{file}' is not the name of a file of the project", code="embedding"))
    base = os.path.realpath(root)
    if file.startswith("/"):
        written = os.path.join(base, file.lstrip("/"))
    else:
        written = os.path.join(os.path.realpath(folder), file)
    path = os.path.realpath(written)
    shown = os.path.relpath(os.path.normpath(written), base)
    inside = os.path.relpath(path, base)
    if inside.split(os.sep)[0] == os.pardir or os.path.isabs(inside):
        hint = "a spec is a file of the project"
        raise LorafigError(Problem(f"'{file}' leads out of the project", None, hint, code="embedding"))
    if not path.endswith(ENDINGS) or any(part.startswith(".") for part in inside.split(os.sep)):
        hint = f"its name ends in one of {', '.join(ENDINGS)}, and no part of it begins with a dot"
        raise LorafigError(Problem(f"'{file}' is not the name of a spec", None, hint, code="embedding"))
    if not os.path.isfile(path):
        raise LorafigError(_missing(file, shown, base))
    try:
        data = read_spec(path)
    except LorafigError as error:
        raise _renamed(error, path, shown) from None
    return Source(data, shown, path)


def _missing(file: str, shown: str, base: str) -> Problem:
    elsewhere = os.path.join(base, os.path.normpath(file.lstrip("/")))
    hint = "names are relative to the page; those with '/' before them to the top of the project"
    if not file.startswith("/") and os.path.isfile(elsewhere):
        hint = f"did you mean '/{os.path.relpath(elsewhere, base)}'? {hint}"
    elif (close := meant(os.path.join(base, shown))) is not None and close.startswith("did"):
        hint = f"did you mean {os.path.relpath(close.removeprefix('did you mean ')[:-1], base)}? {hint}"
    return Problem(f"there is no file {shown}", None, hint, code="file-missing")


def _renamed(error: LorafigError, path: str, shown: str) -> LorafigError:
    """Problems of reading a file, with the name that a page gives it."""
    problems = [problem._replace(what=problem.what.replace(path, shown)) for problem in error.problems]
    return LorafigError(tuple(problems), error.kind)


def _in_gallery(name: str) -> Source:
    from lorafig.language.messages import did_you_mean, listing
    from lorafig.resources import gallery

    known = gallery()
    if name not in known:
        hint = " ".join(filter(None, (did_you_mean(name, tuple(known)), f"it has {listing(tuple(known))}")))
        raise LorafigError(Problem(f"the gallery has no figure '{name}'", None, hint, code="embedding"))
    return Source(read_spec(known[name]), f"{name}.yaml")


def explain(problems: Iterable[Problem], source: Source | None = None) -> str:
    """Problems in full, each with its place, the line that it is in, and what to do."""
    import click

    from lorafig.cli.console import Sources, problem_text

    sources = Sources()
    if source is not None:
        sources.texts[source.file] = source.data
    return click.unstyle("\n".join(problem_text(problem, sources) for problem in problems))
