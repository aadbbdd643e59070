# ruff: noqa: E501
"""Flows: nodes, edges, groups, classes and cards, from YAML and back, and every error by its full text."""

from __future__ import annotations

import json
import re
import textwrap

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lorafig import language
from lorafig.errors import LorafigError, Place
from lorafig.language.chain import MAX_LINKS, PATTERN, ChainError, Link, links
from lorafig.language.schema import schema
from lorafig.language.write import to_data
from tests.language.test_load import problems
from tests.language.test_schema import VALIDATOR, accepts

HEAD = "id: a\ntitle: A\n"
NODES = HEAD + "flow:\n  nodes: {x: {box: x}, W: {box: W}, A: {box: A}, sum: {circle: '+'}}\n"

SPEC = r"""
id: lora-flow
title: LoRA as a flow
flow:
  direction: right
  nodes:
    x: {bar: x, note: Input}
    W: {box: W, math: 'W \in \mathbb{R}^{d\times d}', badge: frozen}
    low: {bottleneck: [A, B], badge: trainable}
    sum: {circle: +}
    h: {stadium: [the output, '$h = (W + BA)x$'], class: out, unverified: a sketch}
    ask: {diamond: Good enough?, text: [asked, once]}
    go: {rounded: [Load, freeze], does: [load, freeze, {inject: [q, v]}]}
  edges:
    - x -> W, low -> sum
    - sum -> h
    - {edge: 'h -- ask', text: looked at, dashed: true, class: out}
    - {edge: 'go <-> x', math: x}
  groups:
    inner: {of: [W, low], title: Adapter, class: out}
    outer: {of: [inner, x]}
  classes:
    out: {like: merged, fill: '#fff', stroke: '#0072B2', ink: '#111111', dashed: true}
card:
  title: Parameters
  rows:
    - '$d^2 = \num{d^2}$'
    - {row: '$\num{32}\times$ fewer', like: adapter, unverified: counted by hand}
"""

FIGURE = language.Figure(
    id="lora-flow",
    title="LoRA as a flow",
    flow=language.Flow(
        nodes=(
            language.FlowNode(name="x", bar="x", note="Input"),
            language.FlowNode(name="W", box="W", math=r"W \in \mathbb{R}^{d\times d}", badge="frozen"),
            language.FlowNode(name="low", bottleneck=("A", "B"), badge="trainable"),
            language.FlowNode(name="sum", circle="+"),
            language.FlowNode(
                name="h", stadium=("the output", "$h = (W + BA)x$"), class_="out", unverified="a sketch"
            ),
            language.FlowNode(name="ask", diamond="Good enough?", text=("asked", "once")),
            language.FlowNode(
                name="go",
                rounded=("Load", "freeze"),
                does=("load", "freeze", language.Inject(inject=("q", "v"))),
            ),
        ),
        edges=(
            "x -> W, low -> sum",
            "sum -> h",
            language.Edge(edge="h -- ask", text="looked at", dashed=True, class_="out"),
            language.Edge(edge="go <-> x", math="x"),
        ),
        groups=(
            language.FlowGroup(name="inner", of=("W", "low"), title="Adapter", class_="out"),
            language.FlowGroup(name="outer", of=("inner", "x")),
        ),
        classes=(
            language.Look(
                name="out", like="merged", fill="#fff", stroke="#0072B2", ink="#111111", dashed=True
            ),
        ),
    ),
    card=language.Card(
        title="Parameters",
        rows=(
            r"$d^2 = \num{d^2}$",
            language.CardRow(row=r"$\num{32}\times$ fewer", like="adapter", unverified="counted by hand"),
        ),
    ),
)


def figure() -> language.Figure:
    """The figure of SPEC: `diamond: Good enough?` would be mathematics, so its words are a list there."""
    return language.loads(SPEC.replace("diamond: Good enough?", "diamond: [Good enough?]"))


def expected() -> language.Figure:
    from lorafig.values import replace

    assert FIGURE.flow is not None
    nodes = tuple(
        replace(one, diamond=("Good enough?",)) if one.name == "ask" else one for one in FIGURE.flow.nodes
    )
    return replace(FIGURE, flow=replace(FIGURE.flow, nodes=nodes))


def test_yaml_json_and_python_give_the_same_objects() -> None:
    data = to_data(expected())
    assert figure() == expected()
    assert language.loads(json.dumps(data)) == expected()
    assert language.from_data(data) == expected()
    assert language.validate(expected()) == expected()
    assert language.loads(language.dump(expected())) == expected()
    assert VALIDATOR.is_valid(data)


def test_it_is_written_as_an_author_would() -> None:
    written = language.dump(expected())
    assert "    x:\n      bar: x\n      note: Input\n" in written
    assert "    - edge: 'h -- ask'\n      text: looked at\n      dashed: true\n      class: out\n" in written
    assert "    inner:\n      of: [W, low]\n      title: Adapter\n      class: out\n" in written
    assert "    out:\n      like: merged\n      fill: '#fff'\n" in written


def test_names_and_chains_know_their_places() -> None:
    text = HEAD + "flow:\n  nodes: {x: {box: x}, W: {box: W}}\n  edges: [x -> W]\n  groups: {g: {of: [W]}}\n"
    flow = language.loads(text, "s.yaml").flow
    assert flow is not None
    node, edge, group = flow.nodes[1], flow.edges[0], flow.groups[0]
    assert isinstance(node.name, language.Source)
    assert node.name.where == Place("s.yaml", 4, 24)
    assert isinstance(edge, language.Source)
    assert edge.at(5) == Place("s.yaml", 5, 16)
    assert isinstance(group.of[0], language.Source)
    assert group.of[0].where == Place("s.yaml", 6, 21)


def test_a_flow_may_stand_in_a_panel_beside_a_stack() -> None:
    text = HEAD + "row:\n  - {panel: P, flow: {nodes: {x: {box: x}}}}\n  - stack: [{bar: x}]\n"
    found = language.loads(text)
    first, second = found.row
    assert isinstance(first, language.Panel)
    assert isinstance(second, language.Panel)
    assert first.flow == language.Flow(nodes=(language.FlowNode(name="x", box="x"),))
    assert first.stack == ()
    assert second.flow is None
    assert language.loads(language.dump(found)) == found


# Chains ---------------------------------------------------------------------------------------


def pairs(text: str) -> list[tuple[str, str, str]]:
    return [(link.tail, link.stroke, link.head) for link in links(text)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("x -> W", [("x", "->", "W")]),
        ("x->W", [("x", "->", "W")]),
        ("a--b", [("a", "--", "b")]),
        ("a-b--c-d", [("a-b", "--", "c-d")]),
        ("a<->b", [("a", "<->", "b")]),
        (" x  ->\tA -> B ", [("x", "->", "A"), ("A", "->", "B")]),
        (
            "x -> W, A -> sum",
            [("x", "->", "W"), ("x", "->", "A"), ("W", "->", "sum"), ("A", "->", "sum")],
        ),
        ("a, b -- c <-> d", [("a", "--", "c"), ("b", "--", "c"), ("c", "<->", "d")]),
        ("a -> a", [("a", "->", "a")]),
    ],
)
def test_chains(text: str, found: list[tuple[str, str, str]]) -> None:
    assert pairs(text) == found


def test_a_link_knows_where_its_names_begin() -> None:
    assert links("x -> W, A") == (Link("x", "W", "->", (0, 5)), Link("x", "A", "->", (0, 8)))


CHAIN_ERRORS = {
    "": (0, "a name is missing at the end of this edge", "write a node's name after the arrow, or delete it"),
    "x ->": (4, "a name is missing at the end of this edge", "write a node's name after the arrow, or delete it"),
    "x": (0, "'x' is not an edge", "write an arrow between two nodes: x -> W; within [ ], quote an edge that has a comma"),
    "x, y": (0, "'x, y' is not an edge", "write an arrow between two nodes: x -> W; within [ ], quote an edge that has a comma"),
    "-> x": (0, "expected a name, found '->'", "write an edge as 'x -> W', a split as 'x -> W, A', a chain as 'x -> A -> B'"),
    "x -> -> y": (5, "expected a name, found '->'", "write an edge as 'x -> W', a split as 'x -> W, A', a chain as 'x -> A -> B'"),
    "x y": (2, "expected an arrow or ',', found 'y'", "write an edge as 'x -> W', a split as 'x -> W, A', a chain as 'x -> A -> B'"),
    "x => y": (2, "'=' is not part of an edge", "write 'x -> y'"),
    "x → y": (2, "'→' is not part of an edge", "write 'x -> y'"),
    "x <- y": (2, "'<' is not part of an edge", "the arrows are '->', '--' and '<->'"),
    "x --> y": (4, "'>' is not part of an edge", "write 'x -> y'"),
    "x -.-> y": (2, "'-' is not part of an edge", "write 'x -> y'"),
    "x -> 1a": (5, "'1' is not part of an edge", "write an edge as 'x -> W', a split as 'x -> W, A', a chain as 'x -> A -> B'"),
    "a_b -> c": (1, "'_' is not part of an edge", "a name is letters a-z, A-Z, digits and '-', here and under nodes, such as 'my-node'"),
    "a & b -> c": (2, "'&' is not part of an edge", "write 'a, b -> c'"),
}  # fmt: skip


@pytest.mark.parametrize("text", CHAIN_ERRORS)
def test_chains_that_are_none(text: str) -> None:
    with pytest.raises(ChainError) as caught:
        links(text)
    assert (caught.value.offset, caught.value.what, caught.value.hint) == CHAIN_ERRORS[text]


def test_lists_on_both_sides_of_an_arrow_have_a_bound() -> None:
    many = ", ".join(f"n{number}" for number in range(101))
    with pytest.raises(ChainError) as caught:
        links(f"{many} -> {many}")
    assert caught.value.what == f"more than {MAX_LINKS:,} edges in one chain"
    assert len(links(f"{many[: many.rindex(',')]} -> {many[: many.rindex(',')]}")) == MAX_LINKS


NAMES = st.from_regex(r"[A-Za-z](?:[A-Za-z0-9]|-(?=[A-Za-z0-9])){0,6}", fullmatch=True)
SIDES = st.lists(NAMES, min_size=1, max_size=3)


@settings(suppress_health_check=[HealthCheck.too_slow])  # some versions of hypothesis are slow to begin
@given(
    SIDES,
    st.lists(st.tuples(st.sampled_from(["->", "--", "<->"]), SIDES), min_size=1, max_size=4),
    st.booleans(),
)
def test_any_chain_reads_back(first: list[str], rest: list[tuple[str, list[str]]], tight: bool) -> None:
    blank = "" if tight else " "
    text = f",{blank}".join(first)
    wanted = []
    before = first
    for stroke, heads in rest:
        text += f"{blank}{stroke}{blank}" + f",{blank}".join(heads)
        wanted += [(tail, stroke, head) for tail in before for head in heads]
        before = heads
    assert pairs(text) == wanted
    for link in links(text):
        assert text.startswith(link.tail, link.at[0])
        assert text.startswith(link.head, link.at[1])


@given(st.text(alphabet=st.sampled_from(list("ab-<> ,.=1_→")), max_size=14))
def test_any_text_is_a_chain_or_an_error(text: str) -> None:
    at = None
    try:
        found = links(text)
    except ChainError as error:
        at = error.offset
    else:
        assert found
    assert at is None or 0 <= at <= len(text)
    assert (re.search(PATTERN, text) is not None) == (at is None)


# Errors ---------------------------------------------------------------------------------------

ERRORS: dict[str, tuple[str, str]] = {
    "no-shape": (
        HEAD + "flow:\n  nodes:\n    x: {math: x}\n    y: {}\n    z:\n",
        """
        s.yaml:5:8: a node is named by its shape, and no key here names one
          hint: the shapes: 'box', 'rounded', 'stadium', 'circle', 'diamond', 'hexagon', 'bar', 'bottleneck' and 'cells'
        s.yaml:6:8: a node is named by its shape, and no key here names one
          hint: the shapes: 'box', 'rounded', 'stadium', 'circle', 'diamond', 'hexagon', 'bar', 'bottleneck' and 'cells'
        s.yaml:7:7: expected a mapping for 'node', found nothing
          hint: it has the keys 'box', 'rounded', 'stadium', 'circle', 'diamond', 'hexagon', 'bar', 'bottleneck', 'cells', 'math', 'text', 'apply', 'note', 'sheets', 'bits', 'badge', 'opens', 'does', 'level', 'class' and 'unverified'
        """,
    ),
    "two-shapes": (
        HEAD + "flow:\n  nodes:\n    x: {box: x, circle: '+'}\n",
        """
        s.yaml:5:17: 'box' and 'circle' in one node
          hint: give each a node of its own
        """,
    ),
    "unknown-keys": (
        "id: a\ntitle: A\nflow:\n  nodes:\n    x: {boxx: x, box: x}\n  edges: [{edge: 'x -> x', label: a}]\n  direktion: up\n",
        """
        s.yaml:5:9: unknown key 'boxx' in 'node'
          hint: did you mean 'box'? allowed here: 'box', 'rounded', 'stadium', 'circle', 'diamond', 'hexagon', 'bar', 'bottleneck', 'cells', 'math', 'text', 'apply', 'note', 'sheets', 'bits', 'badge', 'opens', 'does', 'level', 'class' and 'unverified'
        s.yaml:6:28: unknown key 'label' in 'edge'
          hint: write text: words, or math: x
        s.yaml:7:3: unknown key 'direktion' in 'flow'
          hint: did you mean 'direction'? allowed here: 'nodes', 'edges', 'direction', 'groups' and 'classes'
        """,
    ),
    "node-names": (
        'id: a\ntitle: A\nflow:\n  nodes:\n    x: {box: x}\n    a_b: {box: x}\n    b-: {box: x}\n    on: {box: x}\n    null: {box: x}\n    8: {box: x}\n    é: {box: x}\n',
        """
        s.yaml:6:5: 'a_b' is not a name
          hint: a name is letters a-z, A-Z, digits and '-', and begins with a letter, such as 'a-b'
        s.yaml:7:5: 'b-' ends with '-'
          hint: an edge could not name it
        s.yaml:10:5: expected a name, found the number 8
          hint: a name begins with a letter
        s.yaml:11:5: 'é' is not a name
          hint: a name is letters a-z, A-Z, digits and '-', and begins with a letter, such as 'e'
        """,
    ),
    "no-nodes": (
        'id: a\ntitle: A\nflow:\n  nodes: {}\n',
        """
        s.yaml:4:10: an empty mapping
          hint: it needs a mapping from names to nodes
        """,
    ),
    "nodes-as-a-list": (
        'id: a\ntitle: A\nflow:\n  nodes: [{box: x}]\n',
        """
        s.yaml:4:10: expected a mapping from names to nodes, found a list
          hint: begin each line with a name: x: {box: x}
        """,
    ),
    "nodes-missing": (
        'id: a\ntitle: A\nflow: {direction: down}\n',
        """
        s.yaml:3:7: the key 'nodes' is missing
        """,
    ),
    "two-flows": (
        'id: a\ntitle: A\nflow: {nodes: {x: {box: x}}}\nstack: [arrow]\n',
        """
        s.yaml:3:1: 'stack' and 'flow' in one figure
          hint: give one of them: a stack, a flow or a product is a row of one panel
        """,
    ),
    "panel": (
        'id: a\ntitle: A\nrow:\n  - {panel: P, flow: {nodes: {x: {box: x}}}, stack: [arrow]}\n  - {panel: Q}\n',
        """
        s.yaml:4:16: 'stack' and 'flow' in one panel
          hint: give each a panel of its own
        s.yaml:5:5: nothing is on the panel
          hint: give it a 'stack', a 'flow' or a 'product'
        """,
    ),
    "names-taken": (
        'id: a\ntitle: A\nrow:\n  - flow: {nodes: {x: {box: x}, y: {box: x}}}\n    name: p\n  - flow: {nodes: {x: {box: x}}}\n    name: p\n  - stack: [{bar: x, name: q}, {bar: h, name: q}]\n',
        """
        s.yaml:7:11: the name 'p' is taken: line 5
          hint: names are unique in a panel
        s.yaml:8:47: the name 'q' is taken: line 8
          hint: names are unique in a panel
        """,
    ),
    "edges": (
        "id: a\ntitle: A\nflow:\n  nodes: {x: {box: x}, W: {box: W}}\n  edges:\n    - x -> V\n    - x => W\n    - W\n    - {edge: x -> sum, math: x, text: y}\n    - 8\n    - {math: x}\n    - 'x -> w, W -> v'\n",
        """
        s.yaml:7:9: '=' is not part of an edge
          hint: write 'x -> W'
        s.yaml:8:7: 'W' is not an edge
          hint: write an arrow between two nodes: x -> W; within [ ], quote an edge that has a comma
        s.yaml:9:33: 'math' and 'text' on one edge
          hint: put the mathematics of a text between $…$
        s.yaml:10:7: expected an edge such as 'x -> W', found the number 8
        s.yaml:11:7: the key 'edge' is missing
        """,
    ),
    "edges-in-double-quotes": (
        'id: a\ntitle: A\nflow:\n  nodes: {x: {box: x}, W: {box: W}}\n  edges: ["x \\x2d> W", "x \\x2d> V"]\n',
        """
        s.yaml:5:24: there is no node 'V'
          hint: the nodes: 'W' and 'x'
        """,
    ),
    "groups": (
        'id: a\ntitle: A\nflow:\n  nodes: {x: {box: x}, W: {box: W}}\n  groups:\n    x: {of: [W]}\n    a: {of: [W, y]}\n    b: {of: [W]}\n    c: {of: [d]}\n    d: {of: [c]}\n    e: {of: []}\n    f: {title: T}\n',
        """
        s.yaml:11:13: an empty list
          hint: it needs a list of names
        s.yaml:12:8: the key 'of' is missing
        """,
    ),
    "group-in-itself": (
        'id: a\ntitle: A\nflow:\n  nodes: {x: {box: x}, W: {box: W}}\n  groups: {a: {of: [a, x]}}\n',
        """
        s.yaml:5:12: the group 'a' is inside itself
        """,
    ),
    "classes": (
        "id: a\ntitle: A\nflow:\n  nodes: {x: {box: x, class: red}, y: {box: y, class: gren}}\n  edges: [{edge: x -> y, class: blue}]\n  groups: {g: {of: [x], class: red}}\n  classes: {green: {fill: green, stroke: '#12', ink: 8}, c: {like: frosen, dashed: yes}}\n",
        """
        s.yaml:7:27: 'green' is not a colour
          hint: write it as '#008000', in quotes
        s.yaml:7:43: '#12' is not a colour
          hint: write '#' and three or six hexadecimal digits, in quotes: '#0072B2'
        s.yaml:7:54: expected a colour such as '#0072B2', found the number 8
        s.yaml:7:68: expected one of 'plain', 'frozen', 'adapter', 'merged', 'activation' or 'note', found the text 'frosen'
          hint: did you mean 'frozen'?
        s.yaml:7:84: expected true or false, found the text 'yes'
          hint: write true or false, without quotes
        """,
    ),
    "no-classes": (
        'id: a\ntitle: A\nflow: {nodes: {x: {box: x, class: red}}}\n',
        """
        s.yaml:3:35: there is no class 'red'
          hint: define it: classes: {red: {fill: '#FFE6C4'}}
        """,
    ),
    "colour-comment": (
        'id: a\ntitle: A\nflow:\n  nodes: {x: {box: x}}\n  classes:\n    c:\n      fill: #0072B2\n',
        """
        s.yaml:7:12: expected a colour such as '#0072B2', found nothing
          hint: '#' begins a comment in YAML; in quotes it is text: '#0072B2'
        """,
    ),
    "node-values": (
        'id: a\ntitle: A\nflow:\n  nodes:\n    a: {box: []}\n    b: {bottleneck: [A]}\n    c: {bar: [x]}\n    d: {box: x, badge: frosty}\n    e: {box: x, does: [lode, {inject: [q, z]}]}\n    f: {box: x, does: {inject: []}}\n    g: {circle: {a: b}}\n    h: {box: x, text: 8}\n  direction: over\n',
        """
        s.yaml:5:14: an empty list
          hint: it needs a list of texts
        s.yaml:6:21: expected a list of two or more formulas, found a list of 1
          hint: write two: [A, …]
        s.yaml:7:14: expected a formula, found a list
          hint: a value that begins with '[' needs single quotes
        s.yaml:8:24: expected one of 'frozen', 'lock', 'trainable', 'data', 'model', 'adapter', 'merge' or 'save', found the text 'frosty'
        s.yaml:9:24: expected a mapping for 'inject' or one of 'load', 'freeze', 'forward', 'train', 'save', 'load_adapter', 'merge' or 'unmerge', found the text 'lode'
          hint: did you mean 'load'?
        s.yaml:9:43: expected one of 'q', 'k', 'v' or 'o', found the text 'z'
        s.yaml:10:32: an empty list
          hint: it needs a list of one of 'q', 'k', 'v' or 'o'
        s.yaml:11:17: expected a formula or a list of texts, found a mapping
        s.yaml:12:23: expected a text, found the number 8
          hint: write it in quotes: '8'
        s.yaml:13:14: expected one of 'right', 'down', 'left' or 'up', found the text 'over'
        """,
    ),
    "edges-to-nowhere": (
        "id: a\ntitle: A\nflow:\n  nodes: {x: {box: x}, W: {box: W}}\n  edges:\n    - x -> V\n    - {edge: x -> sum, math: x}\n    - 'x -> w, W -> v'\n",
        """
        s.yaml:6:12: there is no node 'V'
          hint: the nodes: 'W' and 'x'
        s.yaml:7:19: there is no node 'sum'
          hint: the nodes: 'W' and 'x'
        s.yaml:8:13: there is no node 'w'
          hint: did you mean 'W'?
        s.yaml:8:21: there is no node 'v'
          hint: the nodes: 'W' and 'x'
        """,
    ),
    "members-of-groups": (
        'id: a\ntitle: A\nflow:\n  nodes: {x: {box: x}, W: {box: W}}\n  groups:\n    x: {of: [W]}\n    a: {of: [W, y]}\n    b: {of: [W]}\n    c: {of: [d]}\n    d: {of: [c]}\n',
        """
        s.yaml:6:5: 'x' is a node too
          hint: give the group another name
        s.yaml:7:14: 'W' is in the group 'x' too
          hint: a node is in one group at most; a group may be in another
        s.yaml:7:17: there is no node or group 'y'
          hint: the nodes and groups: 'W', 'b', 'c', 'd' and 'x'
        s.yaml:8:14: 'W' is in the group 'x' too
          hint: a node is in one group at most; a group may be in another
        s.yaml:9:5: the group 'c' is inside itself
        s.yaml:10:5: the group 'd' is inside itself
        """,
    ),
    "classes-that-are-not": (
        'id: a\ntitle: A\nflow:\n  nodes: {x: {box: x, class: red}, y: {box: y, class: gren}}\n  edges: [{edge: x -> y, class: blue}]\n  groups: {g: {of: [x], class: red}}\n  classes: {green: {like: note}}\n',
        """
        s.yaml:4:30: there is no class 'red'
          hint: the classes: 'green'
        s.yaml:4:55: there is no class 'gren'
          hint: did you mean 'green'?
        s.yaml:5:33: there is no class 'blue'
          hint: the classes: 'green'
        s.yaml:6:32: there is no class 'red'
          hint: the classes: 'green'
        """,
    ),
    "card": (
        'id: a\ntitle: A\nstack: [arrow]\ncard:\n  titel: T\n  rows: []\n',
        """
        s.yaml:5:3: unknown key 'titel' in 'card'
          hint: did you mean 'title'? allowed here: 'rows', 'title' and 'at'
        s.yaml:6:9: an empty list
          hint: it needs a list of texts or rows
        """,
    ),
    "card-rows": (
        "id: a\ntitle: A\nstack: [arrow]\ncard: {rows: ['$d^$', {row: x, like: froze}, {like: card}, 8]}\n",
        """
        s.yaml:4:18: a superscript is missing after ^
        s.yaml:4:38: expected one of 'plain', 'frozen', 'adapter', 'merged', 'activation' or 'note', found the text 'froze'
          hint: did you mean 'frozen'?
        s.yaml:4:46: the key 'row' is missing
        s.yaml:4:53: expected one of 'plain', 'frozen', 'adapter', 'merged', 'activation' or 'note', found the text 'card'
        s.yaml:4:60: expected a text, found the number 8
          hint: write it in quotes: '8'
        """,
    ),
    "card-as-a-list": (
        'id: a\ntitle: A\nstack: [arrow]\ncard: [a]\n',
        """
        s.yaml:4:7: expected a mapping for 'card', found a list
          hint: write {rows: […]}
        """,
    ),
    "node-labels": (
        "id: a\ntitle: A\nflow:\n  nodes:\n    x: {box: 'x^'}\n    y: {rounded: [words, '$a', 'b \\c']}\n    z: {box: W, note: '**a'}\n",
        """
        s.yaml:5:16: a superscript is missing after ^
        s.yaml:6:27: $ is never closed
          hint: add $ after the mathematics, or write \\$ for the sign
        s.yaml:6:35: the command \\c in a text
          hint: mathematics goes between $…$: $\\c$
        s.yaml:7:24: ** is never closed
          hint: add ** after the bold words
        """,
    ),
    "scale": (
        'id: a\ntitle: A\nstack:\n  - scale: []\n  - {scale: a, maths: b}\n',
        """
        s.yaml:4:12: expected a formula, found a list
          hint: a value that begins with '[' needs single quotes
        s.yaml:5:16: unknown key 'maths' in 'scale'
          hint: did you mean 'math'? allowed here: 'scale', 'math', 'name', 'unverified' and 'level'
        """,
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", ERRORS)
def test_errors(name: str) -> None:
    text, expected_text = ERRORS[name]
    assert problems(text) == textwrap.dedent(expected_text).strip("\n")


def test_python_data_is_told_by_its_path() -> None:
    data = {
        "id": "a",
        "title": "A",
        "flow": {
            "nodes": {"x": {"box": "x", "class": "red"}, "y-": {"box": "y"}},
            "edges": ["x -> y", "x =>"],
            "groups": {"g": {"of": ["z"]}},
        },
    }
    with pytest.raises(LorafigError) as caught:
        language.from_data(data)
    assert str(caught.value) == (
        "flow.nodes.y-: 'y-' ends with '-'\n"
        "  hint: an edge could not name it\n"
        "flow.edges[1]: '=' is not part of an edge\n"
        "  hint: the arrows are '->', '--' and '<->'"
    )


@pytest.mark.parametrize("count", [2000])
def test_many_nodes_and_edges_take_no_time(count: int) -> None:
    nodes = "".join(f"    n{number}: {{box: [words]}}\n" for number in range(count))
    edges = "".join(f"    - n{number} -> n{number + 1}\n" for number in range(count - 1))
    found = language.loads(HEAD + "flow:\n  nodes:\n" + nodes + "  edges:\n" + edges)
    assert found.flow is not None
    assert len(found.flow.nodes) == count


# The schema and the writer --------------------------------------------------------------------

TEXTS = st.sampled_from(
    ["words", "a: b", "8 of them", "预训练", "$x$", "yes", "#1", "a 'quote'", "*", "**bold**"]
)
SYMBOLS = st.sampled_from(["x", "W", "+", "\\odot", "d", "\\frac{\\alpha}{r}", "y"])
SHAPES = st.one_of(
    st.tuples(st.sampled_from(["box", "rounded", "stadium", "circle", "diamond"]), SYMBOLS),
    st.tuples(
        st.sampled_from(["box", "rounded", "stadium", "circle", "diamond"]),
        st.lists(TEXTS, min_size=1, max_size=3).map(tuple),
    ),
    st.tuples(st.just("bar"), SYMBOLS),
    st.tuples(st.just("bottleneck"), st.lists(SYMBOLS, min_size=2, max_size=3).map(tuple)),
)
COLOURS = st.sampled_from(["#fff", "#0072B2", "#0a0A0a"])
ROLES = st.sampled_from(["plain", "frozen", "adapter", "merged", "activation", "note"])


@st.composite
def figures(draw: st.DrawFn) -> language.Figure:
    maybe = lambda of: draw(st.none() | of)  # noqa: E731
    names = draw(st.lists(NAMES, min_size=1, max_size=5, unique=True))
    looks = draw(st.lists(st.sampled_from(["no", "red", "out"]), max_size=2, unique=True))
    cls = st.sampled_from(looks) if looks else st.none()
    nodes = []
    for name in names:
        shape, value = draw(SHAPES)
        node = language.FlowNode(
            name=name,
            **{shape: value},
            math=maybe(SYMBOLS),
            text=tuple(draw(st.lists(TEXTS, max_size=2))),
            note=maybe(TEXTS),
            badge=maybe(st.sampled_from(["frozen", "lock", "trainable", "data"])),
            does=maybe(
                st.sampled_from(
                    [
                        "load",
                        language.Inject(inject=("q", "v")),
                        ("load", "freeze", language.Inject(inject=("o",))),
                    ]
                )
            ),
            class_=maybe(cls),
            unverified=maybe(TEXTS),
        )
        nodes.append(node)
    edges: list[str | language.Edge] = []
    for _ in range(draw(st.integers(0, 3))):
        side = st.lists(st.sampled_from(names), min_size=1, max_size=2).map(", ".join)
        chain = draw(side)
        for stroke in draw(st.lists(st.sampled_from(["->", "--", "<->"]), min_size=1, max_size=2)):
            chain += f" {stroke} {draw(side)}"
        plain = draw(st.booleans())
        edges.append(
            chain
            if plain
            else language.Edge(edge=chain, text=maybe(TEXTS), dashed=draw(st.booleans()), class_=maybe(cls))
        )
    group = [one for one in ("Inner", "Outer") if one not in names]
    groups = (
        (language.FlowGroup(name=group[0], of=(names[0],), title=maybe(TEXTS), class_=maybe(cls)),)
        if group and draw(st.booleans())
        else ()
    )
    classes = tuple(
        language.Look(
            name=name,
            like=maybe(ROLES),
            fill=maybe(COLOURS),
            stroke=maybe(COLOURS),
            ink=maybe(COLOURS),
            dashed=draw(st.booleans()),
        )
        for name in looks
    )
    card = language.Card(
        rows=tuple(
            draw(st.lists(TEXTS | st.builds(language.CardRow, row=TEXTS, like=ROLES), min_size=1, max_size=3))
        )
    )
    flow = language.Flow(
        nodes=tuple(nodes),
        edges=tuple(edges),
        direction=draw(st.sampled_from(["right", "down"])),
        groups=groups,
        classes=classes,
    )
    return language.Figure(id="a", title="A", flow=flow, card=maybe(st.just(card)))


@settings(deadline=None, max_examples=150)
@given(figures())
def test_what_is_written_loads_to_an_equal_figure(drawn: language.Figure) -> None:
    whole = language.validate(drawn)
    written = language.dump(whole)
    assert language.loads(written) == whole
    assert language.dump(language.loads(written)) == written
    assert VALIDATOR.is_valid(to_data(whole))
    assert accepts(to_data(whole))


def test_the_schema_of_a_flow() -> None:
    definitions = schema()["$defs"]
    assert definitions["Flow"]["properties"]["direction"]["enum"] == ["right", "down", "left", "up"]
    assert definitions["Flow"]["properties"]["nodes"]["type"] == "object"
