"""What methods are known by, their first step, and what is saved of them."""

from __future__ import annotations

import pytest

from lorafig.core.adapters import ADAPTERS
from lorafig.verify import decide_claim
from lorafig.verify.decide import initial
from lorafig.verify.decide.traits import DECIDED
from lorafig.verify.read.frames.traits import TRAITS


@pytest.mark.parametrize(
    ("adapter", "claim", "verdict"),
    [
        ("lokr", "The update is a Kronecker product.", "holds"),
        ("lokr", "The update is a Hadamard product.", "fails"),
        ("lokr", "The base weight is a Kronecker product.", "undetermined"),
        ("loha", "Two low-rank products are multiplied entry by entry.", "holds"),
        ("dora", "DoRA splits the weight into a magnitude and a direction.", "holds"),
        ("dora", "LoRA splits the weight into a magnitude and a direction.", "fails"),
        ("dora", "The magnitude vector begins as the norms of the pretrained weight.", "holds"),
        ("dora", "The magnitude vector begins as zeros.", "fails"),
        ("vera", "A and B are shared across all layers.", "holds"),
        ("vera", "A and B are random and frozen, and every layer has its own pair.", "fails"),
        ("vera", "Only two scaling vectors per layer are learned.", "holds"),
        ("vera", "Only three scaling vectors per layer are learned.", "fails"),
        ("vera", "Both low-rank matrices are trained.", "fails"),
        ("lora-fa", "Both low-rank matrices are trained.", "fails"),
        ("lora", "Both low-rank matrices are trained.", "holds"),
        ("qlora", "The base weights are quantised.", "holds"),
        ("qlora", "The adapters are quantised.", "fails"),
        ("qlora", "Quantised weights are dequantised to bfloat16 before the matrix product.", "holds"),
        ("adalora", "Different matrices may end up with different ranks.", "holds"),
        ("adalora", "All matrices must end up with the same rank.", "fails"),
        ("adalora", "Λ is initialised with zeros while P and Q are random.", "holds"),
        ("adalora", "Λ is random while P and Q are initialised with zeros.", "fails"),
    ],
)
def test_a_method_has_what_it_is_known_by(adapter: str, claim: str, verdict: str) -> None:
    assert decide_claim(claim, adapter=adapter).verdict == verdict


@pytest.mark.parametrize(
    ("adapter", "claim", "verdict"),
    [
        ("lora", "At step 0 the gradient of A is zero because B is zero.", "holds"),
        ("lora", "At step 0 the gradient of B is zero because B is zero.", "fails"),
        ("lora", "In the very first update only B moves; A has a zero gradient.", "holds"),
        ("lora", "In the very first update only A moves; B has a zero gradient.", "fails"),
        ("lora", r"$\nabla_A L = 0$ at step zero since $B = 0$.", "holds"),
        ("lora", r"$\nabla_A L \neq 0$ at step zero although $B = 0$.", "fails"),
        ("lora", r"$\nabla_B L = 0$ at step zero.", "fails"),
        ("pissa", "At step 0 the gradient of A is zero.", "fails"),
        ("vera", r"At step 0 the gradient of W is zero.", "holds"),
    ],
)
def test_the_first_step_is_that_of_the_core(adapter: str, claim: str, verdict: str) -> None:
    assert decide_claim(claim, adapter=adapter).verdict == verdict


def test_what_starts_as_zero_holds_the_others_gradients_at_zero() -> None:
    """Of a product whose last factor is zero: Hu et al. (2021), section 4.1."""
    assert initial.still(ADAPTERS["lora"]) == {"A"}
    assert initial.still(ADAPTERS["pissa"]) == frozenset()


@pytest.mark.parametrize(
    ("adapter", "claim", "verdict"),
    [
        ("lora", "A checkpoint of the adapter alone holds A and B but not W.", "holds"),
        ("lora", "A checkpoint of the adapter alone holds W but not A and B.", "fails"),
        ("lora", "The adapter file contains only A and B.", "holds"),
        ("lora", "The adapter file contains only A.", "fails"),
        ("vera", "The adapter file contains A and B.", "undetermined"),  # or the seed they are drawn by
    ],
)
def test_what_is_trained_is_saved(adapter: str, claim: str, verdict: str) -> None:
    assert decide_claim(claim, adapter=adapter).verdict == verdict


@pytest.mark.parametrize(
    ("claim", "verdict"),
    [
        ("A and B do not start at zero.", "fails"),  # one of them does
        ("Neither A nor B starts at zero.", "fails"),
        ("B, not A, starts at zero.", "holds"),
        ("A, not B, starts at zero.", "fails"),
        ("Zero-initialised is the up-projection, not the down-projection.", "holds"),
        ("Zero-initialised is the down-projection, not the up-projection.", "fails"),
        ("Is W trained? No.", "holds"),
        ("Is W trained? Yes.", "fails"),
        ("Full fine-tuning trains W; LoRA does not.", "holds"),
        ("LoRA trains W; full fine-tuning does not.", "fails"),
        ("LoRA-FA trains B but not A.", "holds"),
        ("LoRA-FA trains A but not B.", "fails"),
        ("Gradients flow through the frozen W into A and B.", "holds"),
        ("Gradients flow through the trained W into A and B.", "fails"),
    ],
)
def test_what_is_denied_is_denied_of_each(claim: str, verdict: str) -> None:
    assert decide_claim(claim).verdict == verdict


def test_every_trait_has_its_words_and_its_decision() -> None:
    assert set(DECIDED) == set(TRAITS)
