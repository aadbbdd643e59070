# ruff: noqa: E501
"""Writing a flow as Mermaid: the text to the character, and what cannot be written."""

from __future__ import annotations

import textwrap

import pytest

from lorafig import language
from lorafig.errors import LorafigError
from lorafig.mermaid.write.flowchart import MAX_EDGES, render
from lorafig.mermaid.write.quote import escape, quoted
from lorafig.themes.palettes import PALETTES

FLOW = r"""
id: lora-flow
title: LoRA < full "tuning"
model: {d: 256, r: 4}
flow:
  direction: right
  nodes:
    x: {bar: x, note: Input}
    W: {box: W, note: '$d \times d$', badge: frozen}
    low: {bottleneck: [A, B]}
    sum: {circle: +}
    end: {stadium: [the **output**, '$h = (W + BA)x$'], class: out}
    W-2: {diamond: [ok?], math: 'r \ll d'}
    free: {rounded: [Load]}
  edges:
    - x -> W, low -> sum -> end
    - {edge: 'end -- W-2', text: 'a "b"', dashed: true, class: out}
    - {edge: 'W-2 <-> free', math: 'h = Wx'}
  groups:
    path: {of: [W, low], title: Two paths}
    all: {of: [path, x]}
  classes:
    out: {like: merged, ink: '#123456', dashed: true}
    default: {fill: '#fff'}
card: {title: Parameters, rows: ['W: $d^2 = \num{d^2}$', {row: '$\num{d^2 / (2dr)}\times$ fewer', like: adapter}]}
caption: after Hu et al.
"""

WRITTEN = """
---
title: "LoRA ＜ full \\"tuning\\""
---
flowchart LR
    accDescr: What it shows
    subgraph all [" "]
        subgraph path ["Two paths"]
            W["W<br/>d × d<br/>(frozen)"]
            low[\\"A → B"/]
        end
        x[/"x<br/>Input"/]
    end
    sum(("#43;"))
    end_(["`the **output**<br/>h = (W + BA)x`"])
    W_2{"ok?<br/>r ≪ d"}
    free("Load")
    x --> W
    x --> low
    W --> sum
    low --> sum
    sum --> end_
    end_ -.-|"a #quot;b#quot;"| W_2
    W_2 <-->|"h = Wx"| free
    lorafig_card["`**Parameters**<br/>W: d² = 65,536<br/>32× fewer`"]
    lorafig_caption["after Hu et al."]
    classDef out fill:#B9E2CF,stroke:#1B7F63,color:#123456,stroke-dasharray:4 3
    class end_ out
    classDef default_ fill:#fff,stroke:#7B8794,color:#14171C
    classDef lorafig_frozen fill:#C3DAF1,stroke:#2B6CB0,color:#1A4B80
    class W lorafig_frozen
    classDef lorafig_adapter fill:#FFE6C4,stroke:#B85F0A,color:#7A3D00
    class low lorafig_adapter
    classDef lorafig_activation fill:#F6F7F9,stroke:#7B8794,color:#1F2933
    class x lorafig_activation
    classDef lorafig_sign fill:none,stroke:#4B5563,color:#4B5563
    class sum lorafig_sign
    classDef lorafig_card_look fill:none,stroke:#D5DAE1,color:#1F2933
    class lorafig_card lorafig_card_look
    classDef lorafig_note fill:none,stroke:none,color:#1F2933
    class lorafig_caption lorafig_note
    linkStyle 5 stroke:#1B7F63,color:#123456,stroke-dasharray:4 3
"""


def test_a_flow_is_written_whole() -> None:
    figure = language.loads(FLOW)
    written = render(figure, "What it shows")
    assert written == WRITTEN.lstrip("\n")
    assert render(figure, "What it shows") == written


def test_panels_of_flows_are_subgraphs() -> None:
    figure = language.loads(
        "id: a\ntitle: A\nrow:\n  - {panel: '**One**', flow: {nodes: {x: {box: [x]}, y: {box: ['y']}}, edges: [x -> y]}}\n"
        "  - stack: [{bar: x}]\n  - flow: {direction: down, nodes: {z: {box: [z]}}}\n"
    )
    assert render(figure) == textwrap.dedent(
        """\
        ---
        title: "A"
        ---
        flowchart TB
            subgraph panel_1 ["`**One**`"]
                direction LR
                p1_x["x"]
                p1_y["y"]
                p1_x --> p1_y
            end
            subgraph panel_2 [" "]
                direction TB
                p2_z["z"]
            end
        """
    )


def test_what_is_not_verified_says_so() -> None:
    figure = language.loads("id: a\ntitle: A\nflow: {nodes: {x: {box: [x]}}}\n")
    written = render(figure, unverified=True)
    assert '    lorafig_unverified["`**unverified**`"]\n' in written
    assert "    classDef lorafig_mark fill:none,stroke:#B42318,color:#B42318\n" in written
    assert "unverified" not in render(figure)


def test_colours_are_those_of_the_palette() -> None:
    text = "id: a\ntitle: A\ntheme: {}\nflow: {{nodes: {{W: {{box: W}}, y: {{box: [y], class: c}}}}, classes: {{c: {{like: note}}}}}}\n"
    for palette in PALETTES:
        written = render(language.loads(text.format(palette)))
        assert written.count("classDef") == 2


def test_a_figure_without_a_flow_is_an_error() -> None:
    with pytest.raises(LorafigError) as caught:
        render(language.loads("id: a\ntitle: A\nstack: [{bar: x}]\n"))
    assert str(caught.value) == (
        "a has no flow, and Mermaid draws nothing else\n"
        "  hint: give it a 'flow', or choose svg, tikz, pdf or another format that draws stacks"
    )


def test_what_mermaid_would_not_draw_is_a_limit() -> None:
    nodes = ", ".join(f"n{number}: {{box: [x]}}" for number in range(MAX_EDGES + 2))
    head = "id: a\ntitle: A\nflow:\n  nodes: {" + nodes + "}\n  edges:\n"
    halves = "".join(f"    - n{number} -> n{number + 1}\n" for number in range(MAX_EDGES))
    assert render(language.loads(head + halves)).count("-->") == MAX_EDGES
    with pytest.raises(LorafigError) as caught:
        render(language.loads(head + halves + "    - n0 -> n501\n"))
    assert caught.value.kind == "limit"
    assert str(caught.value) == (
        "a has 501 edges, and Mermaid draws 500 at most\n  hint: give each part a figure of its own"
    )
    words = "', '".join(["words " * 300] * 31)
    with pytest.raises(LorafigError) as caught:
        render(language.loads(f"id: a\ntitle: A\nflow: {{nodes: {{x: {{box: ['{words}']}}}}}}\n"))
    assert caught.value.kind == "limit"
    assert "characters, and Mermaid reads 50,000 at most" in str(caught.value)


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("merge_lora()", "merge_lora()"),
        ("state_dict", "state_dict"),
        ("_x_", "#95;x#95;"),
        ('"', "#quot;"),
        ("a < b & c", "a #60; b #38; c"),
        ("1. first", "1#46; first"),
        ("v1.2", "v1.2"),
        ("- item", "#45; item"),
        ("a - b", "a - b"),
        ("100 %", "100 #37;"),
        ("$$x$$", "#36;#8203;#36;x#36;#8203;#36;"),
        ("\\n", "#92;#8203;n"),
        ("fa:fa-lock", "fa:#8203;fa-lock"),
        ("https://a.b", "https#58;//a.b"),
        ("a@b", "a#64;b"),
        ("W(x) + scale · B(A(x))", "W(x) + scale · B(A(x))"),
        ("训练", "训练"),
    ],
)
def test_escapes(text: str, written: str) -> None:
    assert escape(text) == written


def test_lines_and_bold() -> None:
    assert quoted([]) == '" "'
    assert quoted([[("a", False)], [("", False)], [("b", False)]]) == '"a<br/>b"'
    assert quoted([[("a ", False), ("b", True)]]) == '"`a **b**`"'
    assert quoted([[("(b)", True)]]) == '"`(b)`"'  # Markdown is strict with signs beside its marks
