# ruff: noqa: E501
"""Our reading of charts held against that of the real Mermaid: nodes, edges, subgraphs, classes, to the character."""

from __future__ import annotations

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lorafig import language
from lorafig.mermaid import read, to_figure
from lorafig.mermaid.write.flowchart import render
from tests.mermaid.agree import ours, theirs
from tests.mermaid.charts import CHARTS, SEED
from tests.mermaid.real import Real, official_examples

OFFICIAL = official_examples()
ALL = {"the seed": SEED} | CHARTS | {f"official: {name}": text for name, text in OFFICIAL.items()}


def test_the_official_examples_are_there() -> None:
    assert len(OFFICIAL) >= 4


@pytest.mark.parametrize("name", ALL)
def test_a_chart_is_read_as_mermaid_reads_it(real: Real, name: str) -> None:
    found = real.parsed(ALL[name])
    assert found.error is None
    assert ours(read(ALL[name], "a.mmd")) == theirs(found)


@pytest.mark.sample(8)
@pytest.mark.parametrize("name", ALL)
def test_a_chart_becomes_a_figure_that_mermaid_draws(real: Real, name: str) -> None:
    figure, _ = to_figure(read(ALL[name], "a.mmd"), "a")
    assert language.loads(language.dump(figure)) == figure
    drawn = real.drawn(render(figure))
    assert drawn["error"] is None
    assert figure.flow is not None
    assert len(drawn["nodes"]) == len(figure.flow.nodes)


def test_the_seed_goes_in_and_comes_out_with_nothing_lost(real: Real) -> None:
    figure, remarks = to_figure(read(SEED, "a.mmd"), "a")
    assert [one.what for one in remarks] == ["the directive 'init' has no place in a figure"]
    before, after = theirs(real.parsed(SEED)), theirs(real.parsed(render(figure)))
    assert after == before
    drawn, again = real.drawn(SEED), real.drawn(render(figure))
    assert [(one["text"], one["style"]) for one in again["nodes"]] == [
        (one["text"], one["style"]) for one in drawn["nodes"]
    ]
    # And our own reader makes the same figure of it.
    assert to_figure(read(render(figure), "a.mmd"), "a") == (figure, ())


# Charts by chance -----------------------------------------------------------------------------

NAMES = st.sampled_from(["a", "b", "c", "x", "o", "v", "W", "a-b", "n1", "模型", "g", "h1", "fox", "1"])
PLAIN = st.sampled_from(
    ["W", "two words", "预训练", "q/k/v", "a - b", "1.5", "a; b", "A<br>B", "&amp;", "#35;", "x=y", "h'"]
)
QUOTED = st.sampled_from(
    ['"(a) [b] {c}"', '"a #quot;b#quot;"', '"A<br/>B|C"', '"`a **b** c`"', '"W(x) + B(A(x))"', '"é"']
)
LABELS = PLAIN | QUOTED
SHAPES = st.sampled_from(
    [("[", "]"), ("(", ")"), ("([", "])"), ("[[", "]]"), ("[(", ")]"), ("((", "))"), ("(((", ")))"), ("{", "}"), ("{{", "}}"), (">", "]")]
)  # fmt: skip
LINKS = st.sampled_from(
    ["-->", "---", "--->", "-.->", "-.-", "==>", "===", "--o", "--x", "o--o", "x--x", "<-->", "<-.->", "<==>", "~~~", "-..->", "<---"]
)  # fmt: skip
STARTS = st.sampled_from(
    [
        ("--", "-->"),
        ("--", "---"),
        ("==", "==>"),
        ("-.", ".->"),
        ("-.", ".-"),
        ("<--", "-->"),
        ("--", "---->"),
    ]
)
STYLES = st.sampled_from(
    [
        "fill:#f9f",
        "fill:#fff,stroke:#333333",
        "stroke:red,stroke-width:4px",
        "color:#123,stroke-dasharray: 5 5",
    ]
)


@st.composite
def nodes(draw: st.DrawFn) -> str:
    text = draw(NAMES)
    cls = draw(st.sampled_from(["", "", "", ":::red", ":::out"]))
    kind = draw(st.integers(0, 5))
    if kind == 0:
        opening, closing = draw(SHAPES)
        text += opening + draw(LABELS) + closing + cls
    elif kind == 1:
        shape = draw(st.sampled_from(["rect", "diam", "cyl", "pill", "docs"]))
        text += f'@{{ shape: {shape}, label: "{draw(st.sampled_from(["words", "a, b", "é"]))}" }}'
    return text


@st.composite
def links(draw: st.DrawFn) -> str:
    blank = draw(st.sampled_from([" ", "  "]))
    if draw(st.integers(0, 3)) == 0:
        start, end = draw(STARTS)
        return f"{blank}{start} {draw(QUOTED | st.sampled_from(['text', 'two words', '预']))} {end}{blank}"
    label = draw(st.sampled_from(["", "", "|text|", '|"a (b)"|', "|两 words|"]))
    return f"{blank}{draw(LINKS)}{label}{' ' if label else blank}"


@st.composite
def statements(draw: st.DrawFn, depth: int = 0) -> str:
    kind = draw(st.integers(0, 9))
    if kind == 0 and depth < 3:
        inner = "\n".join(draw(st.lists(statements(depth=depth + 1), max_size=3)))
        head = draw(
            st.sampled_from(["one", "two", "g3 [A title]", 'g4["(a)"]', '"One title"', "words and words"])
        )
        turn = draw(st.sampled_from(["", "direction LR\n", "direction BT\n"]))
        return f"subgraph {head}\n{turn}{inner}\nend"
    if kind == 1:
        return f"classDef {draw(st.sampled_from(['red', 'out', 'default']))} {draw(STYLES)}"
    if kind == 2:
        return f"class {draw(NAMES)},{draw(NAMES)} {draw(st.sampled_from(['red', 'out']))}"
    if kind == 3:
        return f"style {draw(NAMES)} {draw(STYLES)}"
    if kind == 4:
        # Inside a subgraph, Mermaid takes the text of an accTitle for the name of a node.
        title = [] if depth else ["accTitle: a title"]
        return draw(st.sampled_from(["%% a comment", "", "click a callback", *title]))
    # Mermaid takes what `a@{ … } & a[b]` says of one node in an order of its own.
    several = st.lists(nodes(), min_size=1, max_size=2, unique_by=lambda text: re.split(r"[^\w-]", text)[0])
    text = " & ".join(draw(several))
    for _ in range(draw(st.integers(0, 3))):
        text += draw(links()) + " & ".join(draw(several))
    return text


CHART = st.tuples(
    st.sampled_from(["flowchart LR", "flowchart TD", "graph BT", "flowchart"]),
    st.lists(statements(), min_size=1, max_size=6),
).map(lambda one: one[0] + "\n" + "\n".join(one[1]) + "\n")


@pytest.mark.sample(1)
@settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(CHART)
def test_any_chart_is_read_as_mermaid_reads_it(real: Real, text: str) -> None:
    found = real.parsed(text)
    assert found.error is None, text
    if len({one.name for one in found.subgraphs}) < len(found.subgraphs):
        return  # version 11 keeps two of one name, and loses their members in each other
    chart = read(text, "a.mmd")
    assert ours(chart) == theirs(found), text
    if any(one.name not in {group.name for group in chart.subgraphs} for one in chart.vertices):
        figure, _ = to_figure(chart, "a")
        assert language.loads(language.dump(figure)) == figure, text
