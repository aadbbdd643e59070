"""The figure in a few sentences: to the letter, bounded, and the same in every output."""

from __future__ import annotations

import io
import pathlib
import re
import xml.etree.ElementTree as ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader

from lorafig.language import load
from lorafig.language.model import (
    About,
    Bar,
    Card,
    CardRow,
    Equations,
    Figure,
    Flow,
    FlowNode,
    Model,
    Panel,
    Scale,
    Split,
    Square,
    Sum,
    Trapezoid,
)
from lorafig.layout import layout
from lorafig.render import mpl, svg, tikz
from lorafig.render.tikz.ascii import alt_text as in_tex
from lorafig.words.alt import LONGEST, alt_text

ROOT = pathlib.Path(__file__).parent.parent
GALLERY = sorted((ROOT / "figures").glob("*.yaml"))


def test_the_two_panels() -> None:
    # in less detail than the reparametrization: with the labels of the shapes it would be too long
    assert alt_text(load(ROOT / "figures" / "lora-two-panel.yaml")) == (
        "During training a frozen weight and a trainable low-rank update work side by side and their "
        "outputs are added; after training the update is merged into the weight. During training, from "
        "bottom to top: a bar x, then side by side a square Pretrained Weights, W; and a bottleneck of A "
        "and B, r wide at the waist, then the sum of W x and B A x, then a bar h. Equations: h equals W x"
        " plus B A x; h equals the quantity W plus B A, times x. After training, from bottom to top: a "
        "bar x, then a square Merged Weights, W merged, then a bar h."
    )


def test_the_reparametrization() -> None:
    assert alt_text(load(ROOT / "figures" / "lora-reparametrization.yaml")) == (
        "The input passes the pretrained weight and, beside it, the bottleneck of A and B; both outputs are"
        " added. From bottom to top: a bar x, then side by side a square Pretrained Weights, W in R, d by d;"
        " and a bottleneck of A equals the normal distribution with mean 0 and variance sigma squared and B"
        " equals 0, r wide at the waist, then the sum of W x and B A x, then a bar h."
    )


def test_a_flow_with_badges_and_a_card() -> None:
    nodes = (
        FlowNode(name="x", box="x"),
        FlowNode(name="W", box="W", badge="frozen"),
        FlowNode(name="f", bottleneck=("A", "B"), badge="trainable"),
        FlowNode(name="sum", circle="+"),
        FlowNode(name="h", bar="h"),
        FlowNode(name="w", rounded=("two", "lines")),
    )
    figure = Figure(
        "f",
        "F",
        model=Model(d=256, r=4),
        flow=Flow(nodes, ("x -> W, f -> sum -> h",)),
        card=Card((r"W: $d^2 = \num{d^2}$", CardRow("free")), "Parameters"),
    )
    assert alt_text(figure) == (
        "Boxes and arrows, from left to right: x to W and A then B; “two, lines”; W to a sum; A then B"
        " to a sum; a sum to h. W is marked as frozen. A then B is marked as trained."
        " A card, Parameters: W: d squared equals 65,536; free."
    )


def test_every_element() -> None:
    stack = (Bar("x"), Split((Square("W"), (Trapezoid("A", math="A: r × d"), Scale("s")))), Sum("arrows"))
    assert alt_text(Figure("f", "F", row=(Panel(stack, "One"), Equations(("h = Wx",))))) == (
        "One, from bottom to top: a bar x, then side by side a square W; and a trapezoid A of shape r by d,"
        " then a scaling by s, then the sum of the branches. Equation: h equals W x."
    )


def test_chains_are_told_as_such() -> None:
    nodes = tuple(FlowNode(name=name, box=(name,)) for name in "abcdef")
    figure = Figure("f", "F", flow=Flow(nodes, ("a -> b -> c -> d, e", "d -> f -> d"), "down"))
    assert alt_text(figure) == (
        "Boxes and arrows, from top to bottom: “a” to “b” to “c” to “d” and “e”; “d” to “f” to “d”."
    )


def test_a_large_flow_is_counted() -> None:
    nodes = tuple(FlowNode(name=f"n{i}", box=(f"node {i}",)) for i in range(1_000))
    figure = Figure("f", "F", flow=Flow(nodes, tuple(f"n{i} -> n{i + 1}" for i in range(999)), "down"))
    assert alt_text(figure) == "Boxes and arrows, from top to bottom: 1,000 nodes."


def test_long_words_are_cut_at_the_end_of_a_sentence() -> None:
    shows = "The first sentence of many. " + "And so on with more and more words. " * 40
    text = alt_text(Figure("f", "F", about=About(shows=shows), stack=(Bar("x"), Bar("x"))))
    assert text.startswith("The first sentence of many. And so on")
    assert text.endswith("more words. 2 elements, from bottom to top.")
    assert len(text) <= LONGEST


def test_one_endless_sentence_is_cut_at_a_word() -> None:
    text = alt_text(Figure("f", "F", stack=(Bar("x"), Square("W", text=("long " * 300,)))))
    assert text == "2 elements, from bottom to top."
    shows = alt_text(Figure("f", "F", about=About(shows="long, " * 300), stack=(Bar("x"), Bar("x"))))
    assert re.fullmatch(r"(long, )+long … 2 elements, from bottom to top\.", shows)


@given(st.text("ab .!?。流\n", min_size=0, max_size=2_000))
def test_it_is_bounded_whatever_the_words(words: str) -> None:
    figure = Figure("f", "F", about=About(shows=f"a{words}"), stack=(Bar("x"), Bar("x")))
    text = alt_text(figure)
    assert 0 < len(text) <= LONGEST
    assert text == " ".join(text.split())


@pytest.mark.parametrize("path", GALLERY, ids=lambda path: path.stem)
def test_every_output_carries_it(path: pathlib.Path) -> None:
    figure = load(path)
    text = alt_text(figure)
    assert 80 <= len(text) <= LONGEST
    assert text.endswith((".", "。"))
    scene = layout(figure, description=text)
    root = ElementTree.fromstring(svg.render(scene))
    assert root.findtext("{http://www.w3.org/2000/svg}desc") == text
    assert in_tex(f"{scene.title}. {text}") in " ".join(tikz.render(scene).replace("%\n", "\n").split())
    about = PdfReader(io.BytesIO(mpl.save(scene, "pdf"))).metadata
    assert about is not None
    assert about.subject == text
