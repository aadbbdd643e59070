"""Figures in Jupyter: how a figure shows itself, and its interactive page in a cell.

Front ends take the first kind that they know, and HTML comes first: the figure as an image with its
alternative text, which a bare SVG has in none of them. JupyterLab 4 shows that image, drawn as vectors, also
in a notebook that somebody else has run, where it refuses SVG, inline or not. On the way to LaTeX, nbconvert
and MyST-NB take the PDF; without one, nbconvert asks for Inkscape as soon as there is an SVG. The SVG is for
programs. A PNG would be seen by none of these, and take longer than the rest together.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Collection
from dataclasses import dataclass
from html import escape
from typing import Any

from lorafig.draw import lay_out
from lorafig.embed.inline import anonymous, framed
from lorafig.errors import LorafigError
from lorafig.language.model import Figure
from lorafig.scene import Scene, on_paper

KINDS = ("text/html", "image/svg+xml", "application/pdf", "text/plain")


def bundle(
    figure: Figure, include: Collection[str] | None, exclude: Collection[str] | None
) -> dict[str, Any]:
    """A verified figure by MIME type: no more of them than are wanted, as each costs time and space."""
    from lorafig.render import svg

    wanted = _wanted(KINDS, include, exclude)
    scene = lay_out(figure)
    data: dict[str, Any] = {}
    for kind in wanted:
        match kind:
            case "text/html":
                source = b64encode(anonymous(svg.render(on_paper(scene))).encode()).decode()
                data[kind] = f'<img alt="{escape(words(scene))}" src="data:image/svg+xml;base64,{source}">'
            case "image/svg+xml":
                data[kind] = anonymous(svg.render(on_paper(scene)))
            case "application/pdf":
                from lorafig.render import mpl

                data[kind] = mpl.save(scene, "pdf")
            case _:
                data[kind] = words(scene)
    return data


def refusal(error: LorafigError) -> dict[str, Any]:
    """Why a figure is not shown. Jupyter would bury an exception here in a traceback of its own."""
    head = "This figure does not hold:" if error.kind == "false" else "This figure cannot be drawn:"
    text = f"{head}\n{error}"
    return {"text/html": f'<pre role="alert">{escape(text)}</pre>', "text/plain": text}


def words(scene: Scene) -> str:
    return f"{scene.title}. {scene.description}"


def _wanted(
    kinds: Collection[str], include: Collection[str] | None, exclude: Collection[str] | None
) -> list[str]:
    return [
        kind
        for kind in kinds
        if (include is None or kind in include) and (exclude is None or kind not in exclude)
    ]


@dataclass(frozen=True, slots=True)
class Interactive:
    """The interactive page of a figure, shown by Jupyter in a frame of its own. `words` are for what shows
    no HTML."""

    page: str
    title: str
    words: str
    height: int

    def __repr__(self) -> str:
        return f"<lorafig interactive page: {self.title}>"

    def _repr_mimebundle_(
        self, include: Collection[str] | None = None, exclude: Collection[str] | None = None
    ) -> dict[str, str]:
        # JupyterLab takes frames out of notebooks that somebody else has run, and leaves what is in them.
        instead = f"Run this cell for the interactive page. {self.words}"
        shown = {
            "text/html": framed(self.page, self.title, self.height, instead),
            "text/plain": self.words,
        }
        return {kind: shown[kind] for kind in _wanted(tuple(shown), include, exclude)}
