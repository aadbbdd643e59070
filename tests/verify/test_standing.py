"""What words say by where they stand: over several elements, on a node that opens into a panel, in the order of
the arrows, in the colour of their ground."""

# ruff: noqa: E501  (a case is a line of a table)

from __future__ import annotations

import pytest

from lorafig.draw import check
from lorafig.language.load import loads

HEAD = "id: a\ntitle: A figure\nmodel: {d: 256, r: 4}\n"

OPENS = """row:
  - flow: {nodes: {x: {bar: x}, n: {box: NODE, opens: p}, y: {rounded: [Output]}}, edges: [x -> n -> y]}
  - {name: p, stack: [{bar: x}, {bottleneck: [A, B]}, {bar: BAx}]}
"""
WORDS = """flow:
  nodes: {a: {rounded: [FIRST]}, b: {rounded: [SECOND]}, c: {rounded: [Evaluate]}}
  edges: [a -> b -> c]
"""
LEVELS = """levels: {i: Input, w: TITLE, o: Output}
stack: [{bar: x, level: i}, {square: W, level: w}, {bar: Wx, level: o}]
"""
APPLY = "stack: [{bar: x}, {square: W}, {apply: softmax, text: [NAME]}, {bar: '\\mathrm{softmax}(Wx)'}]\n"
INK = """flow:
  nodes: {x: {bar: x}, W: {box: W, class: c}}
  edges: [x -> W]
  classes: {c: {fill: '#C3DAF1', ink: 'INK'}}
"""
GRADIENT = """flow:
  nodes: {m: {box: [Model], badge: frozen}, a: {box: [Adapter], badge: trainable}, L: {rounded: [Loss]}}
  edges: [m -> L, a -> L, {edge: L -> END, kind: gradient}]
"""
UPDATE = """flow:
  nodes: {m: {box: [Model], badge: frozen}, a: {box: [Adapter], badge: trainable}, s: {rounded: [Adam]}}
  edges: [{edge: s -> END, kind: update}]
"""
PHASE = """flow:
  nodes:
    a: {rounded: [Load], does: [load, freeze]}
    b: {rounded: [Insert], does: {inject: [q, v]}}
    c: {rounded: [Train], does: train}
  edges: [a -> b -> c]
  groups: {g: {of: [b, c], title: TITLE}}
"""
BRACE = "product: [{matrix: B, brace: {label: '\\text{NAME}', side: over}}, {matrix: A}]\n"
EDGE = """flow:
  nodes: {x: {bar: x}, A: {box: A}, B: {box: B}, h: {bar: BAx}}
  edges: [x -> A, {edge: A -> B, text: COUNT}, B -> h]
"""
YES = """stack: [{bar: x}, {square: W}, {bar: Wx}]
lesson: {questions: [{ask: Is W frozen?, answer: 'ANSWER'}]}
"""


def problems(spec: str) -> list[str]:
    return [f"{claim.text}: {claim.detail}" for claim in check(loads(HEAD + spec)).claims if not claim.stands]


@pytest.mark.parametrize(
    ("spec", "word", "true", "false", "message"),
    [
        (OPENS, "NODE", "BA", "W", "opens: p: the panel shows A, B, and nothing of W"),
        (WORDS, "FIRST", "Load the base model", "Merge the adapter", None),
        (LEVELS, "TITLE", "Frozen", "Trainable", "Trainable: "),
        (APPLY, "NAME", "Softmax", "Sigmoid", "Sigmoid: it applies softmax"),
        (INK, "INK", "#1A4B80", "#C3DAF1", "W-label: 'W' is written in #C3DAF1 on #C3DAF1, and cannot be seen"),
        (GRADIENT, "END", "a", "m", "L -> m: the gradient ends in m, which is frozen"),
        (UPDATE, "END", "a", "m", "s -> m: the update ends in m, which is frozen"),
        (PHASE, "TITLE", "Fine-tuning", "Inference", "Inference: the steps are inject and train, and the title says inference"),
        (BRACE, "NAME", "rank", "hidden size", "\\text{hidden size}: the width of B is r, and the brace along it says d"),
        (EDGE, "COUNT", "4 values", "256 values", "256: what flows from A to B is r = 4, and the brace along it says 256"),
        (YES, "ANSWER", "Yes.", "No.", "No.: "),
    ],
    ids=["opens", "order", "level", "apply", "ink", "gradient", "update", "phase", "brace", "edge", "answer"],
)  # fmt: skip
def test_a_word_that_says_another_thing_fails(
    spec: str, word: str, true: str, false: str, message: str | None
) -> None:
    spec = spec.replace("SECOND", "Train A and B")
    assert problems(spec.replace(word, true)) == []
    told = problems(spec.replace(word, false))
    said = message or f"{false}: “{false}” leads to “Train A and B”, and comes after it"
    assert any(problem.startswith(said) for problem in told), told


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Pretrained model", "Merge"),  # of an adapter that somebody else trained
        ("Train the tokenizer", "Load the base model"),
        ("Merge the data sets", "Train"),
        ("Evaluate", "Save the report"),
    ],
)
def test_an_order_that_may_be_meant_passes(first: str, second: str) -> None:
    assert problems(WORDS.replace("FIRST", first).replace("SECOND", second)) == []
