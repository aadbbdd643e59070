"""The forward pass of a page against the core: the same small numbers through the core's own functions."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator
from fractions import Fraction
from math import isqrt
from typing import Any, TypeAlias

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lorafig.core.adapters import ADAPTERS
from lorafig.core.adapters.adalora import Adalora
from lorafig.core.adapters.dora import Dora
from lorafig.core.adapters.ia3 import Ia3
from lorafig.core.adapters.loha import Loha
from lorafig.core.adapters.lokr import Lokr, split
from lorafig.core.adapters.lora import Factors
from lorafig.core.adapters.lora_xs import LoraXs
from lorafig.core.adapters.vera import Vera
from lorafig.page.data import script_safe
from lorafig.page.forward import MOST, forward_html, plan_data, table
from lorafig.page.steps import Plan, compile_plan
from tests.javascript import node, pair, script

Matrix: TypeAlias = "np.ndarray[Any, Any]"
Ask: TypeAlias = Callable[[Any], Any]

METHODS = sorted(ADAPTERS)
PLANS: dict[str, Plan] = {
    f"{method}{' unscaled' * (not scaled)}{' square' * square}": compile_plan(method, scaled, square)
    for method in METHODS
    for scaled in (True, False)
    for square in (True, False)
}
ANSWER = """
const entry = (x) => (x === null ? null : Exact.is(x) ? [`${x.n}`, `${x.d}`] : [x.v, x.e]);
const entries = (matrix) => matrix.map((row) => row.map(entry));
const answer = ([name, v, start, change]) => {
  if (name in Forward.doubles) return Forward.doubles[name](...v);
  const plan = JSON.parse(JSON.stringify(PLANS[name]));
  if (change) Object.assign(plan.steps[change[0]], change[1]);
  const values = Object.fromEntries(Object.entries(v).map(([symbol, pair]) => [symbol, Exact.num(...pair)]));
  const found = Forward.run(plan, { v: values, start });
  if (found === null) return null;
  const given = Object.entries(found.given).map(([symbol, one]) => [symbol, entries(one)]);
  return { ...found, given: Object.fromEntries(given), steps: found.steps.map(entries) };
};
"""


@pytest.fixture(scope="module")
def ask() -> Iterator[Ask]:
    plans = f"const PLANS = {script_safe({name: plan_data(plan) for name, plan in PLANS.items()})};"
    with node(script("exact.js", "forward.js") + plans + ANSWER) as found:
        yield found


def setting(d: int, k: int, r: int, alpha: Fraction | None) -> dict[str, list[str]]:
    values = {"d": Fraction(d), "k": Fraction(k), "r": Fraction(r)}
    return {name: pair(one) for name, one in (values | ({} if alpha is None else {"α": alpha})).items()}


def exact(matrix: list[list[list[str]]]) -> Matrix:
    """Fractions, a vector as a vector."""
    rows = [[Fraction(int(n), int(d)) for n, d in row] for row in matrix]
    found = np.empty((len(rows), len(rows[0])), dtype=object)
    for i, row in enumerate(rows):
        found[i] = row
    return found


def doubles(matrix: list[list[Any]], is_exact: bool) -> Matrix:
    if is_exact:
        return exact(matrix).astype(np.float64)
    return np.array([[v for v, _ in row] for row in matrix])


def state_of(method: str, given: dict[str, Matrix], scale: Any) -> Any:
    """The core's own class with the page's numbers."""
    one = {name: values[:, 0] if values.shape[1] == 1 and len(shape) == 1 else values
           for name, shape in ADAPTERS[method].symbols.items() for values in [given[name]]}  # fmt: skip
    match method:
        case "dora":
            return Dora(one["m"], one["A"], one["B"], scale)
        case "vera":
            return Vera(one["A"], one["B"], one["λ_d"], one["λ_b"])
        case "adalora":
            return Adalora(one["P"], one["λ"], one["Q"], scale)
        case "loha":
            return Loha(one["B_1"], one["A_1"], one["B_2"], one["A_2"], scale)
        case "lokr":
            return Lokr(one["C"], one["B"], one["A"], scale)
        case "lora-xs":
            return LoraXs(one["A"], one["R"], one["B"], scale)
        case "ia3":
            return Ia3(one["l"])
        case _:
            return Factors(one["A"], one["B"], scale)


sides = st.one_of(st.integers(1, 6), st.sampled_from([16, 768, 4096, 2**60]))
ranks = st.one_of(st.integers(1, 9), st.sampled_from([16, 64, 256, 2**61]))
alphas = st.one_of(
    st.integers(1, 64).map(Fraction), st.fractions(Fraction(1, 100), 1000, max_denominator=100)
)
squares = st.builds(lambda one: one * one, st.integers(1, 16))


@settings(max_examples=300, deadline=None)
@given(sides, sides, st.one_of(ranks, squares), st.one_of(st.none(), alphas), st.booleans())
def test_every_setting_gives_what_the_core_gives(
    ask: Ask, d: int, k: int, r: int, alpha: Fraction | None, start: bool
) -> None:
    for method in METHODS:
        compare_with_the_core(ask, method, d, k, r, alpha, start)


def compare_with_the_core(
    ask: Ask, method: str, d: int, k: int, r: int, alpha: Fraction | None, start: bool
) -> None:
    row = ADAPTERS[method]
    scaled = alpha is not None and row.scale != ""
    name = method + " unscaled" * (not scaled) + " square" * (d == k)
    plan = PLANS[name]
    found = ask([name, setting(d, k, r, alpha), start, None])
    given = {symbol: doubles(one, found["exact"]) for symbol, one in found["given"].items()}
    steps = [doubles(one, found["exact"]) for one in found["steps"]]
    weight = given[row.frozen[0]]
    scale = float(row.scaling(alpha, r)) if scaled and alpha is not None else 1.0
    state = state_of(method, given, scale)
    x = given["x"][:, 0]
    h, product = steps[plan.h][:, 0], steps[plan.product][:, 0]
    core_h, core_merged = row.forward(weight, state, x), row.merged(weight, state)
    tolerance = 2.0**-40 * (np.abs(core_merged) @ np.abs(x) + np.abs(core_h) + abs(scale)).max()
    assert np.abs(core_h - h).max() <= tolerance
    assert np.abs(core_merged - steps[plan.merged]).max() <= tolerance
    assert np.abs(core_merged @ x - product).max() <= tolerance
    assert found["equal"]["holds"] is True
    if start and row.at_weight:
        assert found["unadapted"]["holds"] is True
        assert np.abs(given["W"] @ x - h).max() <= tolerance
    else:
        assert found["unadapted"] is None
    rootless = method == "dora" or (method == "rslora" and scaled and round(r**0.5) ** 2 != r)
    assert found["exact"] == found["equal"]["exact"]
    assert found["exact"] or rootless
    if not found["exact"]:
        assert 0 <= found["equal"]["difference"] <= found["equal"]["bound"] <= tolerance


@settings(max_examples=500, deadline=None)
@given(
    st.sampled_from([one for one in METHODS if one not in ("rslora", "dora", "lokr")]),
    sides, sides, ranks, alphas, st.booleans(),
)  # fmt: skip
def test_what_is_exact_is_exactly_what_the_core_gives(
    ask: Ask, method: str, d: int, k: int, r: int, alpha: Fraction, start: bool
) -> None:
    """The core's functions on fractions: not one of them may differ by anything. (Those of LoKr, and roots,
    work on doubles alone.)"""
    row = ADAPTERS[method]
    found = ask([method, setting(d, k, r, alpha), start, None])
    given = {symbol: exact(one) for symbol, one in found["given"].items()}
    scale = row.scaling(alpha, r) if row.scale != "" else Fraction(1)
    weight, state = given[row.frozen[0]], state_of(method, given, scale)
    x, plan = given["x"][:, 0], PLANS[method]
    steps = [exact(one) for one in found["steps"]]
    assert (row.forward(weight, state, x) == steps[plan.h][:, 0]).all()
    assert (row.merged(weight, state) == steps[plan.merged]).all()
    assert (row.merged(weight, state) @ x == steps[plan.product][:, 0]).all()


@settings(max_examples=500, deadline=None)
@given(st.sampled_from(METHODS), sides, sides, ranks)
def test_the_sizes_that_are_shown(ask: Ask, method: str, d: int, k: int, r: int) -> None:
    found = ask([method, setting(d, k, r, Fraction(16)), False, None])
    shown = found["sizes"]
    assert (shown["d"], shown["k"]) == (min(d, 4), min(k, 4))
    if method == "lokr":
        divided = [(shown["d_1"], shown["d_2"]), (shown["k_1"], shown["k_2"])]
        assert divided == [split(min(d, 4)), split(min(k, 4))]
    assert 1 <= shown["r"] <= r
    low = r < min(d, k)
    if method == "lokr":
        room = min(shown["d_2"], shown["k_2"])
        assert shown["r"] < room or room == 1 or not low
    else:
        assert (shown["r"] < min(shown["d"], shown["k"])) == low
        assert shown["r"] == (
            min(r, 2, min(shown["d"], shown["k"]) - 1) if low else min(shown["d"], shown["k"])
        )
    for symbol, one in zip((one.name for one in PLANS[method].given), PLANS[method].given, strict=True):
        matrix = found["given"][symbol]
        sizes = [*(shown[size] for size in one.sizes), 1, 1][:2]
        assert [len(matrix), len(matrix[0])] == sizes
    for values, step in zip(found["steps"], PLANS[method].steps, strict=True):
        assert [len(values), len(values[0])] == [*(shown[size] for size in step.sizes), 1, 1][:2]


@pytest.mark.parametrize("method", METHODS)
def test_the_start_is_that_of_the_core(ask: Ask, method: str) -> None:
    """What the core's own start gives: entries that are all alike, and what is computed from W."""
    row, size = ADAPTERS[method], 4
    given = ask([method, setting(size, size, 2, Fraction(16)), True, None])["given"]
    trained = ask([method, setting(size, size, 2, Fraction(16)), False, None])["given"]
    W = np.array([[quarter / 4 for quarter in line] for line in table(_given(method, "W"))])
    _, state = row.start(W, 2, 0, 8.0)
    for symbol, law in row.laws.items():
        before = np.array([[_number(one) for one in line] for line in given[symbol]])
        core = getattr(state, symbol)
        if law in ("zero", "one", "constant"):
            assert set(before.flat) == set(core.flat), symbol
            assert given[symbol] != trained[symbol]
        elif law == "norms":
            assert before[:, 0] == pytest.approx(core, rel=1e-15)
        else:
            assert given[symbol] == trained[symbol], "what is drawn is the same table"
    if method == "pissa":
        W_res = np.array([[_number(one) for one in line] for line in given["W_res"]])
        A, B = (np.array([[_number(one) for one in line] for line in given[name]]) for name in "AB")
        assert (W_res + 8.0 * B @ A == W).all()


def _given(method: str, name: str) -> Any:
    return next(one for one in PLANS[method].given if one.name == name)


def _number(entry: list[Any]) -> float:
    return int(entry[0]) / int(entry[1]) if isinstance(entry[0], str) else float(entry[0])


@pytest.mark.parametrize("name", sorted(PLANS))
def test_a_wrong_step_is_not_equal(ask: Ask, name: str) -> None:
    """Another symbol of the same shape, or minus for plus: what was said to be equal is not any more."""
    plan, found = PLANS[name], 0
    values = setting(4, 4, 2, Fraction(6))
    for index, step in enumerate(plan.steps[: plan.product + 1]):
        for wrong in _mistakes(plan, index):
            reply = ask([name, values, False, [index, wrong]])
            same = ask([name, values, False, None])["steps"][index] == reply["steps"][index]
            both = _reaches(plan, index, plan.h) and _reaches(plan, index, plan.product)
            if same or both or not (_reaches(plan, index, plan.h) or _reaches(plan, index, plan.product)):
                continue
            found += 1
            assert reply["equal"]["holds"] is False, (step, wrong)
    assert found >= 2


def _mistakes(plan: Plan, index: int) -> list[dict[str, Any]]:
    step = plan.steps[index]
    shapes: dict[int | str, tuple[str, ...]] = {one.name: one.sizes for one in plan.given}
    shapes |= {i: one.sizes for i, one in enumerate(plan.steps[:index])}
    wrong: list[dict[str, Any]] = []
    for place, argument in enumerate(step.arguments):
        for other, sizes in shapes.items():
            if other != argument and sizes == shapes[argument]:
                arguments = [*step.arguments]
                arguments[place] = other
                wrong.append({"args": arguments})
    if step.op == "add":
        wrong.append({"op": "subtract"})
    return wrong


def _reaches(plan: Plan, index: int, target: int) -> bool:
    """Whether the step takes part in the target."""
    needed, pending = set(), [target]
    while pending:
        one = pending.pop()
        if one not in needed:
            needed.add(one)
            pending += [argument for argument in plan.steps[one].arguments if isinstance(argument, int)]
    return index in needed


@settings(max_examples=60, deadline=None)
@given(sides, sides, ranks, alphas, st.sampled_from(["dora", "rslora"]))
def test_every_error_is_within_its_bound(
    ask: Ask, d: int, k: int, r: int, alpha: Fraction, method: str
) -> None:
    """Every double against the same step in fractions, with roots to 200 bits."""
    found = ask([method, setting(d, k, r, alpha), False, None])
    if found["exact"]:
        return
    values: dict[int | str, Matrix] = {"α": np.array([[alpha]]), "r": np.array([[Fraction(r)]])}
    for one in PLANS[method].given:
        if one.sizes:
            doubled = [[Fraction(v) for v, _ in line] for line in found["given"][one.name]]
            values[one.name] = np.array(doubled, dtype=object)
    for index, step in enumerate(PLANS[method].steps):
        values[index] = OPERATIONS[step.op](*(values[one] for one in step.arguments))
        for line, true in zip(found["steps"][index], values[index], strict=True):
            for (v, e), value in zip(line, true, strict=True):
                assert abs(Fraction(v) - value) <= Fraction(e), step


NUMBERS: dict[str, Callable[[Fraction, Fraction], Fraction]] = {
    "add": lambda a, b: a + b,
    "sub": lambda a, b: a - b,
    "mul": lambda a, b: a * b,
    "div": lambda a, b: a / b,
    "sqrt": lambda a, b: root(a),
}
finite = st.floats(-1e6, 1e6).filter(lambda one: one == 0 or abs(one) > 1e-6)
errors = st.floats(0, 1e-3)
shares = st.fractions(-1, 1, max_denominator=64)


@settings(max_examples=1_000, deadline=None)
@given(st.sampled_from(["add", "sub", "mul", "div", "sqrt"]), finite, errors, shares, finite, errors, shares)
def test_bounds_hold_for_every_operation(
    ask: Ask, name: str, v: float, e: float, share: Fraction, w: float, f: float, other: Fraction
) -> None:
    """What is anywhere within the bounds of its parts comes out within the bound of the result."""
    one, two = Fraction(v) + share * Fraction(e), Fraction(w) + other * Fraction(f)
    found = ask([name, [{"v": v, "e": e}, {"v": w, "e": f}], False, None])
    if found is None:
        assert (name == "div" and abs(w) <= f) or (name == "sqrt" and v <= e)
        return
    value = NUMBERS[name](one, two)
    slack = Fraction(1, 2**190) if name == "sqrt" else 0
    assert abs(Fraction(found["v"]) - value) <= Fraction(found["e"]) + slack


def root(value: Fraction) -> Fraction:
    return Fraction(isqrt(value.numerator * value.denominator << 400), value.denominator << 200)


OPERATIONS: dict[str, Callable[..., Matrix]] = {
    "matmul": lambda a, b: a @ b,
    "scale": lambda s, a: s[0, 0] * a,
    "add": lambda a, b: a + b,
    "hadamard": lambda a, b: a * b,
    "columns": lambda v, a: a * v[:, 0],
    "over": lambda a, v: a / v,
    "over-columns": lambda a, v: a / v[:, 0],
    "norms": lambda a: np.array([[root((column * column).sum())] for column in a.T]),
    "divide": lambda a, b: a / b,
    "sqrt": lambda a: np.array([[root(a[0, 0])]]),
}


def test_without_a_value_nothing_is_shown(ask: Ask) -> None:
    values = setting(4, 4, 2, Fraction(16))
    assert ask(["lora", {**values, "r": ["1", "0"]}, False, None]) is None
    assert ask(["lora", {**values, "d": ["0", "1"]}, False, None]) is None
    without = ask(["lora", {name: one for name, one in values.items() if name != "α"}, False, None])
    assert without["equal"] == {"holds": None, "exact": True}


def test_numbers_are_easy() -> None:
    """Multiples of a quarter between -2 and 2.5, none of them zero, and always the same."""
    for plan in PLANS.values():
        for one in plan.given:
            if one.sizes:
                found = table(one)
                assert len(found) == MOST[one.sizes[0]]
                assert all(-8 <= entry <= 10 and entry != 0 for row in found for entry in row)
                assert min(found[0]) > 0
                assert table(one) == table(one)


def test_no_column_ever_vanishes() -> None:
    """W + s B A has no zero column for any s above 0, whatever the sizes: DoRA divides by their norms."""
    W, A, B = (np.array(table(_given("dora", name)), dtype=object) for name in "WAB")
    for d in range(1, 5):
        for r in range(1, 5):
            update = B[:d, :r] @ A[:r, :]
            for w, u in zip(W[:d].T, update.T, strict=True):
                parallel = all(w[i] * u[j] == w[j] * u[i] for i in range(d) for j in range(i))
                assert not parallel or w @ u > 0, (d, r)


def test_plans_are_data() -> None:
    for name, plan in PLANS.items():
        data = json.loads(script_safe({name: plan_data(plan)}))
        assert data == {name: json.loads(json.dumps(plan_data(plan)))}
    assert "</script>" not in script_safe({"</script>": plan_data(PLANS["lora"])})
    assert copy.deepcopy(plan_data(PLANS["lora"])) == plan_data(PLANS["lora"])


def test_the_html_is_short() -> None:
    assert len(forward_html({"lora": PLANS["lora"]})) < 6_000
    assert len(script_safe({"lora": plan_data(PLANS["lora"])})) < 1_500
