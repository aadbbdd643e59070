"""What `let` defines by an index, or beside a family or an entry; and a weight that several inputs share."""

import pytest

from lorafig.language import loads
from lorafig.verify import verify

SPEC = r"""
id: f
title: Experts
model:
  adapter: none
  d: 16
  r: 2
  sizes: {{N: 3}}
  functions: {{f: d -> d}}
  symbols:
    x: {{shape: [d], role: input}}
    x_i: {{shape: [d], role: input, over: 'i = 1..N'}}
    W: {{shape: [d, d], role: frozen}}
    W_g: {{shape: [N, d], role: trained}}
    A_i: {{shape: [r, d], role: random, over: 'i = 1..N'}}
    B_i: {{shape: [d, r], role: trained, over: 'i = 1..N'}}
    c_i: {{role: trained, over: 'i = 1..N'}}
  let: {let}
row:
  - equations: {equations}
"""
SERVED = r"""
id: f
title: Served
model:
  adapter: none
  d: 16
  sizes: {{n: 2}}
  symbols:
    W: {{shape: [d, d], role: frozen}}
    V: {{shape: [d, d], role: trained}}
    x_i: {{shape: [d], role: input, over: 'i = 1..n'}}
  let: ['h_i = Wx_i + Vx_i', 'u_i = Wx_i']
flow:
  nodes:
    a: {{bar: x_1}}
    b: {{bar: x_2}}
    W: {{box: W, badge: frozen, text: [{words}]}}
    h: {{bar: '{first}'}}
    g: {{bar: '{second}'}}
  edges: {edges}
"""


def quoted(lines):
    return "[" + ", ".join(f"'{line}'" for line in lines) + "]"


def verdicts(let, *equations):
    figure = loads(SPEC.format(let=quoted(let), equations=quoted(equations)))
    said = {claim.text: claim for claim in verify(figure).claims}
    return [said[equation].verdict for equation in equations], said


GATED = r"g = \mathrm{softmax}(W_g x)"
Z = "z_i = B_i A_i x"


@pytest.mark.parametrize(
    ("let", "equation", "verdict"),
    [
        ([Z], "z_2 = B_2 A_2 x", "holds"),
        ([Z], "z_N = B_3 A_3 x", "holds"),
        ([Z], "z_2 = B_1 A_1 x", "fails"),
        ([Z], r"\sum_{i=1}^{N} z_i = \sum_i B_i A_i x", "holds"),
        ([Z], "z_4 = B_1 A_1 x", "ill-typed"),
        (["y_i = W z_i", Z], "y_2 = W B_2 A_2 x", "holds"),  # by another that is, in any order
        ([GATED, r"h = \sum_i g_i z_i", Z], "h - g_N z_N = g_1 z_1 + g_2 z_2", "holds"),
        ([r"A = \sum_i c_i A_i"], "A = c_1 A_1 + c_2 A_2 + c_3 A_3", "holds"),  # beside the family A_i
        ([r"A = \sum_i c_i A_i"], "A = c_1 A_1", "fails"),
        (["v = Wx", "v_1 = f(v)", "v_2 = f(v_1)"], "v_2 = f(f(Wx))", "holds"),  # beside the entries of v
        (["v = Wx", "v_1 = f(v)"], "v_1 = v", "undetermined"),
    ],
)  # fmt: skip
def test_what_let_defines_by_an_index(let, equation, verdict):
    found, _ = verdicts(let, equation)
    assert found == [verdict]


def test_what_is_defined_of_what_has_no_meaning_is_told_once():
    _, said = verdicts(["u = W_q x", "v = W u"], "v = x")
    assert said["v = x"].verdict == "undetermined"
    assert said["v = x"].detail == "what let says of v has no meaning"
    assert "mend that first" in said["v = x"].hint


def test_a_matrix_that_is_no_family_is_said_to_be_none():
    _, said = verdicts([], "W_i x = x")
    assert said["W_i x = x"].hint == "W is no family: write W, or declare it so: W_i: {over: 'i = 1..N', …}"


PASSED = ["a, b -> W", "W -> h", "W -> g"]


@pytest.mark.parametrize(
    ("first", "second", "edges", "verdict"),
    [
        ("u_1", "u_2", PASSED, "holds"),
        ("u_2", "u_1", PASSED, "fails"),
        ("u_2", "u_1", ["a, b -> W", "W -> g", "W -> h"], "holds"),  # in the order of the arrows
        ("u_1", "u_2", ["a, b -> W", "W -> h"], "fails"),  # nothing joins what comes out as one
    ],
)
def test_what_several_inputs_share_passes_each_on_along_an_arrow_of_its_own(first, second, edges, verdict):
    figure = loads(SERVED.format(first=first, second=second, edges=edges, words="Shared by all"))
    assert verify(figure).verdict == verdict


@pytest.mark.parametrize(
    ("words", "verdict"),
    [("Base model", "holds"), ("Pretrained weight", "holds"), ("Adapter", "undetermined")],
)
def test_a_symbol_of_ones_own_is_called_by_its_role(words, verdict):
    figure = loads(SERVED.format(first="u_1", second="u_2", edges=PASSED, words=words))
    assert verify(figure).verdict == verdict
