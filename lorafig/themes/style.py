"""Roles as they look in a palette: which ink can be read on which fill."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from lorafig.scene import Style
from lorafig.themes.palettes import Palette

LINE = 0.28  # mm, 0.8 pt: absolute, because venues ask for at least 0.5 pt
HAIRLINE = 0.18  # mm, 0.5 pt
MATRICES = ("frozen", "adapter", "merged", "plain")  # the roles that matrices are drawn in
READABLE = 4.5  # least contrast of text to its ground (WCAG 2.2, 1.4.3)


def luminance(colour: str) -> float:
    """Relative luminance of `#RRGGBB` (WCAG 2.2)."""
    channels = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(colour: str, other: str) -> float:
    """Contrast ratio of two colours, 1 to 21 (WCAG 2.2); text needs 4.5."""
    dark, light = sorted((luminance(colour), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def readable(colours: Mapping[str, str], fill: str) -> str:
    """Black or white, whichever reads better on a fill."""
    return max(("black", "white"), key=lambda name: contrast(colours[name], colours[fill]))


@cache
def styles(palette: Palette) -> Mapping[str, Style]:
    """Each role resolved: text on a fill is black or white, whichever reads better."""
    resolved = {}
    for role, (fill, stroke) in palette.roles.items():
        if fill is None:
            ink = stroke if stroke is not None and role != "line" else palette.ink
        else:
            ink = readable(palette.colours, fill)
        resolved[role] = Style(fill, stroke, ink, LINE)
        if role in MATRICES and fill is not None and stroke is not None:
            # A grid on a shape, and cells that stand out from the others.
            resolved[f"{role} grid"] = Style(None, stroke, palette.ink, HAIRLINE)
            resolved[f"{role} shade"] = Style(stroke, None, readable(palette.colours, stroke), LINE)
    return resolved
