"""A caption stands once: in the picture, or in the document around it."""

import pytest

from lorafig.draw import draw
from lorafig.embed import inline
from lorafig.embed.request import request
from lorafig.embed.source import Source
from lorafig.language import loads
from lorafig.options import Options

SPEC = b"""
id: said
title: A layer
model: {d: 64, r: 4}
stack: [{bar: x}, {square: W}, {bar: Wx}]
caption: The pretrained layer.
"""


def drawn(form, **options):
    return draw(loads(SPEC, "said.yaml"), (form,), Options(carries=False, **options))[0][form].decode()


@pytest.mark.parametrize(
    ("form", "asked", "there"),
    [("svg", "auto", True), ("svg", "off", False), ("tikz", "auto", False), ("tikz", "on", True),
     ("tex", "auto", True), ("tex", "off", False)],
)  # fmt: skip
def test_a_fragment_leaves_the_caption_to_its_document(form, asked, there):
    output = drawn(form, caption=asked, text="live")
    assert (
        "The pretrained layer." in output.partition("<desc")[2]
        or "(caption) {The~pretrained~layer.}" in output
    ) is there


def test_the_other_formats_beside_a_fragment_have_it():
    figure = loads(SPEC, "said.yaml")
    both = draw(figure, ("tikz", "svg"), Options(carries=False))[0]
    assert list(both) == ["tikz", "svg"]
    assert both["svg"] == draw(figure, ("svg",), Options(carries=False))[0]["svg"]
    assert both["tikz"] == draw(figure, ("tikz",), Options(carries=False))[0]["tikz"]


def test_a_caption_below_the_picture_takes_its_place():
    source = Source(SPEC, "said.yaml")
    heights = [
        float(inline.picture(request(given), source, "p").svg.partition('height="')[2].partition("mm")[0])
        for given in ({}, {"caption": "The layer."})
    ]
    assert heights[0] > heights[1] + 3
