"""The functions of the core: their values, the bounds of their errors."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lorafig.core.functions import FUNCTIONS, OutOfDomain, function

NUMBERS = [row for row in FUNCTIONS.values() if row.evaluate is not None and row.acts != "whole"]
KNOWN = {
    "ReLU": lambda x: max(x, 0.0),
    "GELU": lambda x: x * 0.5 * (1 + math.erf(x / math.sqrt(2))),
    "sigmoid": lambda x: 1 / (1 + math.exp(-x)),
    "tanh": math.tanh,
    "exp": math.exp,
    "sign": lambda x: math.copysign(1.0, x) if x else 0.0,
    "dropout": lambda x: x,
}


def column(*entries):
    return np.array(entries, dtype=float)[:, None]


@pytest.mark.parametrize("name", KNOWN)
@settings(deadline=None)
@given(x=st.floats(-8, 8))
def test_functions_of_entries_have_their_values(name, x):
    value, error = FUNCTIONS[name].evaluate(column(x), column(0.0))
    assert abs(value[0, 0] - KNOWN[name](x)) <= error[0, 0] + 1e-15 * math.exp(8)


def test_functions_of_columns_have_their_values():
    x, exact = column(1.0, 2.0, 4.0), column(0.0, 0.0, 0.0)
    powers = np.exp([1.0, 2.0, 4.0])
    assert np.allclose(FUNCTIONS["softmax"].evaluate(x, exact)[0].ravel(), powers / powers.sum())
    assert np.allclose(FUNCTIONS["RMS norm"].evaluate(x, exact)[0], x / math.sqrt(7))
    normed = FUNCTIONS["layer norm"].evaluate(x, exact)[0]
    assert np.allclose(normed.mean(), 0)
    assert np.allclose((normed**2).mean(), 1)
    assert FUNCTIONS["mean"].evaluate(x, exact)[0].item() == pytest.approx(7 / 3)


@pytest.mark.parametrize("row", NUMBERS, ids=lambda row: row.name)
@settings(deadline=None)
@given(data=st.data())
def test_what_is_within_the_error_of_the_argument_stays_within_that_of_the_value(row, data):
    n = data.draw(st.integers(2, 5))
    low = 0.5 if row.name == "log" else -4.0
    entries = data.draw(st.lists(st.floats(low, 4.0), min_size=n, max_size=n))
    off = data.draw(st.floats(0, 0.2))
    moves = data.draw(st.lists(st.sampled_from([-1.0, -0.5, 0.0, 1.0]), min_size=n, max_size=n))
    x = column(*entries)
    try:
        value, error = row.evaluate(x, np.full_like(x, off))
        other, _ = row.evaluate(x + off * column(*moves), np.zeros_like(x))
    except OutOfDomain:
        return
    assert np.all(np.abs(value - other) <= error + 1e-9)


@settings(deadline=None)
@given(
    st.lists(st.lists(st.integers(-9, 9), min_size=4, max_size=4, unique=True), min_size=1, max_size=3),
    st.integers(1, 5),
)
def test_the_largest_entries_of_each_column_are_kept(columns, k):
    x = np.array(columns, dtype=float).T
    value, error = FUNCTIONS["top"].evaluate(x, np.full_like(x, 0.25), column(k), column(0.0))
    for before, after in zip(columns, value.T, strict=True):
        assert list(after) == [entry if entry in sorted(before)[-k:] else 0 for entry in before]
    assert np.all(error <= 0.25)
    if k < 4:
        with pytest.raises(OutOfDomain, match="too close to tell"):
            FUNCTIONS["top"].evaluate(0 * x, np.zeros_like(x), column(k), column(0.0))


def test_what_has_no_value_is_said():
    with pytest.raises(OutOfDomain, match="the logarithm of what may be 0 or less"):
        FUNCTIONS["log"].evaluate(column(0.0), column(0.0))
    with pytest.raises(OutOfDomain, match="divides by what may be zero"):
        FUNCTIONS["layer norm"].evaluate(column(1.0, 1.0), column(0.0, 0.0))
    with pytest.raises(OutOfDomain, match="out of the range"):
        FUNCTIONS["exp"].evaluate(column(1e4), column(0.0))


@pytest.mark.parametrize(
    ("spelling", "name"),
    [
        ("relu", "ReLU"),
        ("Swish", "SiLU"),
        ("LayerNorm", "layer norm"),
        ("Layer norm", "layer norm"),
        ("LN", "layer norm"),
        ("ln", "log"),
        ("RMSNorm", "RMS norm"),
        ("Scaled dot-product attention", "attention"),
    ],
)
def test_functions_are_known_by_their_spellings(spelling, name):
    assert function(spelling).name == name


def test_a_letter_with_an_index_is_no_function():
    assert (function("layer_norm"), function("l_n"), function("L_N")) == (FUNCTIONS["layer norm"], None, None)
