"""Families over two indices, sums over both, and groups and branches that are repeated in others."""

from itertools import pairwise

import pytest

from lorafig.draw import lay_out
from lorafig.errors import LorafigError
from lorafig.graph.lower import entries
from lorafig.language import loads
from lorafig.mermaid.write.flowchart import render
from lorafig.scene import Label, Shape, walk
from lorafig.verify import verify
from lorafig.words import describe
from lorafig.words.alt import alt_text

SPEC = r"""
id: f
title: Experts
model:
  adapter: none
  d: 16
  r: 2
  sizes: {{N: {n}, L: {l}}}
  symbols:
    x: {{shape: [d], role: input}}
    W: {{shape: [d, d], role: frozen}}
    A_{{i,l}}: {{shape: [r, d], role: trained, over: 'i = 1..N, l = 1..L'}}
    B_i^{{(l)}}: {{shape: [d, r], role: trained, over: 'l = 1..L, i = 1..N'}}
    c_{{il}}: {{over: 'i = 1..N, l = 1..L'}}
    g_i: {{over: 'i = 1..N'}}
  let: {let}
  given: {given}
row:
  - equations: {equations}
"""


def quoted(lines):
    return "[" + ", ".join(f"'{line}'" for line in lines) + "]"


def claims(let, *equations, n=2, layers=3, given=()):
    spec = SPEC if n < 10 else SPEC.replace("c_{{il}}", "c_{{i,l}}")
    text = spec.format(n=n, l=layers, let=quoted(let), equations=quoted(equations), given=quoted(given))
    return {claim.text: claim for claim in verify(loads(text)).claims}


Z = r"z_i^{(l)} = B_i^{(l)} A_{i,l} x"
H = r"h^{(l)} = \sum_i g_i z_i^{(l)}"


@pytest.mark.parametrize(
    ("let", "equation", "verdict"),
    [
        ([], r"\sum_{i=1}^{N} g_i A_{i,1} = g_1 A_{1,1} + g_2 A_{2,1}", "holds"),
        ([], r"\sum_{i=1}^{N} g_i A_{i,1} = g_1 A_{1,1} + g_2 A_{1,2}", "fails"),
        ([], r"\sum_{l=1}^{L} \sum_{i=1}^{N} B_i^{(l)} A_{i,l} = \sum_{i,l} B_i^{(l)} A_{i,l}", "holds"),
        ([], r"\sum_{l=1}^{L} \sum_{i=1}^{N} B_i^{(l)} A_{i,l} = \sum_i B_i^{(1)} A_{i,1}", "fails"),
        ([], r"\sum_i \sum_l A_{i,l} = \sum_l \sum_i A_{i,l}", "holds"),
        ([], r"\sum_l A_{N,l} = A_{2,1} + A_{2,2} + A_{2,L}", "holds"),
        ([], r"\sum_{i,l=1}^{2} c_{il} = c_{11} + c_{12} + c_{21} + c_{22}", "holds"),
        ([], r"\sum_{i,l=1}^{2} c_{il} = c_{11} + c_{12} + c_{21}", "fails"),
        ([], "B_1^{(2)} A_{1,2} = B_1^{(2)} A_{2,1}", "fails"),
        ([], "B_i^{(l)} A_{i,l} x = B_i^{(l)} (A_{i,l} x)", "holds"),
        ([Z], "z_2^{(3)} = B_2^{(3)} A_{2,3} x", "holds"),
        ([Z], "z_2^{(3)} = B_2^{(2)} A_{2,3} x", "fails"),
        ([Z], "z_2^{(L)} = B_2^{(3)} A_{2,3} x", "holds"),
        ([H, Z], "h^{(2)} = g_1 B_1^{(2)} A_{1,2} x + g_2 B_2^{(2)} A_{2,2} x", "holds"),
        ([H, Z], "h^{(2)} = g_1 B_1^{(1)} A_{1,1} x + g_2 B_2^{(2)} A_{2,2} x", "fails"),
        ([H, Z, r"y = Wx + \sum_l h^{(l)}"], r"y = (W + \sum_{i,l} g_i B_i^{(l)} A_{i,l}) x", "holds"),
    ],
)
def test_families_over_two_indices(let, equation, verdict):
    assert claims(let, equation)[equation].verdict == verdict


@pytest.mark.parametrize(
    ("let", "equation", "detail", "hint"),
    [
        ([], "A_{3,1} x = A_{1,1} x", "A_3,1 is out of the range of its family: i = 1..2, l = 1..3", None),
        ([], "A_{1,4} x = A_{1,1} x", "A_1,4 is out of the range of its family: i = 1..2, l = 1..3", "A_2,3"),
        ([], "A_1 x = A_{1,1} x", "A_1 has no index l: A_i,l is a family over i = 1..2, l = 1..3", "A_1,1"),
        ([], "A x = A_{1,1} x", "A is a family, over i = 1..2, l = 1..3", "write A_i,l, or A_1,1"),
        ([], "B_1 A_{1,1} x = x", "B_1 has no index l: B_i^(l) is a family over", "B_1^(1)"),
        ([], "A_{j,1} x = A_{1,1} x", "A_j,1: an index of the family A_i,l is i, not j", "a sum over j"),
        ([Z], "z_3^{(1)} = x", "z_3^(1) is out of the range of its family: i = 1..2, l = 1..3", None),
    ],
)
def test_what_is_no_member(let, equation, detail, hint):
    claim = claims(let, equation)[equation]
    assert claim.verdict == "ill-typed"
    assert claim.detail.startswith(detail)
    assert hint is None or hint in claim.hint


def test_what_is_given_of_two_indices_is_given_of_each_member():
    given = ["A_{i,l} A_{i,l}^\\top = I"]
    said = claims([], "A_{2,3} A_{2,3}^\\top = I", "A_{1,1} A_{2,1}^\\top = I", given=given)
    assert said["A_{2,3} A_{2,3}^\\top = I"].verdict == "holds"
    assert said["A_{1,1} A_{2,1}^\\top = I"].verdict != "holds"


@pytest.mark.parametrize(
    ("equation", "what"),
    [
        (r"\sum_{i=1}^{40} \sum_{l=1}^{40} x = 1600 x", None),
        (r"\sum_{i=1}^{N} \sum_{l=1}^{L} A_{i,l} x = x", "has 1,600 terms, with the sums around it"),
        (r"\sum_{i=1}^{4000} \sum_{j=1}^{4000} i j = 1", "has 16,000,000 terms, with the sums around it"),
        (r"\sum_{i=1}^{400} \sum_{j=1}^{400} \sum_{k=1}^{400} i j k = 1", "160,000 terms"),
    ],
)
def test_sums_in_sums_have_a_limit_together(equation, what):
    claim = claims([], equation, n=40, layers=40)[equation]
    assert claim.verdict == ("holds" if what is None else "undetermined")
    assert what is None or what in claim.detail


COUNTED = r"""
id: f
title: Counted
model:
  adapter: none
  d: 64
  r: 4
  sizes: {N: 8, L: 12}
  symbols:
    W: {shape: [d, d], role: frozen}
    A_i^{(l)}: {shape: [r, d], role: trained, over: 'i = 1..N, l = 1..L'}
product: [{matrix: 'A_2^{(3)}'}]
caption: TEXT
"""


@pytest.mark.parametrize(
    ("text", "verdict"),
    [("24,576 trainable parameters", "holds"), ("2,048 trainable parameters", "fails")],
)
def test_all_members_are_counted(text, verdict):
    report = verify(loads(COUNTED.replace("TEXT", text)))
    assert [claim.verdict for claim in report.claims if claim.text == text] == [verdict]


BAD = {
    "A_i: {shape: [d], over: 'i = 1..2, j = 1..3'}": (
        "A_i has no index j",
        "write it with its index: A_{i,j}",
    ),
    "A_{i,j}: {shape: [d], over: 'i = 1..2'}": None,
    "A_{i,j}: {shape: [d], over: 'i = 1..2, i = 1..3'}": (
        "the index i is there twice in 'i = 1..2, i = 1..3'",
        "call each index by a letter of its own",
    ),
    "A_{ij}: {shape: [d], over: 'i = 1..12, j = 1..3'}": (
        "nothing stands between the indices in A_{ij}: is 111 1 and 11, or 11 and 1?",
        "write a comma between them: A_{i,j}",
    ),
    "A_{i,j}: {shape: [d], over: ['i = 1..2', 'j = 1..3']}": (
        "expected an index and its range, 'i = 1..N', found a list",
        "several stand in one text: 'i = 1..N, j = 1..M'",
    ),
    "A_{i,j}: {shape: [d], over: 'i = 1..2, j = 3..1'}": (
        "j runs from 3 to 1: there is nothing between",
        "write i = 1..N: an index, and the numbers or sizes that it runs between",
    ),
    "A_{i,j}: {shape: [d], over: 'i = 1..2, j = 1..M'}": (
        "'M' has no value on this figure",
        "write i = 1..N: an index, and the numbers or sizes that it runs between",
    ),
    "A_{i,j}: {shape: [d], over: 'i = 1..2, j'}": (
        "'i = 1..2, j' is not an index with its range",
        "write i = 1..N: an index, and the numbers or sizes that it runs between",
    ),
    "A_{i,j}: {shape: [d], over: 'i, j = 1..2'}": (
        "'i' is not an index with its range",
        "write i = 1..N: an index, and the numbers or sizes that it runs between",
    ),
}


@pytest.mark.parametrize(("symbol", "told"), BAD.items())
def test_two_indices_that_do_not_go_together(symbol, told):
    model = f"model:\n  d: 8\n  r: 2\n  symbols:\n    {symbol}"
    text = f"id: f\ntitle: T\n{model}\nstack: [bar: x, square: W, bar: Wx]\n"
    if told is None:
        loads(text)
        return
    with pytest.raises(LorafigError) as caught:
        loads(text)
    problem = caught.value.problems[0]
    assert (problem.what, problem.hint) == told
    assert problem.where is not None
    assert problem.where.line == 7


# Groups in groups -------------------------------------------------------------------------------

NESTED = r"""
id: f
title: Experts of several projections
model:
  adapter: none
  d: 16
  r: 2
  sizes: {{N: {n}, P: {p}}}
  symbols:
    x: {{shape: [d], role: input}}
    W: {{shape: [d, d], role: frozen}}
    W_g: {{shape: [N, d], role: trained}}
    A_{{i,p}}: {{shape: [r, d], role: trained, over: 'i = 1..N, p = 1..P'}}
    B_{{i,p}}: {{shape: [d, r], role: trained, over: 'i = 1..N, p = 1..P'}}
  let:
    - '\omega = \mathrm{{softmax}}(W_g x)'
    - 'z_{{i,p}} = B_{{i,p}} A_{{i,p}} x'
    - 'h = Wx + \sum_i \omega_i \sum_p z_{{i,p}}'
flow:
  direction: {direction}
  nodes:
    x: {{bar: x}}
    W: {{box: W, badge: frozen}}
    router: {{rounded: softmax}}
    wg: {{box: W_g}}
    low: {{box: 'A_{{i,p}}'}}
    high: {{box: 'B_{{{inner}}}'}}
    all: {{circle: '+'}}
    weights: {{cells: '\omega'}}
    sum: {{circle: '+'}}
    h: {{bar: h}}
  edges:
    - x -> W -> sum -> h
    - x -> wg -> router -> weights -> sum
    - x -> low -> high
    - {{edge: high -> all, math: 'z_{{i,p}}'}}
    - all -> weights
  groups:
    expert: {{of: [proj, all], over: 'i = 1..N', title: Expert $i$}}
    proj: {{of: [low, high], over: 'p = 1..P', frame: {frame}}}
"""


def nested(n=6, p=5, direction="up", frame="false", inner="i,p"):
    return loads(NESTED.format(n=n, p=p, direction=direction, frame=frame, inner=inner))


@pytest.mark.parametrize("direction", ["up", "right"])
@pytest.mark.parametrize(("n", "p"), [(6, 5), (2, 5), (6, 2), (2, 3), (4, 4), (5, 30)])
def test_groups_in_groups_are_drawn_in_part_and_run_whole(n, p, direction):
    figure = nested(n, p, direction)
    scene = lay_out(figure)
    report = verify(figure, scene)
    assert [claim for claim in report.claims if claim.verdict not in ("holds", "prose")] == []
    drawn = [min(many, 3) if many > 4 else many for many in (n, p)]
    (graph,) = entries(figure)
    assert len(graph.nodes) == 7 + drawn[0] * (1 + 2 * drawn[1])
    assert len(graph.run.nodes) == 7 + n * (1 + 2 * p)
    written = [item.lines[0].plain for item in walk(scene.items) if isinstance(item, Label)]
    dots = written.count("⋯") + written.count("⋮")
    assert dots == (drawn[0] if p > 4 else 0) + 2 * (n > 4)  # of the copies, and in the row of cells
    assert f"Expert {1}" in written
    assert "Expert N" in written or n == 1


def test_what_a_hidden_copy_of_a_hidden_copy_does_is_run():
    report = verify(nested(6, 5, inner="i,1"))
    wrong = {claim.text for claim in report.claims if claim.verdict not in ("holds", "prose")}
    assert "z_{1, 2}" in wrong
    assert "h" in wrong
    assert "z_{5, 4}" not in {claim.text for claim in verify(nested(6, 5)).claims}


def test_copies_in_copies_stand_in_their_order():
    figure = nested(6, 5, frame="true")
    frames = {item.name: item.box for item in walk(lay_out(figure).items) if isinstance(item, Shape)}
    for outer in (1, 2, 6):
        x0, y0, x1, y1 = frames[f"expert-{outer}"]
        inner = [frames[f"proj-{outer}-{number}"] for number in (1, 2, 5)]
        assert all(x0 < box[0] and box[2] < x1 and y0 < box[1] and box[3] < y1 for box in inner)
        assert all(one[2] < two[0] for one, two in pairwise(inner))
    outermost = [frames[f"expert-{number}"] for number in (1, 2, 6)]
    assert all(one[2] < two[0] for one, two in pairwise(outermost))


def test_words_and_mermaid_tell_of_the_dots_in_each():
    assert "dots for i from 3 to 5, which are alike" in alt_text(nested(6, 1))
    assert "dots for p from 3 to 4, which are alike" in alt_text(nested(1, 5))
    figure = nested()
    assert "for the same with $p$ from $3$ to $4$." in describe(figure, verify(figure))
    chart = render(figure)
    assert all(f'{name}["⋯"]' in chart for name in ("expert_dots", "proj_1_dots", "proj_6_dots"))


NESTED_BAD = [
    ("over: 'p = 1..P', frame", "over: 'i = 1..P', frame", "i is the index of 'proj' in it too"),
    (
        "over: 'p = 1..P', frame",
        "over: 'p = 1..P, q = 1..2', frame",
        "2 indices for what is repeated: it has one",
    ),
    (
        "    h: {bar: h}",
        "    h: {bar: h}\n    low-2-3: {bar: h}",
        "'low-2-3' is what a copy of 'low' is called",
    ),
    ("all -> weights", "high -> weights", "copies of 2 groups are beside the cells of 'weights'"),
]


@pytest.mark.parametrize(("old", "new", "what"), NESTED_BAD)
def test_mistakes_in_groups_in_groups(old, new, what):
    text = NESTED.format(n=6, p=5, direction="up", frame="false", inner="i,p")
    assert old in text
    with pytest.raises(LorafigError) as caught:
        lay_out(loads(text.replace(old, new)))
    assert what in [problem.what for problem in caught.value.problems]
    assert all(problem.where is not None for problem in caught.value.problems)


def test_copies_of_copies_are_a_limit_before_they_are_made():
    with pytest.raises(LorafigError) as caught:
        nested(400, 400)
    assert caught.value.kind == "limit"
    assert "elements with all that is repeated; the limit is 10,000" in caught.value.problems[0].what


# A repeat in a repeat ----------------------------------------------------------------------------

STACK = r"""
id: f
title: Experts in a stack
model:
  adapter: none
  d: 16
  r: 2
  sizes: {{N: {n}, P: {p}}}
  symbols:
    x: {{shape: [d], role: input}}
    W: {{shape: [d, d], role: frozen}}
    g_i: {{over: 'i = 1..N'}}
    A_{{i,p}}: {{shape: [r, d], role: trained, over: 'i = 1..N, p = 1..P'}}
    B_{{i,p}}: {{shape: [d, r], role: trained, over: 'i = 1..N, p = 1..P'}}
  let: ['h = Wx + \sum_i g_i \sum_p B_{{i,p}} A_{{i,p}} x']
stack:
  - bar: x
  - split:
      - square: W
      - repeat:
          - split: [{{repeat: [{{bottleneck: ['A_{{i,p}}', 'B_{{{last}}}']}}], over: '{over}'}}]
          - sum: arrows
          - scale: g_i
        over: 'i = 1..N'
  - sum: arrows
  - bar: h
"""


def stacked(n=6, p=5, last="i,p", over="p = 1..P"):
    return loads(STACK.format(n=n, p=p, last=last, over=over))


@pytest.mark.parametrize(("n", "p"), [(6, 5), (2, 5), (5, 2), (2, 2)])
def test_a_repeat_in_a_repeat_is_run_whole(n, p):
    figure = stacked(n, p)
    scene = lay_out(figure)
    report = verify(figure, scene)
    assert [claim for claim in report.claims if claim.verdict not in ("holds", "prose")] == []
    written = [item.lines[0].plain for item in walk(scene.items) if isinstance(item, Label)]
    drawn = min(n, 3) if n > 4 else n
    assert written.count("⋯") == (n > 4) + drawn * (p > 4)
    words = describe(figure, report)
    assert ("with $i$ from $3$ to $5$" in words) == (n == 6)
    assert ("with $p$ from $3$ to $4$" in words) == (p == 5)


def test_what_a_hidden_repeat_does_is_run():
    assert verify(stacked(6, 5, last="i,1")).verdict != "holds"


@pytest.mark.parametrize(
    ("over", "what", "hint"),
    [
        ("i = 1..P", "i is the index of a repeat in it too", "call each index by a letter of its own"),
        (
            "p = 1..P, q = 1..2",
            "2 indices for what is repeated: it has one",
            "put what is repeated over q into what is repeated over p",
        ),
    ],
)
def test_repeats_that_cannot_be_in_each_other(over, what, hint):
    with pytest.raises(LorafigError) as caught:
        stacked(over=over)
    problem = next(problem for problem in caught.value.problems if problem.what == what)
    assert problem.hint == hint
    assert problem.where is not None
