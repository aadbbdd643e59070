"""Words on edges and on groups of a flow: whose they say that it is, and how often."""

from __future__ import annotations

import pytest

from lorafig.errors import LorafigError
from lorafig.language.load import loads
from lorafig.verify import verify
from lorafig.verify.report import Report

FLOW = """\
id: edges
title: Two paths
model: {{d: 1024, r: 8}}
flow:
  nodes: {{x: {{bar: x}}, W: {{box: W}}, low: {{bottleneck: [A, B]}}, sum: {{circle: '+'}}, h: {{bar: h}}}}
  edges: [{edges}, 'sum -> h']
"""
BASE = ("pretrained output", "frozen path", "base model output", "output", "features")
ADAPTER = ("low-rank update", "update", "adapter output", "LoRA branch", "output", "features")


def labelled(edge: str, words: str) -> Report:
    edges = [f"{{edge: {way}, text: {words}}}" if way == edge else way for way in WAYS]
    return verify(loads(FLOW.format(edges=", ".join(edges))), floating=False)


WAYS = ("x -> W", "x -> low", "W -> sum", "low -> sum")


@pytest.mark.parametrize("words", sorted({*BASE, *ADAPTER}))
@pytest.mark.parametrize("edge", WAYS)
def test_words_on_an_edge_say_whose_it_is(edge: str, words: str) -> None:
    right = BASE if "W" in edge else ADAPTER
    assert labelled(edge, words).verdict == ("holds" if words in right else "fails")


def test_the_message() -> None:
    report = labelled("low -> sum", "pretrained output")
    told = next(claim for claim in report.claims if claim.verdict == "fails")
    assert told.detail == "the edge is of A and B, which the words do not name"
    assert told.hint == "say the adapter"


@pytest.mark.parametrize(
    ("times", "hint"),
    [("twelve", "write the number: 12"), ("often", "give a number or a size: times: L")],
)
def test_a_word_does_not_say_how_often(times: str, hint: str) -> None:
    spec = FLOW.format(edges="x -> W") + f"  groups: {{g: {{of: [W], times: {times}}}}}\n"
    told = verify(loads(spec), floating=False).claims
    assert [(claim.text, claim.detail, claim.hint) for claim in told if claim.verdict != "holds"][:1] == [
        (times, f"'{times}' is a word", hint)
    ]


@pytest.mark.parametrize("items", ["'(', W, '+', BA, ')'", "'(W', '+', 'BA)'"])
def test_brackets_of_a_product_are_a_list(items: str) -> None:
    with pytest.raises(LorafigError) as caught:
        loads(f"id: p\ntitle: P\nmodel: {{d: 64, r: 4}}\nproduct: [h, '=', {items}, x]\n")
    hints = {problem.hint for problem in caught.value.problems}
    assert hints == {"in a product, what stands in brackets is a list: [W, +, BA]"}
