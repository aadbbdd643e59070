"""Notes in few signs, and the sentences that they stand for."""

from __future__ import annotations

import pytest

from lorafig.verify import decide_claim
from lorafig.verify.read import shorthand

SIZES = {"d": 768, "r": 8}


@pytest.mark.parametrize(
    ("true", "false"),
    [
        ("r=4: 6,144 params, r=8: 12,288 params", "r=4: 6,144 params, r=8: 12,228 params"),
        ("r = 8 → 12,288; r = 16 → 24,576", "r = 8 → 12,288; r = 16 → 12,288"),
        ("r=8 => 12,288 trainable params", "r=8 => 12,228 trainable params"),
        ("lora_alpha=16, r=8 → scaling 2.0", "lora_alpha=16, r=8 → scaling 0.5"),
        ("589,824 → 12,288 (48x fewer)", "589,824 → 12,288 (84x fewer)"),
        ("590K → 12.3K trainable params (48×)", "590K → 13.2K trainable params (48×)"),
        ("Adam: 2 × 12,288 × 4 bytes = 98.3 kB", "Adam: 12,288 × 4 bytes = 49.2 kB"),
        ("W in fp16: 768 × 768 × 2 bytes = 1.18 MB", "W in fp32: 768 × 768 × 2 bytes = 1.18 MB"),
        ("4-bit W: 589,824 × 0.5 bytes = 295 kB", "8-bit W: 589,824 × 0.5 bytes = 295 kB"),
        ("Savings = d²/(2dr) = d/(2r)", "Savings = d²/(2dr) = 2d/r"),
        ("ratio = 2r/d", "ratio = 2d/r"),
        ("reduction = 1 - 2r/d", "reduction = 1 + 2r/d"),
        ("48× fewer (589,824 → 12,288)", "48× fewer (589,824 → 12,828)"),
        ("590K → 12.3K trainable", "590K → 13.2K trainable"),
        ("dim(x) = 768 → dim(Ax) = 8 → dim(BAx) = 768", "dim(x) = 768 → dim(Ax) = 8 → dim(BAx) = 8"),
        ("FLOPs of B(Ax): 2·(rk + dr) = 24,576", "FLOPs of B(Ax): rk + dr = 12,288"),
        ("A ∈ R^{r×d} has 6,144 entries", "A ∈ R^{d×r} has 6,144 entries"),
        ("(r=8, α=16) ⇒ α/r = 2", "(r=8, α=16) ⇒ α/r = 4"),
        ("compression ratio: 48:1", "compression ratio: 84:1"),
        ("Total: 2 × 6,144 = 12,288", "Total: 2 × 6,144 = 12,828"),
    ],
)
def test_a_note_is_decided(true: str, false: str) -> None:
    assert decide_claim(true, dims=SIZES).verdict == "holds"
    assert decide_claim(false, dims=SIZES).verdict in ("fails", "ill-typed", "undetermined")


def test_what_is_no_note_is_left_alone() -> None:
    assert shorthand.by_rank("r = 8: 12,288 parameters") == []
    assert shorthand.by_rank("for r = 4: 6,144, r = 8: 12,288") == []
    assert shorthand.statements("Frozen: 589,824 parameters") == []
    assert shorthand.shares("the share of A is 0.5", "r(d + k)", "d k") == []


def test_products_of_matrices_cost_what_their_brackets_say() -> None:
    def holds(claim: str) -> bool:
        return decide_claim(claim, dims=SIZES).verdict == "holds"

    assert holds("Computing B(Ax) takes 12,288 multiplications.")
    assert holds("BAx takes 12,288 multiplications")
    assert holds("Computing (BA)x takes 5,308,416 multiplications.")  # 768 · 8 · 768 + 768 · 768
    assert holds("(BA)x needs more multiplications than B(Ax)")
    assert not holds("(BA)x needs fewer multiplications than B(Ax)")
