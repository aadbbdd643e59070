"""Rows of cells in a flow: the entries of a vector, each beside its copy of a group."""

import pytest

from lorafig.draw import lay_out
from lorafig.errors import LorafigError
from lorafig.graph.lower import entries
from lorafig.language import loads
from lorafig.scene import Arrow, Shape, lines_of, walk
from lorafig.verify import verify

SPEC = r"""
id: f
title: Experts
model:
  adapter: none
  d: 16
  r: 2
  sizes: {{N: {n}, M: 7}}
  symbols:
    x: {{shape: [d], role: input}}
    A_i: {{shape: [d, d], role: trained, over: 'i = {range}'}}
    W_g: {{shape: [{size}, d], role: trained}}
  let: ['\omega = \mathrm{{softmax}}(W_g x)', 'y = \sum_{{i=1}}^{{N}} \omega_i A_i x']
flow:
  direction: {direction}
  nodes:
    x: {{bar: x}}
    g: {{box: W_g}}
    soft: {{rounded: softmax}}
    A: {{box: A_i}}
    {nodes}
    y: {{bar: y}}
  edges: [x -> A, x -> g -> soft, {edges}]
  groups: {{all: {{of: [{of}], over: 'i = {range}', frame: false}}}}
"""
FED = {"nodes": "row: {cells: '\\omega'}", "edges": "A -> row, soft -> row, row -> y", "of": "A"}
FEEDS = {
    "nodes": "row: {cells: '\\omega'}\n    w: {circle: '\\times'}\n    plus: {circle: '+'}",
    "edges": "soft -> row, 'row, A -> w', w -> plus -> y",
    "of": "A, w",
}


def experts(way, n=6, direction="up", over="1..N", size="N", **more):
    return loads(SPEC.format(n=n, direction=direction, range=over, size=size, **way | more))


@pytest.mark.parametrize("direction", ["up", "down", "left", "right"])
@pytest.mark.parametrize("way", [FED, FEEDS], ids=["fed", "feeds"])
def test_each_cell_stands_by_its_copy_and_the_sum_is_run(way, direction):
    figure = experts(way, direction=direction)
    scene = lay_out(figure)
    assert verify(figure, scene).verdict == "holds"
    items = list(walk(scene.items))
    row = next(item for item in items if isinstance(item, Shape) and item.name == "row")
    cuts = [item for item in items if isinstance(item, Arrow) and item.role.endswith(" grid")]
    assert len(cuts) == 3
    (graph,) = entries(figure)
    straight = 0
    for edge, line in zip(graph.edges, lines_of(items), strict=True):
        if {edge.tail, edge.head} & {"A-1", "A-2", "A-6"} and "row" in (edge.tail, edge.head):
            straight += len(line.points) == 2
            (x, y) = line.points[-1]
            x0, y0, x1, y1 = row.box
            assert x0 - 1 <= x <= x1 + 1
            assert y0 - 1 <= y <= y1 + 1
    assert straight == (3 if way is FED else 0)


WRONG = [
    ({"over": "1..M"}, "ω has N = 6 entries, and seven copies feed its cells"),
    (
        {"edges": "A -> row, x -> row, row -> y"},
        "what flows into ω is x, a vector of d, and ω is a vector of N",
    ),
    ({"edges": "A -> row, row -> y"}, None),
    ({"edges": "A -> row, soft -> row, g -> row, row -> y"}, "two arrows bring ω to its cells"),
    ({"nodes": "row: {cells: W_g}"}, "cells are the entries of a vector, and W_g is of shape N × d"),
    ({"size": "M"}, "ω has M = 7 entries, and six copies feed its cells"),
]


@pytest.mark.parametrize(("change", "what"), WRONG)
def test_what_does_not_fit_is_told(change, what):
    told = [
        claim.detail
        for claim in verify(experts(FED, **change)).claims
        if claim.verdict not in ("holds", "prose")
    ]
    assert (what in told) if what is not None else (told == [])


def test_cells_without_copies_and_labels_on_cells_are_refused():
    with pytest.raises(LorafigError) as caught:
        lay_out(experts(FED, edges="A -> y, soft -> row"))
    assert caught.value.problems[0].what == "copies of no groups are beside the cells of 'row'"
    with pytest.raises(LorafigError) as caught:
        experts(FED, nodes="row: {cells: '\\omega', math: h}")
    assert caught.value.problems[0].what == "'math' on a row of cells: its entries stand on it"
