"""The report: the verdict on all, problems in words, and the fixed JSON."""

from __future__ import annotations

import json

from lorafig.cli.console import Sources, failing
from lorafig.errors import Place
from lorafig.language import loads
from lorafig.language.model import Source
from lorafig.verify import decide_claim, verify
from lorafig.verify.report import Claim, claim_to_json, report, to_json
from tests.verify.figures import two_panel

KEYS = ["where", "line", "text", "kind", "verdict", "value", "shown", "residual", "bound", "detail"]


def test_json_has_the_fixed_keys() -> None:
    found = json.loads(to_json([("figures/a.yaml", verify(two_panel()))]))
    assert list(found) == ["version", "figures"]
    assert found["version"] == 1
    (figure,) = found["figures"]
    assert list(figure) == ["id", "file", "verdict", "claims"]
    assert (figure["id"], figure["file"], figure["verdict"]) == ("lora-two-panel", "figures/a.yaml", "holds")
    for claim in figure["claims"]:
        assert set(KEYS) <= set(claim)
    equation = next(claim for claim in figure["claims"] if claim["text"] == "h = (W + BA)x")
    assert equation["kind"] == "equation"
    assert 0 < equation["residual"] <= equation["bound"]
    assert equation["where"] is None


def test_a_claim_knows_its_place() -> None:
    place = Place("a.yaml", 3, 10)
    figure = two_panel(first=Source("h = Wx - BAx", place, True), caption=Source("with $r > d$", place, True))
    found = verify(figure, floating=False)
    assert [(claim.where, claim.text) for claim in found.claims if claim.verdict == "fails"] == [
        (place, "h = Wx - BAx"),
        (Place("a.yaml", 3, 15), "r > d"),
    ]
    problem = found.problems()[0]
    assert str(problem) == (
        "a.yaml:3:10: 'h = Wx - BAx' does not hold: the sides differ: h is not Wx − BAx;"
        " it holds as h = Wx + BAx\n  hint: write h = Wx + BAx"
    )
    told = json.loads(to_json([(None, found)]))["figures"][0]["claims"]
    assert [claim["line"] for claim in told if claim["text"] == "r > d"] == [3]


def test_one_claim_as_json() -> None:
    found = json.loads(claim_to_json(decide_claim("d^2 = 65K", dims={"d": 256})))
    assert set(KEYS) <= set(found)
    assert (found["verdict"], found["value"], found["shown"]) == ("fails", "65536", "65K")
    assert found["residual"] is None


def test_the_worst_verdict_is_the_figures() -> None:
    def claim(verdict: str, unverified: str | None = None) -> Claim:
        return Claim("count", verdict, text="t", unverified=unverified)  # type: ignore[arg-type]

    assert report("f", None, []).verdict == "holds"
    assert report("f", None, [claim("holds"), claim("undetermined", "measured")]).verdict == "holds"
    assert report("f", None, [claim("undetermined", "")]).verdict == "undetermined"
    assert report("f", None, [claim("undetermined"), claim("fails", "because")]).verdict == "fails"
    assert report("f", None, [claim("fails"), claim("ill-typed"), claim("holds")]).verdict == "ill-typed"


def test_on_a_terminal_the_line_stands_beside_what_fails() -> None:
    import click

    place = Place("a.yaml", 2, 10)
    figure = two_panel(first=Source("h = Wx - BAx", place, True))
    report_ = json.loads(to_json([("a.yaml", verify(figure, floating=False))]))["figures"][0]
    sources = Sources()
    sources.texts["a.yaml"] = b"first\n  math: 'h = Wx - BAx'\n"
    (told,) = failing(report_, sources)
    assert click.unstyle(told).split("\n") == [
        "h = Wx - BAx: fails: the sides differ: h is not Wx − BAx; it holds as h = Wx + BAx",
        "  2 |   math: 'h = Wx - BAx'",
        "               ^",
        "  for one, with d = 1, r = 1: W = 0, x = 1, B = 1, A = 1: h = 1, Wx − BAx = −1",
        "  hint: write h = Wx + BAx",
    ]


REPEATED = """
id: f
title: Branches
model: {adapter: none, d: 16, sizes: {N: 6}, symbols: {x: {shape: [d], role: input}}}
flow:
  nodes: {x: {bar: x}, C: {rounded: C_i}, sum: {circle: '+'}}
  edges: [x -> branches -> sum]
  groups: {branches: {of: C, over: 'i = 1..N'}}
"""


def test_what_is_wrong_in_each_copy_is_told_once() -> None:
    problems = verify(loads(REPEATED)).problems()
    assert [problem.what for problem in problems] == [
        "'C_1' cannot be decided: C_1 is not defined on this figure"
    ]


FACTORS = r"""
id: f
title: Factors
model:
  adapter: none
  d: 6
  sizes: {a: 2SIZES}
  symbols: {W: {shape: [d, d]}, A: {shape: [a, a]}, B: {shape: [b, b]}, s: {}}
  let: LET
product: [{matrix: V}, '=', {matrix: W}, '+', 's', {matrix: A}, '\otimes', {matrix: B}]
"""


def test_a_size_that_is_a_product_is_said_to_be_one() -> None:
    """A number may stand before a Kronecker product."""
    unsaid = FACTORS.replace("SIZES", ", b: 3").replace("LET", r"['V = W + s (A \otimes B)']")
    first = verify(loads(unsaid)).problems()[0]
    assert first.what.endswith("is ill-typed: the shapes differ: W is d × d, s (A ⊗ B) is a·b × a·b")
    assert first.hint == "if d is a·b, make b of them: let: ['b = d/a']"
    said = FACTORS.replace("SIZES", "").replace("LET", r"['b = d/a', 'V = W + s (A \otimes B)']")
    assert verify(loads(said)).verdict == "holds"
