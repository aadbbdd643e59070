"""Branches side by side: three and more, one that changes nothing, and the signs between them."""

from itertools import combinations, pairwise

import pytest

from lorafig.errors import LorafigError
from lorafig.language import loads
from lorafig.language.model import Apply, Bar, Bottleneck, Figure, Gate, Model, Skip, Split, Square, Sum
from lorafig.language.model import Arrow as ArrowSpec
from lorafig.layout import layout
from lorafig.scene import Arrow, Label, Shape, walk
from lorafig.verify import verify
from lorafig.words import describe
from lorafig.words.alt import alt_text
from tests.layout.measure import FixedWidth


def figure(branches, total, span=True, let="y = x + Wx + BAx", arrow=True):
    arrows = (ArrowSpec(),) if arrow else ()
    stack = (Bar("x", span=span), *arrows, Split(branches), total, Bar("y", span=span))
    return Figure("branches", "Branches", model=Model(let=(let,)), stack=stack)


def drawn(figure):
    scene = layout(figure, typesetter=FixedWidth())
    assert verify(figure, scene).verdict == "holds"
    return list(walk(scene.items))


def of(items, kind):
    return [item for item in items if isinstance(item, kind)]


def pluses(items):
    return [label for label in of(items, Label) if label.lines[0].plain == "+"]


THREE = (Skip(), Square("W"), Bottleneck(("A", "B")))
TERMS = Sum(("x", "Wx", "BAx"), "arrows")


@pytest.mark.parametrize("span", [True, False])
@pytest.mark.parametrize("total", [Sum("arrows"), TERMS, Sum(("x", "Wx", "BAx"), "bars")])
def test_a_sum_is_one_circle_entered_from_both_sides_and_below(total, span):
    items = drawn(figure(THREE, total, span))
    (circle,) = [shape for shape in of(items, Shape) if shape.form == "circle"]
    assert [label.place.of for label in pluses(items)] == [circle.name]
    ends = {arrow.end.at for arrow in of(items, Arrow) if arrow.end.of == circle.name}
    assert ends == {"west", "south", "east"}
    (out,) = [arrow for arrow in of(items, Arrow) if arrow.start.of == circle.name]
    assert (out.end.of, out.points[0][0]) == ("y", out.points[1][0])


@pytest.mark.parametrize("arrow", [True, False])
def test_a_skip_is_one_line_from_what_is_below_to_the_sum(arrow):
    items = drawn(figure(THREE, TERMS, arrow=arrow))
    (skip,) = [arrow for arrow in of(items, Arrow) if (arrow.start.of, arrow.end.of) == ("x", "sum")]
    (x0, _), (x1, y1), (x2, y2), (x3, y3), (_, y4) = skip.points
    assert (x0 == x1, y1 == y2, x2 == x3, y3 == y4) == (True, True, True, True)
    shapes = {shape.name: shape.box for shape in of(items, Shape)}
    assert x2 < shapes["W"][0]  # it is the branch at the left
    others = [arrow.points[1][1] for arrow in of(items, Arrow) if arrow.start.of == "x"]
    assert others.count(y1) == 2  # one trunk: the skip, and the branch at the right
    assert len(others) == 3


def test_the_terms_of_a_sum_stand_on_the_outer_sides_of_their_arrows():
    items = drawn(figure(THREE, TERMS))
    arrows = {arrow.start.of: arrow for arrow in of(items, Arrow) if arrow.end.of == "sum"}
    for start, term, left in (("x", "x", True), ("W", "Wx", False), ("B", "BAx", False)):
        (label,) = [
            label
            for label in of(items, Label)
            if label.lines[0].plain == term and label.place.anchor in ("east", "west")
        ]
        x = arrows[start].points[-2][0]
        assert label.box[2] < x if left else label.box[0] > x


def test_an_arrow_as_a_branch_is_a_skip():
    plain = drawn(figure(THREE, TERMS))
    assert drawn(figure(((ArrowSpec(),), *THREE[1:]), TERMS)) == plain
    assert drawn(figure(((Skip(),), *THREE[1:]), TERMS)) == plain


def test_what_a_skip_says_flows_along_it_is_held_to_it():
    branches = (Skip("Wx"), *THREE[1:])
    claims = [claim for claim in verify(figure(branches, TERMS)).claims if not claim.stands]
    assert [(claim.text, claim.detail) for claim in claims] == [("Wx", "what flows here is x, not W x")]


def test_arrows_of_many_branches_run_together_into_the_sum():
    branches = tuple(Square("W") for _ in range(5))
    items = drawn(figure(branches, Sum("arrows"), span=False, let="y = 5Wx"))
    into = [arrow for arrow in of(items, Arrow) if arrow.end.of == "sum"]
    assert [arrow.end.at for arrow in into] == ["west", "west", "south", "east", "east"]
    assert len({arrow.points[-1] for arrow in into}) == 3
    assert len(pluses(items)) == 1


def test_arguments_enter_a_box_in_their_order_and_none_crosses_another():
    """Five columns that are much wider than the box above them."""
    stack = (Bar("x"), Split(tuple(Square("W") for _ in range(5))), Apply("concat"), Bar("y"))
    scene = layout(Figure("f", "T", stack=stack), typesetter=FixedWidth())
    items = list(walk(scene.items))
    box = next(shape for shape in of(items, Shape) if shape.form == "rounded")
    into = [arrow.points for arrow in of(items, Arrow) if arrow.end.of == box.name]
    assert [points[-1][0] for points in into] == sorted({points[-1][0] for points in into})
    pieces = [list(pairwise(points)) for points in into]
    for one, other in combinations(pieces, 2):
        assert not any(meets(piece, another) for piece in one for another in other)


def meets(one, other):
    boxes = [(*map(min, *piece), *map(max, *piece)) for piece in (one, other)]
    (a0, b0, a1, b1), (c0, d0, c1, d1) = boxes
    return a0 <= c1 and c0 <= a1 and b0 <= d1 and d0 <= b1


SPEC = "id: s\ntitle: S\nstack:\n  - bar: x\n  {}\n  - bar: h\n"
STRAY = "a skip that is not a branch of a split"


@pytest.mark.parametrize(
    ("entry", "place", "what"),
    [
        ("- skip", "5:5", STRAY),
        ("- split: [[skip, square: W], square: W]", "5:14", STRAY),
        ("- split: [[square: W, skip: x], square: W]", "5:27", STRAY),
    ],
)
def test_a_skip_elsewhere_is_an_error_with_its_place(entry, place, what):
    with pytest.raises(LorafigError) as caught:
        loads(SPEC.format(entry).replace("square: W", "{square: W}"))
    (problem,) = caught.value.problems
    assert (problem.what, problem.hint) == (what, "put it into a split by itself: split: [W, skip]")
    assert f"{problem.where.line}:{problem.where.column}" == place


def gated(gate, adapter="vera", let=r"y = \lambda_b \odot (BAx)"):
    stack = (Bar("x"), Bottleneck(("A", "B")), ArrowSpec(), Gate(gate), ArrowSpec(), Bar("y"))
    return Figure("gate", "Gate", model=Model(adapter, d=768, r=64, let=(let,)), stack=stack)


@pytest.mark.parametrize(("gate", "let", "sign"), [
    (r"\lambda_b", r"y = \lambda_b \odot (BAx)", "•"),
    (r"\frac{1}{2}", r"y = \frac{1}{2} BAx", "×"),
])  # fmt: skip
def test_a_gate_is_a_circle_with_its_sign_and_its_symbol_beside_it(gate, let, sign):
    items = drawn(gated(gate, let=let))
    (circle,) = [shape for shape in of(items, Shape) if shape.form == "circle"]
    inside, beside = [label for label in of(items, Label) if label.place.of == circle.name]
    assert inside.lines[0].plain == sign
    assert beside.box[2] < circle.box[0]


def test_a_gate_of_another_size_is_ill_typed():
    claims = [claim for claim in verify(gated(r"\lambda_d")).claims if not claim.stands]
    (claim,) = [claim for claim in claims if claim.kind == "diagram"]
    assert claim.verdict == "ill-typed"
    assert claim.detail == "λ_d is a vector of r, and what flows into it is B A x, a vector of d"


def test_skips_and_gates_are_told_in_words():
    told = figure(THREE, TERMS)
    text = alt_text(told)
    assert "side by side a branch that changes nothing; and a square W;" in text
    words = describe(told, verify(told))
    assert "- A branch that changes nothing." in words
    assert "- Branch 1: straight on, as it is." in words
    shut = gated(r"\lambda_b")
    assert "then a gate lambda sub b" in alt_text(shut)
    assert "a gate; a vector of 768, 768 parameters, trained" in describe(shut, verify(shut))
