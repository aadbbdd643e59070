"""Norms, ranks, roots, inverses, products by entries and of Kronecker, sums over an index."""

from __future__ import annotations

import time
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import lorafig
from lorafig.language import loads
from lorafig.language.model import Figure, Model
from lorafig.notation.numbers.arithmetic import evaluate
from lorafig.notation.read.parse import parse_math
from lorafig.verify import decide_claim, verify
from lorafig.verify.decide.sampled import _function, _inverted, compare
from lorafig.verify.meaning.figure_symbols import of_figure
from lorafig.verify.meaning.shapes import elaborate
from lorafig.verify.meaning.terms import number

D = {"d": 768, "k": 512, "r": 8}
SQUARE = {"W": ("d", "d"), "B": ("d", "r"), "A": ("r", "d"), "x": ("d",)}
NARROW: dict[str, Any] = {"dims": {"d": 64, "n": 8}, "shapes": {"W": ("d", "d"), "X": ("d", "n")}}
WIDE: dict[str, Any] = NARROW | {"dims": {"d": 64, "n": 80}}

CASES: list[tuple[str, dict[str, Any], str]] = [
    ("rank(BA) ≤ r", {}, "holds"),
    ("rank(BA) > r", {}, "fails"),
    ("rank(BA) < r", {}, "fails"),
    ("rank(BA) = r", {"dims": D}, "holds"),
    ("rank(BA) ≠ r", {"dims": D}, "fails"),
    ("rank(W + BA) = min(d, k)", {}, "holds"),
    (r"\mathrm{rank}(\Delta W) \ll \min(d, k)", {"dims": D}, "holds"),
    ("rank(r) = 1", {}, "ill-typed"),
    ("rank(BA) = BA", {}, "ill-typed"),
    ("rank(BA) = 8", {"dims": {"d": 4096, "r": 8}}, "holds"),  # too large to compute: by its factors
    ("rank(BA) = 9", {"dims": {"d": 4096, "r": 8}}, "fails"),
    ("rank(BA + AᵀBᵀ) ≤ 2r", {"dims": {"d": 4096, "r": 8}}, "holds"),  # by the factors, which stand twice
    ("rank(BA + AᵀBᵀ) ≤ r", {"dims": {"d": 4096, "r": 8}}, "undetermined"),
    ("rank(BA + AᵀBᵀ) < 16", {"dims": {"d": 4096, "r": 8}}, "undetermined"),
    ("W (XXᵀ)^{-1} XXᵀ = W", WIDE, "holds"),
    ("W (XXᵀ)^{-1} XXᵀ = W", NARROW, "ill-typed"),
    ("(XᵀX)^{-1} XᵀX = I", WIDE, "ill-typed"),
    ("(XᵀX)^{-1} XᵀX = I", NARROW, "holds"),
    (r"\|2x\| = 2\|x\|", {}, "holds"),
    (r"\|x\|^2 = x^\top x", {}, "holds"),
    (r"\|x\| = 1", {}, "undetermined"),
    (r"\|Wx\| \le \|W\|_2 \|x\|", {"dims": D}, "holds"),
    (r"\|Wx\| \ge \|W\|_2 \|x\|", {"dims": D}, "fails"),
    (r"\|W\|_2 \le \|W\|_F", {}, "holds"),
    (r"\|W\|_F \le \|W\|_*", {}, "holds"),
    (r"\|W\|_* \le \|W\|_F", {}, "fails"),
    (r"\|W\|_7 = 1", {}, "undetermined"),
    (r"\sqrt{r} \sqrt{r} = r", {}, "holds"),
    (r"\sqrt{d + r} = \sqrt{d} + \sqrt{r}", {}, "fails"),
    (r"\frac{\alpha}{\sqrt{r}} = 5.66", {"dims": D, "scalars": {"alpha": Fraction(16)}}, "holds"),
    (r"\frac{\alpha}{\sqrt{r}} = 5.65", {"dims": D, "scalars": {"alpha": Fraction(16)}}, "fails"),
    (r"\sqrt{W} = W", {}, "ill-typed"),
    ("W W^{-1} = I", {"shapes": SQUARE}, "holds"),
    ("W W^{-1} = W", {"shapes": SQUARE}, "fails"),
    ("(W + BA)x = W(I + W^{-1}BA)x", {"shapes": SQUARE}, "holds"),
    ("(W + BA)x = W(I + BAW^{-1})x", {"shapes": SQUARE}, "fails"),
    ("(BA)^{-1} = A^{-1}B^{-1}", {"shapes": SQUARE}, "ill-typed"),
    ("(BA)^{-1}x", {"shapes": SQUARE}, "ill-typed"),
    ("B^{-1}", {}, "ill-typed"),
    ("I_r A = A", {}, "holds"),
    ("I_d A = A", {}, "ill-typed"),
    ("tr(BA) = tr(AB)", {"shapes": SQUARE}, "holds"),
    ("tr(BA) = tr(W)", {"shapes": SQUARE}, "fails"),
    ("W ⊙ BA = BA ⊙ W", {}, "holds"),
    ("W ⊙ A", {}, "ill-typed"),
    ("A ⊗ B = B ⊗ A", {}, "fails"),
    ("(W ⊗ A)^T = W^T ⊗ A^T", {}, "holds"),
    ("diag(x) x = x ⊙ x", {}, "holds"),
    ("diag(W)", {}, "ill-typed"),
    (r"\sum_{l=1}^{L} 2dr = 2Ldr", {"dims": {"d": 768, "r": 8, "L": 12}}, "holds"),
    (r"\sum_{l=1}^{L} 2dr = 147K", {"dims": {"d": 768, "r": 8, "L": 12}}, "holds"),
    (r"\sum_{l=1}^{L} 2dr = 148K", {"dims": {"d": 768, "r": 8, "L": 12}}, "fails"),
    (r"\sum_{i=1}^{4} i = 10", {}, "holds"),
    (r"\sum_{i=1}^{4} i^2 = 10", {}, "fails"),
    (r"\prod_{i=1}^{4} i = 24", {}, "holds"),
    (r"\lfloor d/r \rfloor = 96", {"dims": D}, "holds"),
    (r"\lfloor d/r \rfloor = 97", {"dims": D}, "fails"),
    (r"\lfloor 0.01 dk/(d+k) \rfloor = 3", {"dims": D}, "holds"),
    (r"\num{\left\lfloor 0.01 \frac{dk}{d+k} \right\rfloor} = 3", {"dims": D}, "holds"),
    (r"\lceil 0.01 dk/(d+k) \rceil = 4", {"dims": D}, "holds"),
    (r"\lfloor -1/2 \rfloor = -1", {}, "holds"),
    (r"\lceil -1/2 \rceil = 0", {}, "holds"),
    (r"\lfloor \sqrt{r + 1} \rfloor^2 = 9", {"dims": D}, "holds"),
    (r"\lfloor \sqrt{r} \rfloor = 2", {"dims": D}, "undetermined"),
    (r"r \le \lfloor 0.01 dk/(d+k) \rfloor", {"dims": D}, "fails"),
    (r"\lfloor d/r \rfloor Wx = 96Wx", {"dims": D}, "holds"),
    (r"\lfloor W \rfloor = 1", {"dims": D}, "ill-typed"),
    (r"\lfloor d/r \rfloor = 96", {}, "undetermined"),
]  # fmt: skip


@pytest.mark.parametrize(("claim", "given", "verdict"), CASES)
def test_a_claim(claim: str, given: dict[str, Any], verdict: str) -> None:
    found = decide_claim(claim, **given)
    assert found.verdict == verdict, found.detail


@pytest.mark.parametrize(
    ("claim", "dims", "detail", "hint"),
    [
        (r"\lfloor d/r \rfloor = 96", None, "⌊d/r⌋ is known where d/r has an exact value",
         "give it: -D d=… -D r=…"),
        (r"\lceil \sqrt{r} \rceil = 3", D, "⌈√r⌉ is known where √r has an exact value",
         "sums, products and quotients have one"),
        (r"\lfloor W \rfloor = 1", D, "⌊ ⌋ are round a number: W is d × k", None),
    ],
)  # fmt: skip
def test_what_is_between_floor_brackets(
    claim: str, dims: dict[str, int] | None, detail: str, hint: str | None
) -> None:
    found = decide_claim(claim, dims=dims) if dims is not None else decide_claim(claim)
    assert (found.detail, found.hint) == (detail, hint)


@settings(max_examples=200, deadline=None)
@given(st.integers(-(10**12), 10**12), st.integers(1, 10**6))
def test_floors_and_ceilings_are_those_of_whole_numbers(above: int, below: int) -> None:
    """-(-a // b) is the ceiling, also below zero."""
    for opening, closing, value in (("⌊", "⌋", above // below), ("⌈", "⌉", -(-above // below))):
        term = elaborate(parse_math(f"{opening}{above}/{below}{closing}"), of_figure(Figure("a", Model())))
        assert term == number(value)
        assert evaluate(parse_math(f"{opening}{above}/{below}{closing}"), {}) == value


def test_what_is_measured_is_told() -> None:
    found = decide_claim(r"\|2x\| = 2\|x\|", dims=D)
    assert found.residual is not None
    assert found.bound is not None
    assert 0 <= found.residual <= found.bound < 1e-9
    assert found.detail == "‖2x‖ = 2 ‖x‖ at every one, in float64 at 6 draws of the entries, with k = 96"


SIZES = st.integers(1, 6)
EXPRESSIONS = [
    "Wx + BAx",
    "(W + BA) ⊙ W",
    "B A / 3",
    "W ⊗ A",
    "diag(x) x",
    r"\frac{W}{\|W\|_c}",
    r"W^\top W x",
]


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(EXPRESSIONS), SIZES, SIZES, st.integers(1, 4), st.integers(0, 2**32))
def test_the_error_is_within_its_bound(source: str, d: int, k: int, r: int, seed: int) -> None:
    """The same in another order of the operations: both are within their bounds of the exact value."""
    known = of_figure(Figure("f", "t", model=Model(d=d, k=k, r=r)))
    term = elaborate(parse_math(source), known)
    twice = elaborate(parse_math(f"({source}) / 7 + 6 ({source}) / 7"), known)
    found = compare(term, twice, known.dimensions, str(seed))
    assert max(abs(found.above), abs(found.below)) <= found.bound < 1e-6


def test_bounds_of_functions_hold_beside_what_was_moved() -> None:
    """Arrays are moved within their errors: no function moves by more than its bound."""
    generator = np.random.default_rng(1)
    for _ in range(50):
        value = generator.uniform(-1, 1, (5, 5)) + 3 * np.eye(5)
        error = np.full_like(value, 1e-9)
        moved = value + generator.uniform(-1e-9, 1e-9, value.shape)
        for name in ("frobenius", "spectral", "nuclear", "columns", "trace"):
            (one, bound), (other, _) = _function(name, value, error), _function(name, moved, 0 * error)
            assert np.all(np.abs(one - other) <= bound), name
        one, bound = _function("sqrt", np.abs(value), error)
        assert np.all(np.abs(one - np.sqrt(np.abs(moved))) <= bound)
        inverse, bound = _inverted(value, error)
        assert np.all(np.abs(inverse - np.linalg.inv(moved)) <= bound)


FLOORS = r"""
lorafig: 1
id: floors
title: Ranks in whole numbers
about: {shows: 'A card of numbers, rounded down and up.'}
model: {adapter: lora, d: 1024, r: 8}
stack: [{bar: x}, {square: W}, {bar: Wx}]
card:
  title: Ranks
  rows:
    - 'r: $r \le \num{\lfloor 0.01 dk/(d+k) \rfloor}$'
    - 'd: $\left\lceil \frac{d}{3} \right\rceil = VALUE$'
"""


def test_floors_on_a_figure_are_verified_and_drawn() -> None:
    figure = lorafig.loads(FLOORS.replace("VALUE", "342").replace("r \\le ", "4 < "))
    assert [one.text for one in figure.check().claims if one.verdict != "holds"] == []
    tikz = figure.to_tikz()
    assert "$4 < 5$" in tikz
    assert r"\left\lceil\frac{d}{3}\right\rceil = 342" in tikz
    assert "the ceiling of d over 3 equals 342" in figure.describe()
    false = lorafig.loads(FLOORS.replace("VALUE", "341"))
    found = {one.text: (one.verdict, one.detail) for one in false.check().claims}
    assert found[r"r \le \num{\lfloor 0.01 dk/(d+k) \rfloor}"][0] == "fails"
    assert found[r"\left\lceil \frac{d}{3} \right\rceil = 341"] == ("fails", "it is 342, not 341")


def test_top_without_a_number_says_where_it_stands() -> None:
    figure = lorafig.loads("id: t\ntitle: T\nmodel: {d: 8, r: 2}\nstack: [bar: x, apply: top]")
    (claim,) = [claim for claim in figure.check().claims if not claim.stands]
    assert claim.detail == "top takes 2 arguments, and has 1"
    assert claim.hint == "say how many below it: \\mathrm{top}_2"


MANY = r"""
id: f
title: Random bases
model:
  adapter: none
  d: 768
  r: 6
  sizes: {N: 128}
  symbols:
    B_j: {shape: [d, r], role: random, over: 'j = 1..N'}
    A: {shape: [r, d], role: random}
    c_j: {shape: [d], role: trained, over: 'j = 1..N'}
  let: ['U = \sum_{j=1}^{N} B_j A \mathrm{diag}(c_j)']
row:
  - equations: ['\mathrm{rank}(U) \le Nr', '\mathrm{rank}(U) = d']
"""


def test_what_would_take_minutes_is_not_computed() -> None:
    """Products of 128 matrices of 768 × 768, several times each."""
    begun = time.process_time()
    said = {claim.text: claim for claim in verify(loads(MANY)).claims}
    assert time.process_time() - begun < 20
    assert said[r"\mathrm{rank}(U) \le Nr"].verdict == "holds"
    assert said[r"\mathrm{rank}(U) = d"].verdict == "undetermined"
    assert said[r"\mathrm{rank}(U) = d"].detail == "it is too large for float64"
