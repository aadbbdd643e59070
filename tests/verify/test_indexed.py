"""What `let` defines by an index, or beside a family or an entry; and a weight that several inputs share."""

from fractions import Fraction

import pytest

from lorafig.draw import lay_out
from lorafig.language import loads
from lorafig.language.table import table
from lorafig.scene import Shape, walk
from lorafig.verify import verify
from lorafig.verify.decide.conditions import AtStart
from lorafig.verify.decide.conditions import holds as holds_at

SPEC = r"""
id: f
title: Experts
model:
  adapter: none
  d: 16
  r: 2
  sizes: {{N: 3}}
  functions: {{f: d -> d, G: 'x \mapsto \mathrm{{softmax}}(W_g x)'}}
  symbols:
    x: {{shape: [d], role: input}}
    x_i: {{shape: [d], role: input, over: 'i = 1..N'}}
    W: {{shape: [d, d], role: frozen}}
    W_g: {{shape: [N, d], role: trained}}
    A_i: {{shape: [r, d], role: random, over: 'i = 1..N'}}
    B_i: {{shape: [d, r], role: trained, over: 'i = 1..N'}}
    c_i: {{role: trained, over: 'i = 1..N'}}
    p_i: {{shape: [d], over: 'i = 1..N'}}
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
        ([GATED], r"\sum_i g_i z_i = \sum_i \mathrm{softmax}(W_g x)_i z_i", "undetermined"),  # z is not there
        ([GATED, Z], r"\sum_i g_i z_i = \sum_i \mathrm{softmax}(W_g x)_i z_i", "holds"),
        ([GATED, Z], r"\sum_i g_i z_i = \sum_i G(x)_i z_i", "holds"),
        ([GATED], "g_2 = G(x)_2", "holds"),
        ([GATED], "g_2 = G(x)_1", "fails"),
        ([], "f(x)_2^2 = f(x)_2 f(x)_2", "holds"),
        ([], "f(x)^\\top x = x^\\top f(x)", "holds"),
        ([], "(Wx + x)_3 = (Wx)_3 + (x)_3", "holds"),
        ([], "(Wx + x)_3 = (Wx)_2 + (x)_3", "fails"),
        ([], "(Wx)_{17} = 0", "ill-typed"),
        ([], "(W)_1 = 0", "undetermined"),  # a row, or a column
        ([], "(Wx)_i = 0", "undetermined"),  # any of them
    ],
)  # fmt: skip
def test_what_let_defines_by_an_index(let, equation, verdict):
    found, _ = verdicts(let, equation)
    assert found == [verdict]


CROSSED = ["y_0 = x", "u_0 = x", "y_i = u_{i-1} + B_i A_i x", "u_i = W y_{i-1}"]
STREAM = ["y_1 = x", "y_{i+1} = W y_i + B_i A_i y_i"]
CHAIN = "V_i = V_{i-1} + B_i A_i"


@pytest.mark.parametrize(
    ("let", "equation", "verdict"),
    [
        (["V_0 = W", CHAIN], r"V_N = W + \sum_i B_i A_i", "holds"),
        ([CHAIN, "V_0 = W"], "V_1 = W + B_1 A_1", "holds"),  # in any order
        (["V_0 = W", CHAIN], "V_2 = W + B_2 A_2", "fails"),
        (["V_0 = W", CHAIN], "V_3 - V_2 = B_3 A_3", "holds"),
        (["V_0 = W", CHAIN], "V_3 - V_1 = B_3 A_3", "fails"),
        (["V_0 = W", CHAIN], CHAIN, "holds"),
        (["V_0 = W", CHAIN], "V_i = V_{i-1} - B_i A_i", "fails"),
        (["V_0 = W", CHAIN], r"V_N - V_0 = \sum_{i=1}^{N} (V_i - V_{i-1})", "holds"),
        (["V_0 = W", CHAIN], "V_4 = W", "ill-typed"),
        ([CHAIN], "V_1 = W", "undetermined"),  # nothing says with what it begins
        (["y_0 = x", "y_i = y_{i-1} + B_i A_i y_{i-1}"], "y_2 = y_1 + B_2 A_2 y_1", "holds"),
        (["y_0 = x", "y_i = y_{i-1} + B_i A_i y_{i-1}"], "y_1 = (I + B_1 A_1) x", "holds"),
        (["y_0 = x", "y_i = y_{i-1} + B_i A_i y_{i-1}"], "y_2 = (I + B_1 A_1 + B_2 A_2) x", "fails"),
        (["y_0 = x", "y_i = c_i y_{i-1} + f(y_{i-1})"], "y_2 = c_2 y_1 + f(c_1 x + f(x))", "holds"),
        (CROSSED, "u_3 = W W x + W B_2 A_2 x", "holds"),
        (CROSSED, "u_2 = W (x + B_2 A_2 x)", "fails"),
        (["p_i = B_i A_i x"], "p_2 = B_2 A_2 x", "holds"),  # which has a shape
        (["p_i = B_i A_i x"], "p_2 = B_1 A_1 x", "fails"),
        (["p_i = A_i x"], "p_2 = x", "ill-typed"),
        (["y_0 = x", "y_i = f(y_{i-1})"], "y_2 = f(f(x))", "holds"),  # over what all run over
        (["y_0 = x", "y_i = f(y_{i-1})"], "y_4 = x", "ill-typed"),
        (STREAM, "y_3 = (W + B_2 A_2)(W + B_1 A_1) x", "holds"),
        (STREAM, "y_4 = W y_3 + B_3 A_3 y_3", "holds"),  # the last one
        (STREAM, "y_3 = (W + B_1 A_1)(W + B_2 A_2) x", "fails"),
        (STREAM, "y_5 = x", "ill-typed"),
        (STREAM, "y_i = W y_{i-1} + B_{i-1} A_{i-1} y_{i-1}", "holds"),
        (STREAM, "y_i = W y_{i-1} + B_i A_i y_{i-1}", "fails"),
        (STREAM, "y_{i+1} = W y_i + B_i A_i y_i", "holds"),
        (STREAM, "y_{i+1} = W y_i", "fails"),
        (["c_{r+1} = 2r"], "c_{r+1} = 4", "holds"),  # r is a size
        ([], r"\sum_{i=2}^{N} A_{i-1} = A_1 + A_2", "holds"),
    ],
)  # fmt: skip
def test_a_member_may_be_made_of_the_one_in_front_of_it(let, equation, verdict):
    found, _ = verdicts(let, equation)
    assert found == [verdict]


def test_a_chain_of_families_is_not_longer_than_any_other():
    figure = loads(SPEC.replace("N: 3", "N: 9999").format(let=f"['V_0 = W', '{CHAIN}']", equations="[V_N]"))
    (claim,) = [claim for claim in verify(figure).claims if claim.text == "V_N"]
    assert (claim.verdict, claim.hint) == ("undetermined", "shorten the chain")


def test_what_is_defined_of_what_has_no_meaning_is_told_once():
    _, said = verdicts(["u = W_q x", "v = W u"], "v = x")
    assert said["v = x"].verdict == "undetermined"
    assert said["v = x"].detail == "what let says of v has no meaning"
    assert "mend that first" in said["v = x"].hint


def test_a_matrix_that_is_no_family_is_said_to_be_none():
    _, said = verdicts([], "W_i x = x")
    assert said["W_i x = x"].hint == "W is not a family: write W, or declare it: W_i: {over: 'i = 1..N', …}"


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


STEPS = r"""
id: f
title: Steps
model:
  adapter: none
  d: 16
  r: 2
  sizes: {{n: 3, p: 4, q: 5}}
  symbols:
    A: {{shape: [r, d], role: trained}}
    V: {{shape: [r, d], role: trained}}
    W: {{shape: [d, d], role: frozen}}
    P: {{shape: [d, n], role: trained}}
    u: {{shape: [d], role: input}}
    c: {{shape: [n], role: input}}
    K_i: {{shape: [n, n], role: trained, over: 'i = 1..n'}}
    s_i: {{shape: [p], role: trained, over: 'i = 1..n'}}
    t_i: {{shape: [q], role: trained, over: 'i = 1..n'}}
    \eta: {{}}
  let:
    - 'o = \sum_i a_i P c'
    - 'a = \mathrm{{softmax}}(P^\top u)'
    - '\Delta = K_1 \otimes (s_1 t_1^\top)'
row:
  - {panel}
"""


@pytest.mark.parametrize(
    ("equation", "verdict"),
    [
        (r"A \leftarrow A - \eta \nabla_A L", "holds"),
        (r"A \leftarrow (1 - \eta) A - \eta \nabla_A L", "holds"),
        (r"A \leftarrow A + \eta \nabla_A L", "fails"),  # uphill
        (r"A \leftarrow A - \eta \nabla_V L", "fails"),  # another one's
        (r"A \leftarrow A - \eta \nabla_W L", "ill-typed"),
        (r"W \leftarrow W - \eta \nabla_W L", "fails"),  # which is frozen
        ("o = a_1 P c + a_2 P c + a_3 P c", "holds"),  # a is defined after o, and its entries are used
        (r"\mathrm{columns}(P, u) = \mathrm{columns}(P, u)", "holds"),
        (r"\mathrm{columns}(P, u)^\top u = \mathrm{columns}(u, P)^\top u", "fails"),
        (r"\mathrm{columns}(P, c) = P", "ill-typed"),
    ],
)
def test_steps_of_training_entries_and_columns_side_by_side(equation, verdict):
    claims = verify(loads(STEPS.format(panel=f"equations: ['{equation}']"))).claims
    assert [claim.verdict for claim in claims if claim.text == equation] == [verdict]


def test_a_transposed_member_of_a_family_is_drawn_by_its_role_and_size():
    product = r"product: ['\Delta', '=', K_1, '\otimes', [{vector: s_1}, {vector: 't_1^\top'}]]"
    figure = loads(STEPS.format(panel=product))
    scene = lay_out(figure)
    assert verify(figure, scene).verdict == "holds"
    shapes = [item for item in walk(scene.items) if isinstance(item, Shape)]
    assert {shape.role for shape in shapes} == {"adapter"}


def test_what_comes_of_a_family_that_is_declared_and_made_has_a_role():
    let = quoted(["p_i = B_i A_i x", "y = W p_N"])
    rows = table(loads(SPEC.format(let=let, equations="[y]")).model).rows
    assert (rows["p_i"].role, rows["y"].role) == ("data", "data")


OF_FUNCTIONS = r"""
id: f
title: Blocks
model:
  adapter: none
  d: 16
  sizes: {{L: 3}}
  functions:
    f_l: {{means: d -> d, role: frozen, over: 'l = 1..L'}}
    g_l: {{means: 'x \mapsto W_l x', over: 'l = 1..L'}}
  symbols:
    x_0: {{shape: [d], role: input}}
    W_l: {{shape: [d, d], role: trained, over: 'l = 1..L'}}
  let: {let}
row:
  - equations: {equations}
"""
LAYERS = "x_l = f_l(x_{l-1})"


@pytest.mark.parametrize(
    ("let", "equation", "verdict"),
    [
        ([LAYERS], "x_2 = f_2(f_1(x_0))", "holds"),
        ([LAYERS], "x_2 = f_1(f_2(x_0))", "undetermined"),  # of functions of which nothing is known
        ([LAYERS], "x_L = f_3(x_2)", "holds"),
        ([], "f_L(x_0) = f_3(x_0)", "holds"),
        ([], "g_2(x_0) = W_2 x_0", "holds"),
        ([], "g_2(x_0) = W_1 x_0", "fails"),
        ([], r"\sum_{l=1}^{L} g_l(x_0) = (W_1 + W_2 + W_3) x_0", "holds"),
        ([], r"\sum_{l=1}^{L} f_l(x_0) = f_1(x_0) + f_2(x_0)", "undetermined"),
        ([], "f_4(x_0) = x_0", "undetermined"),
        ([], "f(x_0) = x_0", "undetermined"),
    ],
)
def test_functions_over_an_index(let, equation, verdict):
    figure = loads(OF_FUNCTIONS.format(let=quoted(let), equations=quoted([equation])))
    said = {claim.text: claim for claim in verify(figure).claims}[equation]
    assert said.verdict == verdict
    if equation.startswith("f_4"):
        assert said.detail == "f_4 is out of the range of its family: l = 1..3"
        assert said.hint == "the last one is f_3"
    if equation.startswith("f("):
        assert (said.detail, said.hint) == ("f is a family, over l = 1..3", "write f_l, or f_1")


def test_what_is_made_of_families_runs_over_what_they_have_in_common():
    figure = loads(
        OF_FUNCTIONS.replace("trained, over: 'l = 1..L'", "trained, over: 'l = 0..L'").format(
            let=quoted(["z_l = f_l(W_l x_0)"]), equations=quoted(["z_1 = f_1(W_1 x_0)", "z_0 = x_0"])
        )
    )
    said = {claim.text: claim for claim in verify(figure).claims}
    assert said["z_1 = f_1(W_1 x_0)"].verdict == "holds"
    assert said["z_0 = x_0"].verdict == "ill-typed"
    assert said["z_0 = x_0"].detail == "z_0 is out of the range of its family: l = 1..3"


COPIED = r"""
id: f
title: Branches
model:
  adapter: none
  d: 16
  sizes: {N: 4}
  functions:
    C_i: {means: d -> d, role: trained, over: 'i = 1..N'}
  symbols:
    x: {shape: [d], role: input}
  let: ['h = \sum_{i=1}^{N} C_i(x)']
flow:
  nodes:
    x: {bar: x}
    C: {rounded: C_i, badge: BADGE}
    sum: {circle: '+'}
    h: {bar: h}
  edges: [x -> branches -> sum -> h]
  groups: {branches: {of: C, over: 'i = 1..N'}}
"""


@pytest.mark.parametrize(("badge", "verdict"), [("trainable", "holds"), ("frozen", "fails")])
def test_copies_of_a_function_over_an_index(badge, verdict):
    assert verify(loads(COPIED.replace("BADGE", badge))).verdict == verdict


SUPERSCRIPTS = r"""
id: f
title: Steps
model:
  adapter: none
  d: 16
  r: 2
  sizes: {T: 3}
  symbols:
    A^{(t)}: {shape: [r, d], role: trained, over: 't = 0..T'}
    B^{(t)}: {shape: [d, r], role: trained, over: 't = 0..T'}
    W^{(0)}: {shape: [d, d], role: frozen}
  let: ['W^{(t+1)} = W^{(t)} + B^{(t+1)} A^{(t+1)} - B^{(t)} A^{(t)}']
row:
  - equations:
      - 'W^{(2)} = W^{(0)} + B^{(2)} A^{(2)} - B^{(0)} A^{(0)}'
      - 'W^{(2)} = W^{(0)} + B^{(2)} A^{(2)}'
"""


def test_the_member_behind_may_stand_above():
    first, second = (claim for claim in verify(loads(SUPERSCRIPTS)).claims if "(2)" in claim.text[:7])
    assert (first.verdict, second.verdict) == ("holds", "fails")


MOVED = r"""
id: f
title: Members
model:
  adapter: none
  d: 16
  r: 2
  sizes: {N: 6, M: 3}
  symbols:
    x: {shape: [d], role: input}
    A_i: {shape: [r, d], role: trained, over: 'i = 1..N'}
    C_j: {shape: [r, d], role: trained, over: 'j = 1..M'}
  let: ['z_i = A_i x', 'y = z_N']
row:
  - equations: ['A_N = A_6', 'z_6 = A_6 x', 'z_1 = A_1 x', 'C_M = C_3', 'y = A_6 x', 'dr = 32']
controls: {N: {min: 1, max: 9}}
"""


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("A_N = A_6", {6: True}),  # at others nothing is known
        ("z_6 = A_6 x", {5: False, 6: True, 7: True}),
        ("z_1 = A_1 x", {1: True, 6: True}),
        ("C_M = C_3", {1: True, 6: True}),  # which nothing moves
        ("y = A_6 x", {6: True}),
        ("dr = 32", {1: True, 6: True}),
    ],
)
def test_what_is_said_of_members_where_a_size_is_moved(text, at):
    claim = next(claim for claim in verify(loads(MOVED)).claims if claim.text == text)
    assert claim.verdict == "holds"
    assert isinstance(claim.condition, AtStart) == (at == {6: True})
    for size, holds in at.items():
        if size != 6:
            assert (
                holds_at(claim.condition, {"N": Fraction(size), "d": Fraction(16), "r": Fraction(2)}) is holds
            )
