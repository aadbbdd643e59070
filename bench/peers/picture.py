"""The two-panel LoRA figure as its author would write it down for a drawing library without layout.

Lengths are millimetres, y points up. The peers that are Python read the picture here, so that all of
them draw the same; Typst, TikZ and Mermaid have it in their own languages. `waist` is the length of
the side that stands for r: the number that changes from figure to figure.
"""

from __future__ import annotations

from typing import NamedTuple, TypeAlias

Point: TypeAlias = tuple[float, float]

WIDTH, HEIGHT = 172.7, 79.6
LINE = 0.28
INK = "#333333"
WAIST = 17.4


class Shape(NamedTuple):
    fill: str
    stroke: str
    points: tuple[Point, ...]


class Label(NamedTuple):
    x: float  # of its centre
    y: float
    text: str  # mathematics between $…$, as TeX
    live: str  # the same in plain characters
    size: float = 9.0
    ink: str = "#111111"
    bold: bool = False


def box(x: float, y: float, width: float, height: float) -> tuple[Point, ...]:
    return (x, y), (x + width, y), (x + width, y + height), (x, y + height)


def shapes(waist: float) -> list[Shape]:
    left, right = 64.6 - waist / 2, 64.6 + waist / 2
    return [
        Shape("#F0E442", "#857C00", box(4.5, 7.6, 77.6, 5.06)),
        Shape("#0072B2", "#004C78", box(4.5, 17.7, 35, 35)),
        Shape("#E69F00", "#8A5F00", ((47.1, 17.7), (82.1, 17.7), (right, 32.1), (left, 32.1))),
        Shape("#E69F00", "#8A5F00", ((left, 38.4), (right, 38.4), (82.1, 52.7), (47.1, 52.7))),
        Shape("#9FD4F3", "#004C78", box(4.5, 57.8, 35, 5.06)),
        Shape("#F6CF80", "#8A5F00", box(47.1, 57.8, 35, 5.06)),
        Shape("#F0E442", "#857C00", box(4.5, 67.9, 77.6, 5.06)),
        Shape("#F0E442", "#857C00", box(136.8, 7.6, 35, 5.06)),
        Shape("#009E73", "#00614A", box(136.8, 22.8, 35, 35)),
        Shape("#F0E442", "#857C00", box(136.8, 67.9, 35, 5.06)),
    ]


LABELS = [
    Label(2.0, 10.2, "$x$", "x", ink=INK),
    Label(22.0, 39.0, "Pretrained", "Pretrained", ink="#FFFFFF", bold=True),
    Label(22.0, 35.2, "Weights", "Weights", ink="#FFFFFF", bold=True),
    Label(22.0, 31.4, r"$W \in \mathbb{R}^{d \times d}$", "W ∈ ℝᵈˣᵈ", ink="#FFFFFF"),
    Label(64.6, 24.1, r"$A = \mathcal{N}(0, \sigma^2)$", "A = 𝒩(0, σ²)"),
    Label(64.6, 36.3, "$r$", "r", ink=INK),
    Label(64.6, 46.4, "$B = 0$", "B = 0"),
    Label(22.0, 60.3, "$Wx$", "Wx"),
    Label(43.3, 60.3, "+", "+", ink=INK),
    Label(64.6, 60.3, "$BAx$", "BAx"),
    Label(2.0, 70.5, "$h$", "h", ink=INK),
    Label(43.3, 77.2, "During training", "During training", ink=INK, bold=True),
    Label(107.7, 48.3, "$h = Wx + BAx$", "h = Wx + BAx", 10.8, INK),
    Label(107.7, 38.9, "$h = (W + BA)x$", "h = (W + BA)x", 10.8, INK),
    Label(110.3, 32.1, r"$W_{\mathrm{merged}}$", "W_merged", 8.1, INK),
    Label(134.3, 10.2, "$x$", "x", ink=INK),
    Label(154.3, 44.1, "Merged", "Merged", bold=True),
    Label(154.3, 40.3, "Weights", "Weights", bold=True),
    Label(154.3, 36.5, r"$W_{\mathrm{merged}} \in \mathbb{R}^{d \times d}$", "W_merged ∈ ℝᵈˣᵈ"),
    Label(134.3, 70.5, "$h$", "h", ink=INK),
    Label(154.3, 77.2, "After training", "After training", ink=INK, bold=True),
    Label(86.3, 2.2, "after Hu et al., 2021", "after Hu et al., 2021", 8.1, INK),
]


def brace(start: float, end: float, y: float, height: float) -> list[tuple[Point, Point, Point, Point]]:
    """Four cubic curves of a curly brace from `start` to `end`, its point at `y + height`."""
    middle, half = (start + end) / 2, height / 2
    bend = abs(half)
    return [
        ((start, y), (start, y + half), (start, y + half), (start + bend, y + half)),
        ((middle - bend, y + half), (middle, y + half), (middle, y + half), (middle, y + height)),
        ((middle, y + height), (middle, y + half), (middle, y + half), (middle + bend, y + half)),
        ((end - bend, y + half), (end, y + half), (end, y + half), (end, y)),
    ]


def braces(waist: float) -> list[list[tuple[Point, Point, Point, Point]]]:
    over = brace(64.6 - waist / 2, 64.6 + waist / 2, 33.0, 1.6)
    return [over, brace(101.1, 119.5, 36.1, -1.6)]
