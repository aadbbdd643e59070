"""A legend is made from what is on the figure, and what it says holds."""

import pathlib

import pytest
from msgspec.structs import replace

from lorafig.draw import lay_out
from lorafig.errors import LorafigError
from lorafig.language import load, loads
from lorafig.language.model import Legend
from lorafig.mermaid.write import flowchart
from lorafig.resources import gallery
from lorafig.scene import Group, Label, Shape, walk
from lorafig.verify import verify
from lorafig.words import describe
from lorafig.words.alt import alt_text
from lorafig.words.legend import explained

FLOW = """
id: f
title: LoRA and its optimizer
show_title: true
legend: {legend}
flow:
  nodes:
    x: {{bar: x}}
    W: {{box: W, badge: frozen}}
    A: {{box: A, badge: trainable}}
    B: {{box: B, class: {cls}}}
    s: {{circle: +}}
    h: {{bar: h}}
    o: {{rounded: [optimizer state]}}
    cpu: {{rounded: [CPU], class: host}}
  edges:
    - x -> W -> s -> h
    - x -> A -> B -> s
    - {{edge: h -> B, kind: gradient}}
    - {{edge: o <-> cpu, kind: memory}}
  classes:
    host: {{fill: '#DDEEFF', title: on the host}}
    ours: {{like: adapter, title: {title}}}
"""


def flow(legend="true", cls="ours", title="our part"):
    return loads(FLOW.format(legend=legend, cls=cls, title=title))


def said(scene):
    """The words of the legend that is drawn, in their order."""
    drawn = next(item for item in scene.items if isinstance(item, Group) and item.name == "legend")
    return [item.lines[0].plain for item in walk(drawn.items) if isinstance(item, Label)]


def verdict(figure):
    return verify(figure, lay_out(figure)).verdict


@pytest.mark.parametrize("at", ["true", "below", "right", "corner"])
def test_what_is_there_is_explained(at):
    figure = flow(at)
    scene = lay_out(figure)
    words = ["frozen", "trained", "on the host", "our part", "gradient", "memory"]
    assert said(scene) == words
    assert explained(figure) == words
    assert verify(figure, scene).verdict == "holds"
    boxes = [item.box for item in walk(scene.items) if isinstance(item, Label | Shape)]
    assert min(box[0] for box in boxes) >= 0
    assert max(box[2] for box in boxes) <= scene.width


@pytest.mark.parametrize("path", sorted(gallery().values()), ids=lambda path: pathlib.Path(path).stem)
def test_every_figure_of_the_gallery_can_have_one(path):
    plain = load(path)
    figure = replace(plain, legend=True, show_title=True)
    scene = lay_out(figure)
    assert verify(figure, scene).verdict == verdict(plain)
    groups = [item.name for item in scene.items if isinstance(item, Group)]
    # Badges without a colour have words of their own, and are told with their nodes.
    assert set(explained(figure)) <= set(said(scene)) if "legend" in groups else explained(figure) == []


def test_it_is_told_everywhere():
    figure = flow()
    told = "A legend explains: frozen, trained, on the host, our part, gradient, memory."
    assert told in alt_text(figure)
    assert told in describe(figure, verify(figure))
    lines = "frozen<br/>trained<br/>on the host<br/>our part<br/>gradient<br/>memory"
    assert f'lorafig_legend["{lines}"]' in flowchart.render(figure)


def test_own_words_take_the_place_of_others_and_name_more():
    figure = flow("{frozen: pretrained, activation: vectors, data: forward}")
    assert said(lay_out(figure)) == [
        "pretrained", "trained", "vectors", "on the host", "our part", "forward", "gradient", "memory",
    ]  # fmt: skip
    assert verdict(figure) == "holds"


@pytest.mark.parametrize(
    "figure", [flow("{frozen: trained weights}"), flow("{trained: frozen}"), flow(title="frozen")]
)
def test_words_that_are_not_so(figure):
    assert verdict(figure) == "fails"


def test_a_line_that_looks_like_those_of_data_is_not_explained_unasked():
    def skipping(legend):
        nodes = "{x: {box: x}, f: {box: f}, s: {circle: +}, y: {box: y}}"
        edges = "[x -> f -> s -> y, {edge: x -> s, kind: skip}, {edge: y -> f, kind: control}]"
        model = "{adapter: none, functions: {f: d -> d}, symbols: {x: {shape: [d]}}}"
        return loads(
            f"id: f\ntitle: T\nlegend: {legend}\nmodel: {model}\nflow: {{nodes: {nodes}, edges: {edges}}}\n"
        )

    assert "passes by" not in said(lay_out(skipping("{at: below}")))
    assert "round it" in said(lay_out(skipping("{skip: round it}")))


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ("no samples", "the legend explains the colour of what is frozen 0 times"),
        ("another colour", "the legend explains the colour of what is merged, and nothing has it"),
        ("no line", "the legend does not explain the lines of the kind gradient"),
    ],
)
def test_a_legend_that_is_drawn_wrong(change, what):
    figure = flow()
    scene = lay_out(figure)
    *rest, legend = scene.items
    items = {
        "no samples": [item for item in legend.items if not isinstance(item, Shape)],
        "another colour": [
            replace(item, role="merged") if getattr(item, "role", "") == "frozen" else item
            for item in legend.items
        ],
        "no line": [item for item in legend.items if not isinstance(item, Label)],
    }[change]
    wrong = replace(scene, items=(*rest, replace(legend, items=tuple(items))))
    details = [claim.detail for claim in verify(figure, wrong).claims if claim.verdict == "fails"]
    assert what in details


def test_where_it_cannot_stand():
    with pytest.raises(LorafigError) as caught:
        flow("top")
    problem = caught.value.problems[0]
    assert problem.what == "expected one of 'below', 'right' or 'corner', found the text 'top'"
    assert (problem.where.line, problem.where.column) == (5, 9)


def test_a_figure_without_anything_to_explain_has_none():
    figure = loads("{id: f, title: T, legend: true, flow: {nodes: {a: {box: [words]}}}}")
    assert not [item for item in lay_out(figure).items if item.name == "legend"]
    assert figure.legend is True
    assert replace(figure, legend=Legend()).legend == Legend()
