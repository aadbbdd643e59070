"""The text size at which a figure fits a venue.

A figure is never scaled: labels would come out at a size that nobody chose. It is laid out anew with
smaller text until it fits a column or, where no readable size does, the page's text.
"""

from __future__ import annotations

from collections.abc import Callable

from msgspec.structs import replace

from lorafig.errors import LorafigError, Problem
from lorafig.language.model import Figure
from lorafig.scene import Scene
from lorafig.themes.venues import venue

SIZES = (9.0, 8.0, 7.0)  # points; labels of 7 to 9 pt read well at final size
LAST_RESORT = 6.0


def fitted(figure: Figure, name: str, lay_out: Callable[[Figure], Scene]) -> Figure:
    """The figure with the largest text at which it fits a venue's column, else its text width.

    Errors: LorafigError for a venue that is not in the table, and where no readable size fits.
    """
    row = venue(name)
    widths = row.limits()
    for width in widths:
        for size in SIZES if width != widths[-1] else (*SIZES, LAST_RESORT):
            candidate = replace(figure, theme=replace(figure.theme, font_size=size))
            drawn = lay_out(candidate).width
            if drawn <= width:
                return candidate
    what = f"at {LAST_RESORT:g} pt the figure is {drawn:.0f} mm wide, and {row.name} has {widths[-1]:.0f} mm"
    raise LorafigError(
        Problem(
            what, figure.where, "shorten its labels, or draw its panels as figures of their own", code="width"
        )
    )
