"""Sizes in brackets behind a symbol are no factor: a figure never shows a size that nobody has decided."""

from __future__ import annotations

import pytest

import lorafig

HEAD = "id: m\ntitle: T\nmodel: {d: 256, r: 4}\n"
FORMS = ("stack: [{{bar: x}}, {{square: '{}'}}]", "flow: {{nodes: {{x: {{rounded: '{}'}}}}}}")


def _problem(spec: str) -> tuple[str, str | None]:
    (problem,) = lorafig.loads(HEAD + spec).check().problems()
    return problem.what, problem.hint


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("sizes", ["(d × d)", "(9 × 3)", "[256 × 256]", "(r)", "(256)", "(2r × d)"])
@pytest.mark.parametrize("symbol", ["W", "x", "BA", "W_0"])
def test_sizes_behind_a_symbol_are_not_taken_for_a_factor(symbol: str, sizes: str, form: str) -> None:
    what, hint = _problem(form.format(f"{symbol} {sizes}"))
    assert "cannot be decided" in what
    assert "may be its size, or a number that multiplies it" in what
    assert "its size beside it: math: 'W" in (hint or "")


@pytest.mark.parametrize("label", ["2W", "(2) W", "\\frac{1}{2} W", "W (2)^{-1}"])
def test_a_factor_in_front_is_one(label: str) -> None:
    assert lorafig.loads(HEAD + f"row: [{{equations: ['{label} x = {label} x']}}]").check().verdict == "holds"


@pytest.mark.parametrize(("size", "verdict"), [("d \\times d", "holds"), ("r \\times d", "ill-typed")])
def test_a_size_beside_the_symbol_is_decided(size: str, verdict: str) -> None:
    spec = f"stack: [{{bar: x}}, {{square: W, math: 'W \\in \\mathbb{{R}}^{{{size}}}'}}]"
    assert lorafig.loads(HEAD + spec).check().verdict == verdict


@pytest.mark.parametrize("symbol", ["Wx", "2x", "x + h"])
def test_a_square_of_a_vector_is_refused_and_laid_out(symbol: str) -> None:
    problems = lorafig.loads(HEAD + f"stack: [{{bar: x}}, {{square: '{symbol}'}}]").check().problems()
    assert "a square is a matrix" in problems[0].what
