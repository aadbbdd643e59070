"""The error bound of the block, against the same block in 60 decimal digits."""

from __future__ import annotations

from decimal import Decimal, getcontext
from typing import Any

import numpy as np
import pytest
from msgspec.structs import replace

from lorafig.core.adapters import ADAPTERS
from lorafig.core.pipeline import rounding
from lorafig.core.pipeline.attention import PROJECTIONS, Block, Line, examples, forward, heads_of, pretrained
from tests.core.test_attention import adapted

Matrix = list[list[Decimal]]


def exact(array: np.ndarray) -> np.ndarray:
    """The same numbers as decimals, which matrices of objects multiply as they are."""
    return np.vectorize(Decimal, otypes=[object])(array)


def exact_weight(block: Block, line: Line) -> np.ndarray:
    """The merged weight in decimals, by the method's formula written out."""
    W, state = exact(line.W), line.state
    own: dict[str, Any] = {
        name: exact(value) if isinstance(value := getattr(state, name), np.ndarray) else value
        for name in ([] if state is None else state.__struct_fields__)
    }
    s = Decimal(own.get("scale", 1.0))
    match block.adapter.name:
        case "lora" | "rslora" | "lora-fa" | "qlora" | "pissa":
            return W + s * (own["B"] @ own["A"])
        case "dora":
            V = W + s * (own["B"] @ own["A"])
            lengths = np.array([sum(v * v for v in V[:, j]).sqrt() for j in range(V.shape[1])])
            return V * (own["m"] / lengths)
        case "vera":
            return W + own["λ_b"][:, None] * (own["B"] @ (own["λ_d"][:, None] * own["A"]))
        case "adalora":
            return W + s * (own["P"] @ (own["λ"][:, None] * own["Q"]))
        case "loha":
            return W + s * ((own["B_1"] @ own["A_1"]) * (own["B_2"] @ own["A_2"]))
        case "lokr":
            inner = own["B"] if own["A"] is None else own["B"] @ own["A"]
            C = own["C"]
            rows = [
                np.concatenate([C[i, j] * inner for j in range(C.shape[1])], axis=1) for i in range(len(C))
            ]
            return W + s * np.concatenate(rows, axis=0)
        case "lora-xs":
            return W + s * (own["B"] @ own["R"] @ own["A"])
        case "ia3":
            return own["l"][:, None] * W
    raise AssertionError


def exact_output(block: Block, x: np.ndarray) -> np.ndarray:
    getcontext().prec = 60
    W = {name: exact_weight(block, block.lines[name]) for name in PROJECTIONS}
    X = exact(x)
    n = x.shape[1]
    Q, K, V = ((W[name] @ X).reshape(block.heads, -1, n) for name in PROJECTIONS[:3])
    root = Decimal(Q.shape[1]).sqrt()
    parts = []
    for head in range(block.heads):
        S = Q[head].T @ K[head] / root
        weights = np.vectorize(lambda value: value.exp(), otypes=[object])(S)
        parts.append(V[head] @ (weights / weights.sum(axis=1, keepdims=True)).T)
    return W["o"] @ np.concatenate(parts, axis=0)


@pytest.mark.parametrize("adapter", ADAPTERS)
@pytest.mark.parametrize(("d", "k"), [(8, 8), (12, 5), (6, 9)])
def test_apart_and_merged_are_within_the_bound_of_the_exact_output(adapter: str, d: int, k: int) -> None:
    block = adapted(adapter, d, k)
    merged = replace(
        block, lines={name: Line(line.merged(block.adapter)) for name, line in block.lines.items()}
    )
    x, _ = examples(k, 5)
    truth = exact_output(block, x)
    of = rounding.sizes(block)
    for one in (block, merged):
        trace = forward(one, x)
        bound = rounding.error(trace, of, x)
        gap = abs((exact(trace.y) - truth).astype(np.float64))
        assert np.all(gap <= bound)
        # A bound that nothing can miss proves nothing: a millionth of the output is outside of it.
        assert float(np.max(bound)) < 1e-6 * float(np.max(abs(trace.y)))
    residual, bound_there = rounding.distance(forward(block, x), forward(merged, x), of, x)
    assert 0 <= residual <= bound_there


@pytest.mark.parametrize("adapter", ADAPTERS)
def test_a_merge_that_is_off_by_a_millionth_is_found(adapter: str) -> None:
    block = adapted(adapter, 8, 8)
    lines = {name: Line(line.merged(block.adapter)) for name, line in block.lines.items()}
    for name in PROJECTIONS:
        wrong = lines[name].W.copy()
        wrong[3, 5] += 1e-6
        x, _ = examples(8, 5)
        off = forward(replace(block, lines={**lines, name: Line(wrong)}), x)
        residual, bound = rounding.distance(forward(block, x), off, rounding.sizes(block), x)
        assert residual > bound


def test_a_weight_without_an_adapter_is_its_own_size() -> None:
    W = pretrained(8, 8)["q"]
    size = rounding.size(ADAPTERS["lora"], Line(W))
    assert np.array_equal(size.S, abs(W))
    block = Block({name: Line(one) for name, one in pretrained(8, 8).items()}, heads_of(8), ADAPTERS["lora"])
    x, _ = examples(8, 5)
    assert rounding.distance(forward(block, x), forward(block, x), rounding.sizes(block), x)[0] == 0.0


def test_a_norm_next_to_nothing_has_no_bound() -> None:
    block = adapted("dora", 8, 8)
    line = block.lines["q"]
    state: Any = line.state
    # Beside this weight, the update cancels it.
    W = -state.scale * (state.B @ state.A)
    assert np.isinf(rounding.size(block.adapter, Line(W, state)).S).all()


def test_the_worst_entry_is_the_one_that_takes_most_of_its_bound() -> None:
    assert rounding.worst(np.array([[1.0, -3.0], [0.5, 0.0]]), np.array([[2.0, 9.0], [0.6, 1.0]])) == (
        0.5,
        0.6,
    )
    residual, _ = rounding.worst(np.array([1.0, np.nan]), np.array([2.0, 2.0]))
    assert np.isnan(residual)
    assert rounding.share((1.0, 0.0)) == np.inf
    assert rounding.share((0.0, 0.0)) == 0.0
