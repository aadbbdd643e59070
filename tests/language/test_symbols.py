"""Sizes and symbols of one's own: what is read, and every error by its full text."""

from __future__ import annotations

import pytest

from lorafig.errors import LorafigError
from lorafig.language import dump, loads

HEAD = "id: own\ntitle: A figure\nmodel:\n"
TAIL = "\nstack:\n- bar: x\n"


def read(model: str, tail: str = TAIL):
    return loads(HEAD + model + tail, "own.yaml")


MODEL = r"""  adapter: none
  d: 4096
  sizes: {N: 8, L: 32}
  symbols:
    W_g: {shape: [N, d], role: trained}
    A_i: {shape: [16, d], role: trained, over: 'i = 1..N', start: 0}
    \lambda: {role: trained}
    x: {shape: d, role: input}
"""


def test_a_model_reads_back():
    figure = read(MODEL)
    assert [(size.name, size.value) for size in figure.model.sizes] == [("N", 8), ("L", 32)]
    assert [symbol.shape for symbol in figure.model.symbols] == [("N", "d"), (16, "d"), (), ("d",)]
    assert loads(dump(figure)) == figure


ERRORS = {
    "  sizes: {d: 8}": "own.yaml:4:11: d is a size of the model itself, and not one of 'sizes'",
    "  sizes: {N: 1e99}": "own.yaml:4:14: 1e99 is out of range: expected a whole number from 1 to 2^40",
    "  symbols: {A: {shape: [d, r]}}": "own.yaml:4:17: A has two shapes: d × r here, and r × k in LoRA",
    "  symbols: {B: {role: frozen}}": "own.yaml:4:17: B is frozen here, and trained in LoRA",
    "  symbols: {A: {start: 0}}": "own.yaml:4:17: A starts as 0 here, and at random in LoRA",
    "  symbols: {B: {start: 1}}": "own.yaml:4:17: B starts as 1 here, and as 0 in LoRA",
    "  symbols: {W: {start: 0}}": "own.yaml:4:17: W starts as 0 here, and otherwise in LoRA",
    "  symbols: {h: {shape: d}}": "own.yaml:4:13: h is defined by LoRA: Wx + s BAx",
    "  symbols: {G: {shape: [M, d]}}": "own.yaml:4:25: there is no size 'M', which G has in its shape",
    "  symbols: {G: {shape: [3d, d]}}": "own.yaml:4:25: '3d' in the shape of G is not a size",
    "  symbols: {G: {shape: [d, d, 3]}}": "own.yaml:4:17: G has 3 sizes, and a matrix has two",
    "  symbols: {G: {shape: d, over: 'i = 1..3'}}": "own.yaml:4:27: G has no index i",
    "  symbols: {G_i: {shape: d, over: 'i = 3..1'}}": (
        "own.yaml:4:29: i runs from 3 to 1: there is nothing between"
    ),
    "  symbols: {G_i: {shape: d, over: '1..3'}}": "own.yaml:4:36: '1..3' is not an index with its range",
    "  symbols: {G_i: {shape: d, over: 'i = 1..M'}}": "own.yaml:4:29: 'M' has no value on this figure",
    "  symbols: {'a + b': {}}": "own.yaml:4:14: 'a + b' is not a symbol",
    "  symbols: {G: {start: y}}": "own.yaml:4:17: 'y' is nothing that G may start as",
    "  symbols: {G_i: {shape: d, over: 'i = 1..2'}, G_j: {shape: d, over: 'j = 1..2'}}": (
        "own.yaml:4:48: G_j is declared twice: as 'G_i' too"
    ),
    "  sizes: {N: 2}\n  symbols: {N: {}}": "own.yaml:5:13: N is declared twice: as 'N' too",
}


@pytest.mark.parametrize("model", ERRORS)
def test_what_is_wrong_is_told_with_its_place(model):
    with pytest.raises(LorafigError) as caught:
        read(model)
    (problem,) = caught.value.problems
    assert f"{problem.where}: {problem.what}" == ERRORS[model]
    assert problem.hint is not None or "out of range" in problem.what


@pytest.mark.parametrize(
    ("tail", "says"),
    [
        ("controls: {M: {min: 1, max: 9}}", "a slider for M, and the figure has no such size"),
        ("controls: {N: {min: 9, max: 12}}", "the slider for N does not reach 8, where the figure stands"),
        (
            "lesson: {activities: [{ask: Why, at: {M: 3}}]}",
            "there is no size 'M' on this figure",
        ),
    ],
)
def test_controls_and_lessons_have_sizes_of_the_figure(tail, says):
    with pytest.raises(LorafigError) as caught:
        read(MODEL, f"{TAIL}{tail}\n")
    assert [problem.what for problem in caught.value.problems] == [says]


@pytest.mark.parametrize(("start", "hint"), [("zeros", "write start: 0"), ("ones", "write start: 1")])
def test_a_start_by_the_name_that_others_give_it_says_what_to_write(start, hint):
    with pytest.raises(LorafigError) as caught:
        read(f"  symbols: {{G: {{start: {start}}}}}")
    assert caught.value.problems[0].hint == hint


@pytest.mark.parametrize(
    ("model", "what", "hint"),
    [
        (
            "  symbols: {G_i: {shape: d, over: 'j = 1..3'}}",
            "G_i has no index j",
            "its index is i: over: 'i = 1..3'",
        ),
        (
            "  functions: {f_l: {means: d -> d, over: 'i = 1..3'}}",
            "f_l has no index i",
            "its index is l: over: 'l = 1..3'",
        ),
        (
            "  functions: {f: {means: d -> d, over: 'i = 1..3'}}",
            "f has no index i",
            "write it with its index: f_i",
        ),
        (
            "  functions: {f: 'd -> softmax(d)'}",
            "'softmax(d)' is not a size",
            "a formula is written with \\mapsto: 'x \\mapsto 2x'; before and behind -> stand sizes",
        ),
    ],
)
def test_an_index_and_a_formula_are_told_with_what_to_write(model, what, hint):
    with pytest.raises(LorafigError) as caught:
        read(model)
    (problem,) = caught.value.problems
    assert (problem.what, problem.hint) == (what, hint)
