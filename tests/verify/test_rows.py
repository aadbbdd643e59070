"""Rows of data that flow: a matrix that only fits behind them stands there, X W."""

from __future__ import annotations

import pytest

from lorafig.draw import draw
from lorafig.language import from_data
from lorafig.options import Options
from lorafig.verify import verify

MODEL = {
    "adapter": "none",
    "d": 64,
    "r": 4,
    "sizes": {"n": 16, "p": 96},
    "symbols": {
        "X": {"shape": ["n", "d"], "role": "input"},
        "W": {"shape": ["d", "p"], "role": "frozen"},
        "A": {"shape": ["d", "r"], "role": "trained"},
        "B": {"shape": ["r", "p"], "role": "trained"},
    },
    "let": ["Y = XW + XAB"],
}
NODES = {
    "x": {"rounded": "X"},
    "W": {"box": "W"},
    "low": {"bottleneck": ["A", "B"]},
    "sum": {"circle": "+"},
    "y": {"rounded": "Y"},
}
EDGES = ["x -> W, low -> sum", {"edge": "sum -> y", "math": "XW + XAB"}]


def told(model=MODEL, nodes=NODES, edges=EDGES):
    data = {"id": "rows", "title": "Rows", "model": model, "flow": {"nodes": nodes, "edges": edges}}
    report = verify(from_data(data))
    return report.verdict, [
        claim.detail for claim in report.claims if claim.verdict not in ("holds", "prose")
    ]


@pytest.mark.parametrize("direction", ["right", "left", "up", "down"])
def test_rows_flow_through_the_matrices_behind_them(direction):
    assert told() == ("holds", [])
    flow = {"nodes": NODES, "edges": EDGES, "direction": direction}
    figure = from_data({"id": "rows", "title": "Rows", "model": MODEL, "flow": flow})
    _, report = draw(figure, ["svg"], Options())
    assert report.verdict == "holds"


@pytest.mark.parametrize(
    ("nodes", "edges", "detail"),
    [
        (
            {"low": {"bottleneck": ["B", "A"]}},
            EDGES,
            "B maps p to r, and what flows into it is X, of shape n × d",
        ),
        ({"low": {"box": "A"}}, EDGES, "the shapes differ: X W is n × p, X A is n × r"),
        ({}, ["x -> W -> y"], "the flow gives X W, and Y is XW + XAB"),
        ({"W": {"box": r"W^\top"}}, EDGES, "Wᵀ maps d to p, and what flows into it is X, of shape n × d"),
    ],
)
def test_rows_that_flow_elsewhere_are_refused(nodes, edges, detail):
    used = {
        name: node for name, node in {**NODES, **nodes}.items() if any(name in str(edge) for edge in edges)
    }
    verdict, details = told(nodes=used, edges=edges)
    assert verdict != "holds"
    assert detail in details


MADE = {
    "adapter": "none",
    "d": 64,
    "k": 48,
    "sizes": {"n": 10},
    "functions": {"F": "n -> d × k"},
    "symbols": {
        "x": {"shape": ["k"], "role": "input"},
        "W": {"shape": ["d", "k"], "role": "frozen"},
        "c": {"shape": ["n"], "role": "trained"},
    },
    "let": [r"\Delta W = F(c)", r"h = Wx + \Delta W x"],
}
WEIGHT = {
    "x": {"bar": "x"}, "W": {"box": "W"}, "c": {"bar": "c"}, "f": {"rounded": "F"},
    "made": {"box": r"\Delta W"}, "sum": {"circle": "+"}, "h": {"bar": "h"},
}  # fmt: skip


def test_a_weight_that_is_made_on_the_figure_is_flowed_through():
    edges = ["x -> W, made -> sum -> h", "c -> f -> made"]
    assert told(MADE, WEIGHT, edges) == ("holds", [])
    other = {**MADE, "let": [r"\Delta W = F(c) + W", MADE["let"][1]]}
    verdict, details = told(other, WEIGHT, edges)
    assert verdict == "fails"
    assert "the flow gives F(c), and ΔW is F(c) + W" in details
    square = {**MADE, "functions": {"F": "n -> k × k"}}
    assert told({**square, "let": [r"h = Wx"]}, {**WEIGHT, "made": {"box": "W"}}, edges)[0] != "holds"


def test_what_fits_before_stands_there():
    """W X where both fit, and a vector is a column: it is never multiplied from the right."""
    symbols = {"X": {"shape": ["d", "d"], "role": "input"}, "W": {"shape": ["d", "d"], "role": "frozen"}}
    nodes = {"x": {"rounded": "X"}, "W": {"box": "W"}, "y": {"rounded": "Y"}}
    for product, verdict in (("WX", "holds"), ("XW", "fails")):
        model = {"adapter": "none", "d": 64, "symbols": symbols, "let": [f"Y = {product}"]}
        assert told(model, nodes, ["x -> W -> y"])[0] == verdict
    vector = {**MODEL, "symbols": {**MODEL["symbols"], "X": {"shape": ["d"], "role": "input"}}, "let": []}
    assert told(vector, nodes, ["x -> W -> y"])[0] != "holds"
