"""Formulas in pieces: the same signs in the same order, and each piece narrow where it can be."""

from __future__ import annotations

from xml.etree.ElementTree import fromstring

import pytest
from markupsafe import Markup

from lorafig.notation.read.parse import parse_math
from lorafig.notation.write.mathml import to_mathml
from lorafig.words.write.breaks import LONGEST, breakable
from tests.notation.labels import LABELS


def pieces(source: str) -> list[str]:
    """What is to be read in each piece."""
    cut = str(breakable(to_mathml(parse_math(source)))).split("<wbr>")
    return [
        "".join(fromstring(piece).itertext()).replace("\u2062", "").replace("\u2061", "") for piece in cut
    ]


@pytest.mark.parametrize("label", LABELS)
def test_nothing_is_lost(label: str) -> None:
    whole = to_mathml(parse_math(label))
    cut = str(breakable(whole)).split("<wbr>")
    assert "".join("".join(fromstring(piece).itertext()) for piece in cut) == "".join(
        fromstring(whole).itertext()
    )
    assert all(fromstring(piece).tag == "math" for piece in cut)


@pytest.mark.parametrize("label", ["h = Wx + BAx", r"A \in \mathbb{R}^{r\times d}", "r(d + k) = 6{,}144"])
def test_what_fits_a_line_stays_whole(label: str) -> None:
    whole = to_mathml(parse_math(label))
    assert breakable(whole) == Markup(whole)


@pytest.mark.parametrize(("label", "cut"), [
    ("W + BA = W + BAAAAAAAA + BBBBBBBB", ["W+BA=", "W+BAAAAAAAA+BBBBBBBB"]),
    ("W = A + BBBBBBBBBBBB + CCCCCCCCCCCCC", ["W=", "A+", "BBBBBBBBBBBB+", "CCCCCCCCCCCCC"]),
    ("x = -y + (AAAAAAAAAAAA + BBBBBBBBBBBB)", ["x=", "−y+", "(AAAAAAAAAAAA+BBBBBBBBBBBB)"]),
    ("A" * 30, ["A"] * 30),
    (r"\frac{AAAAAAAAAAAAAAAAAAAA}{BBBBBBBBBBBBBBBBBBBB}", ["A" * 20 + "B" * 20]),
    (r"\text{words that are longer than a line}", ["words that are longer than a line"]),
])  # fmt: skip
def test_breaks_are_at_the_loosest_operators(label: str, cut: list[str]) -> None:
    assert pieces(label) == cut


def test_operators_at_the_end_keep_their_distances() -> None:
    first = str(breakable(to_mathml(parse_math("W = A + BBBBBBBBBBBB + CCCCCCCCCCCCC")))).split("<wbr>")[0]
    assert first == '<math><mrow><mi>W</mi><mo form="infix">=</mo></mrow></math>'


def test_a_formula_of_the_gallery_is_narrow_enough() -> None:
    label = r"h = W(\frac{m}{\lVert W+BA\rVert_c} \odot x) + BA(\frac{m}{\lVert W+BA\rVert_c}\odot x)"
    assert pieces(label) == ["h=", "W(m‖W+BA‖c⊙x)+", "BA(m‖W+BA‖c⊙x)"]
    assert all(len(piece) <= LONGEST for piece in pieces(label))
