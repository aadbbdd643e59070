"""The venues: each is a row of `venues.json`, with the style file that its widths are from."""

from __future__ import annotations

import re
from functools import cache

from msgspec import Struct

from lorafig.errors import LorafigError, Problem
from lorafig.themes.widths import UNITS
from lorafig.values import read_table

SIZES = (9.0, 8.5, 8.0, 7.5, 7.0, 6.5, 6.0)  # points; labels of 7 to 9 pt read well at final size


class Venue(Struct, frozen=True):
    """`widths` are those that a figure may take, narrowest first: of a column, of the text; `places` are what
    they are called. `aliases` print by the same style, `text` are the sizes of labels, `height` is how high a
    figure may be. What is not `published` is a kind of document, and no name in words."""

    name: str
    source: str
    widths: tuple[str, ...]
    aliases: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    text: tuple[float, ...] = SIZES
    height: str | None = None
    published: bool = True

    def limits(self) -> tuple[float, ...]:
        """The widths in mm."""
        return tuple(_mm(width) for width in self.widths)

    def highest(self) -> float | None:
        """The height in mm."""
        return None if self.height is None else _mm(self.height)

    def called(self) -> tuple[str, ...]:
        """What each width is of."""
        return self.places or (("column", "page, figure*") if len(self.widths) > 1 else ("page",))


def _mm(written: str) -> float:
    number, unit = written.split()
    return float(number) * UNITS[unit]


@cache
def venues() -> tuple[Venue, ...]:
    return read_table(__file__, "venues.json", tuple[Venue, ...])


def names(published: bool = False) -> list[str]:
    """Every name of a venue, as it is written; or of those where papers are `published`."""
    rows = [row for row in venues() if row.published or not published]
    return [name for row in rows for name in (row.name, *row.aliases)]


def venue(name: str) -> Venue:
    """The venue of this name or alias, in any case. LorafigError for one that is not in the table."""
    for row in venues():
        if name.lower() in (known.lower() for known in (row.name, *row.aliases)):
            return row
    known = [row.name for row in venues()]
    undated = re.sub(r"[-_ ']*(?:20)?\d\d$", "", name).lower()
    same = next((own for own in names() if own.lower() == undated), None)
    hint = f"venues have no year: {same}" if same else f"the venues are {', '.join(known)}"
    raise LorafigError(Problem(f"there is no venue '{name}'", None, hint, code="unknown-venue"))
