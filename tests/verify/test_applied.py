"""Functions that are applied: equal where they are for every function, false where float64 shows it, and
undetermined between the two; drawn, they are run, and words are not."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lorafig.core import functions
from lorafig.core.functions import FUNCTIONS, Function
from lorafig.errors import LorafigError
from lorafig.language import from_data
from lorafig.verify import verify
from lorafig.verify.single import decide_one

SIZES = {"d": 12, "k": 10, "r": 3}
ATTENTION = {"Q": ("n", "d_k"), "K": ("m", "d_k"), "V": ("m", "d_v")}
TOKENS = {"n": 5, "m": 6, "d_k": 4, "d_v": 3}


def claim(text, sizes=SIZES, shapes=None):
    return decide_one(text, sizes, shapes or {}, {}, (), "lora", "nearest")


def figure_of(model=None, **more):
    model = {"d": 12, "r": 3, **(model or {})}
    return from_data({"id": "f", "title": "f", "model": model, **more})


def flow_of(nodes, *edges, model=None):
    return figure_of(model, flow={"nodes": nodes, "edges": list(edges)})


def said(figure, verdict):
    return [(str(one.text), one.detail) for one in verify(figure).claims if one.verdict == verdict]


# Equations -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        (r"\mathrm{ReLU}(Wx + BAx) = \mathrm{ReLU}((W + BA)x)", "holds"),
        (r"\mathrm{ReLU}(2Wx) = 2\mathrm{ReLU}(Wx)", "undetermined"),
        (r"\mathrm{ReLU}(\mathrm{ReLU}(Wx)) = \mathrm{ReLU}(Wx)", "undetermined"),
        (r"\mathrm{ReLU}(Wx) = Wx", "fails"),
        (r"\mathrm{ReLU}(-Wx) = -\mathrm{ReLU}(Wx)", "fails"),
        (r"\mathrm{ReLU}(Wx) \ne Wx", "holds"),
        (r"\mathrm{dropout}(x) = x", "undetermined"),
        (r"\mathrm{softmax}(\mathrm{softmax}(x)) = \mathrm{softmax}(x)", "fails"),
        (r"\mathrm{LN}(2x) = \mathrm{LN}(x)", "undetermined"),
        (r"\mathrm{LN}(x) = \mathrm{RMSNorm}(x)", "fails"),
        (r"\mathrm{SiLU}(x) = x \odot \mathrm{sigmoid}(x)", "holds"),
        (r"\mathrm{mean}(Wx, BAx) = \frac{1}{2}(W + BA)x", "holds"),
        (r"\tanh(Wx) = \tanh(x)", "ill-typed"),
        (r"\mathrm{softmax}(x, x) = x", "ill-typed"),
        (r"\mathrm{softmax}(r) = 1", "ill-typed"),
        (r"\mathrm{Relux}(x) = x", "undetermined"),
        (r"\sigma(x) = x", "undetermined"),
        (r"\mathrm{rank}(\mathrm{ReLU}(W)) = k", "undetermined"),
        (r"\mathrm{mean}(x) > 0", "undetermined"),
    ],
)
def test_identities(text, verdict):
    assert claim(text).verdict == verdict


@pytest.mark.parametrize(
    ("right", "verdict"),
    [
        (r"\mathrm{softmax}\left(\frac{QK^\top}{\sqrt{d_k}}\right) V", "holds"),
        (r"\mathrm{softmax}\left(\frac{KQ^\top}{\sqrt{d_k}}\right)^\top V", "holds"),
        (r"\mathrm{softmax}(QK^\top) V", "fails"),
        (r"\mathrm{softmax}\left(\frac{QK^\top}{\sqrt{d_v}}\right) V", "fails"),
        (r"\mathrm{softmax}\left(\frac{KQ^\top}{\sqrt{d_k}}\right) V", "ill-typed"),
    ],
)
def test_attention_is_short_for_its_formula(right, verdict):
    assert claim(rf"\mathrm{{Attention}}(Q, K, V) = {right}", TOKENS, ATTENTION).verdict == verdict


def test_the_weights_of_rows_are_those_of_rows():
    """softmax(S) V weighs by each row of S, and V softmax(S) by each column."""
    shapes = {"S": ("n", "n"), "V": ("n", "n")}
    turned = r"\mathrm{softmax}(S) V = (V^\top \mathrm{softmax}(S^\top))^\top"
    assert claim(turned, {"n": 5}, shapes).verdict == "holds"
    assert (
        claim(r"\mathrm{softmax}(S)V = (V^\top \mathrm{softmax}(S)^\top)^\top", {"n": 5}, shapes).verdict
        == "fails"
    )


ENTRIES = [name for name, row in FUNCTIONS.items() if row.acts == "entries" and name != "log"]
COLUMNS = ["softmax", "layer norm", "RMS norm"]


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        (r"\mathrm{top}_2(Ax) = \mathrm{TopK}(Ax, 2)", "holds"),
        (r"\mathrm{top}_3(x) = \mathrm{top}_2(x)", "fails"),
        (r"\mathrm{top}_2(x) = x", "fails"),
        (r"\mathrm{top}_2(2x) = 2\mathrm{top}_2(x)", "undetermined"),
        (r"\mathrm{top}(x) = x", "ill-typed"),
        (r"\mathrm{top}_x(x) = x", "ill-typed"),
        (r"\mathrm{top}_0(x) = x", "ill-typed"),
        (r"\mathrm{top}_{13}(x) = x", "ill-typed"),
        (r"\mathrm{top}_{r/3}(x) = x", "ill-typed"),
        (r"\mathrm{top}_{r}(x) = \mathrm{top}_4(x)", "holds"),
        (r"\mathrm{sign}(W)x = \mathrm{sign}(W) x", "holds"),
        (r"\mathrm{sign}(x) = x", "fails"),
    ],
)
def test_the_largest_entries_and_signs_are_functions(text, verdict):
    assert claim(text, {"d": 16, "k": 12, "r": 4}).verdict == verdict


def test_no_function_is_taken_for_another():
    for one, other in combinations([*ENTRIES, *COLUMNS], 2):
        text = rf"\mathrm{{{one.replace(' ', '')}}}(Wx) = \mathrm{{{other.replace(' ', '')}}}(Wx)"
        assert claim(text).verdict == "fails", text


@settings(deadline=None)
@given(st.sampled_from([*ENTRIES, *COLUMNS]), st.permutations(["Wx", "BAx", "2x"]))
def test_equal_arguments_give_equal_values(name, summands):
    sizes = {"d": 6, "r": 2}
    left, right = (" + ".join(one) for one in (["Wx", "BAx", "2x"], summands))
    spelt = name.replace(" ", "")
    text = rf"\mathrm{{{spelt}}}({left}) = \mathrm{{{spelt}}}({right})"
    assert claim(text, sizes).verdict == "holds"


@pytest.mark.parametrize(
    ("equation", "verdict"),
    [
        ("f(x) = f(x)", "holds"),
        ("f(x) = f(2x)", "undetermined"),
        ("f(x) = 2f(x)", "undetermined"),
        ("f(x) = f(x) + Wx", "fails"),  # whatever f is
        (r"f(x) + \mathrm{ReLU}(x) = f(x) + \tanh(x)", "fails"),
        (r"f(x) + \mathrm{ReLU}(2x) = f(x) + 2\mathrm{ReLU}(x)", "undetermined"),
        (r"\sigma(Wx) = \mathrm{sigmoid}(Wx)", "holds"),
        (r"\sigma(Wx) = \tanh(Wx)", "fails"),
        (r"\gamma(Wx + x) = \gamma(x + Wx)", "holds"),
        (r"\gamma(Ax) = A\gamma(x)", "undetermined"),
        ("f(Ax) = x", "ill-typed"),
        ("f(x, x) = x", "ill-typed"),
        ("p(x, Ax) = p(x, Ax)", "holds"),
        ("p(x, Ax) = p(x, 2Ax)", "undetermined"),
    ],
)
def test_functions_that_a_figure_declares(equation, verdict):
    declared = {"f": "d -> d", r"\sigma": "sigmoid", r"\gamma": "entrywise", "p": "d, r -> d"}
    figure = figure_of({"functions": declared}, row=[{"equations": [equation]}, {"stack": [{"bar": "x"}]}])
    (answer,) = [one for one in verify(figure).claims if one.text == equation]
    assert answer.verdict == verdict, answer.detail


def test_what_is_said_of_a_function_that_is_not_known():
    answer = claim(r"\mathrm{Relux}(x) = x")
    assert answer.detail == "there is no function 'Relux'"
    assert answer.hint.startswith("did you mean 'ReLU'? the functions: ReLU, GELU, sigmoid")
    assert claim(r"\mathrm{softmax}(x, x) = x").detail == "softmax takes 1 argument, and has 2"


def test_a_size_that_is_put_together_has_the_name_of_its_value():
    shapes = {"a": ("n",), "b": ("n",), "W_o": ("d", "d")}
    text = r"W_o \mathrm{concat}(a, b) = W_o \mathrm{concat}(b, a)"
    assert claim(text, {"d": 10, "n": 5}, shapes).verdict == "fails"
    assert claim(text, {"d": 12, "n": 5}, shapes).verdict == "ill-typed"
    heads = r"\mathrm{concat}(\mathrm{split}_{5}(x)) = x"
    assert claim(heads, {"d": 10}, {"x": ("d",)}).verdict == "undetermined"
    three = claim(r"\mathrm{split}_{3}(x) = x", {"d": 10}, {"x": ("d",)})
    assert (three.verdict, three.detail) == ("ill-typed", "split₃: 10 is not 3 times a whole number")


# Drawings --------------------------------------------------------------------------------------

LORA = {
    "x": {"box": "x"},
    "W": {"box": "W"},
    "A": {"box": "A"},
    "B": {"box": "B"},
    "plus": {"circle": "+"},
    "h": {"box": "h"},
}
EDGES = ("x -> W -> plus", "x -> A -> mid -> B -> plus -> h")


@pytest.mark.parametrize("words", ["ReLU", "Zero everything", "Dropout"])
def test_words_pass_nothing_on(words):
    figure = flow_of({**LORA, "mid": {"rounded": [words]}}, *EDGES)
    ((text, detail),) = said(figure, "undetermined")
    assert text == "B"
    assert detail == f"what flows into B passes through words, “{words}”: what leaves them is not known"
    assert not said(figure, "fails")


def test_words_before_an_input_and_behind_the_output_change_nothing():
    nodes = {**LORA, "mid": {"box": "r"}, "data": {"rounded": ["Input text"]}, "out": {"rounded": ["Loss"]}}
    figure = flow_of(nodes, "data -> x", *EDGES, "h -> out")
    assert verify(figure).verdict == "holds"


@pytest.mark.parametrize(
    ("node", "verdict"),
    [
        ({"rounded": "ReLU"}, "fails"),
        ({"rounded": ["Nonlinearity"], "apply": "ReLU"}, "fails"),
        ({"rounded": ["Dropout"], "apply": "dropout"}, "undetermined"),
        ({"circle": r"\sigma"}, "fails"),
        ({"box": "f"}, "undetermined"),
    ],
)
def test_a_node_that_is_a_function_is_applied(node, verdict):
    model = {"functions": {r"\sigma": "sigmoid", "f": "r -> r"}}
    assert verify(flow_of({**LORA, "mid": node}, *EDGES, model=model)).verdict == verdict


def test_a_flow_with_a_function_gives_what_let_says():
    model = {"let": [r"y = Wx + B\mathrm{ReLU}(Ax)"]}
    nodes = {**LORA, "h": {"box": "y"}}
    assert verify(flow_of({**nodes, "mid": {"rounded": "ReLU"}}, *EDGES, model=model)).verdict == "holds"
    assert verify(flow_of({**nodes, "mid": {"rounded": "GELU"}}, *EDGES, model=model)).verdict == "fails"
    assert verify(flow_of({**nodes, "mid": {"box": "r"}}, *EDGES, model=model)).verdict == "fails"


def test_a_function_is_not_drawn_as_a_bar():
    nodes = {"x": {"bar": "x"}, "f": {"bar": "f"}}
    figure = flow_of(nodes, "x -> f", model={"functions": {"f": "d -> d"}})
    assert said(figure, "ill-typed") == [("f", "a bar is a vector, and f is a function")]


def test_arrows_are_arguments_in_the_order_of_the_edges():
    model = {"functions": {"p": "d, r -> d"}, "let": ["y = p(Wx, Ax)"]}
    nodes = {name: LORA[name] for name in ("x", "W", "A")} | {"p": {"rounded": "p"}, "y": {"box": "y"}}
    right = flow_of(nodes, "x -> W, A", "W -> p", "A -> p", "p -> y", model=model)
    wrong = flow_of(nodes, "x -> W, A", "A -> p", "W -> p", "p -> y", model=model)
    assert verify(right).verdict == "holds"
    ((text, detail),) = said(wrong, "ill-typed")
    assert text == "p"
    assert detail == "p takes d, r and gives d: A x is r, W x is d"


def test_nothing_comes_of_a_function_without_an_argument():
    figure = flow_of({"f": {"rounded": "softmax"}, "x": {"box": "x"}}, "f -> x")
    assert said(figure, "fails") == [("softmax", "nothing flows into softmax")]


@pytest.mark.parametrize(("function", "verdict"), [("ReLU", "holds"), ("GELU", "fails"), ("relu", "holds")])
def test_an_element_of_a_stack_applies_a_function(function, verdict):
    stack = [{"bar": "x"}, "arrow", {"square": "W"}, "arrow", {"apply": function}, "arrow", {"bar": "y"}]
    assert verify(figure_of({"let": [r"y = \mathrm{ReLU}(Wx)"]}, stack=stack)).verdict == verdict


def test_branches_are_the_arguments_of_a_function():
    stack = [
        {"bar": "x"},
        "arrow",
        {"split": [{"square": "W"}, {"bottleneck": ["A", "B"]}]},
        "arrow",
        {"apply": "mean"},
        "arrow",
        {"bar": "y"},
    ]
    figure = figure_of({"let": [r"y = \frac{1}{2}(W + BA)x"]}, stack=stack)
    assert verify(figure).verdict == "holds"
    wrong = figure_of(
        {"let": ["y = Wx"]}, stack=[{**one, "apply": "tanh"} if "apply" in one else one for one in stack]
    )
    assert ("tanh", "tanh takes 1 argument, and has 2") in said(wrong, "ill-typed")


@pytest.mark.parametrize(
    ("function", "verdict"),
    [("f", "prose"), ("layer norm", "holds"), ("softmax", "fails"), ("ReLU", "fails")],
)
def test_what_has_nothing_to_train_is_not_marked_as_trained(function, verdict):
    nodes = {"x": {"box": "x"}, "f": {"rounded": ["Part"], "apply": function, "badge": "trainable"}}
    assert _of_badge(flow_of(nodes, "x -> f", model={"functions": {"f": "d -> d"}})) == verdict


def _of_badge(figure):
    """The verdict on what the badge of a part says: a figure of prose holds."""
    report = verify(figure)
    return "prose" if any(claim.text.startswith("f is ") for claim in report.prose) else report.verdict


@pytest.mark.parametrize(
    ("role", "badge", "verdict"),
    [
        ("frozen", "frozen", "holds"),
        ("frozen", "lock", "holds"),
        ("frozen", "trainable", "fails"),
        ("trained", "trainable", "holds"),
        ("trained", "frozen", "fails"),
        (None, "frozen", "prose"),
    ],
)
def test_a_badge_on_a_function_is_held_to_its_role(role, badge, verdict):
    nodes = {"x": {"box": "x"}, "f": {"rounded": ["Part"], "apply": "f", "badge": badge}}
    declared = {"means": "d -> d"} if role is None else {"means": "d -> d", "role": role}
    assert _of_badge(flow_of(nodes, "x -> f", model={"functions": {"f": declared}})) == verdict


def test_apply_is_for_words():
    with pytest.raises(LorafigError, match="'apply' on a node with a symbol"):
        flow_of({"x": {"box": "x", "apply": "ReLU"}})


def test_a_panel_declares_functions_of_its_own():
    stack = [{"bar": "x"}, "arrow", {"apply": r"\gamma"}, "arrow", {"bar": "y"}]
    own = {"functions": {r"\gamma": "ReLU"}, "let": [r"y = \mathrm{ReLU}(x)"]}
    row = [{"panel": "own", "model": own, "stack": stack}, {"stack": [{"bar": "x"}]}]
    assert verify(figure_of(row=row)).verdict == "holds"
    flow = {
        "nodes": {"x": {"box": "x"}, "g": {"circle": r"\gamma"}, "y": {"box": "y"}},
        "edges": ["x -> g -> y"],
    }
    assert verify(figure_of(row=[{"model": own, "flow": flow}])).verdict == "holds"
    assert verify(figure_of(row=[{"flow": flow}])).verdict == "undetermined"


# One row ---------------------------------------------------------------------------------------


def test_a_new_function_is_one_row(monkeypatch):
    def evaluate(x, error):
        return x * np.abs(x), (2 * np.abs(x) + error) * error

    row = Function("squash", "squash", "entries", evaluate=evaluate)
    monkeypatch.setattr(functions, "FUNCTIONS", {**FUNCTIONS, row.name: row})
    for module in (
        "verify.meaning.calls",
        "verify.meaning.field",
        "verify.decide.sampled",
        "language.functions",
    ):
        monkeypatch.setattr(f"lorafig.{module}.FUNCTIONS", {**FUNCTIONS, row.name: row})
    functions._spellings.cache_clear()
    try:
        sizes = {"d": 8, "k": 6, "r": 2}
        same, other = (
            decide_one(claim, sizes, {}, {}, (), "lora", "nearest")
            for claim in (
                r"\mathrm{squash}(Wx + BAx) = \mathrm{squash}((W + BA)x)",
                r"\mathrm{squash}(Wx) = \mathrm{ReLU}(Wx)",
            )
        )
        assert (same.verdict, other.verdict) == ("holds", "fails")
    finally:
        functions._spellings.cache_clear()
