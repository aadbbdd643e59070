"""`given`: what is taken as true is used exactly where a claim needs it, and what is not so is refused."""

from __future__ import annotations

import pytest

from lorafig.draw import draw
from lorafig.options import Options
from lorafig.verify import verify
from tests.verify.own import details, figure, verdicts

SVD = {
    "d": 32,
    "r": 4,
    "symbols": {
        "U": {"shape": ["d", "d"]},
        "V": {"shape": ["d", "d"]},
        "\\Sigma": {"shape": ["d", "d"]},
        "P": {"shape": ["d", "r"]},
        "Q": {"shape": ["r", "d"]},
        "c": {},
        "e": {},
    },
    "given": [r"W = U \Sigma V^\top", r"U^\top U = I", r"V^\top V = I", r"P^\top P = I", r"Q Q^\top = I"],
}


@pytest.mark.parametrize(
    ("equation", "verdict"),
    [
        (r"Wx = U \Sigma V^\top x", "holds"),
        (r"U^\top W V = \Sigma", "holds"),
        (r"U U^\top = I", "holds"),
        (r"W^\top W = V \Sigma^\top \Sigma V^\top", "holds"),
        (r"P^\top P x_0 = x_0", "ill-typed"),
        (r"P P^\top = I", "fails"),
        (r"P P^\top P = P", "holds"),
        (r"Q^\top Q Q^\top = Q^\top", "holds"),
        (r"Q^\top Q = I", "fails"),
        (r"U V = V U", "fails"),
        (r"U^\top \Sigma V = \Sigma", "fails"),
        (r"U^\top U = I", "holds"),
        (r"U^\top U \ne I", "fails"),
        (r"h = Wx + BAx", "holds"),
    ],
)
def test_claims_are_decided_by_what_is_given(equation, verdict):
    model = {**SVD, "symbols": {**SVD["symbols"], "x_0": {"shape": "d"}}}
    assert list(verdicts(figure(model, equation)).values())[5:] in ([verdict], [])
    assert verdicts(figure(model, equation))[equation] == verdict


def test_a_sum_of_entries_is_what_it_is_said_to_be():
    model = {
        "d": 16,
        "sizes": {"N": 3},
        "symbols": {"g": {"shape": "N"}},
        "given": [r"\sum_{i=1}^{N} g_i = 1"],
    }
    told = verdicts(
        figure(
            model, r"\sum_{i=1}^{N} g_i W = W", r"\sum_i g_i x = x", r"g_1 + g_2 = 1", r"g_3 = 1 - g_1 - g_2"
        )
    )
    assert list(told.values()) == ["holds", "holds", "holds", "undetermined", "holds"]


@pytest.mark.parametrize(
    ("given", "says"),
    [
        (["B = 0", "BA = I"], "it contradicts what is defined and given: B A is never I"),
        (["r = 16"], "it is 4, not 16"),
        (["A = B"], "the shapes differ: A is r × d, B is d × r"),
        (["BA x = x"], "it is false at the start: the sides differ: B A x is not x"),
        (["c e = 0"], "it cannot be solved for a symbol, and so nothing can be decided by it"),
        (["c + e = 0", "c = 1", "e = 1"], "it contradicts what is defined and given: e is never 1"),
    ],
)
def test_what_cannot_be_given_is_refused(given, says):
    model = {"d": 32, "r": 4, "symbols": {"c": {}, "e": {}}, "given": given}
    report = verify(figure(model, "x: d"))
    assert report.verdict != "holds"
    assert any(says in f"{claim.detail}" for claim in report.claims), [
        claim.detail for claim in report.claims
    ]


def test_an_approximation_may_be_given_and_is_no_equation():
    symbols = {"U": {"shape": ["d", "r"]}, "V": {"shape": ["d", "r"]}}
    model = {"d": 32, "r": 4, "symbols": symbols, "given": [r"W \approx U V^\top"]}
    told = verdicts(figure(model, r"W \approx U V^\top ", r"W = U V^\top", r"B \approx U V^\top"))
    assert list(told.values()) == ["holds", "holds", "fails", "ill-typed"]


def test_what_is_given_is_listed_as_assumed():
    model = {**SVD, "given": [r"W = U \Sigma V^\top"]}
    drawn = figure(model, r"Wx = U \Sigma V^\top x", row=[{"stack": [{"bar": "x"}, {"square": "W"}]}])
    outputs, report = draw(drawn, ["md", "svg", "json"], Options())
    assert [claim.text for claim in report.claims if claim.assumed] == model["given"]
    assert "Assumed, as the figure says:" in outputs["md"].decode()
    assert "Assumed: W equals U" in outputs["svg"].decode()
    assert '"assumed": true' in outputs["json"].decode()


def test_a_drawing_is_decided_by_what_is_given():
    model = {**SVD, "given": [r"W = U \Sigma V^\top"], "let": ["y = Wx"]}
    stack = [{"bar": "x"}, {"square": "V^\\top"}, {"square": "\\Sigma"}, {"square": "U"}, {"bar": "y"}]
    assert verify(figure(model, row=[{"stack": stack}])).verdict == "holds"
    assert "by what is given" not in f"{details(figure({}, 'h = Wx + BAx'))}"


def test_there_are_no_more_orthonormal_columns_than_rows():
    model = {"d": 32, "r": 4, "symbols": {"P": {"shape": ["r", "d"]}}, "given": [r"P^\top P = I"]}
    told = details(figure(model, "x: d"))
    assert told[r"P^\top P = I"] == "there are no d = 32 orthonormal vectors of r = 4 entries"
