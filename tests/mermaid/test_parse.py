# ruff: noqa: E501
"""Reading charts: every error by its full text, and what a hostile one may cost."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lorafig.errors import LorafigError
from lorafig.mermaid import read, to_figure

# A chart and what is said about it.
ERRORS: dict[str, tuple[str, str]] = {
    "empty": (
        "",
        "a.mmd:1:1: expected 'flowchart' or 'graph', found the end of the file\n  hint: a flowchart begins with 'flowchart TD' or 'graph LR'",
    ),
    "blank": (
        "\n\n",
        "a.mmd:3:1: expected 'flowchart' or 'graph', found the end of the file\n  hint: a flowchart begins with 'flowchart TD' or 'graph LR'",
    ),
    "other diagram": (
        "sequenceDiagram\n  A->>B: hi",
        "a.mmd:1:1: expected 'flowchart' or 'graph', found 'sequenceDiagram'\n  hint: only Mermaid's flowcharts become figures",
    ),
    "no diagram": (
        "hello --> world",
        "a.mmd:1:1: expected 'flowchart' or 'graph', found 'hello --> world'\n  hint: a flowchart begins with 'flowchart TD' or 'graph LR'",
    ),
    "fence": (
        "```mermaid\nflowchart TD\n```",
        "a.mmd:1:1: expected 'flowchart' or 'graph', found '```mermaid'\n  hint: give the lines between the fences alone",
    ),
    "direction": (
        "flowchart LX\n  a",
        "a.mmd:1:11: expected the end of the line, found 'LX'\n  hint: the directions are TB, TD, BT, LR and RL; the first statement stands on a line of its own",
    ),
    "same line": (
        "flowchart LR a --> b",
        "a.mmd:1:14: expected the end of the line, found 'a --> b'\n  hint: the directions are TB, TD, BT, LR and RL; the first statement stands on a line of its own",
    ),
    "arrow": (
        "flowchart TD\n  a -> b",
        "a.mmd:2:5: expected an arrow or the end of the line, found '-> b'\n  hint: the arrows are '-->', '---', '-.->' and '==>'",
    ),
    "arrow =>": (
        "flowchart TD\n  a => b",
        "a.mmd:2:5: expected an arrow or the end of the line, found '=> b'\n  hint: the arrows are '-->', '---', '-.->' and '==>'",
    ),
    "en dash": (
        "flowchart TD\n  a –> b",
        "a.mmd:2:5: expected an arrow or the end of the line, found '–> b'\n  hint: the arrows are '-->', '---', '-.->' and '==>'",
    ),
    "unicode arrow": (
        "flowchart TD\n  a → b",
        "a.mmd:2:5: expected an arrow or the end of the line, found '→ b'\n  hint: the arrows are '-->', '---', '-.->' and '==>'",
    ),
    "blank before bracket": (
        "flowchart TD\n  a [words]",
        "a.mmd:2:5: expected an arrow or the end of the line, found '[words]'\n  hint: no blank stands between a node and its brackets",
    ),
    "brackets in words": (
        "flowchart TD\n  a[f(x)]",
        "a.mmd:2:6: expected ']' after 'f', found '(x)]'\n  hint: put words with brackets, quotes or bars in them between quotes: A[\"f(x)\"]",
    ),
    "quote in words": (
        'flowchart TD\n  a[say "so"]',
        "a.mmd:2:9: expected ']' after 'say ', found '\"so\"]'\n  hint: put words with brackets, quotes or bars in them between quotes: A[\"f(x)\"]",
    ),
    "never closed before an arrow": (
        "flowchart TD\n  a[Base --> b[LoRA]",
        "a.mmd:2:4: '[' is never closed\n  hint: write [Base]",
    ),
    "an arrow in words": (
        "flowchart TD\n  a[d --> r (down)]",
        "a.mmd:2:13: expected ']' after 'd --> r ', found '(down)]'\n  hint: put words with brackets, quotes or bars in them between quotes: A[\"f(x)\"]",
    ),
    "words behind a colon": (
        "flowchart TD\n  a --> b: text",
        "a.mmd:2:12: expected an arrow or the end of the line, found 'text'\n  hint: words of an arrow stand on it: a -->|words| b",
    ),
    "a word nearly right": (
        "flowchart TD\n  a --> b; styl a fill:#fff",
        "a.mmd:2:17: expected an arrow or the end of the line, found 'a fill:#fff'\n  hint: did you mean 'style'?",
    ),
    "another language's comment": (
        "flowchart TD\n  // note\n  a",
        "a.mmd:2:6: expected an arrow or the end of the line, found 'note'\n  hint: a comment begins with '%%'",
    ),
    "never closed": ("flowchart TD\n  a[words", "a.mmd:2:4: '[' is never closed\n  hint: close it with ']'"),
    "never closed round": (
        "flowchart TD\n  a((words",
        "a.mmd:2:4: '((' is never closed\n  hint: close it with '))'",
    ),
    "quote never closed": (
        'flowchart TD\n  a["words]',
        "a.mmd:2:5: a quote that is never closed\n  hint: a quote within a text is #quot;",
    ),
    "string then more": (
        'flowchart TD\n  a["words" more]',
        "a.mmd:2:12: expected ']' after 'words', found ' more]'\n  hint: put words with brackets, quotes or bars in them between quotes: A[\"f(x)\"]",
    ),
    "no name": (
        "flowchart TD\n  --> b",
        "a.mmd:2:3: expected the name of a node, found '--> b'\n  hint: names are letters and digits; words stand in brackets: A[the words]",
    ),
    "no head": (
        "flowchart TD\n  a -->",
        "a.mmd:2:8: expected the name of a node, found the end of the file\n  hint: names are letters and digits; words stand in brackets: A[the words]",
    ),
    "no name after &": (
        "flowchart TD\n  a & --> b",
        "a.mmd:2:7: expected the name of a node, found '--> b'\n  hint: names are letters and digits; words stand in brackets: A[the words]",
    ),
    "comment at the end": (
        "flowchart TD\n  a --> b %% why",
        "a.mmd:2:11: expected an arrow or the end of the line, found '%% why'\n  hint: a comment stands on a line of its own",
    ),
    "end of nothing": (
        "flowchart TD\n  a\nend",
        "a.mmd:3:1: 'end' without a subgraph\n  hint: as the name of a node, 'end' needs a capital: 'End'",
    ),
    "end as a node": (
        "flowchart TD\n  a --> end",
        "a.mmd:2:9: 'end' is a word of Mermaid's own\n  hint: give the node another name and keep its words: end1[end]",
    ),
    "end with words": (
        "flowchart TD\n  end[The end]",
        "a.mmd:2:3: 'end' is a word of Mermaid's own\n  hint: give the node another name and keep its words: end1[end]",
    ),
    "class as a node": (
        "flowchart TD\n  class[x] --> b",
        "a.mmd:2:3: 'class' is a word of Mermaid's own\n  hint: give the node another name and keep its words: class1[class]",
    ),
    "graph as a node": (
        "flowchart TD\n  graph --> b",
        "a.mmd:2:3: 'graph' is a word of Mermaid's own\n  hint: give the node another name and keep its words: graph1[graph]",
    ),
    "subgraph open": (
        "flowchart TD\nsubgraph one\n  a --> b\n",
        "a.mmd:2:1: the subgraph 'one' is never closed\n  hint: close it with a line 'end'",
    ),
    "subgraph words after": (
        "flowchart TD\nsubgraph one [a] b\nend",
        "a.mmd:2:18: expected the end of the line, found 'b'",
    ),
    "edge without end": (
        "flowchart TD\n  a -- text b",
        "a.mmd:2:5: the edge that begins with '--' has no end\n  hint: without words on it, an edge is '---' or '-->'",
    ),
    "edge without end thick": (
        "flowchart TD\n  a == text b",
        "a.mmd:2:5: the edge that begins with '==' has no end\n  hint: without words on it, an edge is '===' or '==>'",
    ),
    "edge without end dotted": (
        "flowchart TD\n  a -. text b",
        "a.mmd:2:5: the edge that begins with '-.' has no end\n  hint: without words on it, an edge is '-.-' or '-.->'",
    ),
    "edge name": (
        "flowchart TD\n  a e1@ b",
        "a.mmd:2:8: expected an arrow after 'e1@', found ' b'\n  hint: A e1@--> B",
    ),
    "shape": (
        "flowchart TD\n  a@{ shape: diamnd }",
        "a.mmd:2:14: Mermaid has no shape 'diamnd'\n  hint: did you mean 'diamond'?",
    ),
    "shape upper": (
        "flowchart TD\n  a@{ shape: RECT }",
        "a.mmd:2:14: Mermaid has no shape 'RECT'\n  hint: did you mean 'rect'?",
    ),
    "shape data open": (
        "flowchart TD\n  a@{ shape: rect",
        "a.mmd:2:4: '@{' is never closed\n  hint: close it with '}'",
    ),
    "shape data yaml": (
        "flowchart TD\n  a@{ shape: *x }",
        "a.mmd:2:14: in the YAML here: aliases (*) are not allowed in a spec\n  hint: put the text in single quotes if it begins with '*'",
    ),
    "class without": (
        "flowchart TD\n  class a",
        "a.mmd:2:3: expected nodes and a class\n  hint: class A,B frozen",
    ),
    "classDef without": (
        "flowchart TD\n  classDef",
        "a.mmd:2:3: a class without a name\n  hint: classDef frozen fill:#bbdefb,stroke:#0d47a1",
    ),
    "style without colon": (
        "flowchart TD\n  classDef x fill",
        "a.mmd:2:14: 'fill' is not a style\n  hint: fill:#f9f,stroke:#333",
    ),
    "linkStyle": (
        "flowchart TD\n  a --> b\n  linkStyle 1 stroke:#f00",
        "a.mmd:3:13: there is no edge 1\n  hint: edges are counted from 0, in the order in which they stand: 0 to 0",
    ),
    "linkStyle none": (
        "flowchart TD\n  linkStyle x stroke:#f00",
        "a.mmd:2:13: expected the number of an edge, found 'x stroke:#f00'\n  hint: linkStyle 0,1 stroke:#f66",
    ),
    "second chart": (
        "flowchart TD\n  a\nflowchart LR\n b",
        "a.mmd:3:1: a second 'flowchart'\n  hint: a file holds one flowchart",
    ),
    "front matter": (
        "---\ntitle: x\nflowchart LR",
        "a.mmd:1:1: the front matter is never closed\n  hint: end it with a line of '---'",
    ),
    "front matter yaml": (
        "---\ntitle: [x\n---\nflowchart LR\n a",
        "a.mmd:2:8: in the YAML here: a bracket that is not closed: ']' is missing\n  hint: add ']' at its end",
    ),
    "front matter words": (
        "---\nwords\n---\nflowchart LR\n a",
        "a.mmd:2:1: front matter without keys\n  hint: title: …",
    ),
    "directive": (
        "%%{init: {}\nflowchart LR\n a",
        "a.mmd:1:1: this directive is never closed\n  hint: end it with '}%%'",
    ),
    "descr": (
        "flowchart TD\n  accDescr { long\n",
        "a.mmd:2:3: this description is never closed\n  hint: end it with '}'",
    ),
    "control": (
        "flowchart TD\n  a[\x1b]",
        "a.mmd:2:5: the character U+001B cannot stand in a chart\n  hint: delete it",
    ),
    "emoji name": (
        "flowchart TD\n  🚀 --> b",
        "a.mmd:2:3: expected the name of a node, found '🚀 --> b'\n  hint: names are letters and digits; words stand in brackets: A[the words]",
    ),
    "properties": (
        "flowchart TD\n  a[|borders]",
        "a.mmd:2:4: expected '|' after the properties of a box\n  hint: A[|borders:lt|words]",
    ),
}


@pytest.mark.parametrize("name", ERRORS)
def test_errors(name: str) -> None:
    text, expected = ERRORS[name]
    with pytest.raises(LorafigError) as caught:
        read(text, "a.mmd")
    assert str(caught.value) == expected
    assert caught.value.kind == "spec"


HEAD = "flowchart TD\n"
LIMITS: dict[str, tuple[str, str]] = {
    "nodes": (
        HEAD + "\n".join(f"n{number}" for number in range(10_001)),
        "a.mmd:10002:1: more than 10,000 nodes in one chart",
    ),
    "edges": (
        HEAD
        + " & ".join(f"n{number}" for number in range(101))
        + " --> "
        + " & ".join(f"m{number}" for number in range(100)),
        "more than 10,000 edges in one chart",
    ),
    "depth": (HEAD + "subgraph a\n" * 33, "a.mmd:34:1: subgraphs nested deeper than 32 levels"),
    "subgraphs": (
        HEAD + "subgraph a\nend\n" * 10_001,
        "a.mmd:20002:1: more than 10,000 subgraphs in one chart",
    ),
    "label": (HEAD + "a[" + "x" * 8001 + "]", "a.mmd:2:3: a label of 8,001 characters; the limit is 2,000"),
    "label in quotes": (
        HEAD + 'a["' + "x" * 8001 + '"]',
        "a.mmd:2:4: a label of 8,001 characters; the limit is 2,000",
    ),
}


@pytest.mark.parametrize("name", LIMITS)
def test_limits(name: str) -> None:
    text, expected = LIMITS[name]
    with pytest.raises(LorafigError) as caught:
        read(text, "a.mmd")
    assert caught.value.kind == "limit"
    assert expected in str(caught.value)


MILLION = 1_000_000
HOSTILE = {
    "blanks": HEAD + "a" + " " * MILLION + "x",
    "blanks after a start": HEAD + "a -- b" + " " * MILLION,
    "dashes": HEAD + "a " + "-" * MILLION,
    "dashes in words": HEAD + "a -- " + "- " * (MILLION // 2),
    "dots": HEAD + "a -. " + "." * MILLION,
    "equals": HEAD + "a == " + "= " * (MILLION // 2),
    "ampersands": HEAD + "a & " * (MILLION // 4),
    "arrows": HEAD + "a-->" * (MILLION // 4),
    "names": HEAD + "x" * MILLION,
    "brackets": HEAD + "a[" * (MILLION // 2),
    "braces": HEAD + "a@{" + '"' * MILLION,
    "quotes": HEAD + 'a["' + "`" * MILLION,
    "directives": "%%{" * (MILLION // 3),
    "comments": "%%\n" * (MILLION // 3) + HEAD,
    "percents": "%" * MILLION,
    "front matter": "---\n" + "a: [\n" * (MILLION // 5),
    "styles": HEAD + "classDef a " + "x:y," * (MILLION // 4),
    "backslashes": HEAD + "classDef a " + "\\" * MILLION,
    "commas": HEAD + "class " + "a," * (MILLION // 2),
    "subgraphs": HEAD + "subgraph " * (MILLION // 9),
    "line ends": HEAD + "\n" * MILLION,
    "at signs": HEAD + "a " + "b@" * (MILLION // 2),
    "colons": HEAD + "a:::" * (MILLION // 4),
    "links": HEAD + "linkStyle " + "0," * (MILLION // 2),
    "descriptions": HEAD + "accDescr {" * (MILLION // 10),
}


@pytest.mark.timeout(60)
@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_charts_take_no_time(name: str) -> None:
    with contextlib.suppress(LorafigError):
        to_figure(read(HOSTILE[name], "a.mmd"), "a")


LABELS = {
    "tags": "<b" * 2000,
    "open tags": "<" * 7000,
    "scripts": "<script>" * 900,
    "breaks": "<br" * 2500,
    "entities": "#" * 7000,
    "ampersands": "&" * 7000,
    "stars": "*" * 7000,
    "dollars": "$" * 7000,
    "icons": "fa:fa-" * 1200,
    "blanks": " " * 7000,
    "underscores": "_ " * 3500,
    "marks": "\ufe0f" * 7000,
    "brackets": "(" * 199 + "+",
    "carets": "x^" * 99 + "+",
}


@pytest.mark.timeout(60)
@pytest.mark.parametrize("name", LABELS)
def test_hostile_labels_take_no_time(name: str) -> None:
    for form in ('a["{}"]', 'a["`{}`"]'):
        with contextlib.suppress(LorafigError):
            to_figure(read(HEAD + form.format(LABELS[name]), "a.mmd"), "a")


@settings(deadline=None, max_examples=400)
@given(st.text(alphabet=st.sampled_from(list("ab xo-.=<>|[](){}\"'`&:;@#%$~_\\/\n\té中,0123")), max_size=60))
def test_any_text_is_a_chart_or_an_error(text: str) -> None:
    found, problems = None, []
    for whole in (
        text,
        HEAD + text,
        HEAD + "a --> b\nsubgraph s\n" + text + "\nend\n",
        HEAD + 'a["' + text + '"]',
    ):
        try:
            found = to_figure(read(whole, "a.mmd"), "a")
        except LorafigError as error:
            problems += error.problems
    assert all(problem.where is not None for problem in problems)
    assert found is None or found[0].flow is not None
