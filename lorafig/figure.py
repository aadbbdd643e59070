"""A figure to work with in Python: a spec, and what can be made of it."""

from __future__ import annotations

import os
from collections.abc import Collection
from typing import TYPE_CHECKING, Any

from lorafig import language
from lorafig.draw import alternative, check, demand, draw, lay_out
from lorafig.errors import LorafigError, Problem
from lorafig.files import read_spec, write_whole
from lorafig.options import FORMATS, Format, Options, TextMode

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as MatplotlibFigure

    from lorafig.embed.jupyter import Interactive
    from lorafig.verify.report import Report


class Figure:
    """A figure: from a file (`lorafig.load`), from text, data, or the classes of `lorafig.language`.

    Everything that draws verifies first. A figure that does not hold raises `LorafigError` of the kind
    'false', with each reason in `problems`; `check=False` draws it with a mark that says so. `spec` is the
    figure as classes. In a notebook, a figure at the end of a cell shows itself.
    """

    __slots__ = ("_report", "_source", "spec")

    def __init__(self, figure: language.Figure) -> None:
        self.spec = language.validate(figure)
        self._report: Report | None = None
        self._source: str | None = None

    def __repr__(self) -> str:
        return f"<lorafig.Figure {self.spec.id!s}: {self.spec.title!s}>"

    def check(self) -> Report:
        """Every claim on the figure with its verdict. The report is computed once and kept."""
        if self._report is None:
            self._report = check(self.spec)
        return self._report

    def plot(self, ax: Axes | None = None, *, check: bool = True) -> MatplotlibFigure:
        """Draws with Matplotlib: into `ax`, or as a new figure of the size of the picture. Returns an
        ordinary Matplotlib figure, which pyplot does not know and a notebook shows. Errors: LorafigError."""
        from lorafig.render import mpl

        if check:
            demand(self.check())
        return mpl.render(lay_out(self.spec, unverified=self.check().verdict != "holds"), ax)

    def to_svg(self, *, text: TextMode = "paths", check: bool = True) -> str:
        """The picture as SVG. `text` is 'paths' for outlines, which look the same everywhere, or 'live' for
        text that can be selected, in the reader's fonts."""
        return self._text("svg", Options(text=text, check=check))

    def to_tikz(self, *, standalone: bool = False, check: bool = True) -> str:
        """The picture as TikZ for `\\input`; with `standalone`, as a document of its own."""
        return self._text("tex" if standalone else "tikz", Options(check=check))

    def to_html(self, *, check: bool = True) -> str:
        """The page with the sliders of the spec's `controls`: one HTML document that needs no network."""
        return self._text("html", Options(check=check))

    def describe(self, *, check: bool = True) -> str:
        """The figure in words, as Markdown: its parts, what flows where, equations, a table of symbols."""
        return self._text("md", Options(check=check, carries=False))

    def alt_text(self, *, check: bool = True) -> str:
        """The figure in a few sentences, for the `alt` of an image: what the SVG has as its `<desc>`."""
        if check:
            demand(self.check())
        return alternative(self.spec, self.check())

    def save(self, path: str | os.PathLike[str], *, check: bool = True) -> None:
        """Writes a file in the format that its ending names: .svg, .pdf, .png, .eps, .tikz, .tex, .html,
        .mmd, .md or .json. The file is written whole or not at all. Errors: LorafigError for another
        ending, a figure that does not hold, a file that cannot be written."""
        name = os.path.splitext(os.fspath(path))[1].removeprefix(".").lower()
        for form in FORMATS:
            if form == name:
                write_whole(path, self._drawn(form, Options(check=check)))
                return
        endings = ", ".join(f".{form}" for form in FORMATS)
        raise LorafigError(
            Problem(f"no format ends in '.{name}'", None, f"those that do: {endings}", code="unknown-format")
        )

    def _text(self, form: Format, options: Options) -> str:
        return self._drawn(form, options).decode()

    def _drawn(self, form: Format, options: Options) -> bytes:
        return draw(self.spec, [form], options, spec=self._source)[0][form]

    def interact(self, *, height: int = 720) -> Interactive:
        """The page with sliders, for the end of a cell of a notebook; `height` in pixels."""
        from lorafig.embed.jupyter import Interactive, words

        page = self.to_html()
        return Interactive(page, str(self.spec.title), words(lay_out(self.spec)), height)

    def _repr_mimebundle_(
        self, include: Collection[str] | None = None, exclude: Collection[str] | None = None
    ) -> dict[str, Any]:
        """What Jupyter shows: the picture, or why there is none."""
        from lorafig.embed.jupyter import bundle, refusal

        try:
            demand(self.check())
            return bundle(self.spec, include, exclude)
        except LorafigError as error:
            return refusal(error)


def load(path: str | os.PathLike[str]) -> Figure:
    """The figure of a YAML or JSON file. Errors: LorafigError with every problem of the file."""
    return loads(read_spec(path), os.fspath(path))


def loads(text: str | bytes, file: str = "<string>") -> Figure:
    """The figure that a text in YAML or JSON describes; `file` is the name of the text in messages."""
    return _made(language.loads(text, file), text if isinstance(text, str) else text.decode())


def from_data(data: Any) -> Figure:
    """The figure that dicts, lists, strings and numbers describe, as JSON has them. Problems name the path of
    keys, `row[0].stack[1].bar`."""
    return _made(language.from_data(data))


def _made(read: language.Figure, text: str | None = None) -> Figure:
    """A figure of a spec that the reader has already held to the rules, and of the text that it read."""
    figure = Figure.__new__(Figure)
    figure.spec = read
    figure._report = None
    figure._source = text
    return figure
