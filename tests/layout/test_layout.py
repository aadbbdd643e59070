"""What must be so in every figure, whatever its labels, dimensions and font size."""

import itertools

import pytest
from hypothesis import given, settings

from lorafig.errors import LorafigError
from lorafig.language import loads
from lorafig.language.model import Arrow as ArrowSpec
from lorafig.language.model import Bar, Figure, Model, Square, Sum, ThemeChoice, Trapezoid
from lorafig.layout import layout
from lorafig.scene import Arrow, Brace, Icon, Label, Part, Shape, walk
from lorafig.themes.measures import EMS, MM_PER_POINT
from lorafig.themes.palettes import PALETTES, Named
from lorafig.themes.style import colours, contrast, styles
from lorafig.values import replace
from tests.layout.figures import figures, reparametrization, two_panel
from tests.layout.measure import FixedWidth

CLOSE = 0.011  # mm: named lengths are rounded to hundredths


def scene_of(figure):
    return layout(figure, typesetter=FixedWidth())


def by_kind(scene, kind):
    return [item for item in walk(scene.items) if isinstance(item, kind)]


def box(item, scene):
    if isinstance(item, Shape):
        return item.box
    if isinstance(item, Icon):
        return item.box
    if isinstance(item, Brace):
        reach = scene.lengths[item.amplitude] * (1 if item.side == "over" else -1)
        ys = sorted((item.start[1], item.start[1] + reach))
        return item.start[0], ys[0], item.end[0], ys[1]
    x, y = item.centre
    return x - item.width / 2, y - item.height / 2, x + item.width / 2, y + item.height / 2


def width_at(shape, y):
    (x0, y0), (x1, _), (x2, y1), (x3, _) = shape.points
    part = (y - y0) / (y1 - y0)
    return (x1 - x0) + ((x2 - x3) - (x1 - x0)) * part


def mm(scene, length):
    return sum(amount * scene.lengths[name] for amount, name in length)


@given(figures())
@settings(max_examples=150, deadline=None)
def test_a_label_lies_inside_its_shape_with_the_pad_all_round(figure):
    scene = scene_of(figure)
    shapes = {shape.name: shape for shape in by_kind(scene, Shape)}
    pad = EMS["pad"] * figure.theme.font_size * MM_PER_POINT
    inside = [
        label
        for label in by_kind(scene, Label)
        if label.place.anchor == "center" and label.place.of in shapes
    ]
    inside = [label for label in inside if label.role != "text"]
    assert inside
    for label in inside:
        shape = shapes[label.place.of]
        x0, y0, x1, y1 = box(label, scene)
        middle = (shape.box[0] + shape.box[2]) / 2
        for y in (y0, y1) if shape.form != "circle" else ():
            half = width_at(shape, y) / 2
            assert x0 >= middle - half + pad - CLOSE
            assert x1 <= middle + half - pad + CLOSE
        if shape.form == "box" and shape.role != "activation":
            assert y0 >= shape.box[1] + pad - CLOSE
            assert y1 <= shape.box[3] - pad + CLOSE


@given(figures())
@settings(max_examples=150, deadline=None)
def test_nothing_lies_over_anything_else(figure):
    scene = scene_of(figure)
    held = [item for kind in (Label, Icon) for item in by_kind(scene, kind) if item.role != "text"]
    owned = {item.name: item.place.of for item in held}
    items = [item for item in walk(scene.items) if not isinstance(item, Arrow)]
    for one, other in itertools.combinations(items, 2):
        if owned.get(one.name) == other.name or owned.get(other.name) == one.name:
            continue
        a, b = box(one, scene), box(other, scene)
        apart = a[2] <= b[0] + CLOSE or b[2] <= a[0] + CLOSE or a[3] <= b[1] + CLOSE or b[3] <= a[1] + CLOSE
        assert apart, (one.name, other.name, a, b)


@given(figures())
@settings(max_examples=100, deadline=None)
def test_the_picture_holds_everything(figure):
    scene = scene_of(figure)
    for item in walk(scene.items):
        if not isinstance(item, Arrow):
            x0, y0, x1, y1 = box(item, scene)
            assert min(x0, y0) >= -1e-3
            assert x1 <= scene.width + 1e-3
            assert y1 <= scene.height + 1e-3


@given(figures())
@settings(max_examples=100, deadline=None)
def test_relations_and_coordinates_say_the_same(figure):
    """A backend that writes relations and one that writes coordinates must draw one picture."""
    scene = scene_of(figure)
    boxes = {item.name: box(item, scene) for item in walk(scene.items) if not isinstance(item, Arrow)}

    def at(name, anchor):
        x0, y0, x1, y1 = boxes[name]
        x = x0 if "west" in anchor else x1 if "east" in anchor else (x0 + x1) / 2
        y = y0 if "south" in anchor else y1 if "north" in anchor else (y0 + y1) / 2
        return x, y

    for item in walk(scene.items):
        if isinstance(item, Shape | Label | Icon):
            if isinstance(item, Shape):
                x0, y0, x1, y1 = item.box
                assert x1 - x0 == pytest.approx(mm(scene, item.width), abs=1e-3)
                assert y1 - y0 == pytest.approx(mm(scene, item.height), abs=1e-3)
            if item.place.of is None:
                continue
            x, y = at(item.place.of, item.place.at)
            own = at(item.name, item.place.anchor)
            assert own[0] == pytest.approx(x + mm(scene, item.place.right), abs=1e-3)
            assert own[1] == pytest.approx(y + mm(scene, item.place.up), abs=1e-3)
        elif isinstance(item, Arrow):
            for point, end in ((item.points[0], item.start), (item.points[-1], item.end)):
                x, y = at(end.of, end.at)
                assert point[0] == pytest.approx(x + mm(scene, end.right), abs=1e-3)
                assert point[1] == pytest.approx(y + mm(scene, end.up), abs=1e-3)


@given(figures())
@settings(max_examples=100, deadline=None)
def test_a_brace_spans_exactly_what_it_measures(figure):
    scene = scene_of(figure)
    shapes = {shape.name: shape for shape in by_kind(scene, Shape)}
    labels = {label.name: label for label in by_kind(scene, Label)}
    for brace in by_kind(scene, Brace):
        if isinstance(brace.of, Part):
            label = labels[brace.of.label]
            line = label.lines[0]
            start = 0.5 * len(brace.of.before) * line.size + line.origin[0]
            assert brace.start[0] == pytest.approx(start, abs=1e-3)
            assert brace.end[0] - brace.start[0] == pytest.approx(
                0.5 * len(brace.of.part) * line.size, abs=1e-3
            )
        else:
            points = shapes[brace.of].points
            left, right = (points[3], points[2]) if brace.side == "over" else (points[0], points[1])
            assert (brace.start[0], brace.end[0]) == pytest.approx((left[0], right[0]), abs=1e-3)
            gap = scene.lengths[brace.gap] * (1 if brace.side == "over" else -1)
            assert brace.start[1] == pytest.approx(left[1] + gap, abs=1e-3)


@given(figures())
@settings(max_examples=100, deadline=None)
def test_one_dimension_has_one_length_and_a_larger_one_is_longer(figure):
    scene = scene_of(figure)
    model = figure.model
    values = {"d": model.d, "r": model.r} | ({} if model.k is None else {"k": model.k})
    drawn = [(values[name], scene.lengths[name]) for name in values if name in scene.lengths]
    for (one, long), (other, short) in itertools.permutations(drawn, 2):
        if one > other:
            assert long >= short
        if one == other:
            assert long == short


def test_every_flow_has_an_arrow_with_a_gap_at_both_ends():
    scene = scene_of(reparametrization())
    shapes = {shape.name: shape for shape in by_kind(scene, Shape)}
    arrows = by_kind(scene, Arrow)
    ends = {(arrow.start.of, arrow.end.of) for arrow in arrows}
    assert ends == {("x", "W"), ("x", "A"), ("A", "B"), ("W", "sum"), ("B", "sum"), ("sum", "h")}
    gap = scene.lengths["wire gap"]
    for arrow in arrows:
        start, end = shapes[arrow.start.of], shapes[arrow.end.of]
        assert arrow.points[0] == pytest.approx(((start.box[0] + start.box[2]) / 2, start.box[3] + gap))
        x, y = (end.box[0] + end.box[2]) / 2, (end.box[1] + end.box[3]) / 2
        sides = {"W": end.box[0] - gap, "B": end.box[2] + gap}
        side = (sides[start.name], y) if end.name == "sum" else (x, end.box[1] - gap)
        assert arrow.points[-1] == pytest.approx(side)


def test_the_tops_of_square_and_bottleneck_are_level():
    for figure in (two_panel(), reparametrization(), two_panel(Model(d=4096, k=64, r=2))):
        shapes = {shape.name: shape for shape in by_kind(scene_of(figure), Shape)}
        assert shapes["W"].box[3] == pytest.approx(shapes["B"].box[3], abs=1e-3)
        assert shapes["W"].box[1] == pytest.approx(shapes["A"].box[1], abs=1e-3)


def test_what_is_alike_is_level_in_all_panels():
    shapes = {shape.name: shape for shape in by_kind(scene_of(two_panel()), Shape)}
    merged = next(name for name in shapes if name.startswith("W") and name != "W")
    for one, other in (("x", "x-2"), ("W", merged), ("h", "h-2")):
        assert shapes[one].box[1] == pytest.approx(shapes[other].box[1], abs=CLOSE)
        assert shapes[one].box[3] == pytest.approx(shapes[other].box[3], abs=CLOSE)


def test_a_turned_trapezoid_is_drawn_turned():
    """Layout draws what the spec says; whether it is true is decided elsewhere."""
    figure = Figure("t", "T", stack=(Bar("x"), Trapezoid("A", from_="r", to="d"), Bar("h")))
    shape = next(s for s in by_kind(scene_of(figure), Shape) if s.name == "A")
    assert shape.points[1][0] - shape.points[0][0] < shape.points[2][0] - shape.points[3][0]
    assert shape.sides == (((1.0, "r"),), ((1.0, "d"),))


@pytest.mark.parametrize("palette", PALETTES)
def test_every_text_reads_at_4_5_to_1(palette):
    chosen = PALETTES[palette]
    known = colours(chosen)
    paper = "#FFFFFF" if chosen.background is None else known[chosen.background]
    for role, style in styles(chosen).items():
        ground = paper if style.fill is None else known[style.fill]
        if not role.endswith(" bar"):  # on which nothing is written
            assert contrast(known[style.ink], ground) >= 4.5, role
        assert contrast(known[style.mark], ground) >= 3.0, role  # WCAG 1.4.11
        if style.stroke is not None and style.stroke != "hairline" and not role.endswith("grid"):
            assert contrast(known[style.stroke], paper) >= 3.0, role  # hairlines and grids carry no meaning


@pytest.mark.parametrize("palette", ["okabe-ito", "grey"])
def test_the_main_roles_differ_in_grey(palette):
    """Printed without colour, weight, adapter and activation can still be told apart."""
    chosen = PALETTES[palette]
    looks = styles(chosen)
    fills = [chosen.colours[looks[role].fill] for role in ("frozen", "merged", "adapter", "activation")]
    for one, other in itertools.combinations(fills, 2):
        assert contrast(one, other) >= 1.45


def test_two_figures_of_one_spec_are_equal():
    assert scene_of(two_panel()) == scene_of(two_panel())


@pytest.mark.parametrize(
    ("stack", "message"),
    [
        ((ArrowSpec(), Bar("x")), "an arrow needs something below and something above it"),
        ((Bar("x"), ArrowSpec()), "an arrow needs something below and something above it"),
        ((Bar("x"), Square("W"), Sum(("Wx", "BAx")), Bar("h")), "a sum of 2 terms over one branch"),
        ((Bar("x"), Trapezoid("A", to="q"), Bar("h")), "'q' is not a dimension of this figure"),
    ],
)
def test_what_cannot_be_drawn_is_refused(stack, message):
    with pytest.raises(LorafigError) as caught:
        scene_of(Figure("t", "T", stack=stack))
    assert caught.value.problems[0].what == message


def test_a_label_that_no_shape_can_hold_is_refused():
    with pytest.raises(LorafigError) as caught:
        scene_of(two_panel(a="N" * 2000))
    assert caught.value.kind == "limit"


def test_the_unverified_mark_is_drawn():
    scene = layout(two_panel(), typesetter=FixedWidth(), unverified=True)
    assert scene.unverified
    marks = [label for label in by_kind(scene, Label) if label.role == "mark"]
    assert [line.plain for label in marks for line in label.lines] == ["unverified"]


def test_a_dark_palette_brings_its_own_ground():
    scene = scene_of(two_panel(theme=ThemeChoice("dark")))
    assert scene.background is not None
    assert scene.background in scene.palette


@pytest.mark.parametrize("name", [name for name, own in PALETTES.items() if own.background is not None])
def test_a_figure_on_a_ground_of_its_own_has_a_margin(name):
    """Elsewhere the page has one."""
    bare = Named("bare")
    bare.palette = replace(PALETTES[name], background=None)
    own, without = (scene_of(two_panel(theme=ThemeChoice(palette))) for palette in (name, bare))
    more = 2 * EMS["margin"] * own.font_size * MM_PER_POINT
    assert (own.width - without.width, own.height - without.height) == pytest.approx((more, more), abs=0.02)
    moved = [(y[0] - x[0], y[1] - x[1]) for x, y in zip(*(places(it) for it in (without, own)), strict=True)]
    assert moved == [pytest.approx((more / 2, more / 2), abs=0.01)] * len(moved)


def places(scene):
    return [item.box if isinstance(item, Shape) else item.centre for item in by_kind(scene, Shape | Label)]


@pytest.mark.parametrize(
    ("spec", "what", "line"),
    [
        ("equations: [" + ", ".join(["'h = Wx'"] * 3000) + "]", "high", 5),
        ("equations:\n" + "\n".join(["      - h = Wx"] * 3000), "high", None),
        ("\n  - ".join(["equations: ['" + "W" * 1990 + "']"] * 2), "wide", 6),
        ("stack:\n" + "\n".join(["      - bar: x\n      - arrow:"] * 900) + "\n      - bar: x", "high", None),
        ("flow: {direction: right, nodes: {NODES}, edges: [CHAIN]}", "wide", 5),
        ("flow: {direction: down, nodes: {NODES}, edges: [CHAIN]}", "high", 5),
    ],
    ids=["equations", "lines of equations", "a long equation", "stack", "flow", "flow down"],
)
def test_what_is_too_large_is_refused_where_it_is(spec, what, line):
    names = [f"n{number}" for number in range(900)]
    spec = spec.replace("NODES", ", ".join(f"{name}: {{box: a}}" for name in names))
    chains = (" -> ".join(names[start : start + 200]) for start in range(0, 900, 199))
    spec = spec.replace("CHAIN", ", ".join(chains))
    text = f"id: a\ntitle: A\nrow:\n  - panel: P\n    {spec}\n" if "equations" not in spec else ""
    text = text or f"id: a\ntitle: A\nrow:\n  - {{panel: P, stack: [bar: x]}}\n  - {spec}\n"
    with pytest.raises(LorafigError) as caught:
        scene_of(loads(text, "a.yaml"))
    (problem,) = caught.value.problems
    assert caught.value.kind == "limit"
    assert problem.what.startswith("the flow is at least " if "flow" in spec else "with this the figure is ")
    assert problem.what.endswith(f" m {what}; the limit is 5.7 m")
    assert problem.hint.startswith("draw parts of it as figures of their own")
    assert problem.where.file == "a.yaml"
    assert problem.where.line == line if line is not None else problem.where.line > 100


def test_a_bar_spans_columns_and_over_a_single_one_has_the_length_of_its_dimension():
    def wide(stack):
        figure = loads("id: s\ntitle: T\nmodel: {d: 64, r: 4}\nstack: " + stack)
        boxes = {item.name: item.box for item in walk(layout(figure).items) if isinstance(item, Shape)}
        return {name: boxes[name][2] - boxes[name][0] for name in ("x", "h")}

    alone = wide("[{bar: x, span: true}, {trapezoid: A}, {trapezoid: B}, {bar: h}]")
    assert alone["x"] == pytest.approx(alone["h"])
    beside = wide(
        "[{bar: x, span: true}, {split: [{square: W}, {bottleneck: [A, B]}]}, {sum: [Wx, BAx]}, {bar: h}]"
    )
    assert beside["x"] > 1.9 * beside["h"]
