"""What must be so in every flow, whatever is on it."""

import itertools
import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lorafig.language import from_data, load, loads
from lorafig.layout import layout
from lorafig.resources import gallery
from lorafig.scene import Arrow, Group, Icon, Label, Shape, walk
from lorafig.themes.measures import EMS, MM_PER_POINT
from lorafig.themes.style import contrast
from lorafig.verify import verify
from tests.layout.measure import FixedWidth

SHAPES = ("box", "rounded", "stadium", "circle", "diamond", "hexagon")
BADGES = ("frozen", "trainable", "data", "model", "adapter", "merge", "save", None)


@st.composite
def flows(draw):
    """Flows of words, of every shape, with notes, badges, labels, classes and groups."""
    count = draw(st.integers(1, 9))
    nodes = {}
    for number in range(count):
        lines = draw(
            st.lists(
                st.text("abcde ", min_size=1, max_size=14).map(str.strip).filter(bool), min_size=1, max_size=3
            )
        )
        node = {draw(st.sampled_from(SHAPES)): lines}
        if draw(st.booleans()):
            node["note"] = draw(st.sampled_from(["a note", "longer than its node is"]))
        badge = draw(st.sampled_from(BADGES))
        if badge is not None:
            node["badge"] = badge
        if draw(st.integers(0, 3)) == 0:
            node["class"] = "odd"
        nodes[f"n{number}"] = node
    pairs = draw(st.lists(st.tuples(st.integers(0, count - 1), st.integers(0, count - 1)), max_size=12))
    edges = []
    for tail, head in pairs:
        if tail == head:
            continue
        text = f"n{tail} {draw(st.sampled_from(['->', '--', '<->']))} n{head}"
        label = draw(st.sampled_from([None, "yes", "a longer label"]))
        edges.append(text if label is None else {"edge": text, "text": label, "dashed": draw(st.booleans())})
    flow = {"direction": draw(st.sampled_from(["right", "down"])), "nodes": nodes, "edges": edges}
    flow["classes"] = {
        "odd": {"fill": draw(st.sampled_from(["#000", "#FFF", "#E69F00", "#777777"])), "dashed": True}
    }
    if count > 2 and draw(st.booleans()):
        flow["groups"] = {"g": {"of": ["n0", "n1"], "title": "A group"}}
    data = {"id": "f", "title": "f", "flow": flow}
    if draw(st.booleans()):
        data["card"] = {"title": "Card", "rows": ["one row", {"row": "another", "like": "frozen"}]}
    return from_data(data)


def scene_of(figure):
    return layout(figure, typesetter=FixedWidth())


def of(kind, scene):
    return [item for item in walk(scene.items) if isinstance(item, kind)]


def box(item):
    if isinstance(item, Shape):
        return item.box
    half = (item.size / 2, item.size / 2) if isinstance(item, Icon) else (item.width / 2, item.height / 2)
    (x, y) = item.centre
    return x - half[0], y - half[1], x + half[0], y + half[1]


def over(one, other, least=0.05):
    """Whether two boxes share an area."""
    return (
        min(one[2], other[2]) - max(one[0], other[0]) > least
        and min(one[3], other[3]) - max(one[1], other[1]) > least
    )


def inside(shape, x, y, slack=0.02):
    """Whether a point lies within the outline of a shape."""
    x0, y0, x1, y1 = shape.box
    half = (x1 - x0) / 2, (y1 - y0) / 2
    off = abs(x - (x0 + x1) / 2), abs(y - (y0 + y1) / 2)
    if shape.form == "diamond":
        return (off[0] / half[0] + off[1] / half[1] - 1) * min(half) <= slack
    if shape.form == "hexagon":
        slant = (shape.box[3] - shape.box[1]) / 4
        return off[1] <= half[1] + slack and off[0] + slant * off[1] / half[1] <= half[0] + slack
    if shape.form in ("circle", "stadium", "rounded"):
        beyond = [max(0.0, off[axis] - (half[axis] - shape.corner)) for axis in (0, 1)]
        return (
            beyond[0] ** 2 + beyond[1] ** 2 <= (shape.corner + slack) ** 2
            and off[0] <= half[0] + slack
            and off[1] <= half[1] + slack
        )
    return off[0] <= half[0] + slack and off[1] <= half[1] + slack


@given(flows())
@settings(max_examples=120, deadline=None)
def test_what_is_on_a_node_lies_within_its_outline(figure):
    scene = scene_of(figure)
    shapes = {shape.name: shape for shape in of(Shape, scene)}
    for node in figure.flow.nodes:
        shape = shapes[node.name]
        on = [
            item
            for item in (*of(Label, scene), *of(Icon, scene))
            if item.name in (f"{node.name}-label", f"{node.name}-badge")
        ]
        assert on
        for item in on:
            x0, y0, x1, y1 = box(item)
            for x, y in itertools.product((x0, x1), (y0, y1)):
                assert inside(shape, x, y), (item.name, shape.form)


@given(flows())
@settings(max_examples=120, deadline=None)
def test_nothing_lies_on_anything_else(figure):
    scene = scene_of(figure)
    frames = {group.name for group in figure.flow.groups}
    shapes = [shape for shape in of(Shape, scene) if shape.name not in frames]
    for one, other in itertools.combinations(shapes, 2):
        assert not over(one.box, other.box), (one.name, other.name)
    labels = of(Label, scene)
    for one, other in itertools.combinations([*labels, *of(Icon, scene)], 2):
        assert not over(box(one), box(other)), (one.name, other.name)
    for label in labels:
        if label.name.endswith("-label") and "-to-" in label.name:
            for shape in shapes:
                assert not over(box(label), shape.box), (label.name, shape.name)
        if label.name.endswith("-note"):
            for shape in shapes:
                if shape.name != label.name.removesuffix("-note"):
                    assert not over(box(label), shape.box), (label.name, shape.name)


@given(flows())
@settings(max_examples=120, deadline=None)
def test_lines_go_from_outline_to_outline_and_through_no_shape(figure):
    scene = scene_of(figure)
    frames = {group.name for group in figure.flow.groups}
    shapes = {shape.name: shape for shape in of(Shape, scene) if shape.name not in frames}
    for arrow in of(Arrow, scene):
        (first, second), (before, last) = arrow.points[:2], arrow.points[-2:]
        gap = scene.lengths["wire gap"]
        for end, tip, towards in ((arrow.start, first, second), (arrow.end, last, before)):
            shape = shapes[end.of]
            assert not inside(shape, *tip), "no gap"
            part = gap / math.dist(tip, towards)
            assert part < 0.5, "an arrow shorter than its gaps"
            point = tuple(a - part * (b - a) for a, b in zip(tip, towards, strict=True))
            assert inside(shape, *point)
            around = [(point[0] + dx, point[1] + dy) for dx, dy in ((0.1, 0), (-0.1, 0), (0, 0.1), (0, -0.1))]
            assert not all(inside(shape, *near) for near in around), "an end inside its shape"
        for start, stop in itertools.pairwise(arrow.points):
            for step in range(41):
                x, y = (a + (b - a) * step / 40 for a, b in zip(start, stop, strict=True))
                for shape in shapes.values():
                    if shape.name not in (arrow.start.of, arrow.end.of):
                        assert not inside(shape, x, y, -0.05), (arrow.name, shape.name)


@given(flows())
@settings(max_examples=60, deadline=None)
def test_every_edge_has_the_heads_that_its_arrow_says(figure):
    heads = {"->": (False, True), "--": (False, False), "<->": (True, True)}
    scene = scene_of(figure)
    wanted = []
    for edge in figure.flow.edges:
        text = getattr(edge, "edge", edge)
        tail, stroke, head = text.split()
        wanted.append((tail, head, heads[stroke]))
    drawn = [(a.start.of, a.end.of, (a.tail, a.head)) for a in of(Arrow, scene)]
    assert drawn == wanted


@given(flows())
@settings(max_examples=60, deadline=None)
def test_groups_hold_their_nodes_and_the_picture_holds_everything(figure):
    scene = scene_of(figure)
    shapes = {shape.name: shape for shape in of(Shape, scene)}
    for group in figure.flow.groups:
        x0, y0, x1, y1 = shapes[group.name].box
        for node in figure.flow.nodes:
            a0, b0, a1, b1 = shapes[node.name].box
            within = x0 < a0 and y0 < b0 and a1 < x1 and b1 < y1
            assert within == (node.name in group.of)
    boxes = [box(item) for item in (*of(Shape, scene), *of(Label, scene), *of(Icon, scene))]
    boxes += [(x, y, x, y) for arrow in of(Arrow, scene) for x, y in arrow.points]
    for x0, y0, x1, y1 in boxes:
        assert x0 >= -0.02
        assert y0 >= -0.02
        assert x1 <= scene.width + 0.02
        assert y1 <= scene.height + 0.02


@given(flows())
@settings(max_examples=60, deadline=None)
def test_text_on_a_class_of_style_can_be_read(figure):
    scene = scene_of(figure)
    for role, style in scene.styles.items():
        if style.fill is not None:
            assert contrast(scene.palette[style.fill], scene.palette[style.ink]) >= 4.5, role


def test_the_flow_of_lora_is_symmetric_and_straight():
    figure = from_data(
        {
            "id": "f",
            "title": "f",
            "flow": {
                "nodes": {name: {"box": name} for name in ("x", "W", "A", "B", "h")}
                | {"sum": {"circle": "+"}},
                "edges": ["x -> W -> sum", "x -> A -> B -> sum", "sum -> h"],
            },
        }
    )
    scene = scene_of(figure)
    middle = {shape.name: (shape.box[1] + shape.box[3]) / 2 for shape in of(Shape, scene)}
    assert middle["x"] == pytest.approx(middle["sum"], abs=0.02)
    assert middle["x"] == pytest.approx(middle["h"], abs=0.02)
    assert middle["A"] == pytest.approx(middle["B"], abs=0.02)
    assert middle["W"] - middle["x"] == pytest.approx(middle["x"] - middle["A"], abs=0.02)


def test_flow_and_stack_stand_side_by_side():
    figure = from_data(
        {
            "id": "f",
            "title": "f",
            "row": [
                {
                    "panel": "As a flow",
                    "flow": {"nodes": {"x": {"box": "x"}, "W": {"box": "W"}}, "edges": ["x -> W"]},
                },
                {"panel": "As a stack", "stack": [{"bar": "x"}, {"square": "W"}, {"bar": "h"}]},
                {"equations": ["h = Wx + BAx"]},
            ],
            "card": {"rows": ["a row"]},
        }
    )
    scene = scene_of(figure)
    groups = [item for item in scene.items if isinstance(item, Group)]
    assert [group.comment for group in groups] == ["As a flow", "As a stack", "Equations", "The card"]
    edges = []
    for group in groups:
        boxes = [box(item) for item in walk(group.items) if isinstance(item, Shape | Label)]
        edges.append((min(b[0] for b in boxes), max(b[2] for b in boxes)))
    for left, right in itertools.pairwise(edges):
        assert left[1] < right[0]
    titles = [label for label in of(Label, scene) if label.name.endswith("-title")]
    assert len({round(title.lines[0].origin[1], 2) for title in titles}) == 1


@pytest.mark.parametrize("direction", ["up", "right"])
@pytest.mark.parametrize(
    "node",
    ["{bar: b, badge: trainable}", "{bottleneck: [A, B], badge: trainable}", "{box: B, badge: trainable}"],
)
def test_a_badge_is_drawn_on_every_form(node: str, direction: str) -> None:
    model = "{adapter: lora, d: 64, r: 4, symbols: {b: {shape: [d], role: trained}}}"
    text = f"id: a\ntitle: A\nmodel: {model}\nflow:\n  direction: {direction}\n  nodes: {{n: {node}}}\n"
    icons = [item for item in walk(layout(loads(text, "a.yaml")).items) if isinstance(item, Icon)]
    assert [(icon.meaning, icon.name) for icon in icons] == [("trainable", "n-badge")]


def test_ends_of_a_split_have_one_size_though_one_is_much_smaller_than_the_chain():
    flow = {
        "direction": "down",
        "nodes": {
            "long": {"box": ["a long line of words that makes the boxes of the chain wide"]},
            "one": {"box": ["a"]},
            "other": {"box": ["some more words here"]},
        },
        "edges": ["long -> one, other"],
    }
    scene = scene_of(from_data({"id": "n", "title": "n", "flow": flow}))
    long, one, other = (round(shape.box[2] - shape.box[0], 6) for shape in of(Shape, scene))
    assert one == other < long


def test_flows_beside_each_other_begin_and_end_level():
    """The shorter one has its layers further apart, by three quarters at most."""

    def levels(chain):
        boxes = [f"{name}: {{box: {name.upper()}}}" for name in "abcde" if f" {name} " in chain]
        nodes = ", ".join(["x: {bar: x}", *boxes, "y: {bar: y}"])
        short = "x: {bar: x}, a: {box: A}, b: {box: B}, y: {bar: y}"
        figure = loads(
            "id: level\ntitle: T\nmodel: {d: 64, r: 4}\nrow:\n"
            f"  - flow: {{direction: up, nodes: {{{nodes}}}, edges: [{chain}]}}\n"
            f"  - flow: {{direction: up, nodes: {{{short}}}, edges: [x -> a -> b -> y]}}\n"
        )
        boxes = [item for item in walk(layout(figure).items) if isinstance(item, Shape)]
        tall, low = boxes[:-4], boxes[-4:]
        return [(pair[0].box[1], pair[1].box[1]) for pair in ((tall[0], low[0]), (tall[-1], low[3]))]

    for one, other in levels("x -> a -> c -> b -> y"):
        assert one == pytest.approx(other, abs=0.02)
    (first, other_first), (last, other_last) = levels("x -> a -> b -> c -> d -> e -> y")
    assert first < other_first
    assert last > other_last
    assert other_first - first == pytest.approx(last - other_last, abs=0.02)


@pytest.mark.parametrize("direction", ["right", "up"])
def test_words_on_a_line_stand_as_near_as_a_label_gap(direction):
    """In a stack that is the whole gap; in a flow at most two fifths more."""
    flow = "nodes: {x: {box: x}, y: {box: y}}, edges: [{edge: x -> y, text: told}]"
    figure = loads(f"id: f\ntitle: T\nflow: {{direction: {direction}, {flow}}}\n")
    scene = layout(figure, typesetter=FixedWidth())
    (arrow,) = of(Arrow, scene)
    _, y0, x1, _ = box(next(item for item in of(Label, scene) if item.name == f"{arrow.name}-label"))
    x, y = arrow.points[0]
    away = x - x1 if direction == "up" else y0 - y
    assert 1.0 <= away / (EMS["label gap"] * figure.theme.font_size * MM_PER_POINT) <= 1.4


def test_a_stack_beside_a_high_flow_keeps_its_gaps_within_three_quarters_more():
    nodes = ", ".join(f"n{n}: {{rounded: [f]}}" for n in range(9))
    chain = " -> ".join(f"n{n}" for n in range(9))
    stack = "[{bar: x}, {square: W}, {bar: h}]"
    figure = loads(
        "id: f\ntitle: T\nmodel: {d: 64, r: 4}\nrow:\n"
        f"  - flow: {{direction: up, nodes: {{{nodes}}}, edges: [{chain}]}}\n  - stack: {stack}\n"
    )
    boxes = {item.name: item.box for item in of(Shape, layout(figure))}
    low, high = boxes["n0"][1], boxes["n8"][3]
    gaps = [boxes["W"][1] - boxes["x"][3], boxes["h"][1] - boxes["W"][3]]
    arrow = EMS["arrow"] * figure.theme.font_size * MM_PER_POINT
    assert gaps == pytest.approx([1.75 * arrow] * 2, abs=0.02)
    assert boxes["x"][1] - low == pytest.approx(high - boxes["h"][3], abs=0.05)
    assert boxes["x"][1] - low > 1


def test_what_passes_by_a_row_of_cells_keeps_away_from_its_ends():
    figure = load(gallery()["hydralora"])
    boxes = {item.name: item.box for item in of(Shape, layout(figure))}
    (x0, low, _, high), gap = boxes["weights"], EMS["lane"] * figure.theme.font_size * MM_PER_POINT
    passing = next(arrow for arrow in of(Arrow, layout(figure)) if arrow.name == "W-to-sum")
    (x, start), (_, stop) = passing.points[:2]
    assert start < low
    assert stop > high
    assert x0 - x >= gap - 0.02


def test_boxes_with_a_symbol_have_one_width_whatever_they_are():
    figure = loads(
        "id: f\ntitle: T\nmodel: {d: 64, r: 4, functions: {f: r -> r}}\n"
        "flow: {direction: up, edges: [a -> f -> b], nodes: {a: {box: A, badge: trainable}, f: {rounded: f}, "
        "b: {box: B, badge: trainable}}}\n"
    )
    assert len({round(item.box[2] - item.box[0], 3) for item in of(Shape, layout(figure))}) == 1


def test_lines_above_and_below_a_node_between_weights_of_bits_are_equally_long():
    """The words beneath a weight of bits leave no room above it."""
    figure = loads(
        "id: f\ntitle: T\nmodel: {d: 64, r: 4, let: ['V = W']}\n"
        "flow: {direction: up, "
        "nodes: {a: {box: W, bits: 4}, b: {rounded: [Dequantize]}, c: {box: V, bits: 16}}, "
        "edges: [{edge: a -> b -> c, kind: memory}]}\n"
    )
    scene = layout(figure)
    spans = [abs(arrow.points[-1][1] - arrow.points[0][1]) for arrow in of(Arrow, scene) if arrow.head]
    assert len(spans) == 2
    assert spans[0] == pytest.approx(spans[1], abs=0.02)


def test_an_edge_that_leaves_a_group_may_lead_back():
    """What lies behind the group also lies before it then: one of the two gives way."""
    figure = loads(
        "id: a\ntitle: A loop\nflow:\n  direction: up\n"
        "  nodes: {a: {box: A}, b: {box: B}, c: {box: C}, d: {box: D}, e: {box: E}, f: {box: F}}\n"
        "  edges: [a -> b -> c -> d, {edge: d -> e, text: 'no'}, f -> a, G -> f]\n"
        "  groups: {G: {of: [c], title: Training}}\n"
    )
    heights = {item.name: box(item)[1] for item in of(Shape, scene_of(figure))}
    assert sorted("fabcde", key=heights.__getitem__) == list("fabcde")


LORA = "model: {adapter: lora, d: 64, r: 4}\n"


@pytest.mark.parametrize("direction", ["right", "down", "left", "up"])
def test_a_line_leads_through_the_waist_that_data_passes(direction):
    """From the trapezoid that the data comes to first; none where gradients alone come and go."""
    nodes = "nodes: {x: {bar: x}, n: {bottleneck: [A, B]}, y: {box: [Out]}}"
    for edge, count in (("x -> n -> y", 1), ("{edge: x -> n -> y, kind: gradient}", 0)):
        text = f"id: f\ntitle: T\n{LORA}flow: {{direction: {direction}, {nodes}, edges: [{edge}]}}\n"
        figure = loads(text, "f.yaml")
        scene = layout(figure)
        labels = {item.place.of: item.lines[0].plain for item in of(Label, scene)}
        ends = [(labels.get(arrow.start.of), labels.get(arrow.end.of)) for arrow in of(Arrow, scene)]
        assert ends.count(("A", "B")) == count
        assert len(ends) == 2 + count
        assert [claim.verdict for claim in verify(figure, scene).claims if claim.kind == "geometry"] == [
            "holds"
        ]


def test_a_label_of_a_line_has_the_colour_of_the_weights_that_it_names():
    nodes = "x: {bar: x}, W: {box: W}, A: {box: A}, B: {box: B}, plus: {circle: +}, h: {bar: h}"
    edges = [
        "{edge: x -> W, math: x}",
        "{edge: W -> plus, math: Wx}",
        "x -> A",
        "{edge: A -> B, math: Ax}",
        "{edge: B -> plus, math: BAx}",
        "{edge: plus -> h, math: Wx + BAx}",
    ]
    figure = loads(f"id: f\ntitle: T\n{LORA}flow: {{nodes: {{{nodes}}}, edges: [{', '.join(edges)}]}}\n")
    roles = [item.role for item in of(Label, layout(figure)) if "-to-" in item.name]
    assert roles == ["text", "frozen line", "adapter line", "adapter line", "text"]


def test_inputs_of_a_flow_stand_level_and_lines_that_join_come_from_both_sides():
    scene = layout(load(gallery()["prefix-tuning"]))
    boxes = {item.name: item.box for item in of(Shape, scene)}
    assert len({round(boxes[name][1], 2) for name in ("Q", "K", "V", "Pk", "Pv")}) == 1
    for head, ends in (("keys", ("Pk", "K")), ("values", ("Pv", "V"))):
        middle = (boxes[head][0] + boxes[head][2]) / 2
        left, right = ((boxes[name][0] + boxes[name][2]) / 2 for name in ends)
        assert middle - left == pytest.approx(right - middle, abs=0.5)


def test_what_skips_a_node_that_opens_passes_at_its_other_side():
    scene = layout(load(gallery()["transformer-lora"]))
    boxes = {item.name: item.box for item in of(Shape, scene)}
    skips = [item for item in of(Arrow, scene) if item.name in ("x-to-plus", "plus-to-sum")]
    assert len(skips) == 2
    for skip in skips:
        assert min(x for x, _ in skip.points) < boxes["attention"][0]


def test_a_line_from_a_frame_shares_no_way_with_one_from_what_is_in_it():
    figure = loads(
        "id: a\ntitle: T\nflow:\n  direction: up\n"
        "  nodes: {a: {box: [A]}, b: {box: [B]}, c: {box: [C]}, d: {box: [D]}}\n"
        "  edges: [a -> b -> c, G -> d]\n  groups: {G: {of: [a, b], title: A group}}\n"
    )
    of_node, of_frame = (
        next(item for item in of(Arrow, scene_of(figure)) if item.end.of == name) for name in ("c", "d")
    )
    assert abs(of_node.points[0][0] - of_frame.points[0][0]) > 1


def test_lines_out_of_a_diamond_leave_at_its_sides_and_their_labels_stand_outside():
    nodes = "q: {diamond: ['Merge?']}, a: {rounded: [One answer]}, b: {rounded: [The other one]}"
    edges = "[{edge: q -> a, text: 'yes'}, {edge: q -> b, text: 'no'}]"
    scene = scene_of(
        loads(f"id: f\ntitle: T\nflow: {{direction: down, nodes: {{{nodes}}}, edges: {edges}}}\n")
    )
    q = next(item for item in of(Shape, scene) if item.form == "diamond")
    left, right = of(Arrow, scene)
    gap, middle = scene.lengths["wire gap"], (q.box[1] + q.box[3]) / 2
    assert left.points[0] == pytest.approx((q.box[0] - gap, middle), abs=0.02)
    assert right.points[0] == pytest.approx((q.box[2] + gap, middle), abs=0.02)
    yes, no = (box(item) for item in of(Label, scene) if "-to-" in item.name)
    assert yes[2] < left.points[-1][0]
    assert no[0] > right.points[-1][0]


@pytest.mark.parametrize("name", ["adapter-fusion", "hydralora", "lora-experts", "lora-serving", "x-lora"])
def test_middles_align_or_are_clearly_apart(name):
    scene = layout(load(gallery()[name]))
    shapes = [item for item in walk(scene.items) if isinstance(item, Shape)]
    frames = ("batch", "adapters", "legend")
    middles = sorted((item.box[0] + item.box[2]) / 2 for item in shapes if not item.name.startswith(frames))
    assert [
        after - before for before, after in itertools.pairwise(middles) if 1e-3 < after - before < 2
    ] == []
