"""What is alike stands level across the panels of a row, and rows wrap."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from lorafig.draw import demand, lay_out
from lorafig.errors import LorafigError
from lorafig.language import load, loads
from lorafig.language.model import Bar, Figure, Level, Panel, Scale, Square
from lorafig.layout import layout
from lorafig.page.formulas import pictured
from lorafig.render.wires import PATTERNS
from lorafig.resources import gallery
from lorafig.scene import Arrow, Group, Label, Shape, walk
from lorafig.verify import verify
from lorafig.words import describe
from lorafig.words.alt import alt_text

SPEC = """
id: f
title: T
levels:
  base: {title: Base model, note: 16-bit, unverified: of storage}
  adapters: Adapters
  out: Output
row:
  - panel: Frozen
    stack:
      - bar: x
      - arrow
      - {square: W, level: base}
      - {bar: Wx, level: out}
  - panel: LoRA
    stack:
      - bar: x
      - {split: [square: W, bottleneck: [A, B]], level: base}
      - {sum: [Wx, BAx], level: adapters}
      - {bar: h, level: out}
  - panel: Small
    model: {d: 64, r: 2}
    stack:
      - bar: x
      - {square: W, level: base}
      - {bar: Wx, level: out}
"""


def panels(scene):
    return [item for item in scene.items if isinstance(item, Group)]


def middles(scene):
    return [
        (item.name, (item.box[1] + item.box[3]) / 2) for item in walk(scene.items) if isinstance(item, Shape)
    ]


def test_levels_stand_level_in_all_panels():
    figure = loads(SPEC)
    scene = lay_out(figure)
    assert verify(figure, scene).verdict == "holds"
    heights = dict(middles(scene))
    weights = [heights[name] for name in ("W", "W-2", "W-3")]
    assert max(weights) - min(weights) < 0.02
    lines = [item for item in walk(scene.items) if isinstance(item, Shape) and item.role == "hairline"]
    assert len(lines) == 2
    words = [item.lines[0].plain for item in walk(panels(scene)[-1].items) if isinstance(item, Label)]
    assert words == ["Base model", "16-bit", "Adapters", "Output"]


def test_levels_are_told():
    figure = loads(SPEC)
    assert "Levels through all panels, from bottom to top: Base model, 16-bit; Adapters; Output." in alt_text(
        figure
    )
    told = describe(figure, verify(figure))
    assert "1. Base model (16-bit): $W$ in “Frozen”, $W$, $A$ and $B$ in “LoRA” and $W$ in “Small”." in told
    assert "2. Adapters: $Wx$ and $BAx$ in “LoRA”." in told


def test_what_is_drawn_off_its_level():
    figure = loads(SPEC)
    scene = lay_out(figure)
    first, *rest = scene.items
    moved = tuple(
        replace(item, points=tuple((x, y + 0.5) for x, y in item.points)) if item.name == "W" else item
        for item in first.items
    )
    wrong = replace(scene, items=(replace(first, items=moved), *rest))
    details = [claim.detail or "" for claim in verify(figure, wrong).claims if claim.verdict == "fails"]
    assert any(
        detail.startswith("what stands on the level base is drawn at heights of ") for detail in details
    )
    wrong = replace(scene, items=scene.items[:-1])
    details = [claim.detail for claim in verify(figure, wrong).claims if claim.verdict == "fails"]
    assert "3 levels are asked for, and 0 lines are drawn between them" in details


SIMPLE = "{{id: f, title: T, {head}, row: [{{stack: [bar: x, {element}, bar: h]}}]}}"


@pytest.mark.parametrize(
    ("head", "element", "what", "hint"),
    [
        ("levels: {a: A}", "{square: W, level: b}", "there is no level 'b'", "the levels: 'a'"),
        (
            "wrap: 1",
            "{square: W, level: b}",
            "there is no level 'b'",
            "give the figure levels: {b: What it is}",
        ),
        (
            "levels: {a: A}",
            "square: W",
            "nothing stands on the level 'a'",
            "write level: a on an element or a node",
        ),
        (
            "levels: {a: A}",
            "{arrow: x, level: a}",
            "a level on an arrow, which goes from one to another",
            "give it to what it leads to",
        ),
        (
            "levels: {a: A}",
            "{square: W, level: a}, {square: W, level: a}",
            "two elements of one stack on the level 'a'",
            "leave it out for one of them",
        ),
        (
            "levels: {a: A, b: B}",
            "{square: W, level: b}, {square: W, level: a}",
            "the level 'a' above 'b'",
            "'levels' lists them from bottom to top, as stacks list their elements",
        ),
        (
            "levels: {a: A}",
            "{split: [{square: W, level: a}, skip], level: a}",
            "a level inside a split",
            "give it to the split: level: a",
        ),
        (
            "levels: {a: A}, wrap: 2",
            "{square: W, level: a}",
            "levels in a row that wraps",
            "leave out 'wrap', or give each line a figure",
        ),
        ("wrap: 0", "square: W", "0 is out of range: expected a whole number from 1 to 100", None),
        (
            "wrap: [1, 2]",
            "square: W",
            "lines of 3 in a row of 1 entry",
            "say how many of them stand in each line, from top to bottom",
        ),
    ],
)
def test_what_is_wrong_with_them(head, element, what, hint):
    with pytest.raises(LorafigError) as caught:
        loads(SIMPLE.format(head=head, element=element))
    told = {(problem.what, problem.hint) for problem in caught.value.problems if problem.where is not None}
    assert (what, hint) in told


FLOWS = """
id: f
title: T
model: {adapter: qlora}
legend: true
levels: {base: Base model, adapters: Adapters, state: State}
row:
  - panel: Full
    model: {adapter: none, symbols: {W: {shape: [d, d], role: trained}}}
    flow:
      direction: up
      nodes: {whole: {box: W, bits: 16, level: base}, s: {rounded: [State], level: state}}
      edges: [{edge: whole -> s, kind: gradient}, {edge: s -> whole, kind: control}]
  - panel: QLoRA
    flow:
      direction: up
      nodes:
        kept: {box: W, bits: 4, note: NF4, badge: frozen, level: base}
        AB: {bottleneck: [A, B], level: adapters}
        s: {rounded: [State], level: state}
        cpu: {rounded: [CPU], level: state}
      edges:
        - {edge: kept -> AB -> s, kind: gradient}
        - {edge: s -> AB, kind: control}
        - {edge: s <-> cpu, kind: memory, text: paging}
  - panel: Layer
    stack:
      - bar: x
      - {split: [square: W, bottleneck: [A, B]], level: adapters}
      - {sum: [Wx, BAx]}
      - {bar: h, level: state}
"""


def test_levels_go_through_flows_and_stacks():
    figure = loads(FLOWS)
    scene = lay_out(figure)
    report = verify(figure, scene)
    assert [claim.text for claim in report.claims if claim.verdict not in ("holds", "prose")] == []
    boxes = {item.name: item.box for item in walk(scene.items) if isinstance(item, Shape)}
    middle = {name: (y0 + y1) / 2 for name, (_, y0, _, y1) in boxes.items()}
    for one, other in (("whole", "kept"), ("s", "s-2"), ("s", "h"), ("s-2", "cpu")):
        assert middle[one] == pytest.approx(middle[other], abs=0.02), (one, other)
    assert boxes["cpu"][0] > boxes["s-2"][2]
    assert boxes["whole"][2] - boxes["whole"][0] == pytest.approx(
        4 * (boxes["kept"][2] - boxes["kept"][0]), abs=0.02
    )
    told = describe(figure, report)
    assert "3. State: “State” in “Full”, “State” and “CPU” in “QLoRA” and $h$ in “Layer”." in told
    assert "with the note “4-bit NF4”, drawn as cells, one column for each bit" in told
    assert "A legend explains: frozen, trained, activation" not in alt_text(figure)
    assert "one bit" in alt_text(figure)


def failing(figure, scene):
    return [claim.detail or "" for claim in verify(figure, scene).claims if claim.verdict == "fails"]


def changed(scene, name, change):
    """The scene with the points of one shape changed."""

    def new(item):
        if isinstance(item, Group):
            return replace(item, items=tuple(map(new, item.items)))
        return replace(item, points=change(item.points)) if item.name == name else item

    return replace(scene, items=tuple(map(new, scene.items)))


def test_bits_and_levels_of_a_flow_are_held_to_what_is_drawn():
    figure = loads(FLOWS)
    scene = lay_out(figure)
    higher = changed(scene, "s", lambda points: tuple((x, y + 0.5) for x, y in points))
    assert any(
        "what stands on the level state is drawn at heights of" in what for what in failing(figure, higher)
    )
    wider = changed(scene, "kept", lambda points: tuple((2 * x, y) for x, y in points))
    assert any("columns are drawn for 4 bits" in what for what in failing(figure, wider))
    narrower = changed(scene, "kept-most", lambda points: tuple((x * 0.9, y) for x, y in points))
    assert "the outline behind it has another width than 16 bits" in failing(figure, narrower)


NODE, EDGE = "cpu: {rounded: [CPU], level: state}", "{edge: s <-> cpu, kind: memory, text: paging}"


def with_memory(nodes, edges):
    """The flows with further nodes beside the state of the optimizer."""
    nodes = [NODE, *(f"{name}: {{rounded: [Memory], level: state}}" for name in nodes)]
    edges = [EDGE, *(f"{{edge: {edge}, kind: memory, text: to}}" for edge in edges)]
    text = FLOWS.replace(NODE, "\n        ".join(nodes))
    return loads(text.replace(f"- {EDGE}", "\n        ".join(f"- {edge}" for edge in edges)))


def test_two_stand_at_the_sides_of_one_and_a_third_does_not():
    figure = with_memory(["disk"], ["s -> disk", "disk -> s"])
    scene = lay_out(figure)
    demand(verify(figure, scene))
    boxes = {item.name: item.box for item in walk(scene.items) if isinstance(item, Shape)}
    assert boxes["disk"][2] < boxes["s-2"][0]
    assert boxes["s-2"][2] < boxes["cpu"][0]
    with pytest.raises(LorafigError, match="'tape' and 's' are on the level 'state', and it lies above"):
        lay_out(with_memory(["disk", "tape"], ["s -> disk", "s -> tape"]))


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("bits: 4", "bits: 8", "'W is kept in 8 bits' does not hold: QLoRA stores it in 4 bits"),
        ("note: NF4", "note: BF16", "'BF16' does not hold: BF16 has 16 bits, and 4 are drawn"),
        ("bits: 16", "bits: 8", "'W is kept in 8 bits' cannot be decided"),
        ("bits: 16", "bits: 65", "65 is out of range: expected a whole number from 1 to 64"),
        ("box: W, bits: 4", "rounded: [W], bits: 4", "bits of what is not a box with a matrix"),
        ("box: W, bits: 4", "box: W, bits: 4, sheets: '2'", "'sheets' on a weight that is drawn by its bits"),
        ("cpu: {rounded: [CPU], level: state", "cpu: {rounded: [CPU], level: base",
         "'cpu' and 'kept' are on the level 'base', and it lies above"),
        ("direction: up", "direction: right", "a level in a flow to the right: levels lie one above"),
        ("AB: {bottleneck: [A, B], level: adapters}", "AB: {bottleneck: [A, B], level: other}",
         "there is no level 'other'"),
        ("levels: {base: Base model, adapters: Adapters", "levels: {adapters: Adapters, base: Base model",
         "the level 'adapters' lies above 'base' in this flow"),
        ("adapters: Adapters", "adapters: Trained", "'Trained' does not hold"),
        ("base: Base model, adapters: Adapters", "base: Adapters, adapters: Base model",
         "'Adapters' does not hold: W is the pretrained weight"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_levels_and_bits_of_flows(old, new, what):
    def drawn():
        figure = loads(FLOWS.replace(old, new))
        demand(verify(figure, lay_out(figure)))

    with pytest.raises(LorafigError) as caught:
        drawn()
    assert any(what in problem.what for problem in caught.value.problems), caught.value.problems


def stacks():
    """Rows of stacks with squares and scales in any order, some of them on levels."""
    element = st.sampled_from([Square("W"), Scale("2"), Bar("x")])

    def leveled(parts, first, second):
        marked = []
        for place, part in enumerate(parts):
            level = "a" if place == first else "b" if place == first + second else None
            marked.append(replace(part, level=level))
        return Panel((Bar("x"), *marked, Bar("h")))

    parts = st.lists(element, min_size=1, max_size=5)
    return st.lists(st.builds(leveled, parts, st.integers(0, 5), st.integers(1, 3)), min_size=1, max_size=4)


@given(stacks(), st.booleans(), st.booleans())
def test_levels_hold_in_any_row(row, levels, align):
    names = (Level(name="a", title="A"), Level(name="b", title="B")) if levels else ()
    used = {element.level for panel in row for element in panel.stack}
    if levels and not {"a", "b"} <= used:
        return
    if not levels:
        row = [replace(p, stack=tuple(replace(e, level=None) for e in p.stack)) for p in row]
    figure = Figure("f", "T", row=tuple(row), levels=names, align=align)
    scene = layout(figure)
    faults = [
        c.detail
        for c in verify(figure, scene, floating=False).claims
        if c.kind == "geometry" and c.verdict == "fails"
    ]
    assert faults == []


@pytest.mark.parametrize("wrap", [1, 2, 3, 5])
def test_a_row_wraps(wrap):
    figure = replace(loads(SPEC), levels=(), wrap=wrap, align=True)
    row = tuple(replace(p, stack=tuple(replace(e, level=None) for e in p.stack)) for p in figure.row)
    figure = replace(figure, row=row)
    scene = lay_out(figure)
    assert verify(figure, scene).verdict == "holds"
    floors = {round(min(i.box[1] for i in walk(g.items) if isinstance(i, Shape)), 1) for g in panels(scene)}
    assert len(floors) == -(-3 // wrap)
    if wrap < 3:
        said = f"On the figure, in lines of {wrap} from left to right, one below the other: "
        assert said in describe(figure, verify(figure))
        wrong = replace(scene, items=scene.items[::-1])
        assert verify(figure, wrong).verdict == "fails"


def test_lines_may_have_lengths_of_their_own() -> None:
    """Each is about the middle of all; words and checks go by the same lines."""
    figure = replace(loads(SPEC), levels=(), wrap=(1, 2))
    row = tuple(replace(p, stack=tuple(replace(e, level=None) for e in p.stack)) for p in figure.row)
    figure = replace(figure, row=row)
    scene = lay_out(figure)
    assert verify(figure, scene).verdict == "holds"
    above, left, right = (
        [i.box for i in walk(group.items) if isinstance(i, Shape | Label)] for group in panels(scene)
    )
    assert min(box[1] for box in above) > max(box[3] for box in (*left, *right))
    assert max(box[2] for box in left) < min(box[0] for box in right)
    middles = [(min(b[0] for b in line) + max(b[2] for b in line)) / 2 for line in (above, [*left, *right])]
    assert middles == pytest.approx([scene.width / 2] * 2, abs=0.6)
    assert "in lines of 1 and 2 from left to right, one below the other: " in describe(figure, verify(figure))
    wrong = verify(replace(figure, wrap=(2, 1)), scene)
    assert wrong.verdict == "fails"


def test_dots_are_seen_between_two_heads():
    """A line to what stands beside has room for its heads and for its pattern: one dot tells of none."""
    scene = lay_out(load(gallery()["full-lora-qlora"]))
    (line,) = (item for item in walk(scene.items) if isinstance(item, Arrow) and item.tail)
    style = scene.styles[line.role]
    on, off = PATTERNS["dotted"]
    assert style.dash == "dotted"
    (start, _), (end, _) = line.points
    assert abs(end - start) - 2 * scene.arrow_head[0] > 3 * (on + off) * style.line


def test_the_lines_of_a_page_are_those_of_its_panels() -> None:
    """Equations do not stand on its picture: lines of them alone are gone."""
    equations = "  - {equations: ['h = Wx']}\n"
    panel = "  - {panel: %s, stack: [{bar: x}, {square: W}, {bar: h}]}\n"
    head = "id: a\ntitle: A\nmodel: {d: 64, r: 4}\nwrap: [1, 3, 1]\nrow:\n"
    figure = loads(head + panel % "A" + panel % "B" + equations + panel % "C" + equations)
    assert pictured(figure).wrap == (1, 2)
    assert lay_out(pictured(figure)).height > 0
