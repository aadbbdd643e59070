"""Groups of a flow that are there several times: drawn once, twice, dots and the last; run all of them."""

import pytest

from lorafig.draw import lay_out
from lorafig.errors import LorafigError
from lorafig.graph.lower import entries
from lorafig.language import from_data, loads
from lorafig.mermaid.write.flowchart import render
from lorafig.scene import Label, Shape, walk
from lorafig.verify import verify
from lorafig.words import describe
from lorafig.words.alt import alt_text

SPEC = r"""
id: f
title: Experts
model:
  adapter: none
  d: 16
  r: 2
  sizes: {{N: {n}}}
  functions: {{f: entrywise}}
  symbols:
    W: {{shape: [d, d], role: frozen}}
    x: {{shape: [d], role: input}}
    A_i: {{shape: [r, d], role: trained, over: 'i = 1..N'}}
    B_i: {{shape: [d, r], role: trained, over: 'i = 1..N'}}
    g_i: {{over: 'i = 1..N'}}
  let: ['z_i = B_i f(A_i x)', 'h = Wx + \sum_{{i=1}}^{{N}} g_i z_i']
flow:
  direction: {direction}
  nodes:
    x: {{bar: x}}
    W: {{box: W, badge: frozen}}
    A: {{box: A_i, badge: trainable}}
    f: {{rounded: f}}
    B: {{box: B_i, badge: trainable}}
    g: {{circle: {gate}}}
    plus: {{circle: '+'}}
    h: {{bar: h}}
  edges:
    - x -> W -> plus -> h
    - x -> A -> f -> B
    - {{edge: B -> g -> plus, math: '{label}'}}
  groups:
    expert: {{of: [A, f, B, g], over: '{over}'{more}}}
{rest}
"""


def experts(
    n=8, direction="up", gate="g_i", label="z_i", over="i = 1..N", more=", title: Expert $i$", rest=""
):
    label = "z_i" if label is None else label
    text = SPEC.format(n=n, direction=direction, gate=gate, label=label, over=over, more=more, rest=rest)
    return loads(
        text.replace("{edge: B -> g -> plus, math: 'z_i'}", "{edge: B -> g, math: z_i}\n    - g -> plus")
    )


def shapes(figure):
    return [item for item in walk(lay_out(figure).items) if isinstance(item, Shape)]


@pytest.mark.parametrize("n", [1, 2, 4, 5, 40])
def test_the_first_the_last_and_dots(n):
    figure = experts(n)
    scene = lay_out(figure)
    report = verify(figure, scene)
    assert report.verdict == "holds"
    drawn = min(n, 3) if n > 4 else n
    assert sum(claim.text.startswith("B") and claim.kind == "shape" for claim in report.claims) == drawn
    written = [item.lines[0].plain for item in walk(scene.items) if isinstance(item, Label)]
    assert written.count("⋯") == (n > 4)
    assert written.count("Expert 1") == (n > 1)
    assert written.count("Expert N") == 1
    (graph,) = entries(figure)
    assert len(graph.nodes) == 4 + 4 * drawn
    assert len(graph.run.nodes) == 4 + 4 * n


@pytest.mark.parametrize("direction", ["up", "down", "left", "right"])
def test_copies_stand_in_their_order_with_dots_between_and_nothing_else(direction):
    figure = experts(9, direction)
    scene = lay_out(figure)
    across = direction in ("left", "right")
    frames = {item.name: item.box for item in walk(scene.items) if isinstance(item, Shape)}
    copies = [frames[f"expert-{number}"] for number in (1, 2, 9)]
    middles = [((a + c) / 2, (b + d) / 2) for a, b, c, d in copies]
    dots = next(i for i in walk(scene.items) if isinstance(i, Label) and i.lines[0].plain in ("⋯", "⋮"))
    assert (dots.lines[0].plain == "⋮") == across
    order = [-y if across else x for x, y in middles]
    assert order == sorted(order)
    low, high = sorted((copies[1], copies[2]), key=lambda box: box[1] if across else box[0])
    assert (
        (low[3] < dots.box[1] and dots.box[3] < high[1])
        if across
        else (low[2] < dots.box[0] and dots.box[2] < high[0])
    )
    (x0, y0, x1, y1), *others = copies
    assert all(abs((c - a) - (x1 - x0)) < 0.1 and abs((d - b) - (y1 - y0)) < 0.1 for a, b, c, d in others)


def test_what_a_hidden_copy_does_is_run():
    figure = experts(8, gate="g_1")
    wrong = [claim for claim in verify(figure).claims if claim.verdict not in ("holds", "prose")]
    assert [(claim.kind, claim.text) for claim in wrong] == [("diagram", "h")]
    assert "z_5" not in [claim.text for claim in verify(experts(8)).claims]


def test_words_and_mermaid_tell_of_the_dots():
    figure = experts(8)
    said = "dots for i from 3 to 7, which are alike"
    assert f"Between A sub 2 and A sub N {said}" in alt_text(figure)
    assert "Between $A_2$ and $A_N$ dots, for the same with $i$ from $3$ to $7$." in describe(
        figure, verify(figure)
    )
    chart = render(figure)
    assert 'expert_dots["⋯"]' in chart
    assert "x ~~~ expert_dots" in chart


def test_two_groups_over_one_index_are_joined_copy_by_copy():
    data = {
        "id": "f",
        "title": "Clients",
        "model": {
            "adapter": "none",
            "d": 8,
            "sizes": {"N": 6},
            "symbols": {
                "x_i": {"shape": ["d"], "role": "input", "over": "i = 1..N"},
                "W_i": {"shape": ["d", "d"], "over": "i = 1..N"},
            },
            "let": ["y = \\sum_{i=1}^{N} W_i x_i"],
        },
        "flow": {
            "nodes": {"x": {"bar": "x_i"}, "W": {"box": "W_i"}, "s": {"circle": "+"}, "y": {"bar": "y"}},
            "edges": ["x -> W -> s -> y"],
            "groups": {
                "in": {"of": ["x"], "over": "i = 1..N", "frame": False},
                "out": {"of": ["W"], "over": "i = 1..N", "frame": False},
            },
        },
    }
    figure = from_data(data)
    assert verify(figure, lay_out(figure)).verdict == "holds"
    assert not [shape for shape in shapes(figure) if shape.name.startswith(("in", "out"))]
    (graph,) = entries(figure)
    assert [(edge.tail, edge.head) for edge in graph.edges if edge.head.startswith("W")] == [
        ("x-1", "W-1"), ("x-2", "W-2"), ("x-6", "W-6")
    ]  # fmt: skip


def test_the_range_may_end_at_a_size_that_let_makes():
    text = SPEC.format(n=8, direction="up", gate="g_i", label="z_i", over="i = 1..q", more="", rest="")
    text = text.replace("1..N', ", "1..q', ").replace("1..N'}", "1..q'}").replace("^{N}", "^{q}")
    figure = loads(text.replace("let: [", "let: ['q = N/2', ").replace("g -> plus, math", "g, math"))
    assert len(entries(figure)[0].run.nodes) == 4 + 4 * 4


MISTAKES = [
    ({"n": 10_000}, "a repeat of 10,000; the limit is 512"),
    ({"over": "i = 1..M"}, "'M' has no value on this figure"),
    ({"over": "i = 4..3"}, "i runs from 4 to 3: there is nothing between"),
    ({"over": "j = 1..N", "more": ""}, "nothing in the group 'expert' has the index j"),
    ({"more": ", frame: false, title: Expert"}, "a title, or a look, and no frame"),
    (
        {"rest": "controls: {N: {min: 1, max: 9}}"},
        "a slider for N, over which something is repeated, from 1 on",
    ),
    ({"rest": "    all: {of: [expert], over: 'j = 1..N'}"}, "nothing in the group 'all' has the index j"),
    ({"rest": "    all: {of: [expert], over: 'i = 1..N'}"}, "i is the index of 'expert' in it too"),
    ({"rest": "    f-2: {of: [h]}"}, "'f-2' is what a copy of 'f' is called"),
]


@pytest.mark.parametrize(("change", "what"), MISTAKES)
def test_mistakes(change, what):
    with pytest.raises(LorafigError) as caught:
        lay_out(experts(**change))
    assert what in [problem.what for problem in caught.value.problems]


def test_many_nodes_are_a_limit():
    nodes = "\n".join(f"    n{number}: {{box: A_i}}" for number in range(25))
    text = SPEC.format(n=500, direction="up", gate="g_i", label="z_i", over="i = 1..N", more="", rest="")
    text = text.replace("  edges:", nodes + "\n  edges:").replace(
        "of: [A,", f"of: [{', '.join(f'n{n}' for n in range(25))}, A,"
    )
    with pytest.raises(LorafigError) as caught:
        loads(text)
    assert caught.value.kind == "limit"
    assert "elements with all that is repeated; the limit is 10,000" in caught.value.problems[0].what
