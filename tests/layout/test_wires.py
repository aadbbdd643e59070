"""The lines of stacks: along the axes, from shape to shape, clear of everything else."""

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lorafig.draw import lay_out
from lorafig.graph.lower import entries
from lorafig.graph.structure import Graph
from lorafig.language import load, model
from lorafig.language.model import Bar, Bottleneck, Figure, Model, Split, Sum
from lorafig.layout import layout
from lorafig.scene import Arrow, Brace, Icon, Label, Shape, walk
from tests.layout.measure import FixedWidth

GALLERY = sorted((Path(__file__).parents[2] / "figures").glob("*.yaml"))
CLOSE = 0.02  # mm

LEAVES = (
    model.Square("W"),
    Bottleneck(("A", "B"), brace=model.Brace("r")),
    Bottleneck(("A", "B")),
    model.Trapezoid("A"),
    model.Scale("s"),
    model.Gate("s"),
    model.Apply("ReLU"),
    Bar("z"),
)


@st.composite
def branches(draw, depth):
    """A branch of a split: in the outer one there may be another split."""
    found = []
    for place in range(draw(st.integers(1, 3))):
        if place > 0 and draw(st.booleans()):
            found.append(model.Arrow("z"))
        inner = depth == 0 and draw(st.integers(0, 5)) == 0
        found += [*splits(draw, 1)] if inner else [draw(st.sampled_from(LEAVES))]
    return tuple(found)


def splits(draw, depth):
    count = draw(st.integers(1, 4))
    parts = [draw(branches(depth)) for _ in range(count)]
    if draw(st.booleans()):
        parts.insert(draw(st.integers(0, count)), (model.Skip(draw(st.sampled_from((None, "x")))),))
    terms = draw(st.sampled_from(("arrows", tuple("xyzuv"[: len(parts)]))))
    bars = terms != "arrows" and draw(st.booleans())
    return Split(tuple(parts)), Sum(terms, "bars" if bars else None)


@st.composite
def stacks(draw):
    found = [Bar("x")]
    for _ in range(draw(st.integers(1, 2))):
        if draw(st.booleans()):
            found.append(model.Arrow("x"))
        found += splits(draw, 0) if draw(st.integers(0, 2)) else [draw(st.sampled_from(LEAVES))]
    d = draw(st.integers(2, 4096))
    stack = (*found, Bar("h", brace=model.Brace("d")))
    return Figure("s", "T", model=Model(d=d, r=draw(st.integers(1, d))), stack=stack)


def over(one, other):
    """Whether the insides of two boxes meet."""
    return all(one[i] < other[i + 2] - CLOSE and other[i] < one[i + 2] - CLOSE for i in (0, 1))


def box(item):
    if isinstance(item, Brace):
        xs, ys = zip(item.start, item.end, strict=True)
        return min(xs), min(ys), max(xs), max(ys)
    return item.box


def around(piece):
    (x0, y0), (x1, y1) = piece
    return min(x0, x1) - 2 * CLOSE, min(y0, y1) - 2 * CLOSE, max(x0, x1) + 2 * CLOSE, max(y0, y1) + 2 * CLOSE


def held(scene, items):
    """Holds the lines of a stack to what must be so; the shapes, and what each line joins."""
    shapes = {item.name: item for item in items if isinstance(item, Shape)}
    arrows = [item for item in items if isinstance(item, Arrow)]
    for arrow in arrows:
        pieces = list(pairwise(arrow.points))
        assert all(min(abs(x1 - x0), abs(y1 - y0)) < 1e-3 for (x0, y0), (x1, y1) in pieces), arrow.name
        for end, point in ((arrow.start, arrow.points[0]), (arrow.end, arrow.points[-1])):
            x0, y0, x1, y1 = shapes[end.of].box
            away = max(x0 - point[0], point[0] - x1, y0 - point[1], point[1] - y1)
            assert away == pytest.approx(scene.lengths["wire gap"], abs=1e-3), arrow.name
        for item in items:
            met = not isinstance(item, Arrow) and any(over(around(piece), box(item)) for piece in pieces)
            assert not met, (arrow.name, item.name)
    return shapes, [(arrow.start.of, arrow.end.of) for arrow in arrows]


def reached(pairs, start):
    """What the lines lead to from a shape."""
    seen, pending = {start}, [start]
    while pending:
        here = pending.pop()
        new = {head for tail, head in pairs if tail == here} - seen
        seen |= new
        pending += new
    return seen


def between(shapes, joined):
    """Holds all that is drawn to lie between what comes in first and what goes out last."""
    first, last = next(iter(shapes)), list(shapes)[-1]
    assert reached(joined, first) == set(shapes)
    assert reached([(head, tail) for tail, head in joined], last) == set(shapes)


@given(stacks())
@settings(max_examples=25, deadline=None)
def test_lines_run_along_the_axes_and_meet_nothing_but_their_shapes(figure):
    scene = layout(figure, typesetter=FixedWidth())
    items = list(walk(scene.items))
    shapes, joined = held(scene, items)
    between(shapes, joined)
    drawn = [item for item in items if not isinstance(item, Arrow)]
    for item in drawn:
        if isinstance(item, Label | Icon):
            for other in drawn:
                apart = other is item or other.name == item.place.of or not over(box(item), box(other))
                assert apart, (item.name, other.name)
    (graph,) = entries(figure)
    skips = [edge for edge in graph.edges if edge.past]
    assert len(joined) >= len(shapes) - 1 + len(skips)


@pytest.mark.parametrize("path", GALLERY, ids=lambda path: path.stem)
def test_every_flow_of_a_stack_in_the_gallery_is_drawn(path):
    figure = load(path)
    scene = layout(figure)
    for entry, group in zip(entries(figure), scene.items, strict=False):
        if isinstance(entry, Graph) and entry.panel.flow is None:
            between(*held(scene, list(walk((group,)))))


def test_squares_of_one_size_are_level_in_all_panels():
    checked = 0
    for path in GALLERY:
        figure = load(path)
        if figure.wrap is not None or len(figure.row) < 2:
            continue
        scene = layout(figure)
        first = []
        for entry, group in zip(entries(figure), scene.items, strict=False):
            if isinstance(entry, Graph) and entry.panel.flow is None:
                shapes = [item for item in walk((group,)) if isinstance(item, Shape)]
                first += [shape for shape in shapes if shape.name.startswith("W") and shape.sides is None][:1]
        for one, other in pairwise(first):
            checked += 1
            assert one.box[1] == pytest.approx(other.box[1], abs=CLOSE), figure.id
            assert one.box[3] == pytest.approx(other.box[3], abs=CLOSE), figure.id
    assert checked > 3


@pytest.mark.parametrize("name", ["lora-attention", "lora-serving", "transformer-lora"])
def test_a_sum_of_two_is_entered_from_both_sides(name):
    """Where what is added comes from either side of it."""
    scene = lay_out(load(next(path for path in GALLERY if path.stem == name)))
    items = list(walk(scene.items))
    shapes = {item.name: item for item in items if isinstance(item, Shape)}
    seen = 0
    for name, shape in shapes.items():
        into = [item for item in items if isinstance(item, Arrow) and item.end.of == name and item.head]
        if shape.form != "circle" or len(into) != 2 or len({arrow.role for arrow in into}) > 1:
            continue
        x0, _, x1, _ = shape.box
        sides = {arrow.points[0][0] < x0 for arrow in into if not x0 <= arrow.points[0][0] <= x1}
        if len(sides) == 2 and all(len(arrow.points) > 2 for arrow in into):
            ends = sorted(round(arrow.points[-1][0] - arrow.points[-2][0]) for arrow in into)
            assert ends[0] < 0 < ends[1], name
            seen += 1
    assert seen >= 1
