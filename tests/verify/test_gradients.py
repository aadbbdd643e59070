"""Gradients of a layer: what the chain rule gives is what differences of the layer's own output come to."""

from __future__ import annotations

import numpy as np
import pytest

from lorafig.core.adapters import ADAPTERS
from lorafig.verify import decide_claim
from tests.verify.own import figure, verdicts


@pytest.mark.parametrize("name", ["lora", "qlora", "lora-fa", "pissa"])
def test_the_chain_rule_gives_what_the_core_gives(name: str) -> None:
    """The formulas that hold are those of `gradients` in the core, in numbers."""
    adapter = ADAPTERS[name]
    for claim in (r"\nabla_B L = \nabla_h L (A x)^\top", r"\nabla_A L = B^\top \nabla_h L x^\top"):
        assert decide_claim(claim, adapter=name).verdict == "holds"
    rng = np.random.default_rng(7)
    W, x, g = rng.normal(size=(5, 4)), rng.normal(size=4), rng.normal(size=5)
    W, factors = adapter.start(W, 2, 7)
    factors.B[:] = rng.normal(size=factors.B.shape)
    assert adapter.gradients is not None
    slopes = adapter.gradients(W, factors, np.outer(g, x))
    for symbol, expected in (
        ("B", np.outer(g, factors.A @ x)),
        ("A", np.outer(factors.B.T @ g, x)),
    ):
        if symbol in slopes:
            assert np.allclose(slopes[symbol], factors.scale * expected)


@pytest.mark.parametrize(
    ("claim", "adapter", "verdict"),
    [
        (r"\nabla_A L = \frac{\alpha}{r} B^\top \nabla_h L x^\top", "lora", "holds"),
        (r"\nabla_A L = \frac{r}{\alpha} B^\top \nabla_h L x^\top", "lora", "fails"),
        (r"\nabla_A L = \frac{\alpha}{\sqrt{r}} B^\top \nabla_h L x^\top", "rslora", "holds"),
        (r"\nabla_R L = B^\top \nabla_h L x^\top A^\top", "lora-xs", "holds"),
        (r"\nabla_R L = A^\top \nabla_h L x^\top B^\top", "lora-xs", "ill-typed"),
        (r"\nabla_l L = \nabla_h L \odot (W x)", "ia3", "holds"),
        (r"\nabla_l L = \nabla_h L", "ia3", "fails"),
        (r"\nabla_W L = \nabla_h L x^\top", "dora", "undetermined"),  # a norm is of W too
        (r"\nabla_A L = 0", "dora", "holds"),  # before the first step, as of LoRA
        ("At the start ∇_A L = 0, since B = 0.", "lora", "holds"),
        ("At the start ∇_B L = 0, since B = 0.", "lora", "fails"),
    ],
)
def test_gradients_of_other_methods(claim: str, adapter: str, verdict: str) -> None:
    assert decide_claim(claim, adapter=adapter).verdict == verdict


@pytest.mark.parametrize(
    ("let", "verdict"),
    [
        ("W_m = W + BA", "holds"),
        ("y = V h", "holds"),
        ("y = h + x", "undetermined"),  # x leads to y by another way too
        ("y = h + V x", "undetermined"),
    ],
)
def test_other_ways_to_an_output_leave_a_gradient_open(let: str, verdict: str) -> None:
    model = {"d": 8, "r": 2, "symbols": {"V": {"shape": ["d", "d"], "role": "frozen"}}, "let": [let]}
    claim = r"\nabla_x L = (W + BA)^\top \nabla_h L"
    assert verdicts(figure(model, claim))[claim] == verdict
