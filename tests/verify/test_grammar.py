"""Sentences read by their grammar: each with a false twin that changes one fact of it."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lorafig.errors import LorafigError
from lorafig.verify import decide_claim
from lorafig.verify.read.grammar import lexis

SIZES = {"d": 768, "k": 512, "r": 8}
# A true sentence, and one that differs from it in one fact.
TWINS = (
    (
        "Because B is zero at the start, A gets no gradient in the very first step, but B does.",
        "Because B is zero at the start, B gets no gradient in the very first step, but A does.",
    ),
    (
        "Full fine-tuning updates every entry of W, and LoRA does not.",
        "Full fine-tuning updates W, and so does LoRA.",
    ),
    ("A gets gradients, and so does B.", "A gets gradients, and so does W."),
    ("W0 is frozen while A is trained.", "A is trained while W0 is updated."),
    (
        "Because B is zero, the first output is the pretrained one.",
        "Because B is zero, the first output is not the pretrained one.",
    ),
    ("The product BA has the shape of W.", "The product BA has the same shape as W, and it is full rank."),
    ("The optimizer does not need to keep any states for W.", "The optimizer needs to keep states for W."),
    (
        "No gradients are stored for W, and no optimizer moments either.",
        "No gradients are stored for A, and no optimizer moments either.",
    ),
    (
        "Adam's moments are kept only for A and B, not for W.",
        "Adam's moments are kept only for W, not for A and B.",
    ),
    ("A squeezes the input down to r numbers.", "A squeezes the input down to d numbers."),
    (
        "A projects the k-dimensional input onto r dimensions.",
        "A projects the r-dimensional input onto k dimensions.",
    ),
    (
        "B projects from the rank-r space back to the output dimension d.",
        "B projects from the rank-r space back to the input dimension k.",
    ),
    (
        "A takes the 512 features down to 8, and B takes the 8 up to 768.",
        "A takes the 768 features down to 8, and B takes the 8 up to 512.",
    ),
    (
        "x is first compressed to r dimensions and then expanded to d.",
        "x is first compressed to d dimensions.",
    ),
    ("The hidden vector Ax has 8 entries.", "The hidden vector Ax has 768 entries."),
    ("BA has as many rows and columns as W.", "BA has as many rows and columns as A."),
    ("B is larger than A here.", "A is larger than B here."),
    ("Both W and BA have the same shape.", "Both W and B have the same shape."),
    ("Both branches see the same input x.", "Both branches see the same input h."),
    ("The base model never changes.", "The base model always changes."),
    ("The model starts unchanged.", "The model does not start unchanged."),
    ("The adapter is scaled by 2.", "The adapter is scaled by 4."),
    (
        "Tripling the rank triples the number of parameters in A.",
        "Tripling the rank doubles the number of parameters in A.",
    ),
    (
        "Changing alpha has no effect on the number of trainable parameters.",
        "Changing the rank has no effect on the number of trainable parameters.",
    ),
    (
        "The adapter has 10,240 parameters, two fifths of them in A.",
        "The adapter has 10,240 parameters, two fifths of them in B.",
    ),
    (
        "BA has been folded into W, and the first forward pass gives the same output as the base model.",
        "BA has been folded into W, and the first forward pass does not give the output of the base model.",
    ),
)
TRUE = tuple(true for true, _ in TWINS)


def verdict(text: str) -> str:
    return decide_claim(text, dims=SIZES, scalars={"alpha": 16}).verdict


@pytest.mark.parametrize(("true", "false"), TWINS)
def test_a_sentence_is_told_from_its_twin(true: str, false: str) -> None:
    assert verdict(true) == "holds"
    assert verdict(false) in ("fails", "ill-typed", "undetermined")


def test_most_of_the_twins_are_refuted() -> None:
    refuted = [false for _, false in TWINS if verdict(false) in ("fails", "ill-typed")]
    assert len(refuted) >= len(TWINS) - 3


@given(st.sampled_from(TRUE), st.data())
def test_no_word_that_is_not_known_is_dropped(text: str, data: st.DataObject) -> None:
    words = text.split()
    inside = [
        at
        for at in range(1, len(words))
        if not words[at - 1].endswith(",") and words[at - 1] != "and" and words[at] != "and"
    ]
    at = data.draw(st.sampled_from(inside))
    strange = data.draw(st.sampled_from(("zorped", "if", "unless", "wizard", "sometimes")))
    assert verdict(" ".join([*words[:at], strange, *words[at:]])) != "holds"


_PIECES = (
    *("A", "B", "W", "the", "no", "only", "rank", "doubling", "higher", "parameters"),
    *("65,536", "half", "of", "in", "to", "for", "has", "is", "does", "not"),
    *("trained", "zero", "as", "many", "than", "fewer", "LoRA", "effect", "on", "it"),
    *("them", "input", "output", "first", "maps", "r", "and", ",", "more", "gradients"),
    *("same", "shape"),
)


@given(st.lists(st.sampled_from(_PIECES), min_size=3, max_size=12))
def test_any_row_of_its_words_has_a_verdict(words: list[str]) -> None:
    with suppress(LorafigError):  # what is no text
        assert verdict(" ".join(words)) in ("holds", "fails", "ill-typed", "undetermined")


@pytest.mark.parametrize("text", ["No matrix has 12,288 parameters.", "W increases.", "W is seen."])
def test_what_is_not_said_is_not_heard(text: str) -> None:
    assert verdict(text) == "undetermined"


@pytest.mark.parametrize(
    ("form", "verb", "done"),
    [
        ("trains", "train", False),
        ("trained", "train", True),
        ("training", "train", False),
        ("kept", "keep", True),
        ("initialized", "initialize", True),
        ("mapped", "map", True),
        ("passes", "pass", False),
        ("drawn", "draw", True),
        ("drew", "draw", False),
        ("set", "set", True),
    ],
)
def test_verbs_are_known_in_all_forms(form: str, verb: str, done: bool) -> None:
    assert lexis.Form(verb, done) in lexis.verbs()[form]
