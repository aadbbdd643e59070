"""Formulas in claims by themselves that name their method."""

from __future__ import annotations

import pytest

from lorafig.core.adapters import ADAPTERS
from lorafig.verify import decide_claim
from lorafig.verify.methods import parts


@pytest.mark.parametrize(
    ("claim", "verdict"),
    [
        ("s = α/r for LoRA but s = α/√r for rsLoRA", "holds"),
        ("s = α/√r for LoRA but s = α/r for rsLoRA", "fails"),
        ("LoRA scales by α/r, rsLoRA by α/√r", "holds"),
        ("LoRA scales by α/√r, rsLoRA by α/r", "fails"),
        ("In rsLoRA, s = α/√r", "holds"),
        ("In rsLoRA, s = α/r", "fails"),
        ("In standard LoRA, A ∈ R^{r×k}, B ∈ R^{d×r}", "holds"),
        ("VeRA: h = W_0 x + Λ_b B Λ_d A x", "holds"),
        ("LoHa: ΔW = (B_1 A_1) ⊙ (B_2 A_2)", "holds"),
        ("LoHa: ΔW = (B_1 A_1) + (B_2 A_2)", "fails"),
        ("LoRA: ΔW = BA; DoRA: W' = m (W + BA)/‖W + BA‖_c", "holds"),
    ],
)
def test_a_formula_of_a_method(claim: str, verdict: str) -> None:
    told = decide_claim(claim)
    assert (told.verdict, told.text) == (verdict, claim), told.detail


@pytest.mark.parametrize("name", ADAPTERS)
def test_every_method_is_known_by_its_title(name: str) -> None:
    title = ADAPTERS[name].title
    assert parts(f"In {title}, h = Wx") == parts(f"h = Wx for {title}.") == [(name, "h = Wx")]


def test_the_method_of_the_claim_goes_before_that_of_the_option() -> None:
    assert decide_claim("In LoRA, s = α/r", adapter="rslora").verdict == "holds"
    assert parts("DoRA trains more parameters than LoRA.") == []
    assert parts("s = α/r for LoRA, which is small") == []
