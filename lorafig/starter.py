"""A new spec: one of the gallery with an id of its own, or what a Mermaid flowchart says."""

from __future__ import annotations

import os
import re

from lorafig.errors import LorafigError, Place, Problem
from lorafig.files import write_whole
from lorafig.language.kinds import NAME_LENGTH, NAME_PATTERN
from lorafig.language.messages import did_you_mean, listing
from lorafig.language.write import scalar
from lorafig.resources import gallery

DEFAULT = "lora-two-panel"


def start(name: str, origin: str | None = None) -> str:
    """Writes `name`.yaml in the current folder and returns its name. An existing file is an error."""
    path = _path(name)
    figures = gallery()
    origin = DEFAULT if origin is None else origin
    if origin not in figures:
        close = did_you_mean(origin, figures)
        hint = f"the gallery has {listing(figures)}"
        hint = f"{close} {hint}" if close is not None else hint
        raise LorafigError(Problem(f"the gallery has no '{origin}'", None, hint))
    with open(figures[origin], encoding="utf-8") as file:
        text = file.read()
    write_whole(path, rename(text, name), new=True)
    return path


def start_from_mermaid(name: str, data: bytes, file: str) -> tuple[str, tuple[Problem, ...]]:
    """Writes `name`.yaml with what a Mermaid flowchart says. Returns the file's name, and what of the chart
    has no place in it. `file` is what problems call the chart."""
    from lorafig.language import dump, loads
    from lorafig.language.reader import decode
    from lorafig.mermaid import read, to_figure

    path = _path(name)
    figure, remarks = to_figure(read(decode(data, file), file), name)
    text = dump(figure)
    try:
        loads(text, path)
    except LorafigError as error:  # too much for one figure: the chart is what has to change
        first = error.problems[0]
        problem = Problem(f"as a figure: {first.what}", Place(file, 1, 1), first.hint)
        raise LorafigError(problem, error.kind) from None
    write_whole(path, text, new=True)
    return path, remarks


def _path(name: str) -> str:
    """The file that a new spec goes to."""
    if re.fullmatch(NAME_PATTERN, name) is None or len(name) > NAME_LENGTH:
        hint = f"an id is letters a-z, A-Z, digits and '-', a letter first, and at most {NAME_LENGTH} of them"
        raise LorafigError(Problem(f"'{name}' is not an id", None, hint))
    path = f"{name}.yaml"
    if os.path.lexists(path):
        hint = "choose another id, or move the file away"
        raise LorafigError(Problem(f"{path} is there already", None, hint))
    return path


def rename(text: str, name: str) -> str:
    """The spec's text with another id; everything else, comments too, as it was.

    The title stays: it says what the figure shows, which is the same until its author changes it.
    """
    return re.sub(r"(?m)^id:[ ]*[^#\n]*?([ ]*(?: #.*)?)$", rf"id: {scalar(name)}\1", text, count=1)
