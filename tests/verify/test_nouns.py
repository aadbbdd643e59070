"""Noun phrases and what is said by the way: each is read as what it stands for, wherever it stands."""

from __future__ import annotations

from fractions import Fraction

import pytest

from lorafig.verify import decide_claim

SIZES = {"d": 256, "r": 4}


def verdict(text: str, adapter: str = "lora") -> str:
    return decide_claim(text, dims=SIZES, scalars={"alpha": Fraction(4)}, adapter=adapter).verdict


WHO = [
    ("the product of B and A", "W"),
    ("the product of A and B", "W"),
    ("the product BA", "W"),
    ("the product of the two low-rank matrices", "W"),
]


@pytest.mark.parametrize(("phrase", "alike"), WHO, ids=[phrase for phrase, _ in WHO])
def test_a_product_is_what_it_makes(phrase: str, alike: str) -> None:
    assert verdict(f"{phrase[0].upper()}{phrase[1:]} has the same shape as {alike}.") == "holds"
    assert verdict(f"{phrase[0].upper()}{phrase[1:]} has the same shape as A.") != "holds"
    assert verdict(f"The rank of {phrase} is at most 4.") == "holds"
    assert verdict(f"The rank of {phrase} is at most 3.") == "fails"


OUTPUTS = [
    ("the output of the adapter", "the output of the frozen layer"),
    ("the adapter's output", "the output of W"),
    ("the output of the adapter", "the output of the pretrained weight"),
]


@pytest.mark.parametrize(("own", "other"), OUTPUTS)
def test_an_output_is_what_it_gives(own: str, other: str) -> None:
    assert verdict(f"{own} is added to {other}.") == "holds"
    assert verdict(f"{own} is subtracted from {other}.") == "fails"


@pytest.mark.parametrize(
    ("true", "false"),
    [
        ("None of the original weights are updated.", "None of the original weights are frozen."),
        ("The trainable part of the layer is BA.", "The trainable part of the layer is W."),
        ("h is computed from W and the adapter.", "h is computed from the adapter alone."),
        ("The wide end of A faces the input.", "The wide end of A faces the output."),
        ("What is learned is BA, not the full matrix.", "What is learned is W, not the full matrix."),
        ("A is wide and short.", "A is tall and narrow."),
        ("alpha is set to the rank.", "alpha is set to twice the rank."),
        ("The rank is 4, far below the width of 256.", "The rank is 4, far above the width of 256."),
        ("The bottleneck has 4 units.", "The bottleneck has 8 units."),
        ("Removing the adapter restores the base model.", "Removing the adapter restores the adapted model."),
        (
            "Subtracting the update restores the base weight.",
            "Subtracting the update restores the merged weight.",
        ),
        ("Removing BA gives back W.", "Removing BA gives back W'."),
        ("The adapter's output is added to Wx.", "The adapter's output is multiplied by Wx."),
        ("BAx is added to Wx.", "BAx is multiplied by Wx."),
        ("Adam keeps 4,096 extra values for the adapter.", "Adam keeps 2,048 extra values for the adapter."),
        ("More rank, more parameters.", "More rank, fewer parameters."),
        ("x enters A, whose output goes to B.", "x enters B, whose output goes to A."),
        ("At first the output of the layer is Wx.", "At first the output of the layer is BAx."),
        ("W is frozen and is never updated.", "W is frozen but is updated in each step."),
        (
            "If we double r, the adapter becomes twice as large.",
            "If we double r, the adapter becomes four times as large.",
        ),
        ("Setting r = d gives full rank.", "Setting r = d gives low rank."),
        ("W is frozen: its gradient is not needed.", "W is trained: its gradient is not needed."),
    ],
)  # fmt: skip
def test_a_phrase_and_its_false_twin(true: str, false: str) -> None:
    assert verdict(true) == "holds"
    assert verdict(false) == "fails"


@pytest.mark.parametrize(
    ("true", "false"),
    [
        ("W is stored in 4 bits, A and B in 16.", "W is stored in 16 bits, A and B in 4."),
        ("Quantizing W from 16 to 4 bits takes 1/4.", "Quantizing W from 16 to 4 bits takes 1/2."),
    ],
)  # fmt: skip
def test_what_each_is_stored_in(true: str, false: str) -> None:
    assert verdict(true, "qlora") == "holds"
    assert verdict(false, "qlora") == "fails"


@pytest.mark.parametrize(
    "lie",
    [
        "The original weight matrix is trained and doesn't receive any further adjustments.",
        "The rank can be at most 256 here.",
        "The rank can be no larger than 256.",
        "W' = W + BA before merging.",
        "The frozen matrix W is used in the forward pass but is updated in the backward pass.",
        "At deployment the two matrices can be multiplied and subtracted from W.",
        "The update ΔW is factored into B and A, both of which are frozen.",
    ],
)
def test_nothing_is_dropped_beside_a_phrase(lie: str) -> None:
    assert verdict(lie) != "holds"
