"""Claims by themselves that hold under conditions on sizes."""

from __future__ import annotations

from math import gcd

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lorafig.verify import decide_claim


@pytest.mark.parametrize(
    ("claim", "verdict"),
    [
        ("For d = k, 2dr < d^2 if r < d/2", "holds"),
        ("For d = k, 2dr > d^2 if r < d/2", "fails"),
        ("2dr < d^2 when r is less than d/2", "holds"),
        ("LoRA has fewer parameters than W if r < dk/(d+k).", "holds"),
        ("LoRA has fewer parameters than W if r > dk/(d+k).", "fails"),
        ("LoRA has fewer parameters than W if r < d.", "undetermined"),  # at some ranks
        ("r < dk/(d+k) ⇒ r(d+k) < dk", "holds"),
        (r"$r(d+k) < dk \iff r < \frac{dk}{d+k}$", "holds"),
        ("r(d+k) < dk if and only if r < dk/(d+k)", "holds"),
        ("r(d+k) < dk if and only if r < dk/(d-k)", "fails"),
        ("For d = k, LoRA has fewer parameters than full fine-tuning iff r < d/2", "holds"),
        ("For d = k, LoRA has fewer parameters than full fine-tuning iff r < d/4", "fails"),
        ("For d = k, LoRA has fewer parameters than full fine-tuning only if r < d/2", "holds"),
        ("For d = k, LoRA has fewer parameters than full fine-tuning only if r < d/4", "fails"),
        ("If r = d/2 and d = k, LoRA has as many parameters as W", "holds"),
        ("Break-even rank: r = dk/(d+k)", "holds"),
        ("LoRA breaks even at r = d/2", "holds"),
        ("The break-even rank is r = d/4", "fails"),
        ("The scaling is at most 1 if α ≤ r", "holds"),
        ("When r is at most min(d, k), rank(BA) ≤ min(d, k)", "holds"),
    ],
)
def test_a_claim_under_conditions(claim: str, verdict: str) -> None:
    told = decide_claim(claim)
    assert (told.verdict, told.text) == (verdict, claim), told.detail


@settings(deadline=None, max_examples=15)
@given(st.integers(1, 9), st.integers(1, 9))
def test_a_share_of_the_width_that_the_rank_is_below(one: int, two: int) -> None:
    """2dr < d² where r < (one/two) d: as often as one/two is no more than a half."""
    one, two = one // gcd(one, two), two // gcd(one, two)
    verdict = decide_claim(f"2dr < d^2 if r < {one}d/{two}").verdict
    assert verdict in (("holds",) if 2 * one <= two else ("undetermined", "fails"))


def test_sizes_that_are_given_and_that_no_condition_names_stay() -> None:
    sizes = {"d": 4096, "k": 4096, "r": 8}
    assert decide_claim("LoRA has fewer parameters than W if r < d/2", dims=sizes).verdict == "holds"
    assert decide_claim("LoRA has 65,536 parameters if d = k", dims=sizes).verdict != "fails"


@pytest.mark.parametrize(("text", "verdict"), [
    ("LoRA trains fewer parameters than full fine-tuning if r < 320.", "holds"),
    ("LoRA trains fewer parameters than full fine-tuning if r < 640.", "undetermined"),
    ("LoRA stays cheaper than full fine-tuning as long as the rank is below 640.", "undetermined"),
    ("LoRA is cheaper than full fine-tuning.", "holds"),
    ("LoRA is more expensive than full fine-tuning.", "fails"),
])  # fmt: skip
def test_a_rank_that_is_bounded_is_any(text: str, verdict: str) -> None:
    assert decide_claim(text, dims={"d": 640, "k": 640, "r": 10}).verdict == verdict


def test_what_is_cheaper_is_counted() -> None:
    assert decide_claim("LoRA is cheaper than full fine-tuning.", dims={"d": 64, "r": 40}).verdict == "fails"
