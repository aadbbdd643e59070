"""Functions by a formula, of matrices as a whole; arguments with dots between them, blocks on a diagonal."""

import pytest

from lorafig.draw import lay_out
from lorafig.errors import LorafigError
from lorafig.scene import Label, Shape, walk
from lorafig.verify import verify
from lorafig.words.alt import alt_text
from tests.verify.own import details, figure, verdicts

MODEL = {
    "adapter": "none",
    "d": 12,
    "k": 5,
    "r": 2,
    "sizes": {"N": 4},
    "functions": {
        "n": "V \\mapsto \\frac{V}{\\lVert V \\rVert_c}",
        "F": "(q, K, V) \\mapsto V \\mathrm{softmax}(K^\\top q)",
        "g": "x \\mapsto \\frac{1}{2} n(W_0 x)",
        "q": "d × d -> d × d",
        "S": "d × k, r -> r × k",
        "u": "r -> d × r",
        "f": "x \\mapsto f(x)",
        "a": "x \\mapsto b(x)",
        "b": "x \\mapsto a(x)",
    },
    "symbols": {
        "x": {"shape": ["d"], "role": "input"},
        "c": {"shape": ["r"]},
        "v": {"shape": ["N"]},
        "W": {"shape": ["d", "k"]},
        "W_0": {"shape": ["d", "d"]},
        "R_i": {"shape": ["m", "m"], "over": "i = 1..N"},
        "z_i": {"shape": ["d"], "over": "i = 1..N"},
        "\\lambda_i": {"over": "i = 1..N"},
    },
    "let": [
        "m = d/N",
        "Z = \\mathrm{columns}(z_1, \\dots, z_N)",
        "R = \\mathrm{diag}(R_1, \\dots, R_N)",
        "y = F(x, Z, Z)",
    ],
    "given": ["R_i^\\top R_i = I"],
}
HOLDS = (
    "y = Z \\mathrm{softmax}(Z^\\top x)",
    "n(W) = \\frac{W}{\\lVert W \\rVert_c}",
    "g(x) = \\frac{1}{2} \\frac{W_0 x}{\\lVert W_0 x \\rVert}",
    "q(W_0 + W_0) = q(2 W_0)",
    "S(W, c) \\in \\mathbb{R}^{r \\times k}",
    "u(c) c \\in \\mathbb{R}^{d}",
    "Z v = \\sum_{i=1}^{N} v_i z_i",
    "W_0 Z = \\mathrm{columns}(W_0 z_1, \\dots, W_0 z_N)",
    "Z = \\mathrm{columns}(z_1, z_2, \\dots, z_N)",
    "2 Z = \\mathrm{columns}(2 z_1, \\dots, 2 z_N)",
    "R \\in \\mathbb{R}^{d \\times d}",
    "R^\\top R = I",
    "W_0^\\top R^\\top R W_0 = W_0^\\top W_0",
    "\\lVert R x \\rVert = \\lVert x \\rVert",
    "Z v = v_1 z_1 + \\dots + v_N z_N",
    "x - Z v = x - v_1 z_1 - v_2 z_2 - \\dots - v_N z_N",
    "R R = \\mathrm{diag}(R_1^2, \\dots, R_N^2)",
    "\\mathrm{diag}(\\lambda_1, \\dots, \\lambda_N) v = \\mathrm{diag}(v) \\mathrm{diag}(\\lambda_1, \\dots,"
    " \\lambda_N) \\mathrm{columns}(1, 1, 1, 1)^\\top",
)
NOT = {
    "y = Z \\mathrm{softmax}(Z x)": "ill-typed",
    "n(W) = W": "fails",
    "n(x, x) = x": "ill-typed",
    "q(W_0) = W_0": "undetermined",
    "q(W) = W": "ill-typed",
    "S(c, W) = W": "ill-typed",
    "Z v = \\sum_{i=1}^{N} z_i": "fails",
    "2 Z = \\mathrm{columns}(2 z_1, \\dots, z_N)": "undetermined",
    "Z v = v_1 z_1 + \\dots + v_3 z_3": "fails",
    "Z v = v_1 z_1 - \\dots + v_N z_N": "undetermined",
    "Z v = \\dots + v_N z_N": "undetermined",
    "Z = \\mathrm{columns}(z_1, \\dots, z_5)": "ill-typed",
    "Z = \\mathrm{columns}(z_2, \\dots, z_1)": "undetermined",
    "Z = \\mathrm{columns}(\\dots, z_N)": "undetermined",
    "R = \\mathrm{diag}(R_1, \\dots, W_0)": "undetermined",
    "R = \\mathrm{diag}(R_1, W_0)": "ill-typed",
    "R = \\mathrm{diag}(x, x)": "ill-typed",
    "R R = R": "fails",
    "R_1 = R_2": "fails",
    "W_0^\\top W_0 = I": "fails",
    "f(x) = x": "undetermined",
    "a(x) = x": "undetermined",
}


def test_what_holds_and_what_does_not():
    found = verdicts(figure(MODEL, *HOLDS, *NOT))
    assert {text: found[text] for text in HOLDS} == dict.fromkeys(HOLDS, "holds")
    assert {text: found[text] for text in NOT} == NOT


def test_a_fault_in_a_formula_names_the_function():
    said = details(figure(MODEL, "g(c) = c"))["g(c) = c"]
    assert said == "in g, W₀ x: the inner dimensions differ: W₀ is d × d, x is r"


def test_a_function_that_calls_itself_is_told():
    said = details(figure(MODEL, "f(x) = x", "a(x) = x"))
    assert (said["f(x) = x"], said["a(x) = x"]) == ("f calls itself", "a calls itself")


def test_calls_are_bounded():
    functions = {f"f_{n}": f"x \\mapsto f_{n + 1}(x) + f_{n + 1}(2x)" for n in range(40)}
    model = {
        "adapter": "none",
        "symbols": {"x": {"shape": ["d"]}},
        "functions": functions | {"f_{40}": "tanh"},
    }
    assert (
        details(figure(model, "f_0(x) = x"))["f_0(x) = x"] == "more than 512 functions are called inside one"
    )


@pytest.mark.parametrize(
    ("means", "what"),
    [
        ("V, V \\mapsto V", "model.functions.f: V and V are not letters of a formula"),
        ("2V \\mapsto V", "model.functions.f: 2V are not letters of a formula"),
        ("d × h -> d", "model.functions: there is no size 'h'"),
    ],
)
def test_what_is_no_function(means, what):
    with pytest.raises(LorafigError) as caught:
        figure({"functions": {"f": means}}, "d = d")
    assert [problem.what for problem in caught.value.problems] == [what]


def test_a_chain_uses_what_is_given():
    model = MODEL | {"given": ["z_1 = 2 z_2 = 4 z_3", "W_0 x \\approx z_1", "\\lambda_1 \\gg 1"]}
    texts = {
        "z_1 = 4 z_3": "holds",
        "W_0 x \\approx z_1 = 2 z_2": "holds",
        "W_0 x \\approx z_1 = 3 z_2": "fails",
        "\\lambda_1 \\gg 1": "holds",
        "z_1 = z_3": "fails",
    }
    found = verdicts(figure(model, *texts))
    assert {text: found[text] for text in texts} == texts


def test_by_what_is_given_and_cannot_be_used_nothing_is_false():
    found = verdicts(figure(MODEL | {"given": ["x x^\\top W_0 = W_0"]}, "W_0 x = x", "N = 5"))
    assert (found["W_0 x = x"], found["N = 5"]) == ("undetermined", "fails")


PICTURED = {
    "adapter": "none",
    "d": 12,
    "sizes": {"N": 4, "n": 3, "h": 6},
    "symbols": {
        "R_i": {"shape": ["b", "b"], "over": "i = 1..N"},
        "A_i": {"shape": ["n", "n"], "over": "i = 1..n"},
        "C_i": {"shape": ["m", "c"], "over": "i = 1..n"},
        "S": {"shape": ["d", "d"]},
    },
    "let": [
        "b = d/N",
        "m = d/n",
        "c = h/n",
        "R = \\mathrm{diag}(R_1, \\dots, R_N)",
        "W = \\sum_{i=1}^{n} A_i \\otimes C_i",
    ],
}
DIAGONAL = [
    {"block": "R_1", "rows": "b", "columns": "b"},
    {"block": "\\ddots", "rows": "2 b", "columns": "2b"},
    {"block": "R_N", "rows": "b", "columns": "b"},
]


def drawn(*product):
    return figure(PICTURED, row=[{"product": list(product)}])


def test_blocks_along_a_diagonal_are_all_that_is_not_0():
    right = drawn({"matrix": "R", "blocks": DIAGONAL})
    scene = lay_out(right)
    assert verify(right, scene).verdict == "holds"
    blocks = [item.box for item in walk(scene.items) if isinstance(item, Shape) and "block" in item.name]
    (x0, _, x1, y1), (a0, b0, a1, _) = blocks
    assert x1 < a0
    assert y1 > b0
    assert round(x1 - x0, 6) == round(a1 - a0, 6)
    twice = [dict(DIAGONAL[0], block=block) for block in ("R_1", "R_2", "R_2", "R_N")]
    assert verdicts(drawn({"matrix": "R", "blocks": twice}))["R = diag(R₁, R₂, R₂, R_N)"] == "fails"
    short = drawn({"matrix": "R", "blocks": DIAGONAL[:2]})
    assert "its blocks have 9 rows, and R has 12" in details(short).values()
    with pytest.raises(LorafigError) as caught:
        drawn({"matrix": "R", "blocks": [DIAGONAL[0], {"block": "R_2", "rows": "b"}]})
    assert caught.value.problems[0].what.endswith("blocks of rows beside blocks of columns")


def test_an_entry_of_a_vector_is_a_number_in_a_product():
    model = PICTURED | {"symbols": PICTURED["symbols"] | {"w": {"shape": ["n"]}}, "let": PICTURED["let"][:3]}
    terms = ["w_1", {"matrix": "A_1"}, "+", "w_n", {"matrix": "A_n"}]
    assert verify(figure(model, row=[{"product": terms}])).verdict == "holds"
    lay_out(figure(model, row=[{"product": terms}]))


def test_dots_between_the_terms_of_a_product():
    terms = [
        "W",
        "=",
        {"matrix": "A_1"},
        "\\otimes",
        "C_1",
        "+",
        "\\cdots",
        "+",
        {"matrix": "A_n"},
        "\\otimes",
    ]
    right, wrong = drawn(*terms, "C_n"), drawn(*terms, "C_1")
    scene = lay_out(right)
    assert verify(right, scene).verdict == "holds"
    assert "⋯" in [item.lines[0].plain for item in walk(scene.items) if isinstance(item, Label)]
    assert verdicts(wrong)["W = A₁ ⊗ C₁ + ⋯ + A_n ⊗ C₁"] == "fails"
    assert "A sub n" in alt_text(right)


@pytest.mark.parametrize(("sign", "verdict"), [("-", "holds"), ("−", "holds"), ("+", "fails")])
def test_a_difference_takes_what_follows_from_the_first(sign, verdict):
    model = {"adapter": "none", "d": 4, "symbols": {"x": {"shape": ["d"]}, "z": {"shape": ["d"]}}}
    nodes = {"x": {"bar": "x"}, "z": {"bar": "z"}, "s": {"circle": sign}, "y": {"bar": "y"}}
    flow = {"nodes": nodes, "edges": ["x, z -> s -> y"]}
    told = verify(figure(model | {"let": ["y = x - z"]}, row=[{"flow": flow}]))
    assert [claim.verdict for claim in told.claims if claim.kind == "diagram"] == [verdict]
