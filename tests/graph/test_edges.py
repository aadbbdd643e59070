"""Edges of kinds, edges to and from groups, and flows in four directions."""

import pytest

from lorafig.draw import draw
from lorafig.errors import LorafigError
from lorafig.graph.lower import entries
from lorafig.language import loads
from lorafig.layered import Box, Edge, arrange
from lorafig.layout import layout
from lorafig.mermaid import read, to_figure
from lorafig.options import Options
from lorafig.scene import Arrow, Shape, walk
from lorafig.verify import verify
from lorafig.words import describe
from lorafig.words.alt import alt_text

FIGURE = r"""
id: kinds
title: Kinds of edges
model: {d: 768, r: 4}
flow:
  direction: DIRECTION
  nodes:
    x: {bar: x}
    W: {box: W, badge: frozen}
    f: {bottleneck: [A, B]}
    sum: {circle: '+'}
    h: {bar: h}
    loss: {rounded: [Loss]}
    state: {rounded: [Optimizer state]}
    cpu: {rounded: [CPU memory]}
  edges:
    - x -> layer -> sum -> h
    - {edge: h -> loss, kind: control}
    - {edge: loss -> f, kind: gradient}
    - {edge: f -> state, kind: control}
    - {edge: state <-> cpu, kind: memory, text: paging}
  groups:
    layer: {of: [W, f], title: Layer, times: L}
"""
DIRECTIONS = ("right", "down", "left", "up")


def figure(direction="right", old="", new=""):
    return loads(FIGURE.replace("DIRECTION", direction).replace(old, new).encode(), "s.yaml")


@pytest.mark.parametrize("direction", DIRECTIONS)
def test_data_goes_through_a_group_and_the_rest_is_no_data(direction):
    made = figure(direction)
    report = verify(made, layout(made))
    assert [claim for claim in report.claims if not claim.stands] == []
    assert "h" in [claim.text for claim in report.claims if claim.kind == "diagram"]


def test_what_flows_through_a_group_is_run():
    wrong = verify(figure(old="bottleneck: [A, B]", new="bottleneck: [B, A]"))
    assert wrong.verdict == "ill-typed"


def test_a_gradient_carries_no_data():
    wrong = verify(figure(old="kind: gradient", new="kind: data"))
    assert wrong.verdict == "fails"
    assert "two arrows flow into A" in wrong.problems()[0].what


def test_a_skip_is_data():
    text = """
id: skips
title: A skip
model: {d: 8, r: 2, let: ['y = x + BAx']}
flow:
  nodes: {x: {bar: x}, f: {bottleneck: [A, B]}, sum: {circle: '+'}, y: {bar: y}}
  edges: [x -> f -> sum -> y, {edge: x -> sum, kind: KIND}]
"""
    assert verify(loads(text.replace("KIND", "skip").encode(), "s.yaml")).verdict == "holds"
    assert verify(loads(text.replace("KIND", "memory").encode(), "s.yaml")).verdict != "holds"


def _middle(scene, name):
    (x0, y0, x1, y1) = next(i.box for i in walk(scene.items) if isinstance(i, Shape) and i.name == name)
    return (x0 + x1) / 2, (y0 + y1) / 2


@pytest.mark.parametrize(
    ("direction", "axis", "sign"), [("right", 0, 1), ("left", 0, -1), ("up", 1, 1), ("down", 1, -1)]
)
def test_the_direction(direction, axis, sign):
    scene = layout(figure(direction))
    places = [sign * _middle(scene, name)[axis] for name in ("x", "W", "sum", "h", "loss")]
    assert places == sorted(places)


def test_edges_of_a_group_end_at_its_frame():
    scene = layout(figure())
    frame = next(i for i in walk(scene.items) if isinstance(i, Shape) and i.name == "layer")
    arrows = {i.name: i for i in walk(scene.items) if isinstance(i, Arrow)}
    into = next(arrow for arrow in arrows.values() if arrow.end.of == "layer")
    out = next(arrow for arrow in arrows.values() if arrow.start.of == "layer")
    x0, _, x1, _ = frame.box
    gap = scene.lengths["wire gap"]
    assert abs(into.points[-1][0] - (x0 - gap)) < 0.01
    assert abs(out.points[0][0] - (x1 + gap)) < 0.01


def test_each_kind_has_a_look():
    scene = layout(figure())
    arrows = [item for item in walk(scene.items) if isinstance(item, Arrow)]
    dashes = {arrow.end.of: scene.styles[arrow.role].dash for arrow in arrows}
    solid, dashed = ("layer", "sum", "h"), ("loss", "f", "state")
    assert dashes == {**dict.fromkeys(solid, ""), **dict.fromkeys(dashed, "dashed"), "cpu": "dotted"}


def test_dots_in_every_backend():
    outputs, _ = draw(figure(), ("svg", "tikz", "mmd"), Options(), "s.yaml")
    assert b"dash pattern=on \\lorafigDot off \\lorafigDotGap" in outputs["tikz"]
    assert outputs["svg"].count(b"stroke-dasharray") >= 4
    assert b"state <-.->" in outputs["mmd"]
    assert b"x --> layer" in outputs["mmd"]
    assert b'["L \xc3\x97 **Layer**' in outputs["mmd"] or b"Layer" in outputs["mmd"]


def test_words_tell_the_kinds_and_the_groups():
    made = figure()
    text = describe(made, verify(made))
    assert "$x$ goes to the group “$L$ × Layer”." in text
    assert "the group “$L$ × Layer” goes to $+$." in text
    assert "sends its gradient to $A$ then $B$" in text
    assert "moves to and comes back from “CPU memory”" in text
    assert "x to the group L × Layer" in alt_text(made)


def test_what_begins_and_ends_in_a_group():
    (graph,) = entries(figure())
    into, out = graph.edges[:2]
    assert (into.tails, into.heads, into.ends) == (("x",), ("W", "f"), ("x", "layer"))
    assert (out.tails, out.heads, out.ends) == (("W", "f"), ("sum",), ("layer", "sum"))


def test_how_often_is_a_number():
    report = verify(figure(old="times: L", new="times: W"))
    (problem,) = report.problems()
    assert problem.what == (
        "'W' does not hold: it says how often the group 'layer' stands there, and is of shape d × d"
    )
    assert verify(figure(old="times: L", new="times: r")).verdict == "holds"


@pytest.mark.parametrize(
    ("edge", "what"),
    [
        ("layer -> W", "an edge from 'layer' to 'W', and one is inside the other"),
        ("W -> layer", "an edge from 'W' to 'layer', and one is inside the other"),
        ("layer -> layer", "an edge from 'layer' to 'layer', and one is inside the other"),
        ("layer -> lyer", "there is no node or group 'lyer'"),
    ],
)
def test_edges_that_cannot_be(edge, what):
    with pytest.raises(LorafigError) as error:
        figure(old="x -> layer -> sum -> h", new=edge)
    assert error.value.problems[0].what == what
    assert error.value.problems[0].where.line == 17


def test_a_weak_edge_leads_back_where_the_others_make_it():
    boxes = [Box(name, 10, 5) for name in "abc"]
    edges = [Edge("c", "a", weak=True), Edge("a", "b"), Edge("b", "c")]
    placed = arrange(boxes, edges)
    assert placed.boxes["a"][0] < placed.boxes["b"][0] < placed.boxes["c"][0]


def test_edges_of_subgraphs_come_from_mermaid_and_go_back():
    chart = "flowchart BT\n a[x] --> s\n subgraph s[T]\n b[y]\n c[z]\n end\n s -.-> d[w]\n"
    made, remarks = to_figure(read(chart, "a.mmd"), "chart")
    assert remarks == ()
    assert made.flow.direction == "up"
    (graph,) = entries(made)
    assert [edge.ends for edge in graph.edges] == [("a", "s"), ("s", "d")]
