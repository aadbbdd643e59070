"""Sizes that decide how something is computed: at others it is not known, unless no control moves them."""

from __future__ import annotations

import pytest

from lorafig.language import from_data
from lorafig.verify import verify
from lorafig.verify.decide.conditions import AtStart

HEADS = {
    "adapter": "none",
    "d": 48,
    "sizes": {"H": 4, "n": 5},
    "symbols": {"x": {"shape": ["d"], "role": "input"}, "W": {"shape": ["d", "d"], "role": "trained"}},
    "let": [r"q = \mathrm{split}_{H}(Wx)"],
}
EXPERTS = {
    "adapter": "none",
    "d": 32,
    "r": 4,
    "sizes": {"N": 3, "K": 2},
    "symbols": {
        "x": {"shape": ["d"], "role": "input"},
        "W_g": {"shape": ["N", "d"], "role": "trained"},
        "A_i": {"shape": ["r", "d"], "role": "trained", "over": "i = 1..N"},
        "B_i": {"shape": ["d", "r"], "role": "trained", "over": "i = 1..N"},
    },
    "let": [r"\omega = \mathrm{top}_K(\mathrm{softmax}(W_g x))", r"h = \sum_{i=1}^{N} \omega_i B_i A_i x"],
}
SUM = r"h = \sum_{i=1}^{N} \omega_i B_i A_i x"


def condition(model, equation, *controls):
    data = {"id": "s", "title": "S", "model": model, "row": [{"equations": [equation]}]}
    data |= {"controls": {name: {"min": 1, "max": 64} for name in controls}} if controls else {}
    claim = [claim for claim in verify(from_data(data)).claims if claim.text == equation][-1]
    assert claim.verdict == "holds"
    return claim.condition


@pytest.mark.parametrize(
    ("model", "equation", "controls", "known"),
    [
        (HEADS, r"q: 12 \times 4", ("d",), False),
        (HEADS, r"q: 12 \times 4", ("H",), False),
        (HEADS, r"q: 12 \times 4", ("n",), True),
        (HEADS, r"q: 12 \times 4", (), False),
        (EXPERTS, SUM, ("r",), True),
        (EXPERTS, SUM, ("K",), True),
        ({**EXPERTS, "let": [*EXPERTS["let"], "M = N"]}, SUM.replace("{N}", "{M}"), ("r",), True),
    ],
)
def test_what_no_control_moves_decides_nothing_anew(model, equation, controls, known):
    assert isinstance(condition(model, equation, *controls), AtStart) is not known


@pytest.mark.parametrize(
    ("equation", "known"),
    [
        (r"N \cdot 2dr + Nd = \num{2Ndr + Nd}", True),
        (r"\num{Nd} = 96", True),
        (r"N \cdot |A_1| = \num{Ndr}", False),  # which may be defined by what N decides
        (r"q = \num{3d}", False),
        (r"\num{q} = 96", False),
    ],
)
def test_a_count_of_sizes_follows_them_beside_definitions_that_do_not(equation, known):
    model = {**EXPERTS, "let": [*EXPERTS["let"], r"q = \sum_{i=1}^{N} d"]}
    assert isinstance(condition(model, equation, "N"), AtStart) is not known
