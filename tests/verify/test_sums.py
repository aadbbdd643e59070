"""Families, and sums over an index: they are expanded at the figure's own sizes."""

from __future__ import annotations

import pytest

from tests.verify.own import details, figure, verdicts

MOE = {
    "d": 32,
    "r": 4,
    "sizes": {"N": 3},
    "symbols": {
        "g": {"shape": "N"},
        "A_i": {"shape": ["r", "d"], "role": "trained", "over": "i = 1..N"},
        "B_i": {"shape": ["d", "r"], "role": "trained", "over": "i = 1..N", "start": 0},
    },
}


def told(*equations: str, model=None) -> list[str]:
    return list(verdicts(figure(model or MOE, *equations)).values())


@pytest.mark.parametrize(
    ("equation", "verdict"),
    [
        (r"\sum_{i=1}^{N} B_i A_i x = B_1 A_1 x + B_2 A_2 x + B_3 A_3 x", "holds"),
        (r"\sum_i B_i A_i x = B_1 A_1 x + B_2 A_2 x + B_3 A_3 x", "holds"),
        (r"\sum_{i=1}^{N} B_i A_i x = B_1 A_1 x + B_2 A_2 x", "fails"),
        (r"\sum_{i=1}^{2} B_i A_i = B_1 A_1 + B_2 A_2", "holds"),
        (r"\sum_{i=1}^{N} g_i B_i A_i x = \sum_{j=1}^{N} B_j g_j A_j x", "holds"),
        (r"\sum_{i=1}^{N} g_i B_i A_i x = \sum_{j=1}^{N} B_j A_j x", "fails"),
        (r"\sum_{i=1}^{N} g_i = g_1 + g_2 + g_3", "holds"),
        (r"\sum_{i=1}^{N} A_i B_i x = x", "ill-typed"),
        (r"A_i: r \times d", "holds"),
        (r"B_i A_i x = A_i x", "ill-typed"),
        (r"A_3 x = A_3 x", "holds"),
        (r"B_2 = 0", "holds"),
        (r"A_2 = 0", "fails"),
    ],
)
def test_sums_over_families(equation, verdict):
    assert told(equation) == [verdict]


@pytest.mark.parametrize(
    ("equation", "verdict"),
    [
        (r"BA = \sum_{i=1}^{r} b_i a_i^\top", "holds"),
        (r"BA = \sum_i b_i a_i^\top", "holds"),
        (r"BAx = \sum_{i=1}^{r} b_i a_i^\top x", "holds"),
        (r"BA = \sum_{i=1}^{3} b_i a_i^\top", "fails"),
        (r"BA = \sum_{i=1}^{r} a_i b_i^\top", "fails"),
    ],
)
def test_sums_of_outer_products(equation, verdict):
    assert told(equation, model={"d": 32, "r": 4}) == [verdict]


@pytest.mark.parametrize(
    ("equation", "says"),
    [
        (r"A_4 x = x", "A_4 is out of the range of its family: i = 1..3"),
        (r"G x = x", "G is a family, over i = 1..N"),
        (r"A_j x = x", "A_j: the index of the family A_i is i, not j"),
        (r"\sum_{i=1}^{4} A_i x = x", "A_4 is out of the range of its family: i = 1..3"),
        (r"\sum_{i=1}^{4} g_i = 1", "g_4 is out of range: the index goes from 1 to N = 3"),
    ],
)
def test_an_index_that_is_not_so_is_told(equation, says):
    model = {**MOE, "symbols": {**MOE["symbols"], "G_i": {"shape": ["d", "d"], "over": "i = 1..N"}}}
    assert says.replace("1..N", "1..3") in details(figure(model, equation))[equation]
    assert told(equation, model=model) == ["ill-typed"]


def test_long_sums_of_matrices_are_left_out():
    model = {**MOE, "sizes": {"N": 600}}
    equation = r"\sum_{i=1}^{N} B_i A_i x = x"
    assert "has 600 terms" in details(figure(model, equation))[equation]


@pytest.mark.parametrize(
    ("equation", "verdict"),
    [
        (r"\nabla_A L: r \times d", "holds"),
        (r"\frac{\partial L}{\partial A}: r \times d", "holds"),
        (r"\partial L / \partial A = \nabla_A L", "holds"),
        (r"\nabla_B L = \nabla_W L A^\top", "holds"),
        (r"\nabla_B L = \nabla_W L B", "fails"),
        (r"\nabla_B L = \nabla_h L x^\top A^\top", "holds"),
        (r"\nabla_B L = -\nabla_h L x^\top A^\top", "fails"),
        (r"\nabla_A L = B^\top \nabla_W L", "holds"),
        (r"\nabla_A L = B^\top \nabla_{W'} L", "holds"),
        (r"\nabla_x L = (W + BA)^\top \nabla_h L", "holds"),
        (r"\nabla_x L = W^\top \nabla_h L", "fails"),
        (r"\nabla_A L = 0", "holds"),  # at the start, where B is
        (r"\nabla_B L = 0", "fails"),
        (r"\nabla_W L = A", "ill-typed"),
        (r"A + \nabla_B L: r \times d", "ill-typed"),
    ],
)
def test_gradients_have_the_shape_of_their_symbol(equation, verdict):
    assert told(equation, model={"d": 32, "r": 4}) == [verdict]
