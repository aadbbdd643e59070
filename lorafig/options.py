"""What can be asked for: formats, and how they are drawn."""

from __future__ import annotations

from typing import Literal, NamedTuple, get_args

from lorafig.errors import LorafigError, Problem

Format = Literal["svg", "tikz", "tex", "pdf", "png", "eps", "html", "mmd", "md", "json"]
FORMATS: tuple[Format, ...] = get_args(Format)
Engine = Literal["mpl", "tex"]
TextMode = Literal["paths", "live"]
Font = Literal["sans", "serif"]


AUTO = "auto"  # for a theme: the spec's, and in an SVG its dark partner on dark pages


class Options(NamedTuple):
    """How to draw. `theme` replaces the spec's palette, `font` the font of words, `venue` its text size by
    one that fits there; `check` is False to draw what may be false; `dpi` is for PNG."""

    engine: Engine = "mpl"
    text: TextMode = "paths"
    theme: str | None = None
    check: bool = True
    venue: str | None = None
    font: Font | None = None
    dpi: float = 300.0


def known_palette(name: str) -> tuple[str, ...]:
    """The palettes there are, `name` among them; an unknown one is an error that lists them."""
    from lorafig.language.messages import did_you_mean, listing
    from lorafig.themes.palettes import PALETTES

    known = tuple(PALETTES)
    if name not in known:
        close = did_you_mean(name, known)
        hint = f"the themes are {listing(known)}"
        raise LorafigError(
            Problem(
                f"there is no theme '{name}'",
                None,
                f"{close} {hint}" if close else hint,
                code="unknown-theme",
            )
        )
    return known
