"""The forward pass of figures of their author's own: the steps of the graph, and their numbers by NumPy."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, TypeAlias

import numpy as np
import pytest

import lorafig
from lorafig.language import from_data
from lorafig.notation.write.plain import to_plain
from lorafig.page.data import script_safe
from lorafig.page.forward import forward_html, plan_data
from lorafig.page.graphs import graph_plan, own_plan
from lorafig.page.steps import Plan
from lorafig.resources import gallery
from tests.javascript import node, script

Matrix: TypeAlias = "np.ndarray[Any, Any]"


def _plan(name: str) -> Plan:
    plan = graph_plan(lorafig.load(gallery()[name]).spec)
    assert plan is not None
    return plan


def own(symbols: dict[str, Any], flow: dict[str, Any], **model: Any) -> Plan | None:
    """The plan of a spec with `adapter: none`."""
    whole = {"adapter": "none", "d": 64, "r": 8, "symbols": symbols, **model}
    row = [{"flow": {"direction": "up", **flow}}]
    return graph_plan(from_data({"id": "own", "title": "One's own", "model": whole, "row": row}))


GATED = own(
    {
        "x": {"shape": ["d"], "role": "input"},
        "W": {"shape": ["d", "d"], "role": "frozen"},
        "A": {"shape": ["r", "d"], "role": "trained"},
        "B": {"shape": ["d", "r"], "role": "trained", "start": 0},
        "g": {},
    },
    {
        "nodes": {
            "x": {"bar": "x"}, "W": {"box": "W"}, "A": {"box": "A"}, "B": {"box": "B"}, "g": {"box": "g"},
            "plus": {"circle": "+"}, "h": {"bar": "h"},
        },
        "edges": ["x -> W -> plus", "x -> A -> B -> g -> plus -> h"],
    },
    let=["h = Wx + g BAx"],
)  # fmt: skip
BOTTLENECK = own(
    {
        "x": {"shape": ["d"], "role": "input"},
        "D": {"shape": ["m", "d"], "role": "trained"},
        "U": {"shape": ["d", "m"], "role": "trained"},
    },
    {
        "nodes": {
            "x": {"bar": "x"}, "D": {"box": "D"}, "f": {"rounded": "f"}, "U": {"box": "U"},
            "plus": {"circle": "+"}, "y": {"bar": "y"},
        },
        "edges": ["x -> D -> f -> U -> plus", "x -> plus -> y"],
    },
    sizes={"m": 16},
    functions={"f": "GELU"},
    let=["y = x + U f(D x)"],
)  # fmt: skip
UNKNOWN = own(
    {"x": {"shape": ["d"], "role": "input"}, "W": {"shape": ["d", "d"], "role": "trained"}},
    {"nodes": {"x": {"bar": "x"}, "q": {"rounded": "q"}, "W": {"box": "W"}}, "edges": ["x -> q -> W"]},
    functions={"q": "d -> d"},
)
PLANS = {
    **{
        name: _plan(name)
        for name in ("lora-convolution", "lora-experts", "galore", "ia3", "lora-dora-outputs")
    },
    "gated": GATED,
    "bottleneck": BOTTLENECK,
    "unknown": UNKNOWN,
}
ANSWER = """
const value = (x) => (x === null ? null : Exact.is(x) ? Exact.float(x) : x.v);
const entries = (matrix) => matrix.map((row) => row.map(value));
const answer = ([name, v, start]) => {
  const values = Object.fromEntries(Object.entries(v).map(([symbol, size]) => [symbol, Exact.num(size)]));
  const found = Forward.run(PLANS[name], { v: values, start });
  const given = Object.entries(found.given).map(([symbol, one]) => [symbol, entries(one)]);
  return { ...found, given: Object.fromEntries(given), steps: found.steps.map(entries) };
};
"""
SIZES = {"d": 64, "k": 64, "r": 8, "c": 320, "n": 2880, "m": 16}


@pytest.fixture(scope="module")
def ask() -> Iterator[Callable[[Any], Any]]:
    plans = {name: plan_data(plan) for name, plan in PLANS.items() if plan is not None}
    with node(
        script("functions.js", "exact.js", "forward.js") + f"const PLANS = {script_safe(plans)};" + ANSWER
    ) as it:
        yield it


def _labels(plan: Plan | None) -> list[str]:
    assert plan is not None
    return [to_plain(step.label) for step in plan.steps]


def test_the_steps_are_those_of_the_graph_in_its_own_symbols() -> None:
    assert _labels(PLANS["lora-convolution"]) == [
        "Wx", "Ax", "B(Ax)", "h = Wx + B(Ax)", "BA", "W' = W + BA", "W'x",
    ]  # fmt: skip
    assert _labels(PLANS["galore"]) == ["Pᵀ", "R = Pᵀ G", "N = ρ(R)", "PN", "ΔW = η · PN"]
    assert _labels(PLANS["gated"])[-4:] == ["BA", "g · BA", "W' = W + g · BA", "W'x"]
    assert _labels(PLANS["bottleneck"]) == ["Dx", "GELU(Dx)", "U GELU(Dx)", "y = U GELU(Dx) + x"]
    assert _labels(PLANS["lora-experts"])[-1] == "h = Wx + ω₁ · B₁(A₁x) + ω₂ · B₂(A₂x)"
    assert {one.name: one.sizes for one in PLANS["lora-convolution"].given} == {
        "x": ("n",), "W": ("c", "n"), "A": ("r", "n"), "B": ("c", "r"),
    }  # fmt: skip


def test_what_is_linear_merges_and_grows_and_nothing_else() -> None:
    for name in ("lora-convolution", "gated"):
        plan = PLANS[name]
        assert plan is not None
        assert plan.rank == "r"
        assert plan.through_rank() == ("B", "A")
    assert PLANS["galore"].update == 4
    for name in ("lora-experts", "bottleneck", "ia3"):
        plan = PLANS[name]
        assert plan is not None
        assert (plan.merged, plan.update) == (None, None)


@pytest.mark.parametrize("start", [False, True])
@pytest.mark.parametrize("name", ["lora-convolution", "gated", "lora-dora-outputs"])
def test_the_merged_weight_gives_what_both_give(ask: Any, name: str, start: bool) -> None:
    found = ask([name, SIZES, start])
    assert found["equal"]["holds"] is True
    if name != "lora-dora-outputs" and start:
        assert found["unadapted"] == {"holds": True, "exact": True}


def _values(found: Any, plan: Plan) -> tuple[dict[str, Matrix], dict[str, Matrix]]:
    given = {symbol: np.array(one) for symbol, one in found["given"].items()}
    steps = {
        to_plain(step.label): np.array(one) for step, one in zip(plan.steps, found["steps"], strict=True)
    }
    return given, steps


def test_numbers_are_those_of_numpy(ask: Any) -> None:
    plan = PLANS["bottleneck"]
    assert plan is not None
    given, steps = _values(ask(["bottleneck", SIZES, False]), plan)
    z = given["D"] @ given["x"]
    from math import erf

    gelu = np.array([[0.5 * one * (1 + erf(one / 2**0.5))] for one in z[:, 0]])
    assert steps["y = U GELU(Dx) + x"] == pytest.approx(given["U"] @ gelu + given["x"], abs=1e-12)
    given, steps = _values(ask(["lora-experts", SIZES, False]), PLANS["lora-experts"])
    x, g = given["x"], np.exp(given["W_g"] @ given["x"])
    g = g / g.sum()
    h = given["W"] @ x + sum(g[i] * (given[f"B_{i + 1}"] @ given[f"A_{i + 1}"] @ x) for i in range(2))
    assert steps["h = Wx + ω₁ · B₁(A₁x) + ω₂ · B₂(A₂x)"] == pytest.approx(h, abs=1e-12)


def test_attention_is_that_of_numpy(ask: Any) -> None:
    sizes = {**SIZES, "d_k": 64, "n": 16}
    given, steps = _values(ask(["ia3", sizes, False]), PLANS["ia3"])
    X = given["X"]
    q, k, v = (given[f"W_{one}"] @ X for one in "qkv")
    k, v = given["l_k"] * k, given["l_v"] * v
    a = np.exp(k.T @ q / 8)
    whole = v @ (a / a.sum(axis=0))
    assert steps["H = V softmax((Kᵀ Q)/√(d_k))"] == pytest.approx(whole, abs=1e-12)


def test_of_an_unknown_function_the_page_says_so() -> None:
    assert UNKNOWN is not None
    said = forward_html({"none": UNKNOWN})
    assert (
        "Nothing more is known of <math><mi>q</mi></math>: a function of the page’s own stands for it" in said
    )
    assert "Nothing more is known" not in forward_html({"none": PLANS["lora-convolution"]})


EXCHANGES = {"federated-lora"}  # who sends what to whom: no vector goes through it


def test_every_gallery_figure_of_its_own_with_controls_has_its_steps() -> None:
    for name, path in gallery().items():
        figure = lorafig.load(path).spec
        if figure.controls is not None and figure.model.adapter == "none":
            assert (graph_plan(figure) is None) == (name in EXCHANGES), name


def test_a_figure_of_a_method_that_gives_another_thing_has_its_own_steps() -> None:
    plan = own_plan(lorafig.load(gallery()["dylora"]).spec)
    assert _labels(plan)[:5] == ["Wx", "A_(:b)", "A_(:b)x", "B_(:,:b)", "B_(:,:b)(A_(:b)x)"]
    assert plan is not None
    assert (plan.rank, plan.parts) == ("b", (("b", "r"),))
    assert {one.name for one in plan.given if one.trained} == {"A", "B"}
    for name in ("lora-two-panel", "lora-dora", "full-lora-qlora", "lora-adalora"):
        assert own_plan(lorafig.load(gallery()[name]).spec) is None
