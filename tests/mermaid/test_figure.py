# ruff: noqa: E501
"""Charts as figures: what becomes of each thing, and the remark on what has no place, by its full text."""

from __future__ import annotations

import textwrap

import pytest
from matplotlib.colors import CSS4_COLORS as NAMED

from lorafig import language
from lorafig.errors import LorafigError, Place
from lorafig.language.model import FlowNode
from lorafig.mermaid import read, to_figure
from lorafig.mermaid.css_colours import colour
from lorafig.mermaid.naming import Names
from lorafig.mermaid.node_shapes import BRACKETS, NAMED_NEAREST, NAMED_SAME, STORES, drawn_as
from lorafig.mermaid.read.transcribe import is_formula
from tests.mermaid.charts import SEED

HEAD = "flowchart TD\n"


def reading(text: str) -> tuple[language.Flow, list[str]]:
    figure, remarks = to_figure(read(text, "a.mmd"), "a")
    assert language.loads(language.dump(figure)) == figure
    assert figure.flow is not None
    return figure.flow, [str(one) for one in remarks]


def lines(node: FlowNode) -> tuple[str, ...]:
    found = [getattr(node, shape) for shape in ("box", "rounded", "stadium", "circle", "diamond", "hexagon")]
    (label,) = [one for one in found if one is not None]
    assert isinstance(label, tuple)
    return label


def test_the_seed_as_a_spec() -> None:
    figure, remarks = to_figure(read(SEED, "a.mmd"), "seed-two")
    assert language.dump(figure) == textwrap.dedent(
        """\
        id: seed-two
        title: seed two
        lorafig: 1
        flow:
          nodes:
            L1:
              box: ['预训练模型', '冻结原始权重']
              class: lora
            L2:
              box: [apply_lora_to_model(), '替换 q/k/v/output proj']
              class: lora
            L3:
              box: [LoRALinear, '$W(x) + scale · B(A(x))$']
              class: lora
            L4:
              box: ['仅训练 A/B 矩阵']
              class: lora
            L5:
              box: ['保存 adaptor state_dict']
              class: lora
            L6:
              box: ['训练态:独立 adaptor']
              class: out
            L7:
              box: ['推理态:merge_lora()']
              class: out
          edges: ['L1 -> L2', 'L2 -> L3', 'L3 -> L4', 'L4 -> L5', 'L5 -> L6', 'L5 -> L7']
          direction: down
          classes:
            lora:
              fill: '#fdf4ff'
              stroke: '#d946ef'
              ink: '#0f172a'
            out:
              fill: '#f0fdf4'
              stroke: '#22c55e'
              ink: '#0f172a'
        """
    )
    (remark,) = remarks
    assert (remark.what, remark.where) == (
        "the directive 'init' has no place in a figure",
        Place("a.mmd", 1, 1),
    )


# What is passed over is named, with its place and what to do.
REMARKS: dict[str, tuple[str, list[str]]] = {
    "front matter": (
        "---\ntitle: T\nconfig:\n  look: handDrawn\nid: x\n---\nflowchart TD\n a",
        [
            "a.mmd:3:1: the front matter's 'config' has no place in a figure\n  hint: the look of a figure comes from its 'theme' and 'classes'",
            "a.mmd:5:1: the front matter's 'id' has no place in a figure",
        ],
    ),
    "turned": ("flowchart BT\n a", []),
    "turned round": ("graph RL\n a", []),
    "shape": (HEAD + " a>x]", ["a.mmd:2:2: the shape 'odd' of the node 'a' is drawn as 'box'"]),
    "hexagon": (HEAD + " a{{x}}", []),
    "badges off nodes": (
        HEAD + " subgraph T[🔥 Training]\n  a -->|❄ held| b[🔥 c 🔒]\n end",
        [
            "a.mmd:2:13: the sign '🔥' is left out: a badge stands on a node, one at most\n  hint: give the nodes that it speaks of badge: trainable",
            "a.mmd:3:9: the sign '❄' is left out: a badge stands on a node, one at most\n  hint: give the nodes that it speaks of badge: frozen",
            "a.mmd:3:19: the sign '🔒' is left out: a badge stands on a node, one at most\n  hint: give the nodes that it speaks of badge: lock",
        ],
    ),
    "a store of data": (HEAD + " a[(x)]", []),
    "a store with another badge": (HEAD + " a[(🔥 x)]", ["a.mmd:2:2: the shape 'cylinder' of the node 'a' is drawn as 'rounded'"]),
    "named shape": (HEAD + " a@{ shape: docs }", ["a.mmd:2:2: the shape 'docs' of the node 'a' is drawn as 'box'"]),
    "properties": (
        HEAD + " a[|borders:lt|x]",
        [
            "a.mmd:2:3: '|borders:lt|' has no place in a figure: a box has all its sides",
        ],
    ),
    "icon": (HEAD + " a@{ icon: 'x', label: b }", ["a.mmd:2:6: 'icon' of the node 'a' has no place in a figure"]),
    "misspelt": (
        HEAD + " a@{ lable: b }",
        ["a.mmd:2:6: 'lable' of the node 'a' has no place in a figure\n  hint: did you mean 'label'?"],
    ),
    "animation": (HEAD + " a e1@--> b\n e1@{ animate: true }", ["a.mmd:3:7: 'animate' of the edge 'e1' has no place in a figure"]),
    "invisible": (
        HEAD + " a ~~~ b",
        ["a.mmd:2:4: the invisible edge from 'a' to 'b' is left out\n  hint: the layout places nodes by the edges that are drawn"],
    ),
    "heads": (
        HEAD + " a --o b --x c",
        [
            "a.mmd:2:4: the circle at the end of an edge is drawn as an arrowhead",
            "a.mmd:2:10: the cross at the end of an edge is drawn as an arrowhead",
        ],
    ),
    "head at a start": (HEAD + " a <--- b", ["a.mmd:2:4: Mermaid draws no head at the start of '<---'\n  hint: both ends: <-->", "a.mmd:2:4: a longer edge is as long as the layout makes it"]),
    "long": (HEAD + " a ---> b", ["a.mmd:2:4: a longer edge is as long as the layout makes it"]),
    "unlike ends": (HEAD + " a x-- t --> b", ["a.mmd:2:4: 'x--' and '-->' are two ends of different edges; drawn by the second"]),
    "edge to a subgraph": (
        HEAD + " subgraph s\n a\n end\n b --> s\n s --> c\n a --> s",
        [
            "a.mmd:7:4: the edge from 'a' to 's' is left out: one is inside the other\n  hint: edges go from one thing to another beside it",
        ],
    ),
    "empty subgraph": (HEAD + " subgraph s\n end\n a", ["a.mmd:2:2: the subgraph 's' has no nodes and is left out"]),
    "direction within": (
        HEAD + " subgraph s\n direction LR\n a\n end",
        ["a.mmd:2:2: the direction LR of the subgraph 's' has no place in a figure\n  hint: a figure has one direction"],
    ),
    "direction outside": (
        HEAD + " direction LR\n a",
        ["a.mmd:2:2: 'direction LR' outside of a subgraph says nothing\n  hint: the first line gives the direction: flowchart LR"],
    ),
    "subgraph within itself": (
        HEAD + " subgraph s\n t\n a\n end\n subgraph t\n s\n b\n end",
        ["a.mmd:6:2: the subgraph 's' is within itself: left out of 't'"],
    ),
    "class without a definition": (
        HEAD + " a:::x & b:::x",
        ["a.mmd:2:6: the class 'x' is not defined here\n  hint: define it: classDef x fill:#f9f"],
    ),
    "class too early": (
        HEAD + " class a x\n a\n classDef x fill:#fff",
        ["a.mmd:2:10: there is no node 'a' so far to have the class 'x'\n  hint: Mermaid wants the class after the node"],
    ),
    "width of a stroke": (
        HEAD + " a\n classDef x stroke-width:4px\n class a x",
        ["a.mmd:3:13: 'stroke-width: 4px' has no place in a figure\n  hint: of a style it has 'fill', 'stroke' and 'color' and dashes"],
    ),
    "no colour": (
        HEAD + " a\n style a fill:none",
        ["a.mmd:3:10: 'fill: none' is not a colour that a figure has\n  hint: '#0072B2'"],
    ),
    "transparency": (HEAD + " a\n style a fill:#f9f8", ["a.mmd:3:10: the transparency of '#f9f8' has no place in a figure"]),
    "style of nothing": (HEAD + " a\n style b fill:#fff", ["a.mmd:3:8: this style makes the node 'b': nothing else names it"]),
    "curve": (
        HEAD + " a --> b\n linkStyle 0 interpolate basis",
        ["a.mmd:3:26: the curve 'basis' has no place in a figure"],
    ),
    "click": (
        HEAD + ' a\n click a "https://example.com" "tip"',
        ["a.mmd:3:2: a click has no place in a figure: 'click a \"https://example.com\" \"tip\"'"],
    ),
    "italics": (HEAD + ' a["`an _italic_ word`"]', ["a.mmd:2:6: the italics in 'an _italic_ word' have no place in a figure"]),
    "icon in words": (HEAD + " a[fa:fa-lock frozen]", ["a.mmd:2:4: 'fa:fa-lock' in a label has no place in a figure"]),
    "tags": (HEAD + ' a["<i>x</i><img src=y>"]', ["a.mmd:2:5: '<i>' in a label has no place in a figure", "a.mmd:2:5: '<img src=y>' in a label has no place in a figure"]),
    "script": (HEAD + ' a["x<script>alert(1)</script>"]', ["a.mmd:2:5: '<script>alert(1)</script>' in a label has no place in a figure"]),
    "no words": (HEAD + ' a[" "]', ["a.mmd:2:2: the node 'a' has no words: its name stands in their place"]),
    "two lines on an edge": (
        HEAD + ' a -- "x<br>y" --> b',
        ["a.mmd:2:8: the line break in 'x<br>y' has no place in a figure\n  hint: words of edges, groups and titles are one line"],
    ),
    "a formula that is none": (
        HEAD + ' a["$$\\foo$$"]',
        ["a.mmd:2:5: the formula '\\foo' is kept as words: unknown command \\foo (column 1)"],
    ),
    "invisible characters": (HEAD + ' a["x\u200e"]', ["a.mmd:2:5: the character U+200E in a label cannot be drawn and was left out"]),
    "parts of an emoji, which show nothing": (HEAD + ' a["Step 1\ufe0f\u20e3"] --> b["\U0001f469\u200d\U0001f4bb user"]', ["a.mmd:2:23: the sign '\U0001f469' is left out: no font here has it", "a.mmd:2:23: the sign '\U0001f4bb' is left out: no font here has it"]),
}  # fmt: skip


@pytest.mark.parametrize("name", REMARKS)
def test_remarks(name: str) -> None:
    text, expected = REMARKS[name]
    found = reading(text)[1]
    assert [
        one.split("\n  hint")[0] if "\n" not in wanted else one
        for one, wanted in zip(found, expected, strict=False)
    ] == expected
    assert len(found) == len(expected)


def test_nothing_is_said_of_what_has_its_place() -> None:
    text = (
        HEAD + "%% a comment\n accDescr: shows\n a([x]) --> b{y}:::c -.-> d((+)) <--> e(z)\n a --- d\n"
        " subgraph s [T]\n a\n end\n classDef c fill:#fff,stroke:red,color:#000,stroke-dasharray: 3 3\n style s fill:#eee\n linkStyle 1 stroke:blue"
    )
    flow, remarks = reading(text)
    assert remarks == []
    assert flow.edges == (
        "a -> b",
        language.Edge(edge="b -> d", dashed=True, class_="edge"),
        "d <-> e",
        "a -- d",
    )
    assert flow.groups == (language.FlowGroup(name="s", of=("a",), title="T", class_="s"),)
    assert {one.name: one for one in flow.classes} == {
        "c": language.Look(name="c", fill="#fff", stroke="#ff0000", ink="#000", dashed=True),
        "edge": language.Look(name="edge", stroke="#0000ff"),
        "s": language.Look(name="s", fill="#eee"),
    }


@pytest.mark.parametrize(
    ("label", "found"),
    [
        ("words", ("words",)),
        ('"a<br>b<br/>c<BR />d"', ("a", "b", "c", "d")),
        ('"a\\nb"', ("a", "b")),
        ('"a\n   b"', ("a", "b")),
        ('"  a   b  "', ("a b",)),
        ('"#quot;x#quot; #35;1 &amp; #9829;"', ('"x" #1 &',)),
        ('"merge&#40;&#41; &#x3C; #40;x#41;"', ("merge() < (x)",)),
        ('"Base W<sub>0</sub>"', ("Base W_0",)),
        ('"W<sub>0</sub> + BA"', ("$W_0 + BA$",)),
        ('"x ∈ R<sup>d</sup>"', ("$x ∈ R^d$",)),
        ('"W<sub>down</sub> and V<sup>⊤</sup>"', ("$W_{down}$ and $V^{⊤}$",)),
        ('"$5 and $6"', ("\\$5 and \\$6",)),
        ('"a\\\\b"', ("a\\\\\\\\b",)),
        ('"**not bold**"', ("\\*\\*not bold\\*\\*",)),
        ('"`**bold** and more`"', ("**bold** and more",)),
        ('"<b>bold</b> text"', ("**bold** text",)),
        ('"`**never closed`"', ("never closed",)),
        ('"$$\\frac{1}{2}$$"', ("$\\frac{1}{2}$",)),
        ('"the rank $$r \\ll d$$ is low"', ("the rank $r \\ll d$ is low",)),
        ('"h = Wx + BAx"', ("$h = Wx + BAx$",)),
        ('"x < y"', ("$x < y$",)),
        ('"a < b words"', ("a < b words",)),
        ('"预训练 W = x"', ("预训练 W = x",)),
    ],
)
def test_labels(label: str, found: tuple[str, ...]) -> None:
    flow, _ = reading(HEAD + f" n[{label}]")
    assert lines(flow.nodes[0]) == found


@pytest.mark.parametrize(
    "line",
    [
        "W(x) + scale · B(A(x))",
        "h = Wx + BAx",
        "A + B",
        "d × d",
        "r ≪ d",
        "h = W_0x",
        "h = Wx - BAx",
        "2·d·r",
        "W ∈ ℝ^(d×d)",
        "y=Wx",
    ],
)
def test_what_is_a_formula(line: str) -> None:
    assert is_formula(line)


@pytest.mark.parametrize(
    "line", ["W", "A/B", "q/k/v/output proj", "apply_lora_to_model()", "On/Off", "C++", "Input + Output", "Step = 3", "USA + UK", "NOx + CO", "a - b", "loss = 0", "2021", "A -> B", ""]
)  # fmt: skip
def test_what_is_none(line: str) -> None:
    assert not is_formula(line)


def test_chains_stay_chains() -> None:
    flow, _ = reading(HEAD + " a --> b & c --> d --- e\n a & b --> c\n a -->|x| b --> c\n a --> a")
    assert flow.edges == (
        "a -> b, c -> d -- e", "a, b -> c", language.Edge(edge="a -> b", text="x"), "b -> c", "a -> a"
    )  # fmt: skip


def test_one_edge_of_many_may_have_a_look_of_its_own() -> None:
    flow, _ = reading(HEAD + " a --> b & c --> d\n linkStyle 1 stroke:#123456")
    assert flow.edges == ("a -> b", language.Edge(edge="a -> c", class_="edge"), "b, c -> d")


def test_names_are_made_of_any_others() -> None:
    flow, _ = reading(HEAD + " a_b --> a-b --> 模型 --> 1 --> " + "x" * 90)
    assert [str(one.name) for one in flow.nodes] == ["a-b", "a-b-2", "node-1", "node-2", "x" * 56]
    assert [lines(one) for one in flow.nodes][:4] == [("a_b",), ("a-b",), ("模型",), ("1",)]
    names = Names()
    taken = [names.take(wanted, "node") for wanted in ["x", "x", "x-2", "-", "é", "9", "a--b-"]]
    assert len(set(taken)) == len(taken)


def test_classes_are_joined() -> None:
    flow, _ = reading(
        HEAD + " a:::x --> b:::y --> c\n class a y\n style c color:#111\n"
        " classDef x fill:#aaa,stroke:#bbb\n classDef y fill:#ccc\n classDef default color:#ddd\n classDef unused fill:#eee"
    )
    assert [one.class_ for one in flow.nodes] == ["x-y", "y", "c"]
    assert {str(one.name): (one.fill, one.stroke, one.ink) for one in flow.classes} == {
        "x-y": ("#ccc", "#bbb", "#ddd"),
        "y": ("#ccc", None, "#ddd"),
        "c": (None, None, "#111"),
        "unused": ("#eee", None, None),
    }


def test_a_title_is_the_charts_or_the_ids() -> None:
    for head, title in (
        ("---\ntitle: r < d & $5 **x**\n---\n", "r < d & \\$5 \\*\\*x\\*\\*"),
        ("---\ntitle: 8\n---\n", "8"),
        ("", "my figure"),
    ):
        figure, _ = to_figure(read(head + HEAD + " a", "a.mmd"), "my-figure")
        assert figure.title == title
    figure, _ = to_figure(read(HEAD + " accTitle: told\n accDescr: shown\n a", "a.mmd"), "a")
    assert (figure.title, figure.about.shows) == ("told", "shown")


def test_a_chart_without_a_node_is_an_error() -> None:
    with pytest.raises(LorafigError) as caught:
        to_figure(read(HEAD, "a.mmd"), "a")
    assert str(caught.value) == "a.mmd:1:1: there is no node in this chart\n  hint: write one: A[words]"


def test_every_shape_is_drawn_as_one_of_ours() -> None:
    ours = {"box", "rounded", "stadium", "circle", "diamond", "hexagon"}
    tables = (NAMED_SAME, NAMED_NEAREST, STORES)
    for table in tables:
        assert set(table.values()) <= ours
    assert len({name for table in tables for name in table}) == sum(map(len, tables))
    for _, endings in BRACKETS:
        for shape in endings.values():
            assert drawn_as(shape) is not None
    assert drawn_as("blob") is None
    assert drawn_as(None) == ("box", True)


@pytest.mark.parametrize(
    ("node", "badge"),
    [
        ("a[(Corpus)]", "data"),
        ("a[(💾 Adapter)]", "save"),
        ("a@{ shape: db, label: Corpus }", "data"),
        ("a[(❄ W)]", "frozen"),
    ],
)
def test_a_cylinder_is_a_store(node: str, badge: str) -> None:
    figure, _ = to_figure(read(HEAD + f" {node}", "a.mmd"), "a")
    assert figure.flow is not None
    (only,) = figure.flow.nodes
    assert (only.shape, only.badge) == ("rounded", badge)


def test_colours() -> None:
    assert len(NAMED) == 148
    assert colour("#F9F") == ("#F9F", True)
    assert colour("#0072B2") == ("#0072B2", True)
    assert colour(" RebeccaPurple ") == ("#663399", True)
    assert colour("#123f") == ("#123", True)
    assert colour("#11223380") == ("#112233", False)
    assert colour("none") is None
    assert colour("#12345") is None


def test_thick_edges_stay_thick_both_ways() -> None:
    from lorafig.draw import draw
    from lorafig.mermaid.settle import settled
    from lorafig.options import Options

    figure, remarks = settled(
        read("flowchart LR\n a[Data] ==> b[Model]\n b === c[Loss]\n c --> a\n", "a.mmd"), "mine"
    )
    assert [remark.what for remark in remarks if "thick" in remark.what] == []
    assert figure.flow is not None
    assert [getattr(edge, "thick", False) for edge in figure.flow.edges] == [True, True, False]
    written = draw(figure, ["mmd"], Options(check=False))[0]["mmd"].decode()
    assert "a ==> b" in written
    assert "b === c" in written
