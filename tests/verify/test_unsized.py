"""A claim that gives no sizes is one about any layer."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lorafig.verify import decide_claim, unsized


@pytest.mark.parametrize(
    ("claim", "verdict"),
    [
        ("LoRA trains $r(d+k)$ parameters.", "holds"),
        ("LoRA trains $r(d-k)$ parameters.", "fails"),
        ("Doubling r doubles the number of trainable parameters.", "holds"),
        ("Doubling r triples the number of trainable parameters.", "fails"),
        ("For a square weight, A and B have the same number of entries.", "holds"),
        ("For a square weight, A has more entries than B.", "fails"),
        ("For $d = k$ the adapter has $2dr$ parameters.", "holds"),
        ("For $d = k$ the adapter has $3dr$ parameters.", "fails"),
        ("With alpha = 2r the scaling factor is two.", "holds"),
        ("With alpha = 2r the scaling factor is three.", "fails"),
        ("If alpha equals r, the scale is one.", "holds"),
        ("A has more entries than B.", "undetermined"),  # where k is above d
        ("The adapter has fewer parameters than W.", "holds"),  # as its rank is low
        ("The adapter has more parameters than W.", "fails"),
        ("The adapter always has fewer parameters than W.", "undetermined"),  # not at every rank
        ("LoRA trains fewer parameters than full fine-tuning.", "holds"),
        ("$r(d + k) < dk$", "undetermined"),
        ("2,048 trainable parameters", "undetermined"),  # of some layer
        ("When A is zero the adapter does nothing, whatever B holds.", "holds"),
        ("If W is zero, BA is zero.", "fails"),
    ],
)
def test_what_is_so_of_any_layer(claim: str, verdict: str) -> None:
    assert decide_claim(claim).verdict == verdict


@given(st.integers(2, 9))
def test_a_multiple_of_the_rank_multiplies_the_parameters(factor: int) -> None:
    claim = decide_claim(f"If r = {factor}, the adapter has ${factor}(d + k)$ parameters.")
    assert claim.verdict == "holds"


def test_the_layers_differ_in_what_may_be_larger() -> None:
    layers = unsized.LAYERS
    for larger in (
        lambda d, k, r, alpha: d > k,
        lambda d, k, r, alpha: r * (d + k) > d * k,
        lambda d, k, r, alpha: alpha > r,
        lambda d, k, r, alpha: r < min(d, k),
    ):
        assert {larger(*layer) for layer in layers} == {True, False}
    assert all(r * (d + k) < d * k for d, k, r, _ in unsized.LOW)
    assert {d > k for d, k, _, _ in unsized.LOW} == {True, False}
