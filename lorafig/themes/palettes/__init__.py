"""The palettes by name: each is a file of this folder, `dark` is `dark.json`.

A file gives colours by name, and for each role the names of its fill, its line and its text. `ink` is the
colour of text, `background` that of the ground if the palette brings one; `partner` draws the same figure
on pages of the other shade. `line`, `hairline` and `corner` are in points, and so is `unit`, which gaps and
heights are counted in where labels have 8.5 pt. With `like`, a file says only
what differs from another one.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from msgspec import Struct, convert, json

DEFAULT = "paper"
UNIT = 4.0
LEAST_UNIT = 2.5
_FOLDER = os.path.dirname(os.path.abspath(__file__))


class Palette(Struct, frozen=True, kw_only=True, eq=False):
    """Colours by name, and which of them each role takes. Black and white carry text on other fills."""

    colours: dict[str, str]
    roles: dict[str, tuple[str | None, str | None, str]]  # fill, line, text
    ink: str
    background: str | None = None
    partner: str | None = None
    line: float = 0.8  # venues ask for at least 0.5 pt
    hairline: float = 0.5
    corner: float = 1.6
    unit: float = UNIT

    @property
    def ground(self) -> str | None:
        """The colour that the palette is drawn on; None for the page's own, which is light."""
        return None if self.background is None else self.colours[self.background]


def _read() -> dict[str, Palette]:
    """The default first, then those for light pages, then those on a ground of their own."""
    written: dict[str, dict[str, Any]] = {}
    for name in sorted(os.listdir(_FOLDER)):
        stem, _, ending = name.partition(".")
        if ending == "json":
            with open(os.path.join(_FOLDER, name), "rb") as file:
                written[stem] = json.decode(file.read())
    for own in written.values():
        model = written.get(own.get("like", ""), {})
        own.update(model | own | {key: model.get(key, {}) | own.get(key, {}) for key in ("colours", "roles")})
    names = sorted(written, key=lambda name: (name != DEFAULT, written[name].get("background") is not None))
    return {name: convert(written[name], Palette) for name in names}


PALETTES: Mapping[str, Palette] = _read()
NIGHT = PALETTES[PALETTES[DEFAULT].partner or DEFAULT].ground or "#000000"  # the ground of pages in the dark


class Named(str):
    """The name of a palette that is not one of PALETTES: of a file of an author's own."""

    palette: Palette

    @property
    def stem(self) -> str:
        """What it is called where paths have no place; no name of PALETTES."""
        stem = os.path.splitext(os.path.basename(self))[0]
        letters = "".join(char if char.isascii() and char.isalnum() else "-" for char in stem)
        return f"{letters}-own" if letters in PALETTES else letters


def palette_of(name: str) -> Palette:
    """The palette of a name."""
    return name.palette if isinstance(name, Named) else PALETTES[name]


def by_night(name: str) -> str | None:
    """The palette that draws a figure on dark pages that is drawn in this one on light pages."""
    partner = palette_of(name).partner
    return partner if partner is not None and palette_of(partner).background is not None else None


def suited(name: str) -> dict[str, str]:
    """The palettes that draw a figure of this palette on light and on dark pages."""
    own, default = palette_of(name), PALETTES[DEFAULT]
    dark = by_night(name)
    if own.background is None or dark is not None:
        return {"light": name, "dark": dark or default.partner or name}
    return {"light": own.partner or DEFAULT, "dark": name}


def grounds() -> str:
    """Rules for style sheets: the ground of pages in the dark, and what pictures in a palette lie on."""
    rules = [f":root {{ --night: {NIGHT}; }}"]
    for name, palette in PALETTES.items():
        if palette.ground is not None:
            places = ", ".join(f'.{place}[data-palette="{name}"]' for place in ("stage", "thumb"))
            rules.append(f"{places} {{ background: {palette.ground}; }}")
    return "".join(f"{rule}\n" for rule in rules)
