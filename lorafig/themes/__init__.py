"""How a figure looks: palettes, roles, line widths, and how long a dimension is drawn.

Every measure is a multiple of the text's em, so that a figure keeps its proportions at every font
size; only lines are absolute, because venues ask for at least 0.5 pt.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import log2
from typing import Literal

from lorafig.scene import Style

MM_PER_POINT = 25.4 / 72.27  # TeX points
LINE = 0.28  # mm, 0.8 pt

# Lengths in em. The names are what a reader of the TikZ output edits.
EMS: Mapping[str, float] = {
    "bar height": 1.6,
    "gap": 1.6,
    "arrow": 3.2,
    "column gap": 2.4,
    "panel gap": 3.6,
    "pad": 0.55,
    "label gap": 0.45,
    "title gap": 0.9,
    "caption gap": 1.3,
    "brace gap": 0.3,
    "brace": 0.5,
    "line gap": 1.9,
    "arrow head": 0.75,
    "border": 0.3,
    "corner": 0.45,
    "node pad": 0.75,
    "node width": 3.0,
    "node height": 2.6,
    "sign": 1.9,
    "icon": 1.35,
    "waist gap": 0.6,
    "layer gap": 2.3,
    "node gap": 2.0,
    "lane": 0.9,
    "bend": 0.6,
    "frame pad": 1.0,
    "card gap": 2.2,
    "card pad": 1.1,
    "card row": 0.75,
}
LEAST_SIDE = 7.5  # em: the longest dimension is drawn at least this long
READABLE = 4.5  # least contrast of text to its ground (WCAG 2.2, 1.4.3)
LEADING = 1.2  # of the text size, as LaTeX's \baselineskip
SHORTEST = 0.25  # what a dimension of 1 is drawn at, as a part of the longest: see `side`
# LaTeX's sizes in points: what lies between is replaced by one of them in many documents.
SIZES = (5.0, 6.0, 7.0, 8.0, 9.0, 10.0, 10.95, 12.0, 14.4, 17.28, 20.74, 24.88)


def equation_size(size: float) -> float:
    """The size of equations beside text of `size` points: the first of LaTeX's that is a fifth larger."""
    return next((one for one in SIZES if one >= 1.19 * size), SIZES[-1])


def caption_size(size: float) -> float:
    """The size of captions and of labels at equations' braces: the next smaller of LaTeX's."""
    return next((one for one in reversed(SIZES) if one < size), SIZES[0])


@dataclass(frozen=True, slots=True)
class Palette:
    """Colours by name, and which of them each role takes. Black and white carry text on fills."""

    colours: Mapping[str, str]
    roles: Mapping[str, tuple[str | None, str | None]]  # role -> fill, stroke
    ink: str
    background: str | None


Shade = Literal["light", "dark"]

# Okabe and Ito (2008): distinguishable with every common colour vision deficiency.
_OKABE_ITO = {
    "blue": "#0072B2",
    "sky": "#9FD4F3",
    "orange": "#E69F00",
    "amber": "#F6CF80",
    "green": "#009E73",
    "yellow": "#F0E442",
    "blue line": "#004C78",
    "orange line": "#8A5F00",
    "green line": "#00614A",
    "yellow line": "#857C00",
    "vermilion": "#B34400",
    "hairline": "#8A9096",
    "paper": "#F4F5F7",
    "tint": "#FBFBFC",
    "ink": "#333333",
    "black": "#111111",
    "white": "#FFFFFF",
}
_ROLES = {
    "activation": ("yellow", "yellow line"),
    "frozen": ("blue", "blue line"),
    "adapter": ("orange", "orange line"),
    "merged": ("green", "green line"),
    "frozen output": ("sky", "blue line"),
    "adapter output": ("amber", "orange line"),
    "plain": ("paper", "ink"),
    "card": ("tint", "hairline"),
    "frame": ("tint", "hairline"),
    "text": (None, None),
    "line": (None, "ink"),
    "frozen line": (None, "blue line"),
    "adapter line": (None, "orange line"),
    "merged line": (None, "green line"),
    "mark": (None, "vermilion"),
}
_GREY = {
    "frozen fill": "#4A4A4A",
    "adapter fill": "#B5B5B5",
    "merged fill": "#7D7D7D",
    "activation fill": "#EDEDED",
    "frozen tint": "#CFCFCF",
    "adapter tint": "#E0E0E0",
    "paper": "#F6F6F6",
    "tint": "#FCFCFC",
    "hairline": "#8A8A8A",
    "edge": "#222222",
    "ink": "#222222",
    "black": "#111111",
    "white": "#FFFFFF",
}
_DARK = _OKABE_ITO | {
    "blue": "#56B4E9",
    "green": "#2BC79B",
    "blue line": "#9AD3F5",
    "orange line": "#FFC955",
    "green line": "#8FE8CB",
    "yellow line": "#FFF7A6",
    "vermilion": "#FF9A66",
    "paper": "#2A2E36",
    "tint": "#1D2026",
    "hairline": "#7A808A",
    "ink": "#E6E6E6",
    "night": "#16181D",
}

PALETTES: Mapping[str, Palette] = {
    "okabe-ito": Palette(_OKABE_ITO, _ROLES, "ink", None),
    "grey": Palette(
        _GREY,
        {
            "activation": ("activation fill", "edge"),
            "frozen": ("frozen fill", "edge"),
            "adapter": ("adapter fill", "edge"),
            "merged": ("merged fill", "edge"),
            "frozen output": ("frozen tint", "edge"),
            "adapter output": ("adapter tint", "edge"),
            "plain": ("paper", "edge"),
            "card": ("tint", "hairline"),
            "frame": ("tint", "hairline"),
            "text": (None, None),
            "line": (None, "ink"),
            "frozen line": (None, "edge"),
            "adapter line": (None, "edge"),
            "merged line": (None, "edge"),
            "mark": (None, "black"),
        },
        "ink",
        None,
    ),
    "dark": Palette(_DARK, _ROLES, "ink", "night"),
}


def luminance(colour: str) -> float:
    """Relative luminance of `#RRGGBB` (WCAG 2.2)."""
    channels = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours, 1 to 21 (WCAG 2.2); text needs 4.5."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def readable(colours: Mapping[str, str], fill: str) -> str:
    """Black or white, whichever reads better on a fill."""
    return max(("black", "white"), key=lambda name: contrast(colours[name], colours[fill]))


def styles(palette: Palette) -> dict[str, Style]:
    """Each role resolved: text on a fill is black or white, whichever reads better."""
    resolved = {}
    for role, (fill, stroke) in palette.roles.items():
        if fill is None:
            ink = stroke if stroke is not None and role != "line" else palette.ink
        else:
            ink = readable(palette.colours, fill)
        resolved[role] = Style(fill, stroke, ink, LINE)
    return resolved


def side(value: int, largest: int) -> float:
    """How long a dimension is drawn, as a part of the longest: 1 for it, on a log scale below.

    To scale, a rank of 8 in 768 would be a hair; the order is kept, and equal dimensions are equal.
    """
    return SHORTEST + (1 - SHORTEST) * log2(1 + value) / log2(1 + largest)
