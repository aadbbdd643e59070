# ruff: noqa: E501
"""What we write, as the real Mermaid reads and draws it: every label to the character."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lorafig import language
from lorafig.language.chain import links
from lorafig.mermaid.write.flowchart import render
from lorafig.notation.read.parse import parse_text
from lorafig.notation.write.plain import text_to_plain
from lorafig.resources import gallery
from tests.language.test_flow import figures
from tests.mermaid.real import Real
from tests.mermaid.test_write import FLOW

# Elements that Mermaid itself puts round a label; `br` and `strong` are those that we ask for.
OWN = {"div", "span", "p", "br", "strong"}

SIGNS = [*"\"#&<>`*_~$\\[](){}|%@:;/!?+-=.'^,0123 aeoxEvné中×→W",
    "<br", "<b>", "<script>", "</div>", "&quot;", "&#35;", "#35;", "#quot;", "%%", "%%{", "}%%", "$$x$$", "**", "__",
    "--", "-->", "---", "end", "http://", "www.", "a@b.c", "fa:fa-ban", "1. ", "- ", "# ", "\\n", ":::", "@{", "```", "~~~",
    "javascript:", "![a](b)", "[a](b)",
]  # fmt: skip
BREAK = re.compile(r"<br[\s/]*>")  # which is refused in a text
WORDS = (
    st.lists(st.sampled_from(SIGNS), min_size=1, max_size=12)
    .map("".join)
    .filter(lambda one: not BREAK.search(one))
)


def text_of(words: str) -> str:
    """Words as a text of the language."""
    return re.sub(r"[\\$*]", lambda one: "\\" + one.group(), words)


def flow(*nodes: language.FlowNode, **more: object) -> language.Figure:
    return language.Figure(id="a", title="A", flow=language.Flow(nodes=nodes, **more))  # type: ignore[arg-type]


@pytest.mark.sample(1)
@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    lines=st.lists(WORDS, min_size=1, max_size=3), label=WORDS, title=WORDS, group=WORDS, bold=st.booleans()
)
def test_every_label_is_drawn_as_it_stands(
    real: Real, lines: list[str], label: str, title: str, group: str, bold: bool
) -> None:
    plain = [" ".join(one.split()) for one in (*lines, label, title, group)]
    if any(one == "" for one in plain):
        return
    *shown, label, title, group = plain
    texts = tuple(text_of(one) for one in shown)
    if bold:
        texts = (f"**{texts[0]}**", *texts[1:])
    figure = language.validate(
        language.Figure(
            id="a",
            title=text_of(title),
            flow=language.Flow(
                nodes=(language.FlowNode(name="end", box=texts), language.FlowNode(name="x", diamond=("y",))),
                edges=(language.Edge(edge="end -> x", text=text_of(label)),),
                groups=(language.FlowGroup(name="graph", of=("x",), title=text_of(group)),),
            ),
        )
    )
    written = render(figure, "What it shows: " + title)
    drawn = real.drawn(written)
    assert drawn["error"] is None, written
    assert {one["text"] for one in drawn["nodes"]} == {"\n".join(shown), "y"}, written
    assert [one for one in drawn["labels"] if one] == [label], written
    assert drawn["clusters"] == [group], written
    # Mermaid escapes titles twice, so these three are written wide.
    assert drawn["title"] == [title.translate(str.maketrans("&<>", "＆＜＞"))], written
    assert set(drawn["elements"]) <= OWN, written
    assert drawn["katex"] == 0
    assert not any(name.startswith("on") or name == "href" for name in drawn["attributes"]), written
    assert not {"script", "img", "a", "iframe"} & set(drawn["all"])


# Whole figures --------------------------------------------------------------------------------


def shown(runs: str) -> str:
    """A text of the language as it is read, without its marks."""
    return " ".join(text_to_plain(parse_text(runs)).split())


@pytest.mark.sample(1)
@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(figure=figures())
def test_any_flow_is_drawn_with_its_nodes_edges_and_groups(real: Real, figure: language.Figure) -> None:
    figure = language.validate(figure)
    flow = figure.flow
    assert flow is not None
    written = render(figure, "What it shows")
    found = real.parsed(written)
    assert found.error is None, written
    extra = 1 if figure.card is not None else 0
    assert len(found.vertices) == len(flow.nodes) + extra
    assert found.direction == ("LR" if flow.direction == "right" else "TB")
    name = {str(one.name): vertex.name for one, vertex in zip(_in_order(flow), found.vertices, strict=False)}
    wanted = [
        (name[link.tail], link.stroke, name[link.head])
        for edge in flow.edges
        for link in links(edge.edge if isinstance(edge, language.Edge) else edge)
    ]
    strokes = {"arrow_point": "->", "arrow_open": "--", "double_arrow_point": "<->"}
    assert [(one.tail, strokes[one.kind], one.head) for one in found.edges] == wanted
    dashed = [
        isinstance(edge, language.Edge) and edge.dashed
        for edge in flow.edges
        for _ in links(edge.edge if isinstance(edge, language.Edge) else edge)
    ]
    assert [one.stroke == "dotted" for one in found.edges] == dashed
    assert {one.name: one.members for one in found.subgraphs} == {
        str(one.name).replace("-", "_"): frozenset(name[member] for member in one.of) for one in flow.groups
    }
    drawn = real.drawn(written)
    assert drawn["error"] is None, written
    assert len(drawn["nodes"]) == len(flow.nodes) + extra
    texts = {one["text"] for one in drawn["nodes"]}
    for node in flow.nodes:
        label = next(
            getattr(node, shape)
            for shape in ("box", "rounded", "stadium", "circle", "diamond", "hexagon", "bar", "bottleneck")
            if getattr(node, shape) is not None
        )
        if isinstance(label, tuple) and node.bottleneck is None:
            first = shown(label[0])
            assert any(text.split("\n")[0] == first for text in texts), written
    assert not any("Unsupported" in text for text in texts)
    assert set(drawn["elements"]) <= OWN


def _in_order(flow: language.Flow) -> list[language.FlowNode]:
    """The nodes in the order in which they are written: a group stands where its first node does."""
    inside = {member: group for group in flow.groups for member in group.of}
    by_name = {str(one.name): one for one in flow.nodes}
    found: list[language.FlowNode] = []
    for node in flow.nodes:
        group = inside.get(node.name)
        found += [node] if group is None else [by_name[str(member)] for member in group.of]
    return list({str(one.name): one for one in found}.values())


NAMES = [
    "end", "End", "graph", "subgraph", "style", "class", "click", "default", "linkStyle", "classDef", "call", "href",
    "flowchart", "direction", "interpolate", "x", "o", "v", "node", "constructor", "toString", "hasOwnProperty", "valueOf",
    "prototype", "a-b", "a-b-c", "TB", "LR", "NaN", "root", "label", "cluster", "accTitle", "x-y", "o-x",
]  # fmt: skip


def test_names_that_mermaid_has_for_itself(real: Real) -> None:
    nodes = ", ".join(f"{name}: {{box: [{name!r}], class: {name}}}" for name in NAMES)
    classes = ", ".join(f"{name}: {{fill: '#abc'}}" for name in NAMES)
    edges = ", ".join(f"'{one} -> {other}', '{other} -- {one}'" for one, other in pairwise(NAMES))
    figure = language.loads(
        f"id: a\ntitle: A\nflow:\n  nodes: {{{nodes}}}\n  edges: [{edges}]\n  classes: {{{classes}}}\n"
    )
    written = render(figure)
    assert written.isascii()
    drawn = real.drawn(written)
    assert drawn["error"] is None
    assert sorted(one["text"] for one in drawn["nodes"]) == sorted(NAMES)
    assert drawn["edges"] == 2 * (len(NAMES) - 1)
    assert all("fill:#abc" in one["style"] for one in drawn["nodes"])
    groups = ", ".join(f"{name}: {{of: [n{number}]}}" for number, name in enumerate(NAMES))
    inner = ", ".join(f"n{number}: {{box: [words]}}" for number in range(len(NAMES)))
    figure = language.loads(f"id: a\ntitle: A\nflow:\n  nodes: {{{inner}}}\n  groups: {{{groups}}}\n")
    drawn = real.drawn(render(figure))
    assert drawn["error"] is None
    assert len(drawn["clusters"]) == len(NAMES)


def test_a_card_a_caption_and_panels_are_drawn(real: Real) -> None:
    figure = language.loads(FLOW)
    drawn = real.drawn(render(figure, "What it shows"))
    assert drawn["error"] is None
    texts = {one["text"] for one in drawn["nodes"]}
    assert {
        "Parameters\nW: d² = 65,536\n32× fewer",
        "after Hu et al.",
        "A → B",
        "the output\nh = (W + BA)x",
    } <= texts
    assert drawn["clusters"].count("Two paths") == 1
    assert drawn["description"] == ["What it shows"]


@pytest.mark.sample(8)
@pytest.mark.parametrize(
    "path",
    [path for path in gallery().values() if "flow:" in Path(path).read_text(encoding="utf-8")] or ["-"],
)
def test_the_gallerys_flows_are_drawn(real: Real, path: str) -> None:
    figure = language.loads(FLOW) if path == "-" else language.load(path)
    drawn = real.drawn(render(figure))
    assert drawn["error"] is None
    assert not any("Unsupported" in one["text"] for one in drawn["nodes"])
