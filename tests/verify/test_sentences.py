"""Sentences that stand for formulas, and sentences of several statements: no lie gets through in words."""

from __future__ import annotations

import contextlib
import time

import pytest

from lorafig.errors import LorafigError
from lorafig.verify import decide_claim
from lorafig.verify.read.clauses import heading, parts, states
from lorafig.verify.read.sentences import statement
from lorafig.verify.read.spelling import usual

LAYER = {"d": 4096, "r": 8}

LIES = r"""
h = Wx + BAx (false)
h = Wx + BAx (not true)
h = Wx + BAx is wrong
False: h = Wx + BAx
It is not true that h = Wx + BAx
h = Wx + BAx only if W is trained
h = Wx + BAx unless B = 0
h = Wx + BAx and W is trained
W is frozen and h = Wx + ABx
W is frozen, h = 2Wx + BAx
W is frozen; A: d × r
A: r × k and B: r × d
A is r × k and B is r × d
A (r × k) and B (r × d)
W ∈ R^{d×k} (trainable)
A ∈ R^{r×k} (frozen)
A: r × k (frozen)
W (d × k, trainable)
B = 0 and A = 0
B = 0, A = 0
A, B = 0
A, B ∈ ℝ^{d×r}
B, A ∈ ℝ^{r×k}
r ≪ d, r
r \\ll d, 8
Only A is trained
Only A receives gradients
only W_0 is trainable
W is not frozen
W was never frozen
W is hardly frozen
neither W nor A is trained
no one freezes W
W is unfrozen
A is not zero-initialized but B is random
B is not initialized to zero
B is not zero
the update is not zero at the start
BA ≠ 0 at the start
h ≠ Wx at initialization
the rank of BA is at least r+1
BA has rank greater than r
BA has full rank
rank(BA) > r
the rank of W is r
more than 256× fewer parameters
less than 256× fewer parameters
at least 300× fewer
under 0.3% of the parameters
not 256× fewer parameters
256× more parameters
256× more trainable parameters
0.39% fewer parameters
99.6% of the parameters are trained
99.6% of the parameters
only 0.39% of the parameters are frozen
0.39% of the parameters are frozen
65,536 frozen parameters
16,777,216 trainable parameters
16.8M trainable parameters
trainable parameters: 16.8M
number of parameters saved: 65,536
65,536 parameters are frozen
only 65,536 parameters are frozen
we freeze 65,536 parameters
reduces trainable parameters by 65,536
reduces parameters by 0.39%
reduces trainable parameters by 99%
increases parameters by 256×
d^2 trainable parameters
dk trainable parameters
r(d-k) trainable parameters
parameters = d*k + r
trainable parameters = dk
trainable parameters = r(d+k)+1
A ~ N(0, σ²), B ~ N(0, σ²)
B is drawn from N(0, σ²)
A is initialized from N(1, σ²)
A is initialized to N(0, 0)
W is initialized from N(0, σ²)
B ← N(0, σ²)
A ← 0
W ← W - BA
W ← BA
W ← 0
A.shape = (d, r)
B.shape == (r, d)
W^{res} = W + BA
h = W_0 x + BA x + BAx
h = W_0 x + (BA)^2 x
merging adds latency
cannot be merged
merging is impossible
adds no parameters
the adapter cannot be merged without latency
no inference latency unless merged
LoRA adds inference latency
h = Wx, where W is trained
h = Wx + BAx, where A is d × r and B is r × k
h = Wx + BAx, where A: d × r
h = Wx + BAx with r = 9
h = Wx + BAx where d = 7
ΔW = BA has rank d
at initialization h = BAx
before training h = BAx
h = BAx before training
A = 0 before training
W = BA at the start
100% of the parameters
about 2.5 times fewer parameters
256 times more parameters
A is a d × r matrix
A is a k × r matrix
A is r × r
A has shape (8, 8)
A has 16.8M parameters
A: 16.8M parameters
W has 65,536 parameters
W: 65,536 parameters
W is a r × r matrix, and A is r × k
x is a d × k matrix
h ∈ R^r
full fine-tuning keeps W frozen
256x fewer parameters and A is frozen
256× fewer parameters, but W is trained
h = BAx (at initialization)
""".strip().splitlines()


@pytest.mark.parametrize("claim", LIES)
def test_a_lie_in_a_sentence_does_not_hold(claim: str) -> None:
    try:
        found = decide_claim(claim, dims=LAYER)
    except LorafigError:
        return  # it cannot be read, and is told so
    assert found.verdict != "holds", found.detail


@pytest.mark.parametrize(
    ("text", "formula"),
    [
        ("A is r × k", "A: r × k"),
        ("B has shape (d, r)", "B: (d, r)"),
        ("the rank of BA is at most r", "rank(BA) ≤ r"),
        ("trainable params: 65,536", "65,536 trainable parameters"),
        ("about 2 million trained parameters are needed", "≈ 2M trainable parameters"),
        ("parameters = dr + rk", "r(d + k) = dr + rk"),
        ("reduces the number of parameters by a factor of 256", "256× fewer"),
        ("A and B together have 65,536 parameters", "A + B: 65,536"),
        ("A maps from ℝ^k to ℝ^r", "A: ℝ^k → ℝ^r"),
        ("h = Wx + BAx", "h = Wx + BAx"),
        ("256× fewer parameters is false", "256× fewer parameters is false"),
        ("Q is r × k", "Q is r × k"),  # no symbol here
    ],
)
def test_a_sentence_is_the_formula_that_it_stands_for(text: str, formula: str) -> None:
    assert statement(text, "r(d + k)", {"A", "B", "W", "x", "d", "k", "r"}.__contains__) == formula


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("ΔW = BA, where B ∈ ℝ^{d×r} and A ∈ ℝ^{r×k}", ["ΔW = BA", "B ∈ ℝ^{d×r}", "A ∈ ℝ^{r×k}"]),
        ("x and y are rows", ["x and y are rows"]),
        ("W: d × k (frozen)", ["W is frozen", "W: d × k"]),
        ("h = Wx \\text{ and } h = BAx", ["h = Wx \\text{ and } h = BAx"]),
        ("a \\; b = c", ["a \\; b = c"]),
    ],
)
def test_a_sentence_has_the_statements_that_both_sides_are(text: str, found: list[str]) -> None:
    assert list(parts(text, states)) == found


def test_a_heading_says_nothing_unless_it_turns_what_follows() -> None:
    assert heading("Forward pass: h = Wx") == "h = Wx"
    assert heading("Not true: h = Wx") == "Not true: h = Wx"
    assert heading("A: r × k") == "A: r × k"


@pytest.mark.parametrize(
    ("text", "spelled"),
    [
        ("$$h = Wx$$", "h = Wx"),
        ("h = W x + BAx.", "h = W x + BAx"),
        ("W^{res} = W", "W_{\\mathrm{res}} = W"),
        ("W^{\\top}", "W^{\\top}"),
        ("A.shape == (r, in_features)", "A: (r, in_features)"),
        ("r « d", "r ≪ d"),
        ("4_096**2", "4,096^{2}"),
        ("h &= Wx", "h = Wx"),
    ],
)
def test_a_claim_is_spelled_as_the_notation_does(text: str, spelled: str) -> None:
    assert usual(text) == spelled


def test_hostile_sentences_take_no_time() -> None:
    for text in ("A and " * 300 + "B", "(" * 500, "rank of " * 120, "A is " * 200, "1 " * 900, "x" * 1900):
        begun = time.process_time()
        with contextlib.suppress(LorafigError):
            decide_claim(text)
        assert time.process_time() - begun < 5
