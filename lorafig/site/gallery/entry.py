"""One figure of the gallery: verified, and drawn in every format that it can have."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lorafig import language
from lorafig.errors import LorafigError, Problem
from lorafig.mermaid.write.flowchart import flows_of
from lorafig.options import FORMATS, Format, Options
from lorafig.pipeline import Rendered, render_bytes
from lorafig.themes.palettes import suited
from lorafig.verify import verify
from lorafig.words.blocks import Section
from lorafig.words.document import document


@dataclass(frozen=True, slots=True)
class Entry:
    """`path` is the spec's file as it was named, `source` its text; `outputs` and `pictures` are what was
    drawn of it: by format in the figure's own palette, and for a light and a dark page; `description` is the
    figure in words."""

    path: str
    source: str
    figure: language.Figure
    outputs: Mapping[Format, bytes]
    pictures: Mapping[str, bytes]
    description: Section

    @property
    def id(self) -> str:
        return str(self.figure.id)

    @property
    def report(self) -> dict[str, Any]:
        """The figure's object of the report's JSON."""
        report: dict[str, Any] = json.loads(self.outputs["json"])["figures"][0]
        return report


def make(data: bytes, path: str) -> Entry | LorafigError:
    """A spec's bytes to all that the gallery shows of it; or what is wrong with it, with places in `path`."""
    try:
        figure = language.loads(data, path)
        name = f"{figure.id}.yaml"  # as it is called on the site, so that no path of this machine is
        try:
            drawn = _outputs(data, name, figure)
            outputs = drawn.outputs
            pictures = {
                shade: _picture(data, name, theme) if theme is not None else outputs["svg"]
                for shade, theme in themes(figure).items()
            }
        except LorafigError as error:
            raise LorafigError(tuple(_at(problem, path) for problem in error.problems), error.kind) from None
        source = data.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
        report = verify(figure, floating=False) if drawn.report is None else drawn.report
        description = document(figure, report)
        return Entry(path, source, figure, outputs, pictures, description)
    except LorafigError as error:
        return error


def themes(figure: language.Figure) -> dict[str, str | None]:
    """The palette of each picture; None for the figure's own. One on a dark ground is not a picture for a
    light page."""
    own = figure.theme.palette
    return {shade: None if name == own else name for shade, name in suited(own).items()}


def _outputs(data: bytes, name: str, figure: language.Figure) -> Rendered:
    others = [form for form in FORMATS if form != "mmd"]
    if flows_of(figure):
        try:
            return render_bytes(data, name, FORMATS, Options())
        except LorafigError as error:  # too large for Mermaid, which is not a fault of the figure
            if error.kind != "limit":
                raise
    return render_bytes(data, name, others, Options())


def _picture(data: bytes, name: str, theme: str) -> bytes:
    return render_bytes(data, name, ["svg"], Options(theme=theme)).outputs["svg"]


def _at(problem: Problem, path: str) -> Problem:
    """The problem, with its place in the file that the author knows."""
    return problem if problem.where is None else problem._replace(where=problem.where._replace(file=path))
