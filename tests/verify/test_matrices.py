"""Matrices that are written out: what is said of them, held against NumPy, and what does not fit."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import lorafig
from lorafig.verify import decide_claim
from tests.verify.own import figure, verdicts

sizes = st.integers(1, 3)


def written(matrix: np.ndarray, name: str = "bmatrix") -> str:
    rows = " \\\\ ".join(" & ".join(map(str, row)) for row in matrix)
    return f"\\begin{{{name}}} {rows} \\end{{{name}}}"


def verdict(claim: str, **given_: int) -> str:
    return decide_claim(claim, dims=given_).verdict


@st.composite
def products(draw: st.DrawFn) -> tuple[np.ndarray, np.ndarray]:
    n, m, k = draw(sizes), draw(sizes), draw(sizes)
    numbers = st.integers(-9, 9)
    left = draw(st.lists(numbers, min_size=n * m, max_size=n * m))
    right = draw(st.lists(numbers, min_size=m * k, max_size=m * k))
    return np.array(left).reshape(n, m), np.array(right).reshape(m, k)


@settings(max_examples=10, deadline=None)
@given(products(), st.data())
def test_numbers_are_as_numpy_has_them(pair: tuple[np.ndarray, np.ndarray], data: st.DataObject) -> None:
    left, right = pair
    product = left @ right
    sides = f"{written(left)} {written(right, 'pmatrix')}"
    assert verdict(f"{sides} = {written(product)}") == "holds"
    wrong = product.copy()
    wrong.flat[data.draw(st.integers(0, product.size - 1))] += data.draw(st.sampled_from([-3, 1]))
    assert verdict(f"{sides} = {written(wrong)}") == "fails"
    turned = f"{written(right)}^\\top {written(left)}^\\top"
    assert verdict(f"{turned} = {written(product.T)}") == "holds"
    assert verdict(f"{written(left)} + 2 {written(left)} = {written(3 * left)}") == "holds"
    rank = int(np.linalg.matrix_rank(product))
    assert verdict(f"\\mathrm{{rank}} {written(product)} = {rank}") == "holds"
    assert verdict(f"\\mathrm{{rank}} {written(product)} = {rank + 1}") == "fails"


W_B = written(np.array([["W", "B"]]))
X_AX = written(np.array([["x"], ["Ax"]]))
COLUMNS = written(np.array([["b_1", "\\cdots", "b_r"]]))
ROWS = written(np.array([["a_1^\\top"], ["\\vdots"], ["a_r^\\top"]]))


@pytest.mark.parametrize(
    ("claim", "expected"),
    [
        (f"{W_B} {X_AX} = h", "holds"),
        (f"{W_B} {X_AX} = Wx", "fails"),
        (f"{W_B}^\\top = {written(np.array([['W^T'], ['B^T']]))}", "holds"),
        (f"{written(np.array([['W', '0'], ['0', 'I']]))} {written(np.array([['x'], ['h']]))}"
         f" = {written(np.array([['Wx'], ['h']]))}", "holds"),
        (f"{written(np.array([['W'], ['A']]))} x = {written(np.array([['Wx'], ['Ax']]))}", "holds"),
        (f"{written(np.array([['W', 'A']]))} {X_AX} = h", "ill-typed"),  # A has r rows, W has d
        (f"{W_B} {written(np.array([['Ax'], ['x']]))} = h", "ill-typed"),
        (f"{W_B} {written(np.array([['x']]))} = h", "undetermined"),
        (f"BA = {COLUMNS} {ROWS}", "holds"),
        (f"2BA = {COLUMNS} {ROWS}", "fails"),
        (f"BA = {COLUMNS.replace('b_r', 'b_3')} {ROWS.replace('a_r', 'a_3')}", "fails"),
        (f"BA = {COLUMNS} {ROWS.replace('a_r', 'a_3')}", "undetermined"),
        (f"{written(np.eye(2, dtype=int))} = {written(np.eye(3, dtype=int))}", "ill-typed"),
        (f"B = {COLUMNS}", "undetermined"),
        (f"{W_B} \\ne {W_B}", "undetermined"),
    ],
)  # fmt: skip
def test_blocks_are_decided_as_what_they_come_to(claim: str, expected: str) -> None:
    assert verdict(claim, d=8, k=6, r=4) == expected


def test_a_figure_has_them_in_every_output() -> None:
    made = lorafig.from_data(
        {
            "id": "blocks",
            "title": "Blocks",
            "model": {"adapter": "lora", "d": 8, "r": 2},
            "row": [{"equations": [f"h = {W_B} {X_AX}"]}],
        }
    )
    assert made.check().verdict == "holds"
    tikz = made.to_tikz(standalone=True)
    assert r"\usepackage{amsmath}" in tikz
    assert W_B in tikz
    assert "the matrix with row W, B" in made.to_svg()
    assert "<mtable>" in made.to_html()


STACKED = {
    "adapter": "none",
    "d": 16,
    "r": 2,
    "symbols": {
        "A_i": {"shape": ["r", "d"], "role": "trained", "over": "i = 1..3"},
        "B_i": {"shape": ["d", "r"], "role": "trained", "over": "i = 1..3"},
    },
    "let": [
        "A = \\begin{bmatrix} A_1 \\\\ A_2 \\\\ A_3 \\end{bmatrix}",
        "B = \\begin{bmatrix} B_1 & B_2 & B_3 \\end{bmatrix}",
        "C = \\begin{bmatrix} B_2 & B_1 & B_3 \\end{bmatrix}",
    ],
}


def test_blocks_put_together_are_multiplied_block_by_block():
    """FLoRA: the factors of all clients, one below the other and side by side."""
    told = verdicts(
        figure(
            STACKED,
            "BA = \\sum_{i=1}^{3} B_i A_i",
            "CA = B_2 A_1 + B_1 A_2 + B_3 A_3",
            "BA = B_1 A_1 + B_2 A_2",
            "CA = BA",
        )
    )
    assert list(told.values())[3:] == ["holds", "holds", "fails", "fails"]
