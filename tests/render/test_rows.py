"""Rows of panels, equations, flows and a card in any order: each becomes TikZ that compiles and paints what
the other backends paint. Layout places a row from its first stack, wherever in the row that stands."""

from __future__ import annotations

from itertools import permutations
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from test_parity import agree

from lorafig.language import from_data
from lorafig.layout import layout
from lorafig.render import tikz
from lorafig.render.tikz.names import node
from lorafig.scene import Icon, Label, Scene, Shape, walk

Entry = dict[str, Any]

STACKS: list[list[Entry]] = [
    [{"bar": "x"}, {"square": "W", "text": ["Pretrained"]}, {"bar": "h"}],
    [{"bar": "x", "brace": "d"}, {"bottleneck": ["A", "B"], "brace": "r"}, {"bar": "h"}],
    [{"bar": "x", "span": True}, {"split": [{"square": "W"}, {"bottleneck": ["A", "B"]}]},
     {"sum": ["Wx", "BAx"]}, {"bar": "h", "span": True}],
]  # fmt: skip
EQUATIONS: list[list[Any]] = [
    ["h = Wx + BAx"],
    ["W' = W + BA", {"math": "h = (W + BA)x", "brace": {"under": "W + BA", "label": "W'"}}],
]
CARD: Entry = {"title": "Parameters", "rows": ["W: $d^2 = \\num{d^2}$", "A + B: $2dr = \\num{2dr}$"]}


def across(n: int) -> Entry:
    """A flow whose names no other has."""
    nodes = {f"x{n}": {"rounded": "x"}, f"W{n}": {"box": "W", "badge": "frozen"}}
    return {"nodes": nodes, "edges": [f"x{n} -> W{n}"]}


def down(n: int) -> Entry:
    nodes = {f"y{n}": {"circle": "x"}, f"sum{n}": {"diamond": "+"}}
    group = {"of": list(nodes), "title": "Both"}
    return {"direction": "down", "nodes": nodes, "edges": [f"y{n} -> sum{n}"], "groups": {f"g{n}": group}}


def scene(row: list[Entry], card: Entry | None = None) -> Scene:
    data = {"lorafig": 1, "id": "row", "title": "A row", "model": {"d": 64, "r": 4}, "row": row}
    return layout(from_data(data if card is None else {**data, "card": card}))


stacks = st.sampled_from([{"stack": stack} for stack in STACKS])
flows = st.builds(lambda make, n: {"flow": make(n)}, st.sampled_from([across, down]), st.integers(0, 99))
panels = st.one_of(stacks, flows).map(lambda panel: {"panel": "A panel", **panel})
entries = st.one_of(stacks, flows, panels, st.sampled_from([{"equations": lines} for lines in EQUATIONS]))
rows = st.lists(entries, min_size=1, max_size=5, unique_by=lambda entry: str(entry.get("flow", id(entry))))


@given(rows, st.sampled_from([None, CARD]))
@settings(deadline=None, max_examples=60)
def test_nothing_is_referred_to_before_it_is_drawn(row: list[Entry], card: Entry | None) -> None:
    """`tikz.render` itself raises where it is; and nothing is left out."""
    drawn = scene(row, card)
    text = tikz.render(drawn)
    for item in walk(drawn.items):
        if isinstance(item, Shape | Label | Icon):
            assert f"({node(item.name)})" in text


@pytest.mark.sample(2)
@pytest.mark.parametrize("order", list(permutations(range(3))), ids=str)
def test_every_order_paints_one_picture(order: tuple[int, ...], tmp_path: Path) -> None:
    row = [
        {"panel": "A stack", "stack": STACKS[1]},
        {"panel": "A flow", "flow": down(1)},
        {"equations": EQUATIONS[1]},
    ]
    agree(scene([row[index] for index in order], CARD), tmp_path)


def test_two_stacks_behind_a_flow(tmp_path: Path) -> None:
    row = [{"flow": across(1)}, {"equations": EQUATIONS[0]}, {"stack": STACKS[2]}, {"stack": STACKS[0]}]
    agree(scene(row), tmp_path)


def test_items_are_written_behind_those_that_they_are_placed_from(everything: Scene) -> None:
    """In a group too, and whatever order a scene has them in."""
    backwards = replace(everything, items=everything.items[::-1])
    assert sorted(tikz.render(backwards).splitlines()) == sorted(tikz.render(everything).splitlines())
