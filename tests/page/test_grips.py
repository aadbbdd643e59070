"""Where the knobs of the page's picture stand: on nothing, or they say less."""

from __future__ import annotations

import pytest

from lorafig.language import loads
from lorafig.page.grips import RADIUS, Grip
from lorafig.page.picture import Drawing, Glyphs, draw

SPEC = """\
id: gripped
title: A waist
model: {{d: 768, r: 8}}
stack:
  - bar: x
  - {middle}
  - bar: {end}
{more}
controls: {{r: {{min: 1, max: {most}}}}}
"""
ALONE = {"middle": "bottleneck: [A, B]", "end": "BAx"}
BESIDE = {"middle": "split: [{square: W}, {bottleneck: [A, B]}]\n  - sum: [Wx, BAx]", "end": "h"}


def _drawn(most: int, more: str = "", **parts: str) -> Drawing:
    return draw(loads(SPEC.format(most=most, more=more, **parts), "gripped.yaml"), "words", Glyphs())


@pytest.mark.parametrize(
    ("parts", "most", "said", "brief"),
    [(ALONE, 512, (-1, 0), False), (BESIDE, 9, (-1, 0), True), (BESIDE, 512, None, True)],
)
def test_it_says_less_where_it_has_no_room(
    parts: dict[str, str], most: int, said: tuple[int, int] | None, brief: bool
) -> None:
    """A waist is taken at its left; a weight beside it leaves room for a number, or for a knob alone."""
    (grip,) = _drawn(most, **parts).grips
    assert (grip.name, grip.along, grip.gain) == ("r", (-1, 0), pytest.approx(-0.5))
    assert (grip.said, grip.brief) == (said, brief)


def test_a_caption_leaves_the_picture() -> None:
    """It stands beside it in HTML, where no knob can lie on it."""
    drawing = _drawn(9, "caption: W is frozen.", **BESIDE)
    assert not any("caption" in item for item in drawing.areas)


def test_what_it_covers() -> None:
    grip = Grip("r", "A", 0, (-1, 0), 1.0, (1.0, 2.0), (-1, 0), False)
    ring, text = grip.boxes((10.0, 10.0), "64")
    assert ring == (11 - RADIUS, 12 - RADIUS, 11 + RADIUS, 12 + RADIUS)
    assert text[2] < ring[0]
    assert text[0] == pytest.approx(11 - 3.6 - 6 * 1.95)
