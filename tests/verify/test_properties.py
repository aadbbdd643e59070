"""Claims about training and merging: true ones hold, their opposites do not, other words claim nothing."""

from __future__ import annotations

import time

import pytest

from lorafig.language.model import Bar, Square
from lorafig.verify import decide_claim, verify
from tests.verify.figures import MERGED, two_panel

LIES = """W is not frozen
W_0 is not frozen
A and B are frozen
A is not trained
the pretrained weights are not frozen
Only W is trained
W, A and B are trained
A, B and W are frozen
h = W_0 x + BAx where A is frozen
h = W_0 x + BAx, W is trained
W is frozen and A is frozen
h = Wx at initialization = BAx
h = 2Wx at initialization
W = 0 at initialization
A = 0 at the start of training
h = 0 at initialization
BA ≠ 0 at initialization
merges and adds inference latency
frozen(W, A)
trainable(x)
starts_at(h + Wx)
starts_at(W)
A and B are initialized to zero
the update starts at zero and W is trained
it can not be merged
zero latency cost but A is frozen
h is 2 Wx
h = Wx + BAx is false
h = Wx + BAx never holds
W_0 x + BAx is frozen""".splitlines()


@pytest.mark.parametrize("claim", LIES)
def test_a_lie_in_words_does_not_hold(claim: str) -> None:
    assert decide_claim(claim).verdict != "holds"


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("Only $A$ and $B$ are trained", "holds"),
        ("Only $A$ is trained", "fails"),
        ("$W$ is frozen", "holds"),
        ("$A$ is frozen; $W$ is trained", "fails"),
        ("No additional inference latency after merging", "holds"),
        ("LoRA adds inference latency", "fails"),
        ("At the start of training $h = Wx$", "holds"),
        ("After training $h = Wx$", "undetermined"),
        ("At the start $h = Wx$, and later $h = Wx$", "undetermined"),
        ("$h = Wx$ at the start, $h = Wx$ later", "undetermined"),
        ("$BA = 0$ at initialization", "holds"),
        ("A frozen weight and a trainable update", "holds"),
        ("A frozen update and a trainable weight", "fails"),
        ("I trained it for a week", "holds"),
        ("It is not true that $W$ is frozen", "undetermined"),
        ("$W$ is frozen. Nothing else is not drawn.", "holds"),
        ("The low-rank update, merged into the weight", "holds"),
    ],
)
def test_words_on_a_figure(text: str, verdict: str) -> None:
    assert verify(two_panel(caption=text), floating=False).verdict == verdict


def test_words_on_an_element_are_about_it() -> None:
    assert verify(two_panel(W_text=("Frozen", "Weights")), floating=False).verdict == "holds"
    assert verify(two_panel(W_text=("Trainable", "Weights")), floating=False).verdict == "fails"
    after = (Bar("x"), Square(MERGED, ("Merged", "Weights")), Bar("h"))
    assert verify(two_panel(after=after), floating=False).verdict == "holds"


def test_the_pretrained_weight_is_not_called_merged() -> None:
    assert verify(two_panel(W_text=("Merged", "Weights")), floating=False).verdict == "fails"


def test_the_reason_is_told() -> None:
    found = decide_claim("W is trained")
    assert (found.kind, found.verdict) == ("property", "fails")
    assert found.detail == "three steps of gradient descent in the core move A and B and nothing else"


def test_hostile_words_take_no_time() -> None:
    for words in (
        "A, " * 640,
        "the all " * 240,
        "A and " * 330,
        "W is " * 390,
        "no additional " * 140,
        "W" + " " * 1980,
        "W" + " \n" * 990,
        "r < d and " * 190,
        "for LoRA but " * 150,
    ):
        begun = time.process_time()
        decide_claim(words + " frozen")
        assert time.process_time() - begun < 25  # one that tries every way takes minutes
