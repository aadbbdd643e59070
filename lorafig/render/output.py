"""From a scene to an output, by format. Each kind is imported when it is asked for."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from typing import TYPE_CHECKING, Literal, assert_never

from msgspec.structs import replace

if TYPE_CHECKING:
    from lorafig.scene import Scene

SceneFormat = Literal["svg", "tikz", "tex", "pdf", "png", "eps"]
SCENE_FORMATS: tuple[SceneFormat, ...] = ("svg", "tikz", "tex", "pdf", "png", "eps")  # get_args is slow


class Pen:
    """Draws a scene when it is asked for an output. `engine` is what makes the pdf, `text` what text in the
    svg is made of, `dpi` how many dots an inch of the png has."""

    def __init__(
        self, engine: Literal["mpl", "tex"], text: Literal["paths", "live"], dpi: float = 300.0
    ) -> None:
        self.engine, self.text, self.dpi = engine, text, dpi
        self.scene: Scene | None = None

    def show(self, scene: Scene) -> None:
        """What is to be drawn, perhaps."""
        self.scene = scene

    def output(self, form: SceneFormat) -> bytes:
        assert self.scene is not None
        match form:
            case "svg":
                from lorafig.render import svg

                drawn = svg.render(self.scene, text=self.text)
                if self.scene.night is not None:
                    palette, styles = self.scene.night
                    dark = replace(self.scene, palette=palette, styles=styles)
                    drawn = svg.following(drawn, svg.render(dark, text=self.text), self.scene.id)
                return drawn.encode()
            case "tikz" | "tex":
                from lorafig.render import tikz

                return tikz.render(self.scene, standalone=form == "tex").encode()
            case "pdf" if self.engine == "tex":
                from lorafig.render import tex, tikz

                return tex.compile_pdf(tikz.render(self.scene, standalone=True))
            case "pdf" | "png" | "eps":
                from lorafig.render import mpl

                return mpl.save(self.scene, form, dpi=self.dpi)
            case _:
                assert_never(form)


_LIBRARIES = {"svg": ("svg", "svgwrite"), "tikz": ("tikz", "jinja2"), "tex": ("tikz", "jinja2")}


def prepare(forms: Sequence[SceneFormat]) -> None:
    """Imports what draws, and the libraries that it imports late."""
    for form in forms:
        backend, library = _LIBRARIES.get(form, ("mpl", "matplotlib.figure"))
        import_module(f"lorafig.render.{backend}")
        import_module(library)
