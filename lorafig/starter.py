"""A new spec: one of the gallery with an id of its own, what a Mermaid flowchart says, or a saved adapter."""

from __future__ import annotations

import os
import re

from lorafig.errors import LorafigError, Place, Problem
from lorafig.files import write_whole
from lorafig.language.kinds import NAME_LENGTH, NAME_PATTERN
from lorafig.language.messages import did_you_mean, listing
from lorafig.language.scalars import as_name
from lorafig.language.write import scalar
from lorafig.resources import gallery

DEFAULT = "lora-two-panel"


def start(name: str, origin: str | None = None) -> str:
    """Writes `name`.yaml in the current folder and returns its name. An existing file is an error."""
    path = _path(name)
    figures = gallery()
    origin = DEFAULT if origin is None else origin
    if origin not in figures:
        within = [name for name in figures if origin.lower() in name.split("-")]
        meant = DEFAULT if DEFAULT in within else min(within, key=len, default=origin)
        stem = os.path.splitext(os.path.basename(origin))[0]
        close = f"did you mean '{stem}'?" if stem in figures else did_you_mean(meant, figures)
        hint = f"the gallery has {listing(figures)}"
        hint = f"{close} {hint}" if close is not None else hint
        raise LorafigError(Problem(f"the gallery has no '{origin}'", None, hint, code="unknown-figure"))
    with open(figures[origin], encoding="utf-8") as file:
        text = file.read()
    write_whole(path, rename(text, name), new=True)
    return path


def start_from_mermaid(name: str, data: bytes, file: str) -> tuple[list[str], tuple[Problem, ...]]:
    """Writes `name`.yaml with what a Mermaid flowchart says, or for each flowchart in a page of Markdown
    `name`-1.yaml and so on. Returns the files' names, and what of the charts has no place in them. `file` is
    what problems call the chart."""
    from lorafig.language.reader import decode
    from lorafig.mermaid.read.fences import Fence, fences

    text = decode(data, file)
    charts = fences(text)
    if charts is None:
        charts = [Fence(text, None)]
    elif not charts:
        hint = "a fence of one begins with ```mermaid, and its first word is flowchart or graph"
        raise LorafigError(
            Problem("there is no Mermaid flowchart in this page", Place(file, 1, 1), hint, code="chart")
        )
    names = [name] if len(charts) == 1 else [f"{name}-{number}" for number in range(1, len(charts) + 1)]
    paths = [_path(own) for own in names]
    texts: list[tuple[str, str]] = []
    remarks: list[Problem] = []
    refused: list[LorafigError] = []
    for own, path, chart in zip(names, paths, charts, strict=True):
        try:
            written, told = _from_chart(own, chart.text, file)
        except LorafigError as error:
            refused.append(error)
            remarks += error.problems
        else:
            remarks += told
            texts.append((path, written))
    if not texts:
        problems = tuple(problem for error in refused for problem in error.problems)
        raise LorafigError(problems, refused[0].kind)
    for path, written in texts:
        write_whole(path, written, new=True)
    return [path for path, _ in texts], tuple(remarks)


def _from_chart(name: str, chart: str, file: str) -> tuple[str, tuple[Problem, ...]]:
    """A spec of a flowchart, and what of the chart has no place in it."""
    from lorafig.language import dump, loads
    from lorafig.mermaid import read
    from lorafig.mermaid.settle import settled

    read_chart = read(chart, file)
    try:
        figure, remarks = settled(read_chart, name)
        text = dump(figure)
        loads(text, f"{name}.yaml")
    except LorafigError as error:  # too much for one figure: the chart is what has to change
        first = error.problems[0]
        if first.where is not None and first.where.file == file:
            raise
        where = read_chart.where
        raise LorafigError(
            first._replace(what=f"as a figure: {first.what}", where=where), error.kind
        ) from None
    return text, remarks


def start_from_adapter(name: str, adapter: str, base: str | None = None) -> tuple[str, tuple[Problem, ...]]:
    """Writes `name`.yaml with what a saved adapter is, its own sizes in it. Returns the file's name, and what
    was remarked of the adapter. `base` is its network, as `inspect` takes it."""
    from lorafig.inspection import inspect
    from lorafig.inspection.spec import spec_of
    from lorafig.language import loads

    path = _path(name)
    found = inspect(adapter, base)
    text = spec_of(found, name)
    loads(text, path)
    write_whole(path, text, new=True)
    return path, tuple(remark.problem for remark in found.remarks)


def _path(name: str) -> str:
    """The file that a new spec goes to."""
    if re.fullmatch(NAME_PATTERN, name) is None or len(name) > NAME_LENGTH:
        hint = f"an id is letters a-z, A-Z, digits and '-', a letter first, and at most {NAME_LENGTH} of them"
        close = as_name(re.sub(r"\.(ya?ml|json)$", "", name))[:NAME_LENGTH].lower()
        hint += f", such as {close}" if close else ""
        raise LorafigError(Problem(f"'{name}' is not an id", None, hint, code="name"))
    path = f"{name}.yaml"
    if os.path.lexists(path):
        hint = "choose another id, or move the file away"
        raise LorafigError(Problem(f"{path} is there already", None, hint, code="file-exists"))
    return path


def rename(text: str, name: str) -> str:
    """The spec's text with another id; everything else, comments too, as it was.

    The title stays: it says what the figure shows, which is the same until its author changes it.
    """
    return re.sub(r"(?m)^id:[ ]*[^#\n]*?([ ]*(?: #.*)?)$", rf"id: {scalar(name)}\1", text, count=1)
