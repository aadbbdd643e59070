"""A lesson's texts are claims, each at the setting that it speaks of."""

from __future__ import annotations

import pytest

from lorafig.language import loads
from lorafig.verify import decide_claim, verify

HEAD = """\
id: taught
title: A figure
model: {d: 64, k: 64, r: 4}
stack: [{bar: x}, {square: W}, {bar: Wx}]
"""


def _report(lesson: str):
    return verify(loads(HEAD + f"lesson:\n{lesson}", "s.yaml"), floating=False)


def test_an_answer_is_held_to_its_own_setting():
    report = _report(
        "  activities:\n"
        "    - ask: How many are trained?\n"
        "      answer: '$r(d + k) = 16{,}384$ of $dk = \\num{dk}$'\n"
        "      at: {d: 1024, k: 1024, r: 8}\n"
    )
    assert report.verdict == "holds"
    said = {claim.text: claim.value for claim in report.claims}
    assert said["r(d + k) = 16{,}384"] == "16384"
    assert said["dk = \\num{dk}"] == str(1024 * 1024)


def test_without_a_setting_it_is_held_to_the_figure():
    report = _report("  questions: [{ask: How many?, answer: '$dk = 4{,}096$'}]\n")
    assert report.verdict == "holds"


@pytest.mark.parametrize(
    ("lesson", "what"),
    [
        (
            "  objectives: ['Know that $dk = 5{,}000$']\n",
            "s.yaml:6:27: 'dk = 5{,}000' does not hold: it is 4,096, not 5,000",
        ),
        (
            "  activities: [{ask: How many?, answer: '$dk = 4{,}096$', at: {d: 128}}]\n",
            "s.yaml:6:42: 'dk = 4{,}096' does not hold: it is 8,192, not 4,096",
        ),
        (
            "  questions: ['Why is $h = WBx$?']\n",
            "s.yaml:6:23: 'h = WBx' is ill-typed: W B: the inner dimensions differ: W is d × k, B is d × r",
        ),
        (
            "  questions: ['Pourquoi $h = WBx$ ?']\n",
            "s.yaml:6:25: 'h = WBx' is ill-typed: W B: the inner dimensions differ: W is d × k, B is d × r",
        ),
    ],
)
def test_what_is_false_is_told_with_its_place(lesson, what):
    problems = _report(lesson).problems()
    assert [f"{one.where}: {one.what}" for one in problems][:1] == [what]


@pytest.mark.parametrize(
    ("ask", "answer", "told"),
    [
        ("Is W frozen?", "No, W is trained.", ["'No, W is trained.'"]),
        ("How many are trained?", "LoRA trains $2dr = 500$ numbers.", ["'2dr = 500'"]),
    ],
)
def test_a_wrong_answer_is_told_once(ask, answer, told):
    problems = _report(f"  questions: [{{ask: '{ask}', answer: '{answer}'}}]\n").problems()
    assert [problem.what.partition(" does not hold")[0] for problem in problems] == told


@pytest.mark.parametrize(
    ("text", "r", "verdict", "detail"),
    [
        ("8\\times fewer parameters", 4, "holds", "exact"),
        ("1\\times fewer", 32, "fails", "they are not fewer: 4,096 are trained, and the weight has 4,096"),
        ("0.5\\times fewer", 64, "fails", "they are not fewer: 8,192 are trained, and the weight has 4,096"),
        (
            "0\\% fewer parameters",
            32,
            "fails",
            "they are not fewer: 4,096 are trained, and the weight has 4,096",
        ),
        ("200\\% of the parameters", 64, "holds", "exact"),
    ],
)
def test_fewer_means_fewer(text, r, verdict, detail):
    claim = decide_claim(text, dims={"d": 64, "k": 64, "r": r})
    assert (claim.verdict, claim.detail) == (verdict, detail)
