"""Icons of our own drawing, as outlines: no font, no emoji, the same in each backend.

They are the rows of `icons.json`. An outline is what `Scene.outlines` holds: absolute SVG commands M, L, C
and Z, whole numbers, y up. The square of an icon is 1000 units wide; its ink keeps 40 to 170 units from the
square's sides, so that all look equally large. Fill them by the non-zero rule: parts go counter-clockwise and
may overlap, what is cut out goes clockwise.
"""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from lorafig.values import read_table


class IconArt(Struct, frozen=True):
    """How an icon looks, as the parts of its outline, and what it says, in a word."""

    parts: tuple[str, ...]
    meaning: str

    @property
    def outline(self) -> str:
        return "".join(self.parts)


ICONS: Mapping[str, IconArt] = read_table(__file__, "icons.json", dict[str, IconArt])
