"""Symbols and sizes of one's own: they mean what is declared of them, in every claim."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import lorafig
from lorafig.draw import check, draw
from lorafig.options import Options
from tests.verify.own import details, figure, verdicts

NONE = {"adapter": "none", "d": 64, "sizes": {"m": 8}}
FACTORS = {
    "x": {"shape": "d", "role": "input"},
    "W": {"shape": ["d", "d"], "role": "frozen"},
    "D": {"shape": ["m", "d"], "role": "trained"},
    "U": {"shape": ["d", "m"], "role": "trained", "start": 0},
}


def test_only_what_is_declared_has_a_meaning():
    assert verdicts(figure({"adapter": "none"}, "h = Wx")) == {"h = Wx": "undetermined"}
    model = {**NONE, "symbols": FACTORS, "let": ["y = Wx + UDx"]}
    told = verdicts(figure(model, "y = (W + UD)x", "y = (W + DU)x", "U = 0", "D = 0", "W: d \\times d"))
    assert list(told.values()) == ["holds", "holds", "ill-typed", "holds", "fails", "holds"]


def test_a_bottleneck_and_a_square_of_sizes_of_ones_own_are_drawn_to_them():
    model = {**NONE, "symbols": {**FACTORS, "R": {"shape": ["m", "m"]}, "z": {"shape": "m"}}}
    split = {"split": [{"square": "W"}, {"bottleneck": ["D", "U"], "brace": "m"}]}
    panels = [
        {"stack": [{"bar": "x"}, split, {"sum": ["Wx", "UDx"]}]},
        {"stack": [{"bar": "z", "brace": "m"}, {"square": "R"}]},
    ]
    report = check(figure(model, row=panels))
    assert report.verdict == "holds", [claim.detail for claim in report.claims if not claim.stands]


@settings(deadline=None)
@given(st.permutations(["a = Wx", "b = a + Dx_m", "c = b - a", "x_m = Ux", "q = 2p", "p = 3m"]))
def test_let_may_stand_in_any_order(lets):
    model = {
        **NONE,
        "symbols": {
            "x": {"shape": "d"},
            "W": {"shape": ["d", "d"]},
            "U": {"shape": ["m", "d"]},
            "D": {"shape": ["d", "m"]},
        },
        "let": lets,
    }
    told = verdicts(figure(model, "c = DUx", "\\num{q} = 48", "c = Ux"))
    assert [*told.values()][len(lets) :] == ["holds", "holds", "ill-typed"]


def test_definitions_in_a_circle_are_told_with_the_way():
    model = {**NONE, "symbols": FACTORS, "let": ["a = Wb", "b = Wa", "c = Wa"]}
    told = details(figure(model, "x: d"))
    assert told["a = Wb"] == "a needs b needs a: nothing says what it is"
    assert told["c = Wa"] == "c needs a needs b needs a: nothing says what it is"
    assert verdicts(figure(model, "x: d"))["a = Wb"] == "fails"


def test_let_declares_shapes_and_sizes():
    lets = ["P \\in \\mathbb{R}^{n \\times d}", "n = 2m", "L = 32"]
    told = verdicts(figure({**NONE, "let": lets}, "P: 16 \\times 64", "\\num{nL} = 512", "P: n \\times n"))
    assert list(told.values())[len(lets) :] == ["holds", "holds", "ill-typed"]


@pytest.mark.parametrize("role", ["output", "merged", None])
def test_let_says_what_a_declared_output_is(role):
    own = {"y": {"shape": "d"} | ({"role": role} if role else {})}
    model = {**NONE, "symbols": FACTORS | own, "let": ["y = Wx + UDx"]}
    told = verdicts(figure(model, "y = (W + UD)x", "y = Wx", "y: d"))
    assert list(told.values()) == ["holds", "holds", "fails", "holds"]


@pytest.mark.parametrize("lets", [["y \\in \\mathbb{R}^d", "y = Wx"], ["y = Wx", "y \\in \\mathbb{R}^d"]])
def test_a_shape_and_a_definition_go_together(lets):
    told = verdicts(figure({**NONE, "symbols": FACTORS, "let": lets}, "y = Wx", "y = UDx"))
    assert told == dict.fromkeys(lets, "holds") | {"y = Wx": "holds", "y = UDx": "fails"}


def test_what_let_says_has_the_shape_that_is_declared():
    model = {**NONE, "symbols": FACTORS | {"y": {"shape": "m", "role": "output"}}, "let": ["y = Wx"]}
    assert details(figure(model, "x: d"))["y = Wx"] == "y has the shape m, and W x has d"


@pytest.mark.parametrize("role", ["frozen", "trained", "random", "input"])
def test_let_does_not_say_what_a_weight_is(role):
    """It is any, or what training makes of it: an equation is a claim about it."""
    model = {**NONE, "symbols": FACTORS | {"V": {"shape": ["d", "d"], "role": role}}, "let": ["V = UD"]}
    assert verdicts(figure(model, "x: d"))["V = UD"] != "holds"


@pytest.mark.parametrize(
    ("role", "badge", "verdict"),
    [
        ("trained", "trainable", "holds"),
        ("trained", "frozen", "fails"),
        ("frozen", "trainable", "fails"),
        ("random", "frozen", "holds"),
    ],
)
def test_a_badge_is_held_to_the_role(role, badge, verdict):
    nodes = {"x": {"bar": "x"}, "W": {"box": "V", "badge": badge}}
    model = {**NONE, "symbols": {"x": {"shape": "d"}, "V": {"shape": ["d", "d"], "role": role}}}
    drawn = figure(model, row=[{"flow": {"nodes": nodes, "edges": ["x -> W"]}}])
    said = "trainable" if badge == "trainable" else "frozen"
    assert verdicts(drawn)[f"V is {said}"] == verdict


@pytest.mark.parametrize(
    ("label", "badge", "told"),
    [
        ("\\mathrm{diag}(g)", "trainable", {"g is trainable": "holds"}),
        ("\\mathrm{diag}(g)", "frozen", {"g is frozen": "fails"}),
        (
            "W + UD",
            "trainable",
            {"W is trainable": "fails", "U is trainable": "holds", "D is trainable": "holds"},
        ),
        ("2 UD", "trainable", {"U is trainable": "holds", "D is trainable": "holds"}),
    ],
)
def test_a_badge_on_an_expression_speaks_of_each_of_its_matrices_and_vectors(label, badge, told):
    model = {**NONE, "symbols": {**FACTORS, "g": {"shape": "d", "role": "trained"}}}
    nodes = {"x": {"box": "x"}, "W": {"box": label, "badge": badge}}
    drawn = figure(model, row=[{"flow": {"nodes": nodes, "edges": ["x -> W"]}}])
    assert {text: verdict for text, verdict in verdicts(drawn).items() if " is " in text} == told


def test_a_member_of_a_family_is_named_whatever_its_number():
    rows = {"shape": ["d", "m"], "role": "trained", "over": "i = 1..N"}
    model = {**NONE, "sizes": {"m": 8, "N": 12}, "symbols": {"x": {"shape": "m"}, "B_i": rows}}
    for number in (1, 3, 10, 12):
        nodes = {"x": {"box": "x"}, "B": {"box": f"B_{{{number}}}", "badge": "trainable"}}
        told = verdicts(figure(model, row=[{"flow": {"nodes": nodes, "edges": ["x -> B"]}}]))
        assert set(told.values()) == {"holds"}, (number, told)


@pytest.mark.parametrize(("square", "verdict"), [("V", "holds"), ("W", "fails"), ("N", "fails")])
def test_without_an_adapter_merged_is_what_is_made_of_frozen_and_trained_ones(square, verdict):
    model = {**NONE, "symbols": FACTORS, "let": ["V = W + UD", "N = UD", "y = Vx"]}
    stack = [{"bar": "x"}, {"square": square, "text": "Merged"}]
    assert verdicts(figure(model, row=[{"stack": stack}]))["Merged"] == verdict


def test_a_class_that_contradicts_the_role_fails():
    nodes = {"x": {"bar": "x"}, "W": {"box": "W", "class": "mine"}}
    flow = {"nodes": nodes, "edges": ["x -> W"], "classes": {"mine": {"like": "adapter"}}}
    told = details(figure({}, row=[{"flow": flow}]))
    assert told["class: mine"] == "W is frozen, and the class mine looks like what is trained"


def test_counts_are_of_what_is_declared():
    family = {"A_i": {"shape": ["m", "d"], "role": "trained", "over": "i = 1..m"}}
    model = {**NONE, "symbols": {**FACTORS, **family}}
    # D and U have 512 entries each, A_1 to A_8 as many.
    for number, verdict in (("5{,}120", "holds"), ("1{,}024", "fails")):
        words = f"{number}\\text{{ trainable parameters}}"
        assert verdicts(figure(model, words)) == {words: verdict}


def test_words_and_the_page_know_what_is_declared():
    model = {**NONE, "symbols": FACTORS}
    stack = [{"bar": "x"}, {"bottleneck": ["D", "U"]}]
    drawn = figure(model, row=[{"stack": stack}], controls={"m": {"min": 2, "max": 16}})
    outputs, _ = draw(drawn, ["md", "html"], Options())
    assert "| $U$ | U | a matrix | $d \\times m$ | 64 × 8 | 512 | trained | $0$ |" in outputs["md"].decode()
    page = outputs["html"].decode()
    assert 'data-name="size m"' in page
    assert '"own":{"m":"8"}' in page


@pytest.mark.parametrize(
    ("alpha", "equation", "verdict"),
    [
        (None, r"W \leftarrow W + BA", "holds"),
        (None, r"W \leftarrow W + 2BA", "fails"),
        (8, r"W \leftarrow W + BA", "fails"),
        (8, r"W \leftarrow W + \frac{\alpha}{r} BA", "holds"),
        (None, r"B \leftarrow 0", "holds"),
    ],
)
def test_an_arrow_says_what_is_merged_into_the_weight(alpha, equation, verdict):
    model = {"d": 64, "r": 4} if alpha is None else {"d": 64, "r": 4, "alpha": alpha}
    assert verdicts(figure(model, equation)) == {equation: verdict}


def test_w_may_be_the_new_weight_where_let_says_so():
    new = r"W = W_0 + \Delta W"
    told = verdicts(figure({"let": [new]}, "h = Wx", "h = W_0 x + BAx", "W = W_0 + BA", "h = Wx + BAx"))
    assert list(told.values()) == ["holds", "holds", "holds", "holds", "fails"]
    assert verdicts(figure({}, new)) == {new: "fails"}


def test_row_vectors_and_weights_of_other_shapes():
    symbols = {
        "x": {"shape": "k", "role": "input"},
        "W": {"shape": ["k", "d"]},
        "A": {"shape": ["k", "r"]},
        "B": {"shape": ["r", "d"]},
        "W_k": {"shape": ["d_{kv}", "d"], "role": "frozen"},
    }
    model = {"adapter": "none", "d": 64, "k": 32, "r": 4, "sizes": {"d_{kv}": 16}, "symbols": symbols}
    rows = figure({**model, "let": ["y = xW + xAB"]}, "y = x(W + AB)", "y = x(W + BA)")
    assert list(verdicts(rows).values()) == ["holds", "holds", "ill-typed"]
    shapes = figure(model, r"W_k \in \mathbb{R}^{16 \times 64}", r"W_k: d \times d")
    assert list(verdicts(shapes).values()) == ["holds", "ill-typed"]


@pytest.mark.parametrize("words", ["The pretrained weights are frozen"])
def test_without_an_adapter_nothing_is_said_of_one(words):
    drawn = figure({"adapter": "none"}, card={"rows": [words]}, row=[{"equations": ["d = 768"]}])
    assert verdicts(drawn)[words] == "undetermined"


@pytest.mark.parametrize("text", ["4-bit ≈ 3.5 GB", "4.19M trainable parameters", "Adam states: 33.6 MB"])
def test_nothing_is_counted_where_nothing_is_declared(text: str) -> None:
    """Zero is not an answer of a figure that says nothing of its model."""
    spec = (
        f"id: a\ntitle: a\nmodel: {{adapter: none}}\nflow: {{nodes: {{n: {{box: ['{text}']}}}}, edges: []}}"
    )
    (claim,) = [claim for claim in lorafig.loads(spec).check().claims if claim.text == text]
    assert claim.verdict == "undetermined"
    assert claim.detail == "nothing on this figure is declared that has parameters"


def _on_a_box(words, symbol):
    model = {"adapter": "none", "d": 64, "symbols": {"x": {"shape": "d", "role": "input"}, "Z": symbol}}
    flow = {"nodes": {"x": {"bar": "x"}, "z": {"box": "Z", "text": [words]}}, "edges": ["x -> z"]}
    return {claim.text: claim.verdict for claim in check(figure(model, row=[{"flow": flow}])).claims}.get(
        words
    )


RANDOM, ZERO = {"shape": ["d", "d"], "role": "random"}, {"shape": ["d", "d"], "role": "trained", "start": 0}
NORMAL = {"shape": ["d", "d"], "role": "frozen", "start": "\\mathcal{N}(0, \\sigma^2)"}


@pytest.mark.parametrize(
    ("words", "symbol", "verdict"),
    [
        ("Random", RANDOM, "holds"),
        ("Frozen random", RANDOM, "holds"),
        ("Frozen random projection", RANDOM, "holds"),
        ("Random projection", NORMAL, "holds"),
        ("Gaussian", NORMAL, "holds"),
        ("Zero-initialized", ZERO, "holds"),
        ("Random", ZERO, "fails"),
        ("Zero-initialized", NORMAL, "fails"),
        ("Trained random projection", RANDOM, "fails"),
        ("Gaussian", RANDOM, "undetermined"),
        ("Random", {"shape": ["d", "d"], "role": "frozen"}, "undetermined"),
        ("Zero convolution", ZERO, None),  # what it is called: no claim
        ("1×1 convolution", ZERO, None),
        ("Random basis", RANDOM, None),
    ],
)
def test_how_a_symbol_of_ones_own_starts_is_what_it_declares(words, symbol, verdict):
    assert _on_a_box(words, symbol) == verdict


def test_what_a_decision_asks_is_not_stated():
    flow = {"nodes": {"a": {"rounded": ["Step"]}, "b": {"diamond": ["$t < T$?"]}}, "edges": ["a -> b"]}
    assert check(figure({"d": 64}, row=[{"flow": flow}])).verdict == "holds"
    flow["nodes"]["b"] = {"diamond": ["$t < T$"]}
    assert check(figure({"d": 64}, row=[{"flow": flow}])).verdict == "undetermined"


OUTPUT = {
    **NONE,
    "symbols": {**FACTORS, "y": {"shape": "d", "role": "output"}},
    "functions": {"f": {"means": "d -> d", "role": "frozen"}},
}
FLOW = {
    "nodes": {"x": {"bar": "x"}, "f": {"rounded": "f"}, "W": {"box": "W"}, "y": {"bar": "y"}},
    "edges": ["x -> f -> W -> y"],
}


def test_an_output_that_is_declared_alone_is_what_comes_out():
    stack = [{"bar": "x"}, {"apply": "f"}, {"square": "W"}, {"bar": "y"}]
    for panel in ({"flow": FLOW}, {"stack": stack}):
        row = [{"equations": ["y = Wf(x)", "y = f(Wx)", "y = Wx"]}, panel]
        told = verdicts(figure(OUTPUT, row=row))
        assert (told["y = Wf(x)"], told["y"]) == ("holds", "holds")
        assert "holds" not in (told["y = f(Wx)"], told["y = Wx"])


def test_an_output_is_the_same_on_all_panels():
    other = [{"bar": "x"}, {"square": "W"}, {"bar": "y"}]
    report = check(figure(OUTPUT, row=[{"flow": FLOW}, {"stack": other}]))
    assert report.verdict != "holds"
    twice = check(figure(OUTPUT, row=[{"flow": FLOW}, {"flow": FLOW}]))
    assert twice.verdict == "holds", [claim.detail for claim in twice.claims if not claim.stands]


def test_what_let_defines_is_not_what_a_picture_says():
    model = {**OUTPUT, "let": ["y = Wx"]}
    assert check(figure(model, row=[{"flow": FLOW}])).verdict != "holds"


def test_let_gives_a_symbol_no_second_shape():
    told = verdicts(
        figure({**NONE, "symbols": {"G": {"shape": ["d", "d"]}}, "let": ["G: d \\times m"]}, "d = 64")
    )
    assert told["G: d \\times m"] == "ill-typed"
