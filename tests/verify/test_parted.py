"""Sentences of several clauses: each of them is decided, whatever joins them."""

from __future__ import annotations

from itertools import product

import pytest

from lorafig.verify import decide_claim

# What is said of LoRA, true and false, with a subject and a predicate each.
TRUE = (
    ("W", "stays frozen"),
    ("A", "is drawn from a Gaussian"),
    ("B", "starts at zero"),
    ("the adapter", "is trained"),
)
FALSE = (
    ("W", "is trained"),
    ("A", "starts at zero"),
    ("B", "is drawn from a Gaussian"),
    ("the adapter", "stays frozen"),
)
JOINS = (", and", ", whereas", ", while", ", but", " because", ";")


def _verdict(text: str) -> str:
    return decide_claim(f"{text[0].upper()}{text[1:]}.").verdict


@pytest.mark.parametrize("join", JOINS)
def test_clauses_that_are_joined(join: str) -> None:
    for first, second in product(TRUE, TRUE):
        if first[0] != second[0]:
            assert _verdict(f"{' '.join(first)}{join} {' '.join(second)}") == "holds"


@pytest.mark.parametrize("join", JOINS)
def test_one_that_is_false_is_found(join: str) -> None:
    for first, second in product(TRUE, FALSE):
        if first[0] != second[0]:
            for one, other in ((first, second), (second, first)):
                assert _verdict(f"{' '.join(one)}{join} {' '.join(other)}") != "holds"


def test_a_clause_within_another_is_of_the_noun_before_it() -> None:
    for (who, says), (other, what) in product(TRUE, TRUE):
        if who != other:
            assert _verdict(f"{who} {says} while {other}, which {what}, stands beside it") != "fails"
        assert _verdict(f"LoRA freezes W and trains the adapter, which {'starts at zero'}") != "fails"
    assert _verdict("A is random while B, which starts at zero, is trained") == "holds"
    assert _verdict("A is random while B, which starts at zero, is frozen") == "fails"
    assert _verdict("B is trained while W, which starts at zero, is frozen") == "fails"


@pytest.mark.parametrize(
    ("true", "false"),
    [
        (
            "LoRA freezes the pre-trained weights and injects trainable rank decomposition matrices into "
            "each layer of the Transformer.",
            "LoRA trains the pre-trained weights and injects frozen rank decomposition matrices into "
            "each layer of the Transformer.",
        ),
        (
            "LoRA adds pairs of rank-decomposition weight matrices to existing weights and only trains "
            "those newly added weights.",
            "LoRA adds pairs of rank-decomposition weight matrices to existing weights and only trains "
            "those existing weights.",
        ),
        (
            "Full fine-tuning updates every weight in the model, whereas LoRA only updates the adapter.",
            "LoRA updates every weight in the model, whereas full fine-tuning only updates the adapter.",
        ),
        (
            "Instead of updating all of W, LoRA learns an update of low rank.",
            "Instead of learning an update of low rank, LoRA updates all of W.",
        ),
        (
            "VeRA freezes its random matrices and learns only two vectors.",
            "VeRA freezes its random matrices and learns only three vectors.",
        ),
        (
            "An adapter of rank 8 on a 4096 × 4096 matrix has 65,536 parameters.",
            "An adapter of rank 8 on a 4096 × 4096 matrix has 32,768 parameters.",
        ),
        ("We leave W alone and train A and B.", "We leave A and B alone and train W."),
        ("An adapter stores A and B but not W.", "An adapter stores W but not A and B."),
        (
            "The output of the layer is the sum of the frozen path and the low-rank path.",
            "The output of the layer is the product of the frozen path and the low-rank path.",
        ),
        (
            "The update is factorised into two low-rank matrices.",
            "The update is factorised into three low-rank matrices.",
        ),
    ],
)
def test_what_people_write(true: str, false: str) -> None:
    assert decide_claim(true).verdict == "holds"
    assert decide_claim(false).verdict != "holds"


def test_a_scaling_is_not_trained() -> None:
    assert decide_claim("The scaling alpha/r is learned along with A and B.").verdict != "holds"


def test_what_is_denied_before_a_comma_is_not_what_is_said_behind_it() -> None:
    assert decide_claim("Merged or not, the output of the layer is zero at the start.").verdict != "holds"
    claim = "Only the attention layers are adapted, the feed-forward network is left frozen."
    there = {"network": "llama-2-7b", "targets": ("gate_proj", "up_proj", "down_proj"), "dims": {"r": 8}}
    assert decide_claim(claim, **there).verdict != "holds"


def test_of_two_nouns_the_adjective_is_of_the_first() -> None:
    assert decide_claim("The frozen weight and the adapter see the same input.").verdict == "holds"
