"""Claims about sizes that have no value: what is so at all of them."""

from __future__ import annotations

import pytest

from lorafig.verify import decide_claim


@pytest.mark.parametrize(
    ("claim", "verdict"),
    [
        ("LoRA trains $r(d+k)$ parameters.", "holds"),
        ("LoRA trains $rdk$ parameters.", "fails"),
        ("The adapter has $r(d+k)$ parameters per adapted matrix.", "holds"),
        ("The adapter has $2rd$ parameters.", "holds"),  # k is d where nothing else is said
        ("The adapter has $r^2 d$ parameters.", "fails"),
        ("A has $rk$ entries.", "holds"),
        ("A has $dk$ entries.", "fails"),
        ("LoRA trains 65,536 parameters with $r = 8$.", "undetermined"),  # it may, at some d
        ("32× fewer parameters", "undetermined"),
        ("r < d", "undetermined"),
        ("rank ≤ r", "undetermined"),
        ("twice the parameters of LoRA", "undetermined"),  # those of W, at some rank
        ("LoRA trains $r(d+k)$ parameters, which is less than $dk$.", "undetermined"),  # not at every rank
        (r"The share of trainable numbers is $\frac{r(d+k)}{dk}$ of full fine-tuning.", "holds"),
        (r"The share of trainable numbers is $\frac{dk}{r(d+k)}$ of full fine-tuning.", "fails"),
        ("The fraction of trained parameters is $2r/d$.", "holds"),
        ("The fraction of trained parameters is $d/(2r)$.", "fails"),
        (r"The penalty is $\|A\|_F^2 + \|B\|_F^2$.", "undetermined"),  # LoRA has none
        (r"Compression $\frac{dk}{r(d+k)}$ rises as $r$ rises.", "undetermined"),
        ("LoRA trains $2dr$ parameters, which is less than $dr$.", "undetermined"),
    ],
)
def test_what_is_so_at_any_sizes(claim: str, verdict: str) -> None:
    assert decide_claim(claim).verdict == verdict, decide_claim(claim).detail
