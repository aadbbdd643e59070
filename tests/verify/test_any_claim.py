"""Whatever words and sizes a claim has, it gets a verdict or a message, never a fault of lorafig's own."""

from __future__ import annotations

import random
from contextlib import suppress
from fractions import Fraction

import pytest

from lorafig import LorafigError
from lorafig.core.adapters import ADAPTERS
from lorafig.verify import decide_claim
from lorafig.verify.verdicts import SEVERITY
from tests.conftest import Few
from tests.verify import corpus

PIECES = ["# ", "W @ x", "the merged model", "$h = Wx$", "W += B @ A", " and ", "  # merge", "? No.", "="]
PIECES += [
    " of ",
    "$",
    r"\frac{2r}{d}",
    " per layer",
    "if ",
    "r = 8",
    "BA",
    "W_q",
    "U V^T",
    r"\mathrm{params}(LoRA) = ",
]
METHODS = sorted(set(ADAPTERS) - {"none"})


@pytest.mark.parametrize("seed", range(40))
def test_pieces_of_claims_have_a_verdict_or_a_message(few: Few, seed: int) -> None:
    draw = random.Random(seed)
    texts = [case.text for case in (*corpus.assertions(), *corpus.near(), *corpus.names(), *corpus.prose())]
    for text, other in few([(draw.choice(texts), draw.choice(texts)) for _ in range(200)], 8):
        words = text.split(" ")
        at = draw.randrange(len(words))
        claim = draw.choice(
            [
                text[: draw.randrange(1, len(text) + 1)],
                f"{text} {draw.choice(PIECES)}",
                f"{draw.choice(PIECES)} {text}",
                " ".join([*words[:at], *other.split(" ")[:3], *words[at + 1 :]]),
            ]
        )
        dims = {size: draw.choice((8, 64, 256)) for size in "dkr" if draw.random() < 0.5}
        scalars = {"alpha": Fraction(16)} if draw.random() < 0.3 else {}
        adapter = draw.choice(METHODS)
        with suppress(LorafigError):  # a message
            decided = decide_claim(claim, dims=dims, scalars=scalars, adapter=adapter)
            assert decided.verdict in SEVERITY, claim


@pytest.mark.parametrize(
    ("claim", "verdict"),
    [
        (r"\mathrm{params}(LoRA) = 8", "undetermined"),  # of no sizes
        ("h = W @ x  # the merged model", "fails"),
    ],
)
def test_what_once_was_a_fault(claim: str, verdict: str) -> None:
    assert decide_claim(claim).verdict == verdict


@pytest.mark.parametrize(
    ("claim", "verdict"),
    [
        ("h = Wx + s BAx", "holds"),
        ("W += (alpha / r) * (B @ A)", "holds"),
        (r"A \in \mathbb{R}^{8 \times k}", "holds"),
        (r"B \in \mathbb{R}^{8 \times k}", "ill-typed"),
        ("B has 8 columns.", "holds"),
        ("B has 8 rows.", "undetermined"),  # if d is 8
        ("LoRA trains 4096 parameters.", "undetermined"),
    ],
)
def test_a_rank_alone_leaves_the_other_sizes_open(claim: str, verdict: str) -> None:
    assert decide_claim(claim, dims={"r": 8}).verdict == verdict
