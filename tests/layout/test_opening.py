"""A node that opens into a panel of its own: its wedge, the frame of the panel, and what both claim."""

import pytest
from msgspec.structs import replace

from lorafig.draw import lay_out
from lorafig.errors import LorafigError
from lorafig.language import loads
from lorafig.mermaid.write.flowchart import render as mermaid
from lorafig.render import mpl, svg, tikz
from lorafig.scene import Shape, Wedge, walk
from lorafig.verify import verify
from lorafig.words import describe

SPEC = r"""
id: f
title: Opened
model:
  adapter: none
  d: 64
  sizes: {{m: 16}}
  functions: {{f: d -> d, g: m -> d}}
  symbols:
    x: {{shape: [d], role: input}}
    z: {{shape: [m], role: input}}
    W: {{shape: [d, d], role: frozen}}
  let: ['y = f(x)', 'v = Wx']
wrap: {wrap}
row:
  - panel: Outside
    name: outside
    flow: {{nodes: {{x: {{bar: x}}, f: {{{node}, opens: {opens}}}, y: {{bar: y}}}}, edges: [x -> f -> y]}}
  - panel: Inside
    name: inside
    {inside}
"""
FLOW = "flow: {nodes: {x: {bar: x}, W: {box: W}, v: {bar: v}}, edges: [x -> W -> v]}"
STACK = "stack: [bar: x, square: W, bar: v]"


def opened(inside=FLOW, node="rounded: f", opens="inside", wrap=2):
    return loads(SPEC.format(inside=inside, node=node, opens=opens, wrap=wrap))


@pytest.mark.parametrize("inside", [FLOW, STACK])
@pytest.mark.parametrize(("wrap", "side"), [(2, "right"), (1, "under")])
def test_a_wedge_leads_from_the_node_to_the_frame_of_the_panel(inside, wrap, side):
    figure = opened(inside, wrap=wrap)
    scene = lay_out(figure)
    (wedge,) = [item for item in walk(scene.items) if isinstance(item, Wedge)]
    boxes = {item.name: item.box for item in walk(scene.items) if isinstance(item, Shape)}
    node, frame = boxes[wedge.of], boxes[wedge.to]
    assert (wedge.of, wedge.side) == ("f", side)
    if side == "right":
        corners = {(node[2], node[1]), (node[2], node[3]), (frame[0], frame[1]), (frame[0], frame[3])}
    else:
        corners = {(node[0], node[1]), (node[2], node[1]), (frame[0], frame[3]), (frame[2], frame[3])}
    assert {(round(x, 3), round(y, 3)) for x, y in wedge.points} == {
        (round(x, 3), round(y, 3)) for x, y in corners
    }
    assert scene.items[0] is wedge  # beneath everything
    report = verify(figure, scene)
    assert report.verdict == "holds"
    assert "it takes d and gives d, and the panel takes d and gives d" in [c.detail for c in report.claims]


def test_all_outputs_have_it():
    figure = opened()
    scene = lay_out(figure)
    assert svg.identity(scene, scene.items[0].name) in svg.render(scene)
    assert r"\begin{scope}[on background layer]" in tikz.render(scene)
    assert mpl.render(scene) is not None
    assert "p1_f -.- panel_2" in mermaid(figure)
    assert "which opens into the panel “Inside”" in describe(figure, verify(figure))


def test_what_it_takes_is_what_the_panel_takes():
    said = [(claim.verdict, claim.detail) for claim in verify(opened(node="rounded: g")).claims]
    assert ("fails", "it takes m and gives d, and the panel takes d and gives d") in said


def test_a_wedge_that_leads_elsewhere_is_a_fault_of_the_picture():
    figure = opened()
    scene = lay_out(figure)
    wedge = scene.items[0]
    moved = replace(scene, items=(replace(wedge, to="x"), *scene.items[1:]))
    assert verify(figure, moved).verdict == "fails"


@pytest.mark.parametrize(
    ("opens", "said"),
    [
        ("insid", "there is no panel 'insid'"),
        ("outside", "what is on the panel 'outside' opens into it"),
    ],
)
def test_it_opens_into_another_panel_that_there_is(opens, said):
    with pytest.raises(LorafigError, match=said):
        opened(opens=opens)
