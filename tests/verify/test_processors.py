"""A report is the same to the byte on every kind of processor: BLAS and NumPy have a kernel for each."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from functools import cache
from typing import Any

import pytest

from lorafig.core.adapters import ADAPTERS
from lorafig.language import from_data, load
from lorafig.resources import gallery
from lorafig.verify import verify

# Kernels of OpenBLAS that run on any processor with 64 bits, from the newest to the oldest, and NumPy without
# what it finds beyond its own baseline.
KERNELS = ("Nehalem", "Core2", "Prescott")
NEWER = "AVX512F AVX512CD AVX512_SKX AVX512_CLX AVX512_CNL AVX512_ICL AVX2 FMA3"
STEPS = {
    "base": ["load", "freeze"],
    "put": {"inject": ["q", "k", "v", "o"]},
    "run": "forward",
    "tune": "train",
    "keep": "save",
    "apart": "load_adapter",
    "one": "merge",
}
EQUATIONS = [
    "W^\\top W x = W^\\top (W x)",
    "\\lVert W \\rVert_F = \\lVert W^\\top \\rVert_F",
    "\\lVert W \\rVert_2 = \\lVert W^\\top \\rVert_2",
    "\\lVert W \\rVert_* = \\lVert W^\\top \\rVert_*",
    "(A A^\\top)^{-1} A A^\\top A = A",
]


def figures() -> list[Any]:
    """Every adapter's equations and its pipeline, and what is larger than a tile."""
    nodes = {name: {"rounded": [name], "does": does} for name, does in STEPS.items()}
    flow = {"nodes": nodes, "edges": ["base -> put -> run -> tune -> keep -> apart, one"]}
    found = [load(gallery()[name]) for name in ("lora-two-panel", "lora-dora", "lora-flow")]
    for name, row in ADAPTERS.items():
        model = {"adapter": name, "d": 300, "k": 80, "r": 3} | ({"alpha": 16} if row.scale != "" else {})
        written = {
            one: re.sub(r"\bs ", lambda _, row=row: row.scale + " ", what)
            for one, what in row.defined.items()
        }
        equations = [f"{one} = {what}" for one, what in written.items() if one != "W'"]
        equations += EQUATIONS if name in ("lora", "dora") else []
        found.append({"id": f"{name}-e", "title": "f", "model": model, "row": [{"equations": equations}]})
        found.append({"id": f"{name}-p", "title": "f", "model": model, "flow": flow})
    return [from_data(one) if isinstance(one, dict) else one for one in found]


def report() -> str:
    """All that float64 is asked for, with every bit of it."""
    return "\n".join(
        f"{figure.id} {claim.text} {claim.verdict} {claim.residual!r} {claim.bound!r} {claim.detail}"
        for figure in figures()
        for claim in verify(figure).claims
    )


@cache
def told(kernel: str | None) -> str:
    environment = dict(os.environ)
    if kernel is not None:
        environment |= {"OPENBLAS_CORETYPE": kernel, "NPY_DISABLE_CPU_FEATURES": NEWER}
    code = "from tests.verify.test_processors import report; print(report())"
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


def test_there_is_something_to_differ() -> None:
    lines = told(None).splitlines()
    measured = [line for line in lines if re.search(r" \d[\d.e-]+ \d[\d.e-]+ ", line)]
    assert len(measured) > 60
    assert sum(" 0.0 " not in line for line in measured) > 20
    assert all(" holds " in line for line in measured)


@pytest.mark.parametrize("kernel", KERNELS)
def test_the_report_is_that_of_another_processor(kernel: str) -> None:
    assert told(kernel) == told(None)


def test_kernels_do_differ() -> None:
    """Or these tests would show nothing: a product of NumPy's own is not the same."""
    drawn = "import numpy as np; W = np.random.default_rng(0).random((300, 300))"
    code = f"{drawn}; print((W @ W @ W[0]).tobytes().hex())"
    bits = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, **({} if kernel is None else {"OPENBLAS_CORETYPE": kernel})},
            capture_output=True, text=True, check=True,
        ).stdout
        for kernel in (None, *KERNELS)
    }  # fmt: skip
    if len(bits) == 1:
        pytest.skip("NumPy is not built with OpenBLAS, or this processor has one kernel")
