"""What can be asked for: formats, and how they are drawn."""

from __future__ import annotations

from typing import Literal, NamedTuple, get_args

from lorafig.errors import LorafigError, Problem

Format = Literal["svg", "tikz", "tex", "pdf", "png", "eps", "html", "mmd", "md", "json"]
FORMATS: tuple[Format, ...] = get_args(Format)
Engine = Literal["mpl", "tex"]
TextMode = Literal["paths", "live"]
Font = Literal["sans", "serif"]
Caption = Literal["auto", "on", "off"]


AUTO = "auto"  # for a theme: the spec's, and in an SVG its dark partner on dark pages


class Options(NamedTuple):
    """How to draw. `theme` replaces the spec's palette, `font` the font of words, `venue` its text size by
    one that fits there, `width` is how wide the figure may be; `check` is False to draw what may be false;
    `dpi` is for PNG; `carries` is False for words to be read at once, which need not carry their spec.
    `caption` says whether the spec's own is drawn: by itself in all but a fragment for a document, which has
    its own below it."""

    engine: Engine = "mpl"
    text: TextMode = "paths"
    theme: str | None = None
    check: bool = True
    venue: str | None = None
    font: Font | None = None
    dpi: float = 300.0
    width: str | None = None
    carries: bool = True
    caption: Caption = "auto"


def palette_named(name: str) -> str:
    """The palette of a name, or of the theme file at a path; one that is not there is an error that lists
    those that are."""
    from lorafig.language import themes
    from lorafig.language.messages import did_you_mean, listing
    from lorafig.themes.palettes import PALETTES, Named

    if name in PALETTES or isinstance(name, Named):
        return name
    if themes.is_file(name):
        from lorafig.language.convert import read_theme
        from lorafig.language.model import Source

        return read_theme(Source(name))
    close = did_you_mean(name, tuple(PALETTES))
    hint = f"the themes are {listing(PALETTES)}, and any theme file, such as mine.yaml"
    hint = f"{close} {hint}" if close else hint
    raise LorafigError(Problem(f"there is no theme '{name}'", None, hint, "unknown-theme"))
