"""The adapter's formulas against each other, and against exact fractions."""

from __future__ import annotations

import subprocess
import sys
from fractions import Fraction
from itertools import pairwise
from math import isqrt
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from lorafig.core.adapter import SIGMA, scaling
from lorafig.core.adapters import ADAPTERS, dora, ia3, loha, lokr, lora, rslora
from lorafig.core.adapters.dora import norms
from lorafig.core.adapters.lokr import split
from lorafig.core.adapters.lora import Factors, merged, unmerged
from lorafig.core.counts import full_parameters, lora_parameters, multiply_adds, reduction, trained_share
from lorafig.core.training import train_adapter
from lorafig.notation.canonical import key
from lorafig.notation.children import children
from lorafig.notation.numbers.arithmetic import evaluate
from lorafig.notation.read.parse import parse_math
from lorafig.notation.tree import Node

SIZES = st.integers(1, 12)


def test_the_scaling_is_alpha_over_r() -> None:
    assert scaling(16.0, 8) == 2.0
    assert scaling(Fraction(1), 3) == Fraction(1, 3)


def test_a_adapter_starts_as_the_paper_says() -> None:
    W = np.ones((64, 48))
    _, factors = lora.start(W, 8, seed=3)
    assert factors.A.shape == (8, 48)
    assert factors.B.shape == (64, 8)
    assert not factors.B.any()
    assert np.all(factors.A != 0)
    assert abs(float(factors.A.std()) - SIGMA) < 0.16 * SIGMA
    _, again = lora.start(W, 8, seed=3)
    assert np.array_equal(factors.A, again.A)
    assert not np.array_equal(factors.A, lora.start(W, 8, seed=4)[1].A)


def test_the_first_output_is_the_pretrained_one_bit_for_bit() -> None:
    generator = np.random.default_rng(0)
    W, x = generator.normal(size=(24, 40)), generator.normal(size=40)
    _, factors = lora.start(W, 4, seed=1, scale=2.0)
    assert np.array_equal(lora.forward(W, factors, x), W @ x)
    assert np.array_equal(merged(W, factors), W)


@given(SIZES, SIZES, SIZES, st.integers(0, 2**31), st.sampled_from([0.5, 1.0, 2.0, 4.0]))
def test_forward_and_merged_agree_exactly_on_integers(
    d: int, k: int, r: int, seed: int, scale: float
) -> None:
    generator = np.random.default_rng(seed)

    def integers(*shape: int) -> np.ndarray:
        return generator.integers(-9, 10, shape).astype(float)

    W, x = integers(d, k), integers(k, 3)
    factors = Factors(integers(r, k), integers(d, r), scale)
    assert np.array_equal(lora.forward(W, factors, x), merged(W, factors) @ x)
    assert np.array_equal(unmerged(merged(W, factors), factors), W)
    assert np.linalg.matrix_rank(lora.delta(factors)) <= min(d, k, r)


@given(st.integers(1, 2**40), st.integers(1, 2**40), st.integers(1, 2**40))
def test_counts_are_exact(d: int, k: int, r: int) -> None:
    trained = lora_parameters(d, k, r)
    assert trained == r * k + d * r
    assert trained_share(d, k, trained) * reduction(d, k, trained) == 1
    assert full_parameters(d, k) == d * k
    assert multiply_adds(d, k, r) == d * k + trained


# The family ----------------------------------------------------------------------------------

SPLIT = {"d": 24, "k": 20, "r": 2, "d_1": 4, "d_2": 6, "k_1": 4, "k_2": 5}  # d = d_1 d_2, k = k_1 k_2
D, K, R = 24, 20, 2


def _started(name: str, seed: int = 0, scale: float = 2.0) -> tuple[np.ndarray, np.ndarray, Any]:
    """A weight, what stays frozen of it, and the state at the start."""
    W = np.random.default_rng(seed).normal(size=(D, K))
    return W, *ADAPTERS[name].start(W, R, seed, scale)


def _stirred(name: str, state: Any, seed: int = 1) -> Any:
    """The state with its trained arrays anywhere."""
    generator = np.random.default_rng(seed)
    moved = {
        one: getattr(state, one) + generator.normal(size=getattr(state, one).shape)
        for one in ADAPTERS[name].trainable
    }
    return replace(state, **moved)


@pytest.mark.parametrize("name", ADAPTERS)
def test_a_row_is_consistent(name: str) -> None:
    row = ADAPTERS[name]
    assert row.name == name
    assert set(row.trainable) <= set(row.laws)
    assert set(row.trainable).isdisjoint(row.frozen)
    assert {*row.trainable, *row.frozen, "x"} == set(row.symbols)
    assert row.rank in ("", *(size for sizes in row.symbols.values() for size in sizes))
    for state in (row.initial(D, K, R, 0), _started(name)[2]):
        for symbol, law in row.laws.items():
            array = getattr(state, symbol)
            assert array.shape == tuple(SPLIT[one] for one in row.symbols[symbol])
            assert array.any() == (law != "zero")
            if law in ("one", "constant"):
                assert np.all(array == array.flat[0])
        assert row.parameters(D, K, R) == sum(getattr(state, one).size for one in row.trainable)


def _names(node: Node) -> set[str]:
    name = key(node)
    return {name} if name is not None else {one for child in children(node) for one in _names(child)}


@pytest.mark.parametrize("name", ADAPTERS)
def test_what_a_row_says_can_be_read(name: str) -> None:
    row = ADAPTERS[name]
    known = {*row.symbols, *SPLIT, "s", "α"}
    assert "h" in row.defined
    assert "W'" in row.defined
    for symbol, definition in row.defined.items():
        assert key(parse_math(symbol)) == symbol
        names = _names(parse_math(definition)) - {"diag", "c"}
        assert names <= known, names - known
    for symbol in row.symbols:
        assert key(parse_math(symbol)) == symbol
    count = evaluate(parse_math(row.count), {one: Fraction(size) for one, size in SPLIT.items()})
    assert count == row.parameters(D, K, R)
    if row.scale != "" and "sqrt" not in row.scale:
        value = evaluate(parse_math(row.scale), {"α": Fraction(6), "r": Fraction(4)})
        assert value == row.scaling(Fraction(6), 4)


def test_definitions_agree_with_what_is_computed() -> None:
    """The symbolic rows, evaluated by hand with NumPy's own operators."""
    x = np.random.default_rng(9).normal(size=(K, 3))
    for name in ADAPTERS:
        row = ADAPTERS[name]
        _, W, state = _started(name)
        state = _stirred(name, state)
        values = {one: getattr(state, one) for one in row.laws}
        s = getattr(state, "scale", 1.0)
        match name:
            case "dora":
                V = W + s * values["B"] @ values["A"]
                merged = values["m"] * (V / np.sqrt((V * V).sum(axis=0)))
            case "vera":
                merged = W + np.diag(values["λ_b"]) @ values["B"] @ np.diag(values["λ_d"]) @ values["A"]
            case "adalora":
                merged = W + s * values["P"] @ np.diag(values["λ"]) @ values["Q"]
            case "loha":
                merged = W + s * ((values["B_1"] @ values["A_1"]) * (values["B_2"] @ values["A_2"]))
            case "lokr":
                merged = W + s * np.kron(values["C"], values["B"] @ values["A"])
            case "lora-xs":
                merged = W + s * values["B"] @ values["R"] @ values["A"]
            case "ia3":
                merged = np.diag(values["l"]) @ W
            case _:
                merged = W + s * values["B"] @ values["A"]
        size = float(np.max(abs(merged)))
        assert np.max(abs(row.merged(W, state) - merged)) <= 1e-13 * size
        assert np.max(abs(row.forward(W, state, x) - merged @ x)) <= 1e-12 * size
        assert np.array_equal(row.forward(W, state, x[:, 0]).shape, (D,))


@pytest.mark.parametrize("name", ADAPTERS)
def test_it_starts_at_the_pretrained_output(name: str) -> None:
    """Bit for bit; but PiSSA up to the rounding of the split, QLoRA at the quantised weight's output, and
    LoRA-XS near it."""
    row = ADAPTERS[name]
    W, frozen, state = _started(name)
    x = np.random.default_rng(2).normal(size=K)
    h = row.forward(frozen, state, x)
    if name == "pissa":
        assert not np.array_equal(frozen, W)
        assert np.max(abs(h - W @ x)) < 1e-13 * np.linalg.norm(W) * np.linalg.norm(x)
    elif name == "qlora":
        assert np.array_equal(h, frozen @ x)
        assert 0 < np.max(abs(frozen - W)) < 0.16 * np.max(abs(W))  # half of the widest gap of NF4
    elif name == "lora-xs":
        assert frozen is W
        assert 0 < np.max(abs(h - W @ x)) < 1e-3 * np.linalg.norm(W) * np.linalg.norm(x)
    else:
        assert frozen is W
        assert np.array_equal(h, W @ x)
        assert np.array_equal(row.merged(frozen, state), W)
    assert row.at_weight == (name != "lora-xs")


@pytest.mark.parametrize("name", ADAPTERS)
def test_merging_and_back(name: str) -> None:
    row = ADAPTERS[name]
    _, frozen, state = _started(name)
    state = _stirred(name, state)
    merged = row.merged(frozen, state)
    if row.unmerged is None:
        assert name == "dora"
        return
    limit = 8 * 2.0**-52 * (np.max(abs(merged)) + np.max(abs(frozen)))
    assert np.max(abs(row.unmerged(merged, state) - frozen)) <= limit


@pytest.mark.parametrize("name", ADAPTERS)
def test_gradients_are_those_of_the_output(name: str) -> None:
    """Against central differences of ⟨slope, merged weight⟩, which are exact but for terms of the step's
    square and for rounding over the step."""
    row = ADAPTERS[name]
    _, frozen, state = _started(name)
    state = _stirred(name, state)
    slope = np.random.default_rng(4).normal(size=(D, K))
    found = row.gradients(frozen, state, slope)
    assert set(found) == set(row.trainable)
    step = 2.0**-14
    for symbol, gradient in found.items():
        array = getattr(state, symbol)
        numeric = np.empty_like(array)
        for place in np.ndindex(array.shape):
            shift = np.zeros_like(array)
            shift[place] = step
            above = row.merged(frozen, replace(state, **{symbol: array + shift}))
            below = row.merged(frozen, replace(state, **{symbol: array - shift}))
            numeric[place] = np.sum(slope * (above - below)) / (2 * step)
        assert np.max(abs(numeric - gradient)) <= 1e-6 * np.max(abs(gradient))


@pytest.mark.parametrize("name", ADAPTERS)
def test_training_moves_what_is_trained_alone(name: str) -> None:
    row = ADAPTERS[name]
    moments = train_adapter(row, D, K, R, steps=6, rate=0.05)
    for moment in moments:
        assert np.array_equal(moment.W, moments[0].W)
        assert set(moment.gradients) == set(row.trainable)
        for symbol in set(row.laws) - set(row.trainable):
            assert np.array_equal(getattr(moment.state, symbol), getattr(moments[0].state, symbol))
    for symbol in row.trainable:
        assert not np.array_equal(getattr(moments[-1].state, symbol), getattr(moments[0].state, symbol))
    assert all(later.loss < earlier.loss for earlier, later in pairwise(moments))


def test_the_scaling_of_rslora() -> None:
    assert rslora.scaling(16.0, 16) == 4.0
    assert rslora.scaling(Fraction(3), 4) == Fraction(3, 2)
    near = rslora.scaling(Fraction(16), 8)
    assert abs(near * near * 8 - 256) < Fraction(1, 2**240)
    assert abs(float(near) - rslora.scaling(16.0, 8)) < 2.0**-48


def test_dora_norms_columns_as_the_paper_and_rows_as_peft() -> None:
    V = np.array([[3.0, 0.0], [4.0, 2.0], [0.0, 0.0]])
    assert norms(V, "column").tolist() == [5.0, 2.0]
    assert norms(V, "row").tolist() == [3.0, np.sqrt(20.0), 0.0]
    assert dora.parameters(3, 2, 1) == 5 + 2
    W = np.random.default_rng(0).normal(size=(D, K))
    for per in ("column", "row"):
        _, state = dora.start(W, R, 0)
        state = _stirred("dora", replace(state, m=norms(W, per), per=per))
        lengths = norms(dora.merged(W, state), per)
        assert np.max(abs(lengths - abs(state.m))) < 1e-13  # what DoRA is about


def test_loha_reaches_the_square_of_the_rank() -> None:
    _, _, state = _started("loha")
    state = _stirred("loha", state)
    assert np.linalg.matrix_rank(loha.delta(state)) == R * R


def test_pissa_takes_the_largest_singular_values() -> None:
    W, residual, factors = _started("pissa")
    values = np.linalg.svd(W, compute_uv=False)
    assert np.max(abs(np.linalg.svd(residual, compute_uv=False)[: K - R] - values[R:])) < 1e-12
    assert np.max(abs(np.linalg.svd(lora.delta(factors), compute_uv=False)[:R] - values[:R])) < 1e-12


def test_lora_xs_puts_a_small_matrix_between_singular_vectors() -> None:
    """Σ stands at the input: with R the identity the update is the best approximation of W of its rank."""
    W, _, state = _started("lora-xs", scale=1.0)
    values = np.linalg.svd(W, compute_uv=False)
    assert np.max(abs(state.B.T @ state.B - np.eye(R))) < 1e-14
    assert np.max(abs(np.linalg.norm(state.A, axis=1) - values[:R])) < 1e-12
    rest = W - ADAPTERS["lora-xs"].merged(0 * W, replace(state, R=np.eye(R)))
    assert np.max(abs(np.linalg.svd(rest, compute_uv=False)[: K - R] - values[R:])) < 1e-12
    drawn = np.concatenate([ADAPTERS["lora-xs"].initial(D, K, R, seed).R.ravel() for seed in range(200)])
    assert abs(float(drawn.std()) - 1e-5) < 1e-6
    assert ADAPTERS["lora-xs"].parameters(4096, 4096, 16) == 256


@given(st.integers(1, 10**6))
def test_a_dimension_splits_into_two(size: int) -> None:
    first, second = split(size)
    assert first * second == size
    assert first <= second
    assert not any(size % one == 0 for one in range(first + 1, isqrt(size) + 1))


def test_a_block_of_full_rank() -> None:
    """Where r is not small against the block, LoKr keeps the block itself."""
    W = np.random.default_rng(0).normal(size=(6, 9))
    _, state = lokr.start(W, 3, 0)
    assert state.A is None
    assert state.C.size + state.B.size == lokr.parameters(6, 9, 3) == 2 * 3 + 3 * 3
    slope = np.ones((6, 9))
    assert set(ADAPTERS["lokr"].gradients(W, state, slope)) == {"C", "B"}


def test_ia3_on_the_input_side() -> None:
    W = np.random.default_rng(0).normal(size=(D, K))
    state = ia3.Ia3(np.arange(1.0, K + 1), "input")
    x = np.random.default_rng(1).normal(size=K)
    assert np.array_equal(ia3.merged(W, state), W @ np.diag(state.l))
    assert np.max(abs(ADAPTERS["ia3"].forward(W, state, x) - ia3.merged(W, state) @ x)) < 1e-11
    assert np.max(abs(ia3.unmerged(ia3.merged(W, state), state) - W)) < 1e-14


def test_a_figure_of_lora_imports_no_other_adapter() -> None:
    code = (
        "import sys; from lorafig.core.adapters import ADAPTERS; ADAPTERS['lora']; "
        "print(sorted(name for name in sys.modules if name.startswith('lorafig.core.') or name == 'numpy'))"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    names = ("adapter", "adapters", "adapters.lora", "arrays", "counts")
    assert found.stdout.strip() == str([f"lorafig.core.{name}" for name in names])
