"""Rows and columns of matrices: what a claim says of them is held to NumPy's own."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from lorafig.language import from_data
from lorafig.language.model import Figure
from lorafig.notation.read.parse import parse_math
from lorafig.verify.decide.blocks import TILE, Blocks
from lorafig.verify.decide.conditions import holds
from lorafig.verify.decide.floating import Floating, _Plain
from lorafig.verify.meaning.shapes import elaborate
from lorafig.verify.report import Claim
from lorafig.verify.single import decide_one
from tests.verify.own import verdicts


def figure(model, *equations: str, **more) -> Figure:
    row = {"row": [{"equations": list(equations)}]} if equations else {}
    return from_data({"id": "own", "title": "A figure", "model": model, **row, **more})


ROWS = 8
SIZES = {"d": 24, "k": 16, "r": ROWS, "b": 3}


def told(claim: str) -> Claim:
    return decide_one(claim, SIZES, {}, {}, [], "lora", "nearest")


def verdict(claim: str) -> str:
    return told(claim).verdict


ends = st.one_of(st.none(), st.integers(1 - ROWS, ROWS - 1))  # 8 of r rows are not all of them by name


@settings(max_examples=80, deadline=None)
@given(ends, ends, ends, ends)
def test_rows_are_those_that_numpy_gives(start, stop, other, until):
    """Of integers, which have no names: as Python counts, unless the range begins with 1."""
    assume(1 not in (start, other))
    one, two = np.arange(ROWS)[start:stop], np.arange(ROWS)[other:until]
    assume(len(one) > 0 and len(two) > 0)
    first, second = (
        f"{'' if begin is None else begin}:{'' if end is None else end}"
        for begin, end in ((start, stop), (other, until))
    )
    same = len(one) == len(two) and np.array_equal(one, two)
    expected = "holds" if same else "ill-typed" if len(one) != len(two) else "fails"
    assert verdict(f"A_{{{first}}} = A_{{{second}}}") == expected


@settings(max_examples=60, deadline=None)
@given(ends, ends)
def test_a_range_without_anything_in_it_is_ill_typed(start, stop):
    assume(start != 1 and len(np.arange(ROWS)[start:stop]) == 0)
    said = f"{'' if start is None else start}:{'' if stop is None else stop}"
    assert verdict(f"A_{{{said}}} = 0") == "ill-typed"


@pytest.mark.parametrize(
    ("claim", "expected"),
    [
        ("B_{:,:b} A_{:b} = BA", "fails"),
        ("BA = B[:, :b]A[:b] + B[:, b:]A[b:]", "holds"),
        ("BA = B[:, :b]A[:b] + B[:, b:2b]A[b:2b]", "fails"),
        ("(BA)_{:b} = B_{:b} A", "holds"),
        ("(BA)_{:b} = B A_{:, :b}", "ill-typed"),
        (r"A_{1:b}^\top = (A^\top)_{:,1:b}", "holds"),
        ("A_{b+1:2b} = A[b:2b]", "holds"),
        ("A_{b:2b} = A[:b]", "fails"),
        ("W_{-b:} = W_{d-b:}", "holds"),
        ("W_{-b:} = W_{:b}", "fails"),
        ("W_{:b, :r} x_{:r} = 0", "fails"),
        ("(Wx)_{:b} = W_{:b} x", "holds"),
        ("A_{:b}: b \\times k", "holds"),
        ("B[:, :b]: d \\times b", "holds"),
        ("B[:, :b]: b \\times d", "ill-typed"),
        ("A_{:} = A", "holds"),
        ("A_{r/2:} = A_{4:}", "holds"),
    ],
)
def test_what_is_said_of_parts_is_decided(claim, expected):
    assert verdict(claim) == expected


@pytest.mark.parametrize(
    ("claim", "detail", "hint"),
    [
        ("A_{:12} = A", "A_(:12): :12 is out of range: there are r = 8: A is r × k", None),
        ("A[:b,:b,:b] = A", "A[:b, :b, :b]: 3 ranges for a matrix: A is r × k", None),
        ("A_{:b,2} = A", "A_(:b,2): 2 is an index beside a range: A is r × k", None),
        ("A_{1:0} = A", "A_(1:0): 1:0 has nothing in it: A is r × k", None),
        ("A_{:q} = A", "A_(:q): q is not a size", "write sizes: A_{:b}, A_{r+1:2r}"),
        ("A_{:r/3} = A", "A_(:r/3): r/3 is 8/3, and no whole number: A is r × k", None),
        ("r[:b] = 1", "r[:b]: r is a number", None),
    ],
)
def test_what_is_no_part_is_told(claim, detail, hint):
    assert (told(claim).detail, told(claim).hint) == (detail, hint)


def test_a_part_is_computed_in_float64_as_numpy_does():
    """Beyond a tile, at places that are not multiples of it."""
    known = figure({"d": 2 * TILE + 40, "r": TILE + 30, "sizes": {"b": 21}}, "h = Wx + BAx")
    from lorafig.verify.meaning.figure_symbols import of_figure

    symbols = of_figure(known)
    sizes = {"1": 1, **{name: size for name, size in symbols.dimensions.items() if size is not None}}
    floating = Floating(sizes, "seed")
    values = Blocks(floating.sizes, "seed")

    def array(source: str) -> np.ndarray:
        plain = _Plain().of(elaborate(parse_math(source), symbols))
        rows = sizes[plain.type.rows]
        return np.concatenate(
            [values.rows(plain, start, min(start + TILE, rows)).copy() for start in range(0, rows, TILE)]
        )

    W, A, B = array("W"), array("A"), array("B")
    cut = slice(21, 42)
    assert np.array_equal(array("W_{b+1:2b}"), W[cut])
    assert np.array_equal(array("W_{-b:, b:2b}"), W[-21:, cut])
    assert np.allclose(array("B[:, b:2b] A[b:2b]"), B[:, cut] @ A[cut], rtol=0, atol=1e-12)
    assert np.allclose(array("(W + BA)_{:, b:2b}"), (W + B @ A)[:, cut], rtol=0, atol=1e-12)
    left, right = (elaborate(parse_math(side), symbols) for side in ("(BA)_{b:2b}", "B_{b:2b} A"))
    residual = floating.compare(left, right)
    assert 0 <= residual.residual <= residual.bound < 1e-10
    other = elaborate(parse_math("B_{:b} A"), symbols)
    assert floating.compare(left, other).residual > 0.1


DYLORA = {
    "d": 64,
    "r": 8,
    "sizes": {"b": 4},
    "let": ["h_b = Wx + B[:, :b] A[:b] x"],
}
STACK = [
    {"bar": "x"},
    {"split": [{"square": "W"}, {"bottleneck": ["A[:b]", "B[:, :b]"], "brace": "b"}]},
    {"sum": ["Wx", "B[:, :b] A[:b] x"]},
    {"bar": "h_b"},
]


def test_a_stack_runs_through_parts():
    assert set(verdicts(figure(DYLORA, stack=STACK)).values()) <= {"holds", "prose"}


@pytest.mark.parametrize(
    ("place", "element", "text"),
    [
        (1, {"split": [{"square": "W"}, {"bottleneck": ["A", "B"]}]}, "h_b"),
        (1, {"split": [{"square": "W"}, {"bottleneck": ["A[:b]", "B"]}]}, None),
        (1, {"split": [{"square": "W"}, {"bottleneck": ["A[b:]", "B[:, :b]"]}]}, "h_b"),
        (1, {"split": [{"square": "W"}, {"bottleneck": ["A[:b]", "B[:, :b]"], "brace": "r"}]}, "r"),
    ],
)
def test_a_stack_of_other_parts_is_refused(place, element, text):
    stack = [*STACK[:place], element, {"sum": "arrows"}, *STACK[place + 2 :]]
    claims = verdicts(figure(DYLORA, stack=stack))
    wrong = {said for said, verdict in claims.items() if verdict not in ("holds", "prose")}
    assert wrong
    assert text is None or text in wrong


def test_the_rank_of_a_part_is_a_rank():
    title = "A step with rank $b$"
    row = [{"panel": title, "stack": STACK}]
    assert verdicts(figure(DYLORA, row=row))[title] != "fails"
    other = {**DYLORA, "sizes": {"b": 4, "N": 3}}
    assert (
        verdicts(figure(other, row=[{"panel": "A step with rank $N$", "stack": STACK}]))[
            "A step with rank $N$"
        ]
        == "fails"
    )


def test_a_part_is_there_only_where_the_whole_is_as_large():
    from lorafig.verify import verify

    claims = {claim.text: claim for claim in verify(figure(DYLORA, stack=STACK)).claims}
    condition = claims["A[:b]"].condition
    assert condition is not None
    at = {"d": Fraction(64), "r": Fraction(8)}
    assert holds(condition, {**at, "b": Fraction(8)})
    assert not holds(condition, {**at, "b": Fraction(9)})
