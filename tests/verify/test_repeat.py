"""Branches that are there several times: drawn once, twice, dots and the last; run and added all."""

import pytest

from lorafig.draw import lay_out
from lorafig.errors import LorafigError
from lorafig.graph.lower import entries
from lorafig.language import loads
from lorafig.scene import Label, walk
from lorafig.verify import verify
from lorafig.verify.decide.conditions import AtStart
from lorafig.words import describe
from lorafig.words.alt import alt_text

SPEC = r"""
id: f
title: Experts
model:
  adapter: none
  d: 16
  r: 2
  sizes: {{N: {n}}}
  symbols:
    W: {{shape: [d, d], role: frozen}}
    x: {{shape: [d], role: input}}
    A_i: {{shape: [r, d], role: trained, over: 'i = 1..N'}}
    B_i: {{shape: [d, r], role: trained, over: 'i = 1..N'}}
    g_i: {{role: trained, over: 'i = 1..N'}}
  let: ['h = Wx + \sum_{{i=1}}^{{N}} g_i B_i A_i x']
row:
  - stack:
      - bar: x
      - arrow
      - split:
          - square: W
          - repeat: {repeat}
            over: '{over}'
      - {sum}
      - bar: h
  - equations: ['h = Wx + \sum_{{i=1}}^{{N}} g_i B_i A_i x']
"""
BRANCH = "[{bottleneck: [A_i, B_i]}, {gate: g_i, math: g_i}]"


def experts(n=8, repeat=BRANCH, over="i = 1..N", joined="sum: arrows"):
    return loads(SPEC.format(n=n, repeat=repeat, over=over, sum=joined))


def labels(scene):
    return [item.lines[0].plain for item in walk(scene.items) if isinstance(item, Label)]


@pytest.mark.parametrize(
    ("n", "shown", "dots"), [(1, "N", 0), (2, "1N", 0), (4, "123N", 0), (5, "12N", 1), (40, "12N", 1)]
)
def test_the_first_the_last_and_dots(n, shown, dots):
    figure = experts(n)
    scene = lay_out(figure)
    assert verify(figure, scene).verdict == "holds"
    written = labels(scene)
    subs = {"N": "_N", "1": "₁", "2": "₂", "3": "₃"}
    assert [label for label in written if label[0] == "A"] == [f"A{subs[each]}" for each in shown]
    assert written.count("⋯") == dots
    graph = entries(figure)[0]
    assert sum(name.endswith(".0.0") for name in graph.nodes) >= n


@pytest.mark.parametrize(
    "change",
    [
        {"over": "i = 2..N"},
        {"over": "i = 1..7"},
        {"repeat": "[{bottleneck: [A_i, B_i]}]"},
        {"repeat": "[{bottleneck: [A_1, B_i]}, {gate: g_i}]"},
        {"repeat": "[{bottleneck: [A_i, B_i], math: [A_i, B_1]}, {gate: g_i}]"},
    ],
)
def test_what_is_not_so_for_one_of_them(change):
    figure = experts(**change)
    assert verify(figure).verdict in ("fails", "undetermined")
    assert verify(experts()).verdict == "holds"


def test_it_is_told():
    figure = experts()
    told = describe(figure, verify(figure))
    assert "Side by side, 9 branches:" in told
    assert "- Dots, for the same with $i$ from $3$ to $7$." in told
    assert "- The same with $i$ from $3$ to $7$." in told
    assert "dots for i from 3 to 7, which are alike" in alt_text(figure)


@pytest.mark.parametrize(
    ("change", "what", "hint"),
    [
        (
            {"over": "i = 1..10000"},
            "a repeat of 10,000; the limit is 512",
            "draw fewer, and say in words how many there are",
        ),
        (
            {"over": "j = 1..N"},
            "nothing that is repeated has the index j",
            "what is in it has the index i: over: 'i = …'",
        ),
        (
            {"over": "i = 3..2"},
            "i runs from 3 to 2: there is nothing between",
            "write i = 1..N: an index, and the numbers or sizes that it runs between",
        ),
        (
            {"joined": r"sum: [Wx, 'g_i B_i A_i x']"},
            "a sum of terms over branches that are repeated",
            "write sum: arrows, which adds all of them",
        ),
        (
            {"repeat": "[{split: [{repeat: [{square: A_i}], over: 'i = 1..2'}]}, {square: B_i}]"},
            "i is the index of a repeat in it too",
            "call each index by a letter of its own",
        ),
        (
            {"joined": "{repeat: [{square: A_i}], over: 'i = 1..2'}"},
            "a repeat that is not a branch of a split",
            "put it into a split as a branch by itself: "
            "split: [{square: W}, {repeat: [...], over: 'i = 1..N'}]",
        ),
    ],
)
def test_what_cannot_be_repeated(change, what, hint):
    with pytest.raises(LorafigError) as caught:
        experts(**change)
    problem = next(problem for problem in caught.value.problems if problem.what == what)
    assert problem.hint == hint
    assert problem.where is not None


def test_many_repeats_have_a_limit_together():
    branch = "{repeat: [" + ", ".join(["{square: W_i}"] * 30) + "], over: 'i = 1..500'}"
    text = f"{{id: f, title: T, stack: [bar: x, {{split: [{branch}]}}, sum: arrows]}}"
    with pytest.raises(LorafigError) as caught:
        loads(text)
    assert caught.value.problems[0].what == "15,003 elements with all that is repeated; the limit is 10,000"
    assert caught.value.kind == "limit"


def test_the_page_moves_a_number_of_copies_where_the_picture_stays():
    """1, 2, …, N is the picture of each N from 5 on. What was run are the copies of the figure alone."""
    text = SPEC.format(n=8, repeat=BRANCH, over="i = 1..N", sum="sum: arrows")
    with pytest.raises(LorafigError) as caught:
        loads(text + "controls: {N: {min: 2, max: 16}}\n")
    (problem,) = caught.value.problems
    assert problem.what == "a slider for N, over which something is repeated, from 2 on"
    same = "from there on the picture is the same, 1, 2, …, N"
    assert problem.hint == f"begin at 5, min: 5: {same}"
    report = verify(loads(text + "controls: {N: {min: 5, max: 16}}\n"))
    assert report.verdict == "holds"
    run = [claim.condition for claim in report.claims if claim.kind == "diagram"]
    assert run == [AtStart(True)] * len(run)
    few = SPEC.format(n=4, repeat=BRANCH, over="i = 1..N", sum="sum: arrows")
    with pytest.raises(LorafigError):
        loads(few + "controls: {N: {min: 5, start: 5, max: 16}}\n")
    first = SPEC.format(n=8, repeat=BRANCH, over="i = N..9", sum="sum: arrows")
    with pytest.raises(LorafigError) as caught:
        loads(first + "controls: {N: {min: 5, max: 9}}\n")
    assert caught.value.problems[0].hint == "leave out the slider"


def test_the_name_of_a_family_in_words_is_no_fault():
    text = SPEC.format(n=8, repeat=BRANCH, over="i = 1..N", sum="sum: arrows")
    figure = loads(text.replace("title: Experts", "title: 'Experts, each with its own $B$'"))
    assert verify(figure).id == "f"
