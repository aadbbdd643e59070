"""One claim by itself: `decide`, over the adapter's symbols and over those that are given."""

# ruff: noqa: E501  (a case is a line of a table)

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from lorafig.core.adapters import ADAPTERS
from lorafig.errors import LorafigError
from lorafig.verify import decide_claim

SIZES = {"d": 256, "r": 4}
ROWS = {"x": ("d",), "W": ("d", "d"), "A": ("d", "r"), "B": ("r", "d"), "h": ("d",)}

CASES: list[tuple[str, dict[str, Any], str, str]] = [
    ("h = Wx + BAx", {}, "equation", "holds"),
    ("h = (W + BA)x", {}, "equation", "holds"),
    ("h = Wx + BAx = (W + BA)x", {}, "equation", "holds"),
    ("h = Wx - BAx", {}, "equation", "fails"),
    ("h = Wx + ABx", {}, "equation", "ill-typed"),
    ("AB", {}, "shape", "ill-typed"),
    ("BA", {}, "shape", "holds"),
    (r"\Delta W = BA", {}, "equation", "holds"),
    (r"\Delta W = AB", {}, "equation", "ill-typed"),
    (r"h = W_0 x + \frac{\alpha}{r} B A x", {}, "equation", "holds"),
    (r"h = W_0 x + \alpha/r BAx", {}, "equation", "holds"),
    (r"h = W_0 x + \frac{r}{\alpha} B A x", {}, "equation", "fails"),
    ("h = W(x) + scale · B(A(x))", {}, "equation", "holds"),
    ("W' = W + BA", {}, "equation", "holds"),
    (r"W' = W + \frac{\alpha}{r} BA", {}, "equation", "holds"),
    (r"h^\top = x^\top (W + BA)^\top", {}, "equation", "holds"),
    (r"h = xW^\top + BAx", {}, "equation", "ill-typed"),
    ("h = Zx", {}, "equation", "undetermined"),
    (r"W \in \mathbb{R}^{d\times k}", {}, "shape", "holds"),
    ("A: d × r", {}, "shape", "ill-typed"),
    (r"W: \mathbb{R}^k \to \mathbb{R}^d", {}, "shape", "holds"),
    (r"W: \mathbb{R}^d \to \mathbb{R}^k", {}, "shape", "ill-typed"),
    ("A ~ N(0, σ²)", {}, "init", "holds"),
    ("B = 0", {}, "init", "holds"),
    ("A = 0", {}, "init", "fails"),
    ("BA = 0", {}, "init", "holds"),
    ("r ≪ min(d, k)", {}, "inequality", "undetermined"),
    ("r ≪ d", {"dims": SIZES}, "inequality", "holds"),
    ("d < r", {"dims": SIZES}, "inequality", "fails"),
    ("d² = 65,536", {"dims": SIZES}, "count", "holds"),
    ("d^2 = 65K", {"dims": SIZES}, "count", "fails"),
    ("d^2 = 65K", {"dims": SIZES, "rounding": "down"}, "count", "holds"),
    ("d^2 = 65.5K", {"dims": SIZES}, "count", "holds"),
    ("d^2/2dr = 32×", {"dims": SIZES}, "ratio", "holds"),
    (r"\frac{2dr}{d^2} = 3.1\%", {"dims": SIZES}, "percent", "holds"),
    ("32× fewer", {"dims": SIZES}, "ratio", "holds"),
    ("W: 65,536 parameters", {"dims": SIZES}, "count", "holds"),
    ("A + B: 2,048", {"dims": SIZES}, "count", "holds"),
    ("x: 256", {"dims": SIZES}, "shape", "holds"),
    ("r: 8", {"dims": SIZES}, "count", "fails"),
    ("n^2 = 4", {"dims": SIZES}, "count", "undetermined"),
    ("h = Wx + BAx", {"dims": SIZES}, "equation", "holds"),
    ("h = Wx + BAx", {"dims": SIZES, "scalars": {"alpha": Fraction(16)}}, "equation", "fails"),
    ("h = Wx + 4BAx", {"dims": SIZES, "scalars": {"alpha": Fraction(16)}}, "equation", "holds"),
    ("y = Ux", {"shapes": {"U": ("m", "n"), "x": ("n",)}, "lets": ("y = Ux",)}, "equation", "holds"),
    ("y = Ux", {"shapes": {"U": ("m", "n"), "x": ("n",), "y": ("m",)}}, "equation", "undetermined"),
    ("Wx", {"shapes": {"U": ("m", "n"), "x": ("n",)}}, "shape", "undetermined"),
    ("h = xW + xAB", {"shapes": ROWS}, "equation", "holds"),
    ("h = x(W + AB)", {"shapes": ROWS}, "equation", "holds"),
    ("h = Wx + BAx", {"shapes": ROWS}, "equation", "ill-typed"),
    ("AB", {"shapes": {"A": ("r", "k"), "B": ("d", "r")}, "dims": {"d": 4, "k": 4, "r": 4}}, "shape", "ill-typed"),
    ("W_m x = h", {"lets": ("W_m = W + BA",)}, "equation", "holds"),
    ("s = 2", {"dims": SIZES | {"alpha": 8}}, "count", "holds"),  # no size, and given as one
    ("s = 2", {"dims": SIZES | {"lora_alpha": 8}}, "count", "holds"),
    ("s = 2", {"dims": SIZES, "lets": (r"\alpha = 8",)}, "count", "holds"),
    ("65,536 trainable parameters", {"lets": ("d = 4096", "r = 8")}, "count", "holds"),
    ("65,537 trainable parameters", {"lets": ("d = 4096", "r = 8")}, "count", "fails"),
    ("h = Wx + sBAx", {"scalars": {"s": Fraction(4)}}, "equation", "holds"),
    ("h = Wx + 4BAx", {"scalars": {"scaling": Fraction(4)}}, "equation", "holds"),
    ("h = Wx + 4BAx", {"lets": ("s = 4",), "adapter": "rslora"}, "equation", "holds"),
    ("h = Wx + 3BAx", {"lets": ("s = 4",)}, "equation", "fails"),
    ("h = Wx + BAx", {"scalars": {"s": Fraction(4)}}, "equation", "fails"),
    ("h = Wx + 4BAx", {"shapes": {"W": ("d", "k"), "B": ("d", "r"), "A": ("r", "k")}, "scalars": {"s": Fraction(4)}},
     "equation", "holds"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "given", "kind", "verdict"), CASES)
def test_a_claim(text: str, given: dict[str, Any], kind: str, verdict: str) -> None:
    claim = decide_claim(text, **given)
    assert (claim.kind, claim.verdict) == (kind, verdict)
    assert claim.text == text


@pytest.mark.parametrize(("text", "given", "detail", "hint"), [
    ("2dr = 8", {"d": 3}, "r is not defined here", "it is a size: -D r=8"),
    ("s = 8", {"d": 3}, "s is not defined here", "it is the scaling: give its alpha, -S alpha=16"),
    ("α/r = 2", {"r": 16}, "α has no value here", "give it: -S α=…"),
])  # fmt: skip
def test_what_is_missing_is_named_by_its_option(
    text: str, given: dict[str, int], detail: str, hint: str
) -> None:
    claim = decide_claim(text, dims=given)
    assert (claim.verdict, claim.detail, claim.hint) == ("undetermined", detail, hint)


def test_both_shapes_are_named() -> None:
    assert decide_claim("AB").detail == "A B: the inner dimensions differ: A is r × k, B is d × r"


def test_the_nearest_truth_is_named() -> None:
    assert decide_claim("h = Wx - BAx").hint == "write h = Wx + BAx"
    scaled = decide_claim("h = (W + BA)x", dims=SIZES, scalars={"alpha": Fraction(16)})
    assert scaled.hint == r"write h = (W + \frac{\alpha}{r}BA)x"
    assert decide_claim("d^2 = 65K", dims=SIZES).hint == "it should read 66K"


def test_values_and_residuals() -> None:
    claim = decide_claim("d^2 = 66K", dims=SIZES)
    assert (claim.value, claim.shown) == ("65536", "66K")
    measured = decide_claim("h = (W + BA)x", dims=SIZES)
    assert measured.residual is not None
    assert measured.bound is not None
    assert 0 < measured.residual <= measured.bound < 1e-8
    assert decide_claim("h = (W + BA)x").residual is None  # no sizes, no numbers


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"adapter": "lara"}, "there is no adapter 'lara'\n  hint: did you mean 'lora'? the adapters are " + ", ".join(ADAPTERS)),
        ({"rounding": "up"}, "there is no rounding 'up'\n  hint: it is 'nearest' or 'down'"),
        ({"lets": ("U = AB",)}, "the definition 'U = AB' is ill-typed: A B: the inner dimensions differ: A is r × k, B is d × r\n  hint: the other way round it fits: B A"),
        ({"lets": ("W = BA",)}, "the definition 'W = BA' does not hold: the sides differ: W is not B A\n  hint: the merged weight is W': write W' = …"),
        ({"dims": SIZES | {"alpha": 16}, "scalars": {"s": Fraction(3)}},
         "s is not what alpha and the rank give\n  hint: give alpha and the rank, or s"),
        ({"dims": {"d + k": 3}}, "'d + k' is not a symbol\n  hint: a symbol is W, W_0, W', \\Delta W, alpha …"),
        ({"shapes": {"W": ("a", "b", "c")}}, "W has 3 dimensions\n  hint: a shape has one or two"),
    ],
)  # fmt: skip
def test_what_is_given_must_fit(given: dict[str, Any], message: str) -> None:
    with pytest.raises(LorafigError) as caught:
        decide_claim("h = Wx", **given)
    assert str(caught.value) == message


def test_a_formula_is_no_sentence_with_an_aside() -> None:
    """`rank(B) = r` said that the rank is r, of B beside it."""
    assert decide_claim("rank(B) = r", dims={"d": 64, "r": 4}, lets=("B = 0",)).verdict == "fails"
    assert decide_claim("rank(B) = r", dims={"d": 64, "r": 4}).verdict == "holds"


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("W bleibt eingefroren, nur A und B werden trainiert.", "holds"),
        ("Frozen weights need two optimizer states.", "fails"),
        ("Trainable parameters: $\\num{d^2}$", "fails"),
        ("Trainable parameters: $\\num{2dr}$", "holds"),
        ("The cat sat on the mat.", "undetermined"),
    ],
)
def test_a_sentence_is_decided_as_on_a_figure(text: str, verdict: str) -> None:
    assert decide_claim(text, dims={"d": 64, "r": 4}).verdict == verdict


@pytest.mark.parametrize("text", ["h = Wx + BAx", "W' = W + BA", "A is r × d", "\\Delta W = BA"])
def test_a_size_that_is_not_given_takes_no_symbol_away(text):
    assert decide_claim(text, dims={"d": 256}).verdict == "holds"
    assert decide_claim("2dr = 2{,}048", dims={"d": 256}).verdict == "undetermined"
