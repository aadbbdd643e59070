"""The card: names at the left, numbers at the right, bars as long as their counts."""

import pytest

from lorafig.language import loads
from lorafig.layout import layout
from lorafig.scene import Label, Shape, walk
from tests.layout.measure import FixedWidth

SPEC = r"""
id: card
title: Card
model: {d: 256, r: 4}
stack: [{bar: x}]
card:
  title: Parameters
  rows:
    - {row: 'W: $d^2 = \num{d^2}$', like: frozen}
    - {row: 'A + B: $2dr = \num{2dr}$', like: adapter}
    - {row: 'share: $\num[%]{2dr / d^2}$', like: adapter}
    - 'layers: $1$'
"""


def items(spec):
    found = list(walk(layout(loads(spec, "card.yaml"), typesetter=FixedWidth()).items))
    shapes = {item.name: item.box for item in found if isinstance(item, Shape)}
    labels = [item for item in found if isinstance(item, Label) and item.name.startswith("card")]
    return shapes, labels


def test_names_stand_at_the_left_and_numbers_at_the_right_on_one_line():
    shapes, labels = items(SPEC)
    x0, _, x1, _ = shapes["card-ground"]
    rows = [label for label in labels if label.name.startswith("card-row")]
    names = [label for label in labels if label.name.startswith("card-name")]
    assert [label.lines[0].plain for label in names] == ["W", "A + B", "share", "layers"]
    assert len({round(label.box[2], 3) for label in rows}) == 1
    assert len({round(label.box[0], 3) for label in (*names, labels[0])}) == 1
    assert labels[0].name == "card-title"
    for name, row in zip(names, rows, strict=True):
        assert name.lines[0].origin[1] == pytest.approx(row.lines[0].origin[1], abs=0.011)
        assert x0 < name.box[0] < name.box[2] < row.box[0] < row.box[2] < x1


def test_bars_are_as_long_as_their_counts_and_no_share_has_one():
    shapes, _ = items(SPEC)
    bars = [box for name, box in shapes.items() if name.startswith("card-bar")]
    whole, part = (box[2] - box[0] for box in bars)
    assert part / whole == pytest.approx(2 * 256 * 4 / 256**2, rel=0.02)
    # The longest bar needs no track behind it.
    assert len([name for name in shapes if name.startswith("card-track")]) == 1


def test_a_card_beside_sliders_is_set_like_any_other():
    assert items(SPEC + "controls: {r: {min: 1, max: 8}}\n") == items(SPEC)
