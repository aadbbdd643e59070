"""Vectors beside what flows: a bias, a scaling of rows; and products that are given to be 0 or I."""

import pytest

from lorafig.draw import lay_out
from lorafig.language import loads
from lorafig.scene import Label, walk
from lorafig.verify import verify
from lorafig.words import describe
from lorafig.words.alt import alt_text

SPEC = r"""
id: f
title: Beside
model:
  adapter: none
  d: 24
  r: 4
  sizes: {{n: 6}}
  symbols:
    x: {{shape: [d], role: input}}
    u: {{shape: [r], role: input}}
    X: {{shape: [d, n], role: input}}
    W: {{shape: [d, d], role: frozen}}
    b: {{shape: [d], role: trained, start: 0}}
    c: {{shape: [r], role: trained}}
    U: {{shape: [d, r], role: frozen}}
    V: {{shape: [d, r], role: trained}}
    P: {{shape: [r, d], role: frozen}}
    Q: {{shape: [r, d], role: trained}}
  let: ['y = Wx + b', 'Y = b \odot (W X)']
  given: {given}
row:
  - {panel}
"""


def figure(panel, given=()):
    written = "[" + ", ".join(f"'{line}'" for line in given) + "]"
    return loads(SPEC.format(panel=panel, given=written))


@pytest.mark.parametrize(
    ("stack", "verdict"),
    [
        ("[bar: x, square: W, bias: b, bar: y]", "holds"),
        ("[bar: x, bias: b, square: W, bar: y]", "fails"),
        ("[bar: x, square: W, gate: b, bar: y]", "fails"),
        ("[bar: x, square: W, bias: c, bar: y]", "ill-typed"),
        ("[bar: x, square: W, bar: y]", "fails"),
    ],
)
def test_a_bias_is_added(stack, verdict):
    drawn = figure(f"stack: {stack}")
    scene = lay_out(drawn)
    assert verify(drawn, scene).verdict == verdict
    if verdict == "holds":
        assert {"b", "+"} <= {item.lines[0].plain for item in walk(scene.items) if isinstance(item, Label)}
        assert "plus b" in alt_text(drawn)
        assert "a sum with what is beside it; a vector of 24" in describe(drawn, verify(drawn))


@pytest.mark.parametrize(
    ("given", "equation", "verdict"),
    [
        ([], r"Y = \mathrm{diag}(b) W X", "holds"),  # a vector of the rows scales each of them
        ([], "Y = W X", "fails"),
        ([r"V^\top U = I"], r"U V^\top U = U", "holds"),
        ([r"V^\top U = I"], r"U V^\top = I", "fails"),
        ([r"V^\top U = I"], "V = U", "fails"),
        ([r"P Q^\top = 0"], r"Q P^\top x = 0", "ill-typed"),
        ([r"P Q^\top = 0"], r"Q P^\top u = 0", "holds"),
        ([r"P Q^\top = 0"], "Q = 0", "fails"),
        ([r"U P = I"], r"U P U = U", "undetermined"),  # of rank r at most, it is I never
    ],
)
def test_a_product_is_given_to_be_zero_or_one(given, equation, verdict):
    claims = verify(figure(f"equations: ['{equation}']", given)).claims
    if verdict == "undetermined":
        assert [claim.verdict for claim in claims if claim.text == given[0]] == [verdict]
    else:
        assert [claim.verdict for claim in claims if claim.text == equation] == [verdict]


def test_a_transposed_matrix_is_as_wide_as_its_rows():
    drawn = figure(r"stack: [bar: u, trapezoid: U, trapezoid: 'V^\top', bar: u]", [r"V^\top U = I"])
    assert verify(drawn, lay_out(drawn)).verdict == "holds"
