"""What a trained matrix starts as, where that is made of others: factors of a weight, or of its gradient."""

import pytest

from lorafig.errors import LorafigError
from lorafig.language import loads
from lorafig.verify import verify
from lorafig.words import describe

SPEC = r"""
id: f
title: Start
model:
  adapter: none
  d: 32
  r: 2
  sizes: {{N: 3}}
  symbols:
    x: {{shape: [d], role: input}}
    W: {{shape: [d, d], role: frozen}}
    U: {{shape: [d, d], role: frozen}}
    V: {{shape: [d, d], role: frozen}}
    S: {{shape: [d, d], role: frozen}}
    R_i: {{shape: [r, r], role: frozen, over: 'i = 1..N'}}
    A: {{shape: [r, d], role: trained, start: '{a}'}}
    B: {{shape: [d, r], role: trained, start: '{b}'}}
    C_i: {{shape: [r, r], role: trained, start: 'R_i R_i', over: 'i = 1..N'}}
  given: ['\nabla_W L = U S V^\top', 'V^\top V = I']
  let: ['h = Wx + BAx']
row:
  - equations: {equations}
"""
A, B = r"V_{[:, :r]}^\top", "U_{[:, r:2r]}"


def claims(*equations, a=A, b=B):
    text = SPEC.format(a=a, b=b, equations="[" + ", ".join(f"'{one}'" for one in equations) + "]")
    return loads(text)


@pytest.mark.parametrize(
    ("equation", "verdict"),
    [
        (r"A = V_{[:, :r]}^\top", "holds"),
        (r"B = U_{[:, r:2r]}", "holds"),
        (r"B = U_{[:, :r]}", "fails"),
        (r"A A^\top = I", "fails"),  # when it is trained it is no longer so
        ("C_2 = R_2 R_2", "holds"),
        ("C_2 = R_2 R_1", "fails"),
        ("C_i = R_i R_i", "holds"),
        ("h = Wx + BAx", "holds"),
        ("A = 0", "fails"),
        (r"\nabla_W L = U S V^\top", "holds"),
    ],
)
def test_what_is_said_of_such_a_symbol_is_said_of_its_start(equation, verdict):
    said = {claim.text: claim.verdict for claim in verify(claims(equation)).claims}
    assert said[equation] == verdict


def test_its_start_is_told():
    figure = claims("h = Wx + BAx")
    assert "| trained | $U_{\\lbrack :, r:2r\\rbrack }$ |" in describe(figure, verify(figure))


@pytest.mark.parametrize(
    ("start", "verdict", "detail"),
    [
        ("V_{[:, :r]}", "ill-typed", "A is r × d, and it starts as V_([:,:r]), which is d × r"),
        ("Q V", "undetermined", "Q is not defined on this figure"),
    ],
)
def test_a_start_of_another_shape(start, verdict, detail):
    report = verify(claims("h = Wx + BAx", a=start))
    wrong = [claim for claim in report.claims if claim.verdict != "holds"]
    assert [(claim.verdict, claim.kind) for claim in wrong] == [(verdict, "init")]
    assert wrong[0].detail == detail
    assert wrong[0].where.line == 16


@pytest.mark.parametrize("start", ["kaiming", "zeros", "random", "A", "Q"])
def test_words_are_no_start(start):
    with pytest.raises(LorafigError, match="is nothing that A may start as"):
        claims("h = Wx", a=start)
