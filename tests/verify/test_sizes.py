"""Sizes in brackets behind a symbol are no factor: a figure never shows a size that nobody has decided."""

from __future__ import annotations

import pytest

import lorafig

HEAD = "id: m\ntitle: T\nmodel: {d: 256, r: 4}\n"
FORMS = ("stack: [{{bar: x}}, {{square: '{}'}}]", "flow: {{nodes: {{x: {{rounded: '{}'}}}}}}")


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("sizes", ["(d × d)", "(9 × 3)", "[256 × 256]", "(r)", "(256)", "(2r × d)"])
@pytest.mark.parametrize("symbol", ["W", "x", "BA", "W_0"])
def test_sizes_behind_a_symbol_are_not_taken_for_a_factor(symbol: str, sizes: str, form: str) -> None:
    problems = lorafig.loads(HEAD + form.format(f"{symbol} {sizes}")).check().problems()
    told = [
        problem for problem in problems if "may be its size, or a number that multiplies it" in problem.what
    ]
    assert told or "is ill-typed" in problems[0].what
    assert all("its size beside it: math: 'W" in (problem.hint or "") for problem in told)


@pytest.mark.parametrize("label", ["2W", "(2) W", "\\frac{1}{2} W", "W (2)^{-1}"])
def test_a_factor_in_front_is_one(label: str) -> None:
    assert lorafig.loads(HEAD + f"row: [{{equations: ['{label} x = {label} x']}}]").check().verdict == "holds"


@pytest.mark.parametrize(("size", "verdict"), [("d \\times d", "holds"), ("r \\times d", "ill-typed")])
def test_a_size_beside_the_symbol_is_decided(size: str, verdict: str) -> None:
    spec = f"stack: [{{bar: x}}, {{square: W, math: 'W \\in \\mathbb{{R}}^{{{size}}}'}}]"
    assert lorafig.loads(HEAD + spec).check().verdict == verdict


@pytest.mark.parametrize(
    ("label", "verdict"),
    [("W (d × d)", "holds"), ("BA (256 × 256)", "holds"), ("A (r × d)", "holds"), ("A (d × r)", "ill-typed"),
     ("BA (9 × 3)", "ill-typed"), ("W (r)", "undetermined")],
)  # fmt: skip
def test_a_label_of_a_matrix_and_its_sizes_is_a_claim_about_its_shape(label: str, verdict: str) -> None:
    assert lorafig.loads(HEAD + f"row: [{{equations: ['{label}']}}]").check().verdict == verdict
    element = "trapezoid: A" if label[0] == "A" else f"square: {label.split(' ')[0]}"
    beside = lorafig.loads(HEAD + f"stack: [{{bar: x}}, {{{element}, math: '{label}'}}]").check()
    (claim,) = [claim for claim in beside.claims if str(claim.text) == label]
    assert claim.verdict == verdict


@pytest.mark.parametrize("symbol", ["Wx", "2x", "x + h"])
def test_a_square_of_a_vector_is_refused_and_laid_out(symbol: str) -> None:
    problems = lorafig.loads(HEAD + f"stack: [{{bar: x}}, {{square: '{symbol}'}}]").check().problems()
    assert "a square is a matrix" in problems[0].what
