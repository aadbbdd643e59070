"""Names, numbers and words for TeX."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lorafig.render.tikz.ascii import alt_text, ascii_text
from lorafig.render.tikz.names import Lengths, colour, letters, node, number


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("LoRA by hand", "LoRA by hand"),
        ("W ∈ ℝ^{d×d}", "W in R^{d x d}"),
        ("A ~ 𝒩(0, σ²)", "A ~ N(0, sigma2)"),
        ("Schrödinger’s\n\tcat…", "Schrodinger's cat..."),
        ("α ≪ Ω", "alpha << omega"),
        ("权重", "??"),
    ],
)
def test_ascii_text(text: str, said: str) -> None:
    assert ascii_text(text) == said


@given(st.text(max_size=80))
def test_ascii_text_is_one_printable_line(text: str) -> None:
    assert re.fullmatch(r"[ -~]*", ascii_text(text))


@given(st.text(max_size=80))
def test_alt_text_holds_nothing_that_tex_acts_on(text: str) -> None:
    assert re.fullmatch(r"(?:[^\\{}~^#$%&_]|\\[#$%&_])*", alt_text(text))


def test_alt_text() -> None:
    assert alt_text(r"50% of \W_0 & {x}^2 #1 $") == r"50\% of /W\_0 \& (x)2 \#1 \$"


def test_names() -> None:
    assert letters("brace gap 12") == "BraceGapOneTwo"
    assert colour("blue line") == "lorafig-blue-line"
    assert node("W'_0.x") == "W-0-x"


def test_number() -> None:
    assert [number(value) for value in (0.0, -0.00001, 0.5, 1 / 3, 12.0, -2.25)] == [
        "0",
        "0",
        "0.5",
        "0.3333",
        "12",
        "-2.25",
    ]


def test_lengths() -> None:
    lengths = Lengths({"gap": 2.0, "d": 30.0, "unused": 1.0})
    assert lengths.sum(((1.0, "gap"), (-0.5, "d"))) == r"\lorafigGap - 0.5*\lorafigD"
    assert lengths.sum(((-1.0, "gap"),)) == r"-\lorafigGap"
    assert lengths.sum(()) == "0mm"
    assert lengths.used() == [(r"\lorafigGap", 2.0), (r"\lorafigD", 30.0)]


def test_lengths_keep_names_apart() -> None:
    lengths = Lengths({"gap": 2.0, "Gap": 3.0})
    assert lengths.macro("gap") == r"\lorafigGap"
    assert lengths.macro("Gap") == r"\lorafigGapX"
    assert lengths.macro("gap", 9.0) == r"\lorafigGapTwo"
    assert lengths.macro("gap", 2.0) == r"\lorafigGap"
