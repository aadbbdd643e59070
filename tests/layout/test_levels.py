"""What is alike stands level across the panels of a row, and rows wrap."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from lorafig.draw import lay_out
from lorafig.errors import LorafigError
from lorafig.language import loads
from lorafig.language.model import Bar, Figure, Level, Panel, Scale, Square
from lorafig.layout import layout
from lorafig.scene import Group, Label, Shape, walk
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
        ("levels: {a: A}", "square: W", "nothing stands on the level 'a'", "write level: a on an element"),
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
    ],
)
def test_what_is_wrong_with_them(head, element, what, hint):
    with pytest.raises(LorafigError) as caught:
        loads(SIMPLE.format(head=head, element=element))
    told = {(problem.what, problem.hint) for problem in caught.value.problems if problem.where is not None}
    assert (what, hint) in told


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
