"""Colours as people see them: with each kind of colour vision, and in grey print."""

from __future__ import annotations

from collections.abc import Mapping
from math import dist
from typing import TypeAlias

from lorafig.themes.style import channels, luminance

Triple: TypeAlias = tuple[float, float, float]
# Machado, Oliveira and Fernandes (2009), severity 1, on linear RGB.
SIGHTS: Mapping[str, tuple[Triple, Triple, Triple]] = {
    "common vision": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protanopia": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deuteranopia": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "tritanopia": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
}
GREY = "grey print"
VISIONS = (*SIGHTS, GREY)
_WHITE: Triple = (0.95047, 1.0, 1.08883)  # D65
_TO_XYZ: tuple[Triple, Triple, Triple] = (
    (0.4124564, 0.3575761, 0.1804375),
    (0.2126729, 0.7151522, 0.0721750),
    (0.0193339, 0.1191920, 0.9503041),
)


def difference(colour: str, other: str, vision: str) -> float:
    """How far two colours `#RRGGBB` are apart in CIE L*a*b* (CIE 1976), as seen by one of VISIONS.

    A difference of about 2 is just noticed side by side; 100 is black beside white.
    """
    one, two = _lab(colour, vision), _lab(other, vision)
    return dist(one, two)


def _lab(colour: str, vision: str) -> Triple:
    if vision == GREY:
        grey = luminance(colour)
        linear: Triple = (grey, grey, grey)
    else:
        linear = _times(SIGHTS[vision], _linear(colour))
    x, y, z = (_root(part / white) for part, white in zip(_times(_TO_XYZ, linear), _WHITE, strict=True))
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def _linear(colour: str) -> Triple:
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels(colour))
    return red, green, blue


def _times(matrix: tuple[Triple, Triple, Triple], vector: Triple) -> Triple:
    first, second, third = (
        min(max(sum(a * b for a, b in zip(row, vector, strict=True)), 0.0), 1.1) for row in matrix
    )
    return first, second, third


def _root(part: float) -> float:
    return part ** (1 / 3) if part > (6 / 29) ** 3 else part / (3 * (6 / 29) ** 2) + 4 / 29
