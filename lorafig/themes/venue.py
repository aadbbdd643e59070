"""Widths that venues print at, and the text size at which a figure fits one.

A figure is never scaled: labels would come out at a size that nobody chose. It is laid out anew with
smaller text until it fits a column or, where no readable size does, the page's text.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from lorafig.errors import LorafigError, Problem
from lorafig.values import replace

if TYPE_CHECKING:
    from lorafig.language.model import Figure
    from lorafig.scene import Scene

INCH = 25.4  # mm

# Widths in mm that a figure may take, narrowest first: of a column, of the text (the style files of 2026).
WIDTHS: dict[str, tuple[float, ...]] = {
    "ICML": (3.25 * INCH, 6.75 * INCH),
    "AISTATS": (3.25 * INCH, 6.75 * INCH),
    "UAI": (3.25 * INCH, 6.75 * INCH),
    "NeurIPS": (5.5 * INCH,),
    "ICLR": (5.5 * INCH,),
    "CVPR": (3.25 * INCH, 6.875 * INCH),
    "AAAI": (3.3 * INCH, 6.975 * INCH),
    "ACL": (77.0, 160.0),
    "JMLR": (6.0 * INCH,),
    "TMLR": (6.5 * INCH,),
    "ECCV": (122.0,),
}
SIZES = (9.0, 8.0, 7.0)  # points; labels of 7 to 9 pt read well at final size
LAST_RESORT = 6.0


def fitted(figure: Figure, name: str, lay_out: Callable[[Figure], Scene]) -> Figure:
    """The figure with the largest text at which it fits a venue's column, else its text width.

    Errors: LorafigError for a venue that is not in the table, and where no readable size fits.
    """
    known = {venue.lower(): venue for venue in WIDTHS}
    venue = known.get(name.lower())
    if venue is None:
        raise LorafigError(
            Problem(f"there is no venue '{name}'", None, f"the venues are {', '.join(WIDTHS)}")
        )
    widths = WIDTHS[venue]
    for width in widths:
        for size in SIZES if width != widths[-1] else (*SIZES, LAST_RESORT):
            candidate = replace(figure, theme=replace(figure.theme, font_size=size))
            drawn = lay_out(candidate).width
            if drawn <= width:
                return candidate
    what = f"at {LAST_RESORT:g} pt the figure is {drawn:.0f} mm wide, and {venue} has {widths[-1]:.0f} mm"
    raise LorafigError(
        Problem(what, figure.where, "shorten its labels, or draw its panels as figures of their own")
    )
