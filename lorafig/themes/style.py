"""Roles as they look in a palette: fill, line, text and icons, and which inks can be read on a fill."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from msgspec.structs import replace

from lorafig.scene import Style
from lorafig.themes.measures import MM_PER_POINT
from lorafig.themes.palettes import Palette

MATRICES = ("frozen", "adapter", "merged", "plain")  # the roles that matrices are drawn in
PAPER = 14.0  # points, the largest text that is read at arm's length
READABLE = 4.5  # least contrast of text to its ground (WCAG 2.2, 1.4.3)
SEEN = 3.0  # least contrast of an icon (WCAG 2.2, 1.4.11)
INKS = ("frozen line", "adapter line", "merged line")  # the roles of coloured text on the page itself
# How far from a fill to its line: cells that stand out from the others, and the lines of a grid.
SHADES = {"shade": 0.35, "grid": 0.45}


def ink(role: str) -> str:
    """The role of text on the page itself that belongs to what is drawn in a role."""
    return f"{role} line" if f"{role} line" in INKS else "text"


def luminance(colour: str) -> float:
    """Relative luminance of `#RRGGBB` (WCAG 2.2)."""
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels(colour)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def channels(colour: str) -> tuple[float, float, float]:
    """Red, green and blue of `#RRGGBB`, each from 0 to 1."""
    red, green, blue = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    return red, green, blue


def full(colour: str) -> str:
    """`#07B` as `#0077BB`."""
    if len(colour) == 4:
        colour = "#" + "".join(2 * digit for digit in colour[1:])
    return colour.upper()


def contrast(colour: str, other: str) -> float:
    """Contrast ratio of two colours, 1 to 21 (WCAG 2.2); text needs 4.5."""
    dark, light = sorted((luminance(colour), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def readable(colours: Mapping[str, str], fill: str) -> str:
    """Black or white, whichever reads better on a fill."""
    return max(("black", "white"), key=lambda name: contrast(colours[name], colours[fill]))


def mixed(colour: str, other: str, part: float) -> str:
    """The colour `part` of the way from one to another."""
    pairs = zip(channels(colour), channels(other), strict=True)
    return "#" + "".join(f"{round(255 * (a + (b - a) * part)):02X}" for a, b in pairs)


def width(points: float) -> float:
    """A line's width or a radius in mm, whatever the size of the text: venues ask for at least 0.5 pt."""
    return round(points * MM_PER_POINT, 2)


@lru_cache(32)
def seen_from_afar(palette: Palette, size: float) -> Palette:
    """The palette with lines and corners that go with text of `size` points: on paper those of the palette
    itself, on posters thicker ones."""
    if size <= PAPER:
        return palette
    more = size / PAPER
    return replace(
        palette, line=palette.line * more, hairline=palette.hairline * more, corner=palette.corner * more
    )


@lru_cache(32)
def colours(palette: Palette) -> Mapping[str, str]:
    """All colours of a palette by name: its own, and those of cells and grids on matrices."""
    known = dict(palette.colours)
    for role in MATRICES:
        fill, line, ink = palette.roles[role]
        if fill is not None and line is not None:
            for name, part in SHADES.items():
                known[f"{role} {name}"] = mixed(known[fill], known[line], part)
            shade = known[f"{role} shade"]
            if max(contrast(known[name], shade) for name in (ink, "black", "white")) < READABLE:
                known[f"{role} shade"] = known[line]
    # Text of a role on the page itself: on a dark one it is lighter than on the role's fill.
    return known | {_ink(role): known[palette.roles[role][2]] for role in INKS}


def _ink(role: str) -> str:
    return role.replace(" line", " ink")


@lru_cache(32)
def styles(palette: Palette) -> Mapping[str, Style]:
    """Each role resolved. Icons have the colour of the line where they are seen well on the fill."""
    resolved = {}
    known, line, hairline = colours(palette), width(palette.line), width(palette.hairline)
    for role, (fill, stroke, own) in palette.roles.items():
        ink = _ink(role) if role in INKS else own
        ground = known[fill] if fill is not None else palette.ground or known["white"]
        seen = stroke is not None and contrast(known[stroke], ground) >= SEEN
        resolved[role] = Style(fill, stroke, ink, line, icon=stroke if seen else ink)
        grid, shade = f"{role} grid", f"{role} shade"
        if shade in known:
            resolved[f"{role} outline"] = Style(None, stroke, palette.ink, line)
            resolved[grid] = Style(None, grid, palette.ink, hairline)
            reads = contrast(known[ink], known[shade]) >= READABLE
            resolved[shade] = Style(shade, None, ink if reads else readable(known, shade), line)
            faint = contrast(known[shade], known["track"]) < SEEN  # beside what is left of the whole
            bar = stroke if faint and stroke is not None else shade
            resolved[f"{role} bar"] = Style(bar, None, readable(known, bar), line)
    return resolved
