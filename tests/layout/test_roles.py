"""The role in which a weight of a stack is drawn, where it is an expression or made of others."""

import pytest

from lorafig.language import loads
from lorafig.layout import layout
from lorafig.scene import Shape, walk
from lorafig.verify import verify

MODEL = r"""
id: roles
title: Roles
model:
  adapter: none
  d: 256
  r: 16
  sizes: {n: 4, a: 32, b: 8}
  symbols:
    x: {shape: [d], role: input}
    W: {shape: [d, d], role: frozen}
    V: {shape: [d, r], role: frozen}
    M: {shape: [r, r], role: trained}
    C: {shape: [a, a], role: trained}
    D: {shape: [b, b], role: trained}
    z: {shape: [n], role: trained}
    R_i: {shape: [r, r], role: random, over: 'i = 1..n'}
    S_i: {shape: [r, r], role: frozen, over: 'i = 1..n'}
  let: ['K = \sum_{i=1}^{n} z_i R_i', 'J = \sum_{i=1}^{n} z_i S_i', 'd = ab']
"""


def roles(stack, more=""):
    figure = loads(f"{MODEL}{more}stack: {stack}\n")
    scene = layout(figure)
    assert verify(figure, scene).verdict == "holds"
    return [shape.role for shape in walk(scene.items) if isinstance(shape, Shape)]


@pytest.mark.parametrize(
    ("element", "role"),
    [
        (r"{trapezoid: 'V^\top'}", "frozen"),
        (r"{square: 'W^\top'}", "frozen"),
        (r"{square: 'W + V M V^\top'}", "merged"),
        (r"{square: 'V M V^\top'}", "merged"),
    ],
)
def test_an_expression_has_the_role_of_what_it_is_made_of(element, role):
    assert roles(f"[bar: x, {element}]") == ["activation", role]


def test_a_sum_over_a_family_is_made_of_its_weights_too():
    """z_i is an entry of z, which is trained: both were drawn as frozen. Random ones it makes an update."""
    assert roles(r"[bar: x, {trapezoid: 'V^\top'}, {square: J}]") == ["activation", "frozen", "merged"]
    assert roles(r"[bar: x, {trapezoid: 'V^\top'}, {square: K}]") == ["activation", "frozen", "adapter"]


def test_a_kronecker_product_is_drawn_as_large_as_its_factors_make_it():
    """d is a times b, as `let` says: A ⊗ B of the two has the sides of W."""
    figure = loads(
        rf"{MODEL}stack: [bar: x, {{split: [{{square: W}}, {{square: 'C \otimes D'}}]}}, sum: arrows]"
    )
    scene = layout(figure)
    assert verify(figure, scene).verdict == "holds"
    _, whole, product, *_ = [shape.box for shape in walk(scene.items) if isinstance(shape, Shape)]
    assert (whole[2] - whole[0], whole[3] - whole[1]) == (product[2] - product[0], product[3] - product[1])


def test_a_kronecker_product_of_another_size_does_not_fit():
    figure = loads(rf"{MODEL}stack: [bar: x, {{square: 'C \otimes M'}}]")
    (claim,) = [claim for claim in verify(figure).claims if not claim.stands]
    assert claim.detail == "C ⊗ M maps a·r to a·r, and what flows into it is x, a vector of d"
