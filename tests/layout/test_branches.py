"""Branches side by side: three and more, one that changes nothing, and the signs between them."""

from itertools import pairwise

import pytest

from lorafig.errors import LorafigError
from lorafig.language import loads
from lorafig.language.model import Arrow as ArrowSpec
from lorafig.language.model import Bar, Bottleneck, Figure, Gate, Model, Skip, Split, Square, Sum
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
@pytest.mark.parametrize("total", [Sum("arrows"), TERMS, Sum(("x", "Wx", "BAx"))])
def test_a_plus_stands_between_each_two_branches(total, span):
    items = drawn(figure(THREE, total, span))
    signs = [label.centre for label in pluses(items)]
    assert len(signs) == 2
    columns = sorted(shape.box[0] + shape.box[2] for shape in of(items, Shape) if shape.box[2] > shape.box[0])
    assert columns[0] / 2 < signs[0][0] < signs[1][0] < columns[-1] / 2
    for x, y in signs:
        for arrow in of(items, Arrow):
            for (x0, y0), (x1, y1) in pairwise(arrow.points):
                if min(y0, y1) <= y <= max(y0, y1) and y0 != y1:
                    assert abs(x0 + (x1 - x0) * (y - y0) / (y1 - y0) - x) > 1.0


def test_a_skip_is_one_line_from_what_is_below_to_what_is_above():
    items = drawn(figure(THREE, TERMS))
    skip = next(arrow for arrow in of(items, Arrow) if arrow.start.of == "x" and arrow.end.of == "y")
    assert len(skip.points) == 2
    assert skip.points[0][0] == pytest.approx(skip.points[1][0])
    assert len([arrow for arrow in of(items, Arrow) if arrow.start.of == "x"]) == 3


def test_a_skip_beside_bars_ends_below_its_bar():
    items = drawn(figure(THREE, Sum(("x", "Wx", "BAx")), arrow=False))
    (line,) = of(items, Arrow)
    assert line.head
    assert line.points[0][0] == line.points[1][0]


def test_an_arrow_as_a_branch_is_a_skip():
    plain = drawn(figure(THREE, TERMS))
    assert drawn(figure(((ArrowSpec(),), *THREE[1:]), TERMS)) == plain
    assert drawn(figure(((Skip(),), *THREE[1:]), TERMS)) == plain


def test_what_a_skip_says_flows_along_it_is_held_to_it():
    branches = (Skip("Wx"), *THREE[1:])
    claims = [claim for claim in verify(figure(branches, TERMS)).claims if not claim.stands]
    assert [(claim.text, claim.detail) for claim in claims] == [("Wx", "what flows here is x, not W x")]


def test_arrows_into_one_bar_end_in_the_order_of_their_branches():
    branches = tuple(Square("W") for _ in range(5))
    items = drawn(figure(branches, Sum("arrows"), span=False, let="y = 5Wx"))
    ends = [arrow.points[-1][0] for arrow in of(items, Arrow) if arrow.end.of == "y"]
    starts = [arrow.points[0][0] for arrow in of(items, Arrow) if arrow.end.of == "y"]
    assert ends == sorted(set(ends))
    assert starts == sorted(starts)
    assert len(pluses(items)) == 4


SPEC = "id: s\ntitle: S\nstack:\n  - bar: x\n  {}\n  - bar: h\n"
STRAY = "a skip that is no branch of a split"


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
    return Figure("gate", "Gate", model=Model(adapter, r=64, let=(let,)), stack=stack)


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
