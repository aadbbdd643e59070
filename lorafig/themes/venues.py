"""The venues: each is a row of `venues.json`, with the style file of 2026 that its widths are from."""

from __future__ import annotations

import os
from functools import cache

from msgspec import Struct, json

from lorafig.errors import LorafigError, Problem

_MM = {"in": 25.4, "cm": 10.0, "mm": 1.0}


class Venue(Struct, frozen=True):
    """`widths` are those that a figure may take, narrowest first: of a column, of the text. `aliases` print
    by the same style."""

    name: str
    source: str
    widths: tuple[str, ...]
    aliases: tuple[str, ...] = ()

    def limits(self) -> tuple[float, ...]:
        """The widths in mm."""
        written = (width.split() for width in self.widths)
        return tuple(float(number) * _MM[unit] for number, unit in written)


@cache
def venues() -> tuple[Venue, ...]:
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "venues.json")
    with open(path, "rb") as file:
        return json.decode(file.read(), type=tuple[Venue, ...])


def names() -> list[str]:
    """Every name of a venue, as it is written."""
    return [name for venue in venues() for name in (venue.name, *venue.aliases)]


def venue(name: str) -> Venue:
    """The venue of this name or alias, in any case. LorafigError for one that is not in the table."""
    for row in venues():
        if name.lower() in (known.lower() for known in (row.name, *row.aliases)):
            return row
    known = ", ".join(row.name for row in venues())
    raise LorafigError(
        Problem(f"there is no venue '{name}'", None, f"the venues are {known}", code="unknown-venue")
    )
