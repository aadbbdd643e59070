"""Letters of a claim's own that stand for the factors, for a bias and for what a projection gives."""

from __future__ import annotations

from fractions import Fraction

import pytest

from lorafig.verify import decide_claim

CLAIMS = [
    (r"h = Wx + U V^T x", "holds"),
    (r"h = Wx + V U x", "holds"),
    (r"\Delta W = P Q^\top, P \in \mathbb{R}^{d \times r}, Q \in \mathbb{R}^{k \times r}", "holds"),
    (r"\Delta W = P Q, Q \in \mathbb{R}^{k \times r}", "ill-typed"),
    (r"h = Wx - U V^T x", "fails"),
    (r"h = W_0 x + W_{up} W_{down} x", "holds"),
    (r"h = W_0 x + W_{down} W_{up} x", "ill-typed"),
    ("W = U V^T", "undetermined"),  # nothing says that it is the update
    ("h = Wx + U V^T x + BAx", "undetermined"),
    ("h = Wx + b + BAx", "holds"),
    ("h = (W + BA)x + b", "holds"),
    ("y = Wx + b", "fails"),
    ("h = Wx + b - BAx", "fails"),
    ("h = Wx + BAx", "holds"),
    ("b = 2", "undetermined"),  # which is no bias
    ("Q = (W_q + B_q A_q)x", "holds"),
    ("Q = W_q x - B_q A_q x", "fails"),
    ("Q = (W_k + B_k A_k)x", "undetermined"),
    (r"\Delta h = BAx", "holds"),
    (r"\Delta y = ABx", "ill-typed"),
]


@pytest.mark.parametrize(("claim", "verdict"), CLAIMS)
def test_letters_of_its_own(claim: str, verdict: str) -> None:
    assert decide_claim(claim).verdict == verdict


def test_letters_that_have_a_meaning_keep_it() -> None:
    assert decide_claim("h = Wx + b + BAx", dims={"d": 8, "r": 2, "b": 1}).verdict == "ill-typed"
    assert decide_claim("h = Wx + U V x", shapes={"U": ("d", "r"), "V": ("r", "k")}).verdict == "undetermined"
    ia3 = decide_claim("h = Wx + b", adapter="ia3")
    assert ia3.verdict == "undetermined"


@pytest.mark.parametrize(
    ("claim", "verdict"),
    [
        ("Y = dequant(W)x + BAx", "holds"),
        (r"h = \mathrm{dequant}(W_{NF4})x + BAx", "holds"),
        (r"Y = \text{doubleDequant}(c_1, c_2, W)x + ABx", "ill-typed"),
    ],
)
def test_the_weight_that_qlora_multiplies_by(claim: str, verdict: str) -> None:
    assert decide_claim(claim, adapter="qlora").verdict == verdict
    assert decide_claim(claim).verdict != "holds"  # nothing is quantised there


def test_a_scaling_is_kept() -> None:
    alpha = {"alpha": Fraction(16)}
    sizes = {"d": 64, "r": 8}
    assert decide_claim("h = Wx + b + 2BAx", dims=sizes, scalars=alpha).verdict == "holds"
    assert decide_claim("h = Wx + U V x", dims=sizes, scalars=alpha).verdict == "fails"
