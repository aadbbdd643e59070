"""The core against PEFT: as recorded, and with LORAFIG_ORACLE=1 as PEFT computes it here and now."""

from __future__ import annotations

import os
from fractions import Fraction

import numpy as np
import pytest

from lorafig.core.adapters import ADAPTERS, lora, pissa
from lorafig.core.adapters import lokr as kronecker
from lorafig.core.adapters import qlora as quantised
from lorafig.core.adapters.lora import Factors
from tests.core.oracle import make_peft
from tests.core.oracle.agree import U, compare, gamma, linear_weight
from tests.core.oracle.make_peft import Case

LIVE = os.environ.get("LORAFIG_ORACLE") == "1"
VERSIONS, RECORDED = make_peft.read()
CASES = [("recorded", case) for case in RECORDED]
if LIVE:
    CASES += [("live", case) for case in make_peft.all_cases()]
LAYERS = [
    pytest.param(case, id=f"{case.recipe.name}-{source}") for source, case in CASES if "W" in case.arrays
]


def _named(name: str) -> list[object]:
    found = [(source, case) for source, case in CASES if case.recipe.name == name]
    assert found
    return [pytest.param(case, id=source) for source, case in found]


def test_every_adapter_is_held_to_peft() -> None:
    known = set(ADAPTERS) - {"lora-xs"}  # which PEFT does not have
    assert {case.recipe.adapter for case in RECORDED} == known
    assert set(VERSIONS) == set(make_peft.PACKAGES)
    wide = {case.recipe.adapter for case in RECORDED if case.recipe.d > case.recipe.k}
    tall = {case.recipe.adapter for case in RECORDED if case.recipe.d < case.recipe.k}
    assert wide == known
    assert tall == known - {"qlora"}
    turned = {case.recipe.adapter for case in RECORDED if case.recipe.conv}
    assert turned == {"lora", "rslora", "dora", "lora-fa", "vera", "adalora", "pissa", "ia3"}
    assert make_peft.FIXTURE.stat().st_size < 300_000


@pytest.mark.parametrize("case", LAYERS)
def test_output_merged_weight_and_gradients_are_those_of_peft(case: Case) -> None:
    for difference in compare(case):
        assert difference.share <= 1, difference


@pytest.mark.parametrize("case", LAYERS)
def test_as_many_parameters_are_trained(case: Case) -> None:
    recipe = case.recipe
    sizes = recipe.d, recipe.k, recipe.r
    if recipe.adapter == "dora":
        rows, columns, _ = sizes
        assert case.facts["trained"] == ADAPTERS["dora"].parameters(*sizes) - columns + rows
    elif recipe.adapter == "ia3":
        rows, columns, _ = sizes
        assert ADAPTERS["ia3"].parameters(*sizes) == rows
        assert case.facts["trained"] == (columns if recipe.option == "input" else rows)
    else:
        assert case.facts["trained"] == ADAPTERS[recipe.adapter].parameters(*sizes)


@pytest.mark.parametrize("case", LAYERS)
def test_the_scaling_is_that_of_peft(case: Case) -> None:
    adapter, recipe = ADAPTERS[case.recipe.adapter], case.recipe
    if adapter.scale == "":
        assert "scale" not in case.facts
        return
    ours = float(adapter.scaling(Fraction(recipe.alpha), recipe.r))
    if recipe.adapter == "adalora":  # PEFT divides by the rank + 1e-5, lest that be 0
        ours *= recipe.r / (recipe.r + 1e-5)
    rounded = 2.0**-24 if recipe.adapter == "loha" else 4 * U  # PEFT rounds that of LoHa to float32
    assert abs(ours - case.facts["scale"]) <= rounded * ours


@pytest.mark.parametrize("case", LAYERS)
def test_the_start_is_that_of_peft(case: Case) -> None:
    """What is zero, one or constant is so in both. Draws lie within the same limits; only LoRA's A does
    not: the paper's is normal, PEFT's is uniform."""
    adapter, recipe = ADAPTERS[case.recipe.adapter], case.recipe
    for name, (least, most) in case.facts["start"].items():
        law = adapter.laws[name]
        if law == "zero":
            assert (least, most) == (0.0, 0.0)
        elif law == "one":
            assert (least, most) == (1.0, 1.0)
        elif law == "constant":
            assert least == most == pytest.approx(0.1, abs=1e-8)  # PEFT fills in float32
        else:
            assert 0 <= least < most
        if law == "uniform":
            seeds = [adapter.initial(recipe.d, recipe.k, recipe.r, seed) for seed in range(200)]
            if recipe.adapter == "lokr" and "state/A" not in case.arrays:
                continue
            limit = max(float(abs(getattr(state, name)).max()) for state in seeds)
            assert most <= 1.05 * limit


@pytest.mark.parametrize("case", [case for case in LAYERS if case.values[0].recipe.adapter == "pissa"])
def test_pissa_splits_the_weight_as_peft_does(case: Case) -> None:
    """PEFT splits in float32. The singular vectors have a sign that is free; their products have none."""
    W = linear_weight(case.arrays["pretrained"], case.recipe.conv)
    residual, factors = pissa.start(W, case.recipe.r, 0, case.facts["scale"])
    theirs = Factors(case.arrays["start/A"], case.arrays["start/B"], case.facts["scale"])
    near = 64 * 2.0**-24 * float(np.linalg.norm(W))
    assert np.max(abs(lora.delta(factors) - lora.delta(theirs))) < near
    assert np.max(abs(residual - linear_weight(case.arrays["W"], case.recipe.conv))) < near
    assert np.max(abs(np.sum(factors.A**2, axis=1) - np.sum(theirs.A**2, axis=1))) < near
    assert np.max(abs(np.sum(factors.B**2, axis=0) - np.sum(theirs.B**2, axis=0))) < near


@pytest.mark.parametrize("case", _named("qlora-132x128-r4"))
def test_nf4_is_that_of_bitsandbytes_bit_for_bit(case: Case) -> None:
    assert list(quantised.normal_float()) == case.facts["levels"]
    assert list(quantised.dynamic_float()) == case.facts["dynamic"]
    W = case.arrays["steps"] / 4096
    single = quantised.quantise(W)
    assert np.array_equal((single.codes[0::2] << 4) | single.codes[1::2], case.arrays["packed"])
    assert np.array_equal(single.constants, case.arrays["constants"])
    theirs = _of_bitsandbytes(case)
    assert make_peft.digest(quantised.dequantise(theirs)) == case.facts["dequantised"]


@pytest.mark.parametrize("case", _named("qlora-132x128-r4"))
def test_constants_are_kept_as_the_nearest_level(case: Case) -> None:
    """The codes are those of bitsandbytes but where its CPU kernel, which looks levels up in a coarse table,
    takes the second nearest."""
    double = quantised.double_quantise(case.arrays["steps"] / 4096)
    ours, theirs = double.constants, _of_bitsandbytes(case).constants
    assert isinstance(ours, quantised.Quantised)
    assert isinstance(theirs, quantised.Quantised)
    assert np.array_equal(ours.constants, theirs.constants)
    assert ours.offset == theirs.offset
    true = case.arrays["constants"].astype(np.float64)
    gap, their_gap = abs(quantised.dequantise(ours) - true), abs(quantised.dequantise(theirs) - true)
    other = ours.codes != theirs.codes
    assert np.count_nonzero(other) <= 2
    assert np.all(gap[other] < their_gap[other])


def _of_bitsandbytes(case: Case) -> quantised.Quantised:
    packed = case.arrays["packed"]
    codes = np.stack([packed >> 4, packed & 15], axis=1).ravel()
    blocks = case.arrays["constants"].shape
    constants = quantised.Quantised(
        blocks, 8, case.arrays["codes"], case.arrays["second"], quantised.CONSTANTS, case.facts["offset"]
    )
    return quantised.Quantised(case.arrays["steps"].shape, 4, codes, constants, quantised.BLOCK)


@pytest.mark.parametrize("case", _named("qlora-132x128-r4"))
def test_qlora_computes_what_peft_computes_on_a_layer_of_4_bits(case: Case) -> None:
    """PEFT computes in float32, and so by the errors of float32 is it off."""
    recipe = case.recipe
    frozen = quantised.dequantise(_of_bitsandbytes(case))
    arrays = {name: case.arrays[name].astype(np.float64) for name in ("state/A", "state/B", "x", "h")}
    factors = Factors(arrays["state/A"], arrays["state/B"], case.facts["scale"])
    x, h = arrays["x"].T, arrays["h"].T
    sizes = Factors(abs(factors.A), abs(factors.B), factors.scale)
    most = gamma(recipe.k + recipe.r + 4) * 2.0**29  # of float32
    limit = most * lora.forward(abs(frozen), sizes, abs(x))
    assert np.all(abs(lora.forward(frozen, factors, x) - h) <= limit)
    assert case.facts["trained"] == ADAPTERS["qlora"].parameters(recipe.d, recipe.k, recipe.r)


@pytest.mark.parametrize("case", _named("lokr-1x1-r1-splits"))
def test_dimensions_split_as_in_peft(case: Case) -> None:
    splits = [split for split in case.facts["splits"] if split[1] == -1]  # without a factor of their own
    assert len(splits) == 199
    for size, _, first, second in splits:
        assert kronecker.split(size) == (first, second)
