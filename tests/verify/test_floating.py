"""float64 in blocks: the bound holds against exact fractions, and a large weight is never whole."""

from __future__ import annotations

import os
import subprocess
import sys
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import lorafig
from lorafig.language.model import Figure, Model
from lorafig.notation.read.parse import parse_math
from lorafig.verify.decide.blocks import TILE, Blocks
from lorafig.verify.decide.floating import Floating, _Measure, _Plain
from lorafig.verify.decide.products import times
from lorafig.verify.meaning.figure_symbols import of_figure
from lorafig.verify.meaning.operations import together
from lorafig.verify.meaning.shapes import elaborate
from lorafig.verify.meaning.symbols import Symbols
from lorafig.verify.meaning.terms import Term, Undecidable


def symbols(d: int, k: int, r: int) -> Symbols:
    return of_figure(Figure("f", "t", model=Model(d=d, k=k, r=r, alpha=3.0)))


def term(source: str, known: Symbols) -> Term:
    return elaborate(parse_math(source), known)


EXPRESSIONS = [
    "Wx",
    "BAx",
    "h",
    r"(W + \frac{\alpha}{r}BA)x",
    "W + BA",
    r"W^\top (W - BA) x",
    r"x^\top W^\top",
    "B(A(x + x)) / 3",
    "BA ⊙ W",
]


def exactly(term: Term, arrays: dict[str, np.ndarray]) -> np.ndarray:
    """The same in fractions."""
    from lorafig.verify.meaning.terms import (
        Add,
        Constant,
        Defined,
        Divide,
        Entrywise,
        Multiply,
        Transpose,
        Variable,
    )

    match term:
        case Constant(value):
            return np.array([[value]], dtype=object)
        case Variable(name):
            return arrays[name]
        case Defined(body=body):
            return exactly(body, arrays)
        case Transpose(body):
            return exactly(body, arrays).T
        case Add(terms=terms, signs=signs):
            total = 0
            for sign, one in zip(signs, terms, strict=True):
                total = total + sign * exactly(one, arrays)
            return np.asarray(total, dtype=object)
        case Multiply(left, right):
            one, two = exactly(left, arrays), exactly(right, arrays)
            if left.type.is_scalar:
                return one[0, 0] * two
            return one * two[0, 0] if right.type.is_scalar else one @ two
        case Divide(left, right):
            return exactly(left, arrays) / exactly(right, arrays)[0, 0]
        case Entrywise(left, right):
            return exactly(left, arrays) * exactly(right, arrays)
        case _:
            raise AssertionError(term)


@settings(max_examples=25, deadline=None)
@given(
    st.sampled_from(EXPRESSIONS), st.integers(1, 9), st.integers(1, 9), st.integers(1, 4), st.text(max_size=3)
)
def test_the_error_is_within_the_bound(source: str, d: int, k: int, r: int, seed: str) -> None:
    known = symbols(d, k, r)
    sizes = {"1": 1, **{name: value for name, value in known.dimensions.items() if value is not None}}
    values = Blocks(sizes, seed)
    plain = _Plain().of(term(source, known))
    rows = sizes[plain.type.rows]
    arrays = {}
    for name in ("x", "W", "A", "B"):
        variable = known.term(name)
        drawn = values.rows(variable, 0, sizes[variable.type.rows])
        assert np.all(np.abs(drawn) <= 0.5)
        arrays[name] = np.vectorize(Fraction, otypes=[object])(drawn)
    computed = np.vectorize(Fraction, otypes=[object])(values.rows(plain, 0, rows))
    error = np.max(np.abs(computed - exactly(plain, arrays)))
    assert error <= _Measure(sizes).of(plain).bound()


def test_blocks_do_not_change_what_is_drawn() -> None:
    known = symbols(TILE + 40, TILE + 7, 2)
    sizes = {"1": 1, "d": TILE + 40, "k": TILE + 7, "r": 2}
    values = Blocks(sizes, "s")
    W = known.term("W")
    upper, lower = values.rows(W, 0, TILE), values.rows(W, TILE, TILE + 40)
    whole = np.concatenate([upper, lower])
    turned = values.rows(_Plain().of(term(r"W^\top", known)), TILE, TILE + 7)
    assert np.array_equal(turned, whole.T[TILE:])
    assert len(np.unique(whole)) > 0.999 * whole.size
    assert abs(float(whole.mean())) < 0.01


def test_a_product_in_pieces_is_the_product() -> None:
    generator = np.random.default_rng(0)
    for rows, inner, columns in ((256, 768, 1), (7, 9000, 1), (256, 8, 768), (100, 64, 1000), (1, 1, 1)):
        left, right = generator.integers(-9, 9, (rows, inner)), generator.integers(-9, 9, (inner, columns))
        assert np.array_equal(times(left.astype(float), right.astype(float)), left @ right)


def test_two_sides_are_compared() -> None:
    known = symbols(300, 280, 4)
    floating = Floating({"d": 300, "k": 280, "r": 4}, "seed")
    node = parse_math("h")
    left, right = together([term("h", known), term(r"(W + \frac{\alpha}{r}BA)x", known)], [node, node])
    found = floating.compare(left, right)
    assert 0 < found.residual <= found.bound < 1e-8
    assert floating.compare(left, term("Wx", known)).residual > 0.1


@pytest.mark.parametrize(
    ("source", "size", "message"),
    [
        ("W^{64} W", 4096, "multiply-adds in float64 are too many"),
        (r"W W^\top", 3000, "a product of two large matrices"),
        ("10^{400} Wx", 8, "a number in it is out of the range of float64"),
    ],
)
def test_what_takes_too_much_is_not_done(source: str, size: int, message: str) -> None:
    known = of_figure(Figure("f", "t", model=Model(d=size, r=4)))
    one = term(source, known)
    with pytest.raises(Undecidable, match=message):
        Floating({"d": size, "r": 4}, "seed").compare(one, term(f"{source} + {source}", known))


def test_a_large_weight_is_never_whole() -> None:
    """W of 6,144 × 6,144 is 288 MiB; the whole process stays below half of that."""
    code = (
        "import re\n"
        "from lorafig.verify import decide_claim\n"
        "claim = decide_claim('h = (W + BA)x', dims={'d': 6144, 'k': 6144, 'r': 64})\n"
        "assert claim.verdict == 'holds' and 0 < claim.residual <= claim.bound, claim\n"
        # Of this program alone: ru_maxrss counts the memory of the process that started it, too.
        "print(re.search(r'VmHWM:\\s*(\\d+)', open('/proc/self/status').read())[1])\n"
    )
    folder = os.path.dirname(os.path.dirname(os.path.abspath(lorafig.__file__)))
    environment = {**os.environ, "PYTHONPATH": folder}
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
    )
    assert int(done.stdout) < 144 * 1024


EVERYWHERE = [
    *EXPRESSIONS,
    "(W + BA)x + h",
    r"x^\top A^\top B^\top W",
    "BAW^\\top h",
    r"(W + BA) ⊙ BA",
    "BAx + BAx",
]


@pytest.mark.sample(3)
@pytest.mark.parametrize("source", EVERYWHERE)
def test_tiles_do_not_change_the_result(source: str) -> None:
    """Larger than a tile in both directions: as NumPy computes it from whole matrices."""
    d, k, r = TILE + 40, 2 * TILE + 7, 3
    known = symbols(d, k, r)
    sizes = {"1": 1, "d": d, "k": k, "r": r}
    for cut in (True, False):
        blocks = Blocks(sizes, "s", None, cut)
        one = term(source, known)
        plain = _Plain().of(one, one.type.rows == "1")
        arrays = {
            name: np.vstack(
                [
                    blocks.rows(known.term(name), start, min(start + TILE, length)).copy()
                    for start in range(0, length, TILE)
                ]
            )
            for name, length in (("x", k), ("W", d), ("A", r), ("B", d))
        }
        rows = sizes[plain.type.rows]
        parts = [blocks.rows(plain, start, min(start + TILE, rows)).copy() for start in range(0, rows, TILE)]
        error = np.abs(np.vstack(parts) - exactly(plain, arrays))
        assert np.max(error) <= 2 * _Measure(sizes).of(plain).bound()


def test_a_chain_of_definitions_is_not_written_out() -> None:
    known = of_figure(Figure("f", "t", model=Model(d=8, r=2)))
    known.define("V_0", term("W", known))
    for i in range(1, 60):
        known.define(f"V_{i}", term(f"V_{{{i - 1}}} + V_{{{i - 1}}}", known))
    one = term("V_{59} x", known)
    with pytest.raises(Undecidable, match="written out, its definitions are too long"):
        Floating({"d": 8, "r": 2}, "seed").compare(one, one)


def test_large_products_have_one_thread() -> None:
    """Also where NumPy was not loaded before."""
    code = (
        "from lorafig.verify.decide.products import one_thread\n"
        "with one_thread():\n"
        "    from threadpoolctl import threadpool_info\n"
        "    threads = [one['num_threads'] for one in threadpool_info() if one['user_api'] == 'blas']\n"
        "assert threads and set(threads) == {1}, threads\n"
    )
    folder = os.path.dirname(os.path.dirname(os.path.abspath(lorafig.__file__)))
    environment = {**os.environ, "PYTHONPATH": folder, "OPENBLAS_NUM_THREADS": "2"}
    subprocess.run([sys.executable, "-c", code], env=environment, check=True)
