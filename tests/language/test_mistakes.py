"""Mistakes that people make, each one of a kind, with the hint that says what to write."""

from __future__ import annotations

import pytest

import lorafig

HEAD = "id: m\ntitle: T\nmodel: {d: 256, r: 4}\n"
BARE = "id: m\ntitle: T\nstack: [{bar: x}]\n"
FLOW = HEAD + "flow:\n  nodes: {x: {box: x}, y: {box: W}}\n"


@pytest.mark.parametrize(
    ("spec", "hint"),
    [
        (HEAD + "stack: [{bar: x}, {square: 'LoRA's rank'}]", "within the quotes: 'LoRA''s rank'"),
        (HEAD + "stack: [{bar: x}, {square: 'A's', math: 'B'}]", "write it as '' within the quotes"),
        (HEAD + "flow: {nodes: {x: {rounded: Attention}}, edges: []}", "words are a list: [Attention]"),
        (HEAD + "stack:\n- bar x\n- square: W", "a ':' is missing: write bar: x"),
        (HEAD + "stack:\n- bar: x\n- square W_0", "a ':' is missing: write square: W_0"),
        ("id: m\ntitle: T\nmodel: {d: 256; r: 4}\nstack: [{bar: x}]", "write ',' between them"),
        (HEAD + "stack: [{bar: x}, {bottleneck: A, B}]", "write a list, [A, B], or put the text in quotes"),
        ("id: m\ntitle: T\nmodel: {d: 4,096}\nstack: [{bar: x}]", "a number has no ',' in it: write 4096"),
        (HEAD + "stack: [{bar: x}, {bottleneck: [A]}]", "write two: [A, …]"),
        (HEAD + "stack: [{bar: x}, {split: [{square: W}]}]", "write a second branch, or the element"),
        (BARE + "theme: {font_size: 10pt}", "write 10, without a unit"),
        (BARE + "theme: {font: times}", "write serif"),
        (BARE + "model: {adapter: prefix}", "write none"),
        (BARE + "model: {symbols: {G: [d, d]}}", "write G: {shape: [d, d]}"),
        (BARE + "model: {symbols: {G: {shape: d x r}}}", "write a list of its sizes: shape: [d, r]"),
        (BARE + "model: {symbols: {G: {shape: (d × d)}}}", "write a list of its sizes: shape: [d, d]"),
        (FLOW + "  edges:\n    - [x, y]", "write 'x -> y'"),
        (FLOW + "  edges:\n    - x --> y", "the arrows are '->'"),
        (BARE + "card: Parameters", "write {rows: ['Parameters']}"),
        (BARE + "legend: bottom right", "write below"),
        (HEAD + "row: [{bar: x}]", "elements stand in the stack of a panel: {stack: [{bar: …}]}"),
        (HEAD + "row: [{panel: P, stack: [{bar: x}]}, {equations: ['W = W + BA']}]", "write W' ="),
        (BARE + "lesson: {questions: [{question: 'Why?'}]}", "write ask: What is asked?"),
    ],
)  # fmt: skip
def test_the_hint_says_what_to_write(spec: str, hint: str) -> None:
    try:
        problems = lorafig.loads(spec).check().problems()
    except lorafig.LorafigError as error:
        problems = error.problems
    assert any(hint in (problem.hint or "") for problem in problems), problems


@pytest.mark.parametrize("rest", ["'a, b'", "[a, b]", "'x; y: z'"])
def test_what_is_right_stays_right(rest: str) -> None:
    figure = lorafig.loads(HEAD + f"stack: [{{bar: x}}, {{square: W, text: {rest}, unverified: words}}]")
    assert figure.spec.id == "m"
