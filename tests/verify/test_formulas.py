"""Every adapter's own formulas as its paper writes them, in LaTeX and in Unicode, and what is near to them."""

# ruff: noqa: E501  (a case is a line of a table)

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from lorafig.core.adapters import ADAPTERS
from lorafig.verify import decide_claim

LAYER = {"d": 768, "k": 512, "r": 8}
ALPHA = {"alpha": Fraction(16)}

CASES: list[tuple[str, str, dict[str, Any], bool]] = [
    ("lora", "h = W_0x + \\frac{\\alpha}{r}BAx", {}, True),
    ("lora", "h = W₀x + (α/r) B A x", {}, True),
    ("lora", "ΔW = (α/r) BA", {}, True),
    ("lora", "\\Delta W = \\frac{\\alpha}{r} BA", {}, True),
    ("lora", "r(d+k) = 10,240", {"dims": LAYER}, True),
    ("lora", "10,240 trainable parameters", {"dims": LAYER}, True),
    ("lora", "A \\sim \\mathcal{N}(0,\\sigma^2), B = 0", {}, True),
    ("lora", "\\Delta W = \\frac{\\alpha}{r} AB", {}, False),
    ("lora", "10,241 trainable parameters", {"dims": LAYER}, False),
    ("rslora", "h = W_0x + \\frac{\\alpha}{\\sqrt{r}}BAx", {}, True),
    ("rslora", "h = W₀x + (α/√r) BAx", {}, True),
    ("rslora", "\\Delta W = \\frac{\\alpha}{\\sqrt{r}}BA", {}, True),
    ("rslora", "\\gamma_r = \\frac{\\alpha}{\\sqrt{r}}", {}, True),
    ("rslora", "h = W_0 x + \\gamma_r BAx", {}, True),
    ("rslora", "10,240 trainable parameters", {"dims": LAYER}, True),
    ("rslora", "B = 0", {}, True),
    ("rslora", "h = W_0x + \\frac{\\alpha}{r}BAx", {}, False),
    ("rslora", "s = α/√r = 5.66", {"dims": LAYER, "scalars": ALPHA}, True),
    ("rslora", "s = α/√r = 5.65", {"dims": LAYER, "scalars": ALPHA}, False),
    ("rslora", "h = W_0x + sBAx", {}, True),
    ("rslora", "ΔW = sBA", {}, True),
    ("dora", "W' = m\\frac{W_0 + BA}{\\|W_0 + BA\\|_c}", {}, True),
    ("dora", "W' = m (W₀ + BA)/‖W₀ + BA‖_c", {}, True),
    ("dora", "h = m \\frac{W_0 + BA}{\\|W_0+BA\\|_c} x", {}, True),
    ("dora", "h = W'x", {}, True),
    ("dora", "W' = m \\frac{V + \\Delta V}{\\|V + \\Delta V\\|_c}", {}, True),
    ("dora", "W' = m \\frac{W_0 + \\Delta W}{\\|W_0 + \\Delta W\\|_c}", {}, True),
    ("dora", "10,752 trainable parameters", {"dims": LAYER}, True),
    ("dora", "r(d+k) + k = 10,752", {"dims": LAYER}, True),
    ("dora", "B = 0", {}, True),
    ("dora", "W' = m\\frac{W_0 - BA}{\\|W_0 - BA\\|_c}", {}, False),
    ("dora", "W' = m (W_0 + BA)", {}, False),
    ("dora", "W' = m\\frac{W_0 + \\frac{\\alpha}{r}BA}{\\|W_0 + \\frac{\\alpha}{r}BA\\|_c}", {}, True),
    ("qlora", "h = \\hat{W}x + BAx", {}, True),
    ("qlora", "h = W_0x + \\frac{\\alpha}{r}BAx", {}, True),
    ("qlora", "ΔW = BA", {}, True),
    ("qlora", "10,240 trainable parameters", {"dims": LAYER}, True),
    ("qlora", "A ~ N(0, σ²)", {}, True),
    ("qlora", "W is frozen", {}, True),
    ("lora-fa", "h = Wx + BAx", {}, True),
    ("lora-fa", "ΔW = BA", {}, True),
    ("lora-fa", "dr = 6,144", {"dims": LAYER}, True),
    ("lora-fa", "6,144 trainable parameters", {"dims": LAYER}, True),
    ("lora-fa", "10,240 trainable parameters", {"dims": LAYER}, False),
    ("lora-fa", "A is frozen", {}, True),
    ("lora-fa", "A is trained", {}, False),
    ("lora-fa", "B = 0", {}, True),
    ("lora-fa", "A ~ N(0, σ²)", {}, True),
    ("vera", "h = W_0x + \\Lambda_b B \\Lambda_d Ax", {}, True),
    ("vera", "h = W₀x + Λ_b B Λ_d A x", {}, True),
    ("vera", "ΔW = Λ_b B Λ_d A", {}, True),
    ("vera", "h = W_0 x + \\Lambda_b B \\Lambda_d A x", {}, True),
    ("vera", "d + r = 776", {"dims": LAYER}, True),
    ("vera", "776 trainable parameters", {"dims": LAYER}, True),
    ("vera", "d_{out} + r trainable parameters", {}, True),
    ("vera", "λ_b = 0", {}, True),
    ("vera", "\\Lambda_b = 0", {}, True),
    ("vera", "λ_d = 0", {}, False),
    ("vera", "h = W_0x + B \\Lambda_d Ax", {}, False),
    ("vera", "A and B are frozen", {}, True),
    ("vera", "A and B are trained", {}, False),
    ("vera", "ΔW = diag(λ_b) B diag(λ_d) A", {}, True),
    ("vera", "ΔW = \\mathrm{diag}(b) B\\,\\mathrm{diag}(d) A", {}, True),
    ("vera", "\\lambda_b \\odot (B (\\lambda_d \\odot (Ax))) = \\Delta W x", {}, True),
    ("adalora", "W = W_0 + P\\Lambda Q", {}, True),
    ("adalora", "h = W_0x + PΛQx", {}, True),
    ("adalora", "ΔW = PΛQ", {}, True),
    ("adalora", "ΔW = P diag(λ) Q", {}, True),
    ("adalora", "r(d+k) + r = 10,248", {"dims": LAYER}, True),
    ("adalora", "10,248 trainable parameters", {"dims": LAYER}, True),
    ("adalora", "Λ = 0 at initialization", {}, True),
    ("adalora", "λ = 0", {}, True),
    ("adalora", "Λ = 0", {}, True),
    ("adalora", "ΔW = QΛP", {}, False),
    ("adalora", "P ~ N(0, σ²)", {}, True),
    ("pissa", "h = W_{res}x + BAx", {}, True),
    ("pissa", "W = W^{res} + BA", {}, True),
    ("pissa", "h = (W_res + BA)x", {}, True),
    ("pissa", "h = (W_res - BA)x", {}, False),
    ("pissa", "10,240 trainable parameters", {"dims": LAYER}, True),
    ("pissa", "W_res is frozen", {}, True),
    ("pissa", "B = 0", {}, False),
    ("pissa", "A ~ N(0,σ²)", {}, False),
    ("pissa", "W' = W_res + BA", {}, True),
    ("pissa", "W^{res} = W - BA", {}, True),
    ("loha", "\\Delta W = (B_1A_1) \\odot (B_2A_2)", {}, True),
    ("loha", "ΔW = B₁A₁ ⊙ B₂A₂", {}, True),
    ("loha", "h = W_0x + [(B_1A_1)\\odot(B_2A_2)]x", {}, True),
    ("loha", "2r(d+k) = 20,480", {"dims": LAYER}, True),
    ("loha", "20,480 trainable parameters", {"dims": LAYER}, True),
    ("loha", "A_2 = 0", {}, True),
    ("loha", "ΔW = (B_1A_1)(B_2A_2)^T", {}, False),
    ("loha", "ΔW = 0 at initialization", {}, True),
    ("loha", "rank(ΔW) ≤ r²", {"dims": {"d": 64, "k": 48, "r": 4}}, True),
    ("loha", "ΔW = (B_1A_2) ⊙ (B_2A_1)", {}, False),
    ("loha", "ΔW = (A_1 B_1) ⊙ (A_2 B_2)", {}, False),
    ("lokr", "\\Delta W = C \\otimes (BA)", {}, True),
    ("lokr", "ΔW = C ⊗ BA", {}, True),
    ("lokr", "h = W_0x + (C ⊗ BA)x", {}, True),
    ("lokr", "C = 0", {}, True),
    ("lokr", "B = 0", {}, False),
    ("lokr", "ΔW = BA ⊗ C", {}, False),
    ("lokr", "ΔW = C ⊗ AB", {}, False),
    ("lokr", "W' = W_0 + C \\otimes (BA)", {}, True),
    ("lokr", "d_1 k_1 + r(d_2 + k_2) trainable parameters", {}, True),
    ("lora-xs", "h = W_0x + BRAx", {}, True),
    ("lora-xs", "h = W₀x + (α/r) B R A x", {}, True),
    ("lora-xs", "ΔW = BRA", {}, True),
    ("lora-xs", "W' = W_0 + BRA", {}, True),
    ("lora-xs", "R \\in \\mathbb{R}^{r \\times r}", {}, True),
    ("lora-xs", "r^2 = 64", {"dims": LAYER}, True),
    ("lora-xs", "64 trainable parameters", {"dims": LAYER}, True),
    ("lora-xs", "R ~ N(0, σ²)", {}, True),
    ("lora-xs", "A and B are frozen", {}, True),
    ("lora-xs", "R is trained", {}, True),
    ("lora-xs", "It starts as the pretrained model", {}, False),
    ("lora-xs", "R = 0", {}, False),
    ("lora-xs", "A ~ N(0, σ²)", {}, False),
    ("lora-xs", "h = W_0x + BAx", {}, False),
    ("lora-xs", "10,240 trainable parameters", {"dims": LAYER}, False),
    ("ia3", "h = l \\odot (Wx)", {}, True),
    ("ia3", "h = l ⊙ Wx", {}, True),
    ("ia3", "h = diag(l)Wx", {}, True),
    ("ia3", "W' = \\mathrm{diag}(l)W", {}, True),
    ("ia3", "l = 1", {}, True),
    ("ia3", "l = \\mathbf{1}", {}, True),
    ("ia3", "l = 0", {}, False),
    ("ia3", "d = 768", {"dims": LAYER}, True),
    ("ia3", "768 trainable parameters", {"dims": LAYER}, True),
    ("ia3", "h = l + Wx", {}, False),
    ("ia3", "h = W(l ⊙ x)", {}, False),
    ("ia3", "l is trained", {}, True),
    ("dora", "m = \\|W_0\\|_c", {}, True),
    ("dora", "m = \\|W_0 + W_0\\|_c", {}, False),
    ("vera", "b = 0", {}, True),
]  # fmt: skip


@pytest.mark.parametrize(("adapter", "claim", "given", "true"), CASES)
def test_a_formula_of_a_paper(adapter: str, claim: str, given: dict[str, Any], true: bool) -> None:
    found = decide_claim(claim, adapter=adapter, **given)
    assert (found.verdict == "holds") == true, f"{found.detail}; {found.hint}"
    assert found.verdict != "undetermined", f"{found.detail}; {found.hint}"


def test_every_adapter_has_true_and_false_ones() -> None:
    truths = {adapter for adapter, _, _, true in CASES if true}
    lies = {adapter for adapter, _, _, true in CASES if not true}
    assert truths == set(ADAPTERS)
    assert lies >= set(ADAPTERS) - {"qlora"}
