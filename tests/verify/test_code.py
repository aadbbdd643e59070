"""Code as the statements that it stands for: what it says, and that no false one passes as code."""

# ruff: noqa: E501  (a case is a line of a table)

from __future__ import annotations

from fractions import Fraction

import pytest

from lorafig.verify import decide_claim
from lorafig.verify.read.code import parted, spelled

SIZES = {"d": 4096, "r": 8}
ALPHA = {"alpha": Fraction(16)}

SAID = [
    ("W += (alpha / r) * B @ A", "W' = W + (α / r) * B  A"),
    ("self.scaling = self.lora_alpha / self.r", "s = α / r"),
    ("result = F.linear(x, W) + lora_B(lora_A(x)) * scaling", "h = W x + B (A x) * s"),
    ("F.linear(x, W) + x @ A.T @ B.T == h", "x  W^T + x  A^T  B^T = h"),
    ("nn.init.zeros_(self.lora_B.weight)", "B = 0 at initialization"),
    ("nn.init.kaiming_uniform_(self.lora_A.weight, a=math.sqrt(5))", "A is initialized uniformly"),
    ("W.weight.requires_grad_(False)", "W is frozen"),
    ("assert lora_A.weight.requires_grad", "A is trained"),
    ("self.lora_B = nn.Parameter(torch.zeros(d, r))", "B : d × r; B = 0 at initialization"),
    ("lora_A = nn.Linear(k, r, bias=False)", "A : r × k"),
    ("A.shape == (8, 4096) and B.shape == (4096, 8)", "A : 8 × 4096; B : 4096 × 8"),
    ("x @ A.T has shape (n, r)", "(x  A^T) : n × r"),
    ("B.numel() = 16,384", "|B| = 16384"),
    ("s = alpha / r**0.5", "s = α / √(r)"),
    ("B.shape[1] == A.shape[0] == r", "B has r columns; A has r rows"),
    ("W.size(0) == d", "W has d rows"),
    ("A.shape[-1] = 4096", "A has 4096 columns"),
    ("return self.base(x) + self.lora_B(self.lora_A(x)) * self.scaling", "h = W x + B (A x) * s"),
    ("for p in base_model.parameters(): p.requires_grad = False", "W is frozen"),
    (
        "self.A = nn.Parameter(torch.randn(r, k) * 0.01)",
        "A : r × k; A is initialized from a normal distribution",
    ),
    ("F.linear(x, W, bias) + scaling * B @ A @ x == h", "W x + b + s * B  A  x = h"),
    ("A.in_features = 4096, A.out_features = 8", "A has 4096 columns; A has 8 rows"),
    ("nn.Linear(in_dim, rank).weight.shape == (rank, in_dim)", "r = r; in_features = in_features"),
    ("scale = alpha / A.shape[0]", "s = α / r"),
    ("return base_out + self.lora_B(self.lora_A(x)) * self.scaling", "h = (W x) + B (A x) * s"),
    ('LoraConfig(r=8, lora_alpha=16, lora_dropout=0.05, bias="none")', "r = 8; α = 16"),
    (
        'config = LoraConfig(r=8, target_modules=["q_proj", "v_proj"])',
        "r = 8; LoRA is applied to q_proj and v_proj",
    ),
]


@pytest.mark.parametrize(("code", "said"), SAID, ids=[code for code, _ in SAID])
def test_what_code_says(code: str, said: str) -> None:
    assert spelled(code) == said


@pytest.mark.parametrize(
    "text",
    ["W is frozen", "h = W x", "B = 0", "base_layer.weight is frozen", "self.foo(x) + 1 == h", "print(W.shape)", "e.g.",
     "W -= B @ A", "h = W x + f.g(x)", "[" * 390 + ".a" + "]" * 5, "LoraConfig(r=8, use_rslora=True)", "A.shape[i] == r",
     "LoraConfig()", 'LoraConfig(r=8, bias="all")', "A.shape[0] == B.shape[1]"],
)  # fmt: skip
def test_no_code(text: str) -> None:
    assert spelled(text) is None


@pytest.mark.parametrize(
    ("true", "false"),
    [
        ("h = x @ (W + s * B @ A).T", "h = x @ (W + s * A @ B).T"),
        ("W += (alpha / r) * B @ A", "W += (r / alpha) * B @ A"),
        ("W.data += lora_B.weight @ lora_A.weight * scaling", "W.data += lora_B.weight @ lora_A.weight"),
        ("result += lora_B(lora_A(x)) * scaling", "result -= lora_B(lora_A(x)) * scaling"),
        ("result = base_layer(x) + lora_B(lora_A(dropout(x))) * scaling", "result = base_layer(x) + lora_A(lora_B(x))"),
        ("nn.init.zeros_(lora_B.weight)", "nn.init.ones_(lora_B.weight)"),
        ("W.requires_grad = False", "W.requires_grad = True"),
        ("A.requires_grad_()", "A.requires_grad_(False)"),
        ("lora_A = nn.Linear(k, r, bias=False)", "lora_A = nn.Linear(r, k, bias=False)"),
        ("A.shape == (8, 4096)", "A.shape == (4096, 8)"),
        ("A.numel() + B.numel() == 65536", "A.numel() + B.numel() == 32768"),
        ("scaling = lora_alpha / r", "scaling = lora_alpha / r**0.5"),
        ("torch.allclose(W_merged @ x, W @ x + scaling * B @ A @ x)", "torch.allclose(W_merged @ x, W @ x)"),
    ],
)  # fmt: skip
def test_true_and_false_code(true: str, false: str) -> None:
    assert decide_claim(true, dims=SIZES, scalars=ALPHA).verdict == "holds"
    assert decide_claim(false, dims=SIZES, scalars=ALPHA).verdict in ("fails", "ill-typed")


def test_a_comment_is_a_claim_too() -> None:
    """`scaling = r / alpha` behind code held with it: Python drops comments."""
    code = "result += lora_B(lora_A(x)) * scaling"
    told = {
        comment: decide_claim(f"{code}  # {comment}", dims=SIZES, scalars=ALPHA).verdict
        for comment in ("scaling = alpha / r", "scaling = r / alpha", "as PEFT has it", "A has 9 rows")
    }
    assert list(told.values()) == ["holds", "fails", "holds", "fails"]
    update = "W += scaling * (lora_B @ lora_A)"
    told = {
        comment: decide_claim(f"{update}  # {comment}", dims=SIZES, scalars=ALPHA).verdict
        for comment in ("merge", "unmerge", "merges the update", "subtract again", "as in the paper")
    }
    assert list(told.values()) == ["holds", "fails", "holds", "fails", "holds"]
    assert (
        decide_claim("W -= scaling * (lora_B @ lora_A)  # merge", dims=SIZES, scalars=ALPHA).verdict
        != "holds"
    )
    assert parted("# of trainable params = 2dr") == ("# of trainable params = 2dr", "")
    assert parted("s = 'a # b'.c") == ("s = 'a # b'.c", "")


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("merge: W ← W + BA; unmerge: W ← W - BA", "holds"),
        ("merge: W ← W + BA; unmerge: W ← W + BA", "fails"),
        ("merge: W ← W - BA; unmerge: W ← W + BA", "fails"),
        ("Unmerge: W = W' - BA", "holds"),
        ("W ← W - BA when unmerging", "holds"),
        ("W ← W + BA when unmerging", "fails"),
        ("W ← W + AB when merging", "ill-typed"),
        ("Unmerge: W = W' - AB", "ill-typed"),
        ("W -= B @ A  # unmerge", "holds"),
        ("W -= B @ A  # merge", "fails"),
        ("W -= B @ A", "undetermined"),  # it may take the update out again
    ],
)
def test_what_takes_the_update_out_again(text: str, verdict: str) -> None:
    assert decide_claim(text).verdict == verdict


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("A ← A − η ∂L/∂A, B ← B − η ∂L/∂B, W ← W", "holds"),
        ("A ← A − η ∂L/∂B, B ← B − η ∂L/∂B, W ← W", "ill-typed"),
        ("A ← A, B ← B − η ∂L/∂B", "fails"),
        ("optimizer = AdamW([A, B])  # W is frozen", "holds"),
        ("optimizer = AdamW([W, A, B])", "fails"),
        ("def forward(x): return W @ x + B @ (A @ x)", "holds"),
        ("def forward(x): return W @ x + A @ (B @ x)", "ill-typed"),
        ("torch.equal(lora_B.weight, torch.zeros_like(lora_B.weight))", "holds"),
        ("torch.equal(lora_A.weight, torch.zeros_like(lora_A.weight))", "fails"),
        ("h = Wx + BAx, where x : d", "ill-typed"),
        ("h = Wx + BAx, where x is k-dimensional", "holds"),
        ("W = W' - BA recovers the pretrained weight", "holds"),
        ("W = W' + BA recovers the pretrained weight", "fails"),
        ("trained: {A, B}, frozen: {W}", "holds"),
        ("trained: {W, B}, frozen: {A}", "fails"),
        ("∂L/∂B ∈ ℝ^{d×r}", "holds"),
        ("∂L/∂B ∈ ℝ^{r×k}", "ill-typed"),
    ],
)
def test_what_code_and_notes_say(text: str, verdict: str) -> None:
    told = decide_claim(text)
    assert told.verdict == verdict, told.detail


def test_settings_in_front_of_a_colon() -> None:
    assert decide_claim("r = 4, α = 8: α/r = 2").verdict == "holds"
    assert decide_claim("r = 4, α = 8: α/r = 3").verdict == "fails"
