"""A time, a place, a condition or a hedge beside an assertion is never dropped."""

from __future__ import annotations

from typing import Any

import pytest

import lorafig
from lorafig.verify import decide_claim, verify_texts

TRUE = (
    "W is frozen",
    "A and B are trained",
    "B starts at zero",
    "LoRA trains 2,048 parameters",
    "h = Wx + BAx",
)
FALSE = ("W is trained", "A starts at zero", "B is frozen")
LIMITS = """
on paper | on Tuesdays | on weekends | on demand | on average | on even steps | on the first batch
on some GPUs | for the first epoch | for a while | for now | for the time being | for the most part
for English text | for some inputs | for one batch | for two of the layers | for as long as it rains
until step 100 | until convergence | after warm-up | after the first epoch | from the second epoch
except in the last layer | except for the first row | only on the GPU | only at night
only in the attention layers | as long as the loss falls | unless told otherwise | unless it overfits
when it rains | when the loss is small | whenever the batch is full | if we are lucky
in case of overflow | given enough data | sometimes | occasionally | perhaps | maybe | probably | usually
often | partly | partially | temporarily | eventually | mostly | hopefully | ideally | nominally
supposedly | alternately | more or less | almost | in theory | in spirit | in some layers
in half of the layers | in the first layer | in most runs | in the limit | in the last epoch
in the worst case | in turns | in eval mode | in name only | outside attention | outside the optimizer
at times | at best | at will | at convergence | at a time | at the end | with luck | with probability 0.5
with dropout | with weight decay | under certain conditions | within reason | by mistake | by accident
by half | by a hook | every other step | every second epoch | once a day | most of the time
up to a constant | up to step 50 | so far | or so | from time to time | now and then | row by row
one at a time | all else being equal | according to legend | they say | we hope | I think
behind the scenes | to some extent | towards the end | during warm-up | during the last steps
while stocks last
"""
ADJUNCTS = [adjunct.strip() for line in LIMITS.split("\n") for adjunct in line.split("|") if adjunct.strip()]
HARMLESS = (
    "in each Transformer layer", "during training", "in the figure", "on the GPU", "with AdamW", "by design",
    "in our paper", "for every task", "in the forward pass", "in full", "on each step",
)  # fmt: skip
# What makes no assertion of training false makes one of a start false.
TIMED = ("on each step", "during the forward pass", "in every epoch", "throughout training", "at all times")


def _verdict(text: str) -> str:
    return decide_claim(text, dims={"d": 256, "k": 256, "r": 4}).verdict


def _led(adjunct: str, claim: str) -> str:
    return f"{adjunct[0].upper()}{adjunct[1:]}, {claim}"


def test_there_are_many() -> None:
    assert len(ADJUNCTS) > 100


@pytest.mark.parametrize("adjunct", ADJUNCTS)
def test_what_limits_an_assertion_is_not_dropped(adjunct: str) -> None:
    at = ADJUNCTS.index(adjunct)
    claims = (TRUE[0], TRUE[2], TRUE[at % len(TRUE)], FALSE[at % len(FALSE)])
    texts = [f"{claim} {adjunct}" for claim in claims] + [_led(adjunct, claim) for claim in claims]
    assert [text for text in texts if _verdict(text) == "holds"] == []


@pytest.mark.parametrize("adjunct", HARMLESS)
def test_what_limits_nothing_leaves_the_verdict(adjunct: str) -> None:
    assert _verdict(f"W is frozen {adjunct}") == "holds"
    assert _verdict(f"W is trained {adjunct}") == "fails"


@pytest.mark.parametrize("adjunct", TIMED)
@pytest.mark.parametrize("claim", ["B is zero", "B starts at zero", "B = 0"])
def test_a_start_is_so_at_one_time(claim: str, adjunct: str) -> None:
    assert _verdict(f"{claim} {adjunct}") != "holds"


@pytest.mark.parametrize("text", ["At inference, A and B are trained.", "After merging, B starts at zero."])
def test_nothing_is_trained_at_another_stage(text: str) -> None:
    assert _verdict(text) != "holds"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("W is frozen for a while.", "'for a while' in it is not understood"),
        ("They say, W is frozen.", "'They say' in it is not understood"),
        ("In some layers, W is frozen.", "'In some layers' in it is not understood"),
    ],
)
def test_a_figure_says_which_words_limit_it(text: str, words: str) -> None:
    data: Any = {"id": "t", "title": "T", "model": {"d": 256, "r": 4}, "stack": [{"bar": "x"}]}
    claims = verify_texts(lorafig.from_data(data).spec, [text]).claims
    assert [(claim.verdict, claim.detail) for claim in claims] == [("undetermined", words)]
