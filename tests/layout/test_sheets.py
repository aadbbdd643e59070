"""A node that is there several times is drawn as sheets behind one another."""

import pytest
from msgspec.structs import replace

from lorafig.draw import lay_out
from lorafig.errors import LorafigError
from lorafig.language import loads
from lorafig.mermaid.write import flowchart
from lorafig.scene import Label, Shape, walk
from lorafig.verify import verify
from lorafig.words import describe

SPEC = """
id: f
title: T
model: {{sizes: {{N: 12}}}}
flow:
  direction: {direction}
  nodes:
    x: {{bar: x}}
    W: {{box: W}}
    a: {{{shape}: [Attention], sheets: N, note: heads}}
    b: {{box: [Output]}}
  edges:
    - x -> W -> a -> b
"""


def heads(direction="up", shape="rounded"):
    return loads(SPEC.format(direction=direction, shape=shape))


@pytest.mark.parametrize("direction", ["right", "down", "left", "up"])
@pytest.mark.parametrize("shape", ["box", "rounded", "stadium"])
def test_sheets_stand_behind(direction, shape):
    figure = heads(direction, shape)
    scene = lay_out(figure)
    assert verify(figure, scene).verdict == "holds"
    shapes = [item for item in walk(scene.items) if isinstance(item, Shape)]
    names = [item.name for item in shapes]
    assert names.index("a-sheet") < names.index("a-sheet-2") < names.index("a")
    words = [line.plain for item in walk(scene.items) if isinstance(item, Label) for line in item.lines]
    assert "N × heads" in words
    boxes = [item.box for item in shapes]
    assert max(box[3] for box in boxes) <= scene.height
    assert max(box[2] for box in boxes) <= scene.width


def test_they_are_told():
    figure = heads()
    told = describe(figure, verify(figure))
    assert "with the note “$N$ × heads”, drawn as sheets behind one another" in told
    assert 'a("Attention<br/>N × heads")' in flowchart.render(figure)


def test_a_sheet_that_is_drawn_wrong():
    figure = heads()
    scene = lay_out(figure)

    def changed(item):
        if getattr(item, "name", "") != "a-sheet":
            return item
        return replace(item, points=tuple((x - 9, y) for x, y in item.points))

    (group,) = scene.items
    wrong = replace(scene, items=(replace(group, items=tuple(map(changed, group.items))),))
    details = [claim.detail for claim in verify(figure, wrong).claims if claim.verdict == "fails"]
    assert "a sheet of a does not stand behind it" in details


def test_what_has_no_sheets():
    with pytest.raises(LorafigError) as caught:
        heads(shape="diamond")
    problem = caught.value.problems[0]
    assert problem.what == "sheets behind a diamond"
    assert problem.hint == "sheets stand behind one of 'box', 'rounded' and 'stadium'"
    assert problem.where is not None
