"""A frame holds the ways of the edges between what is in it, as far as there is room."""

import pytest

from lorafig.layered import Box, Cluster, Edge, Gaps, arrange

GAPS = Gaps(layer=12, box=8, edge=4, pad=3)


def boxes(names):
    return [Box(name, 12, 8) for name in names]


@pytest.mark.parametrize("direction", ["right", "down", "left", "up"])
def test_what_leads_back_within_a_frame_stays_in_it(direction):
    edges = [Edge("x", "a"), Edge("a", "b"), Edge("b", "c"), Edge("c", "h"), Edge("c", "a", weak=True)]
    clusters = [Cluster("outer", ("inner", "c")), Cluster("inner", ("a", "b"))]
    whole = arrange(boxes("xabch"), edges, clusters, direction, GAPS)
    x0, y0, x1, y1 = whole.clusters["outer"]
    assert all(x0 < x < x1 and y0 < y < y1 for x, y in whole.edges[4].points)
    a0, b0, a1, b1 = whole.clusters["inner"]
    assert x0 < a0 < a1 < x1
    assert y0 < b0 < b1 < y1
    for name in "xh":  # what is outside stays so
        x, y = whole.boxes[name]
        assert x + 6 <= x0 or x - 6 >= x1 or y + 4 <= y0 or y - 4 >= y1


def test_a_frame_without_such_edges_is_as_it_was():
    edges = [Edge("x", "a"), Edge("a", "b"), Edge("b", "h")]
    whole = arrange(boxes("xabh"), edges, [Cluster("g", ("a", "b"))], "right", GAPS)
    x0, y0, x1, y1 = whole.clusters["g"]
    (ax, ay), (bx, _) = whole.boxes["a"], whole.boxes["b"]
    assert (x0, y0, x1, y1) == pytest.approx((ax - 9, ay - 7, bx + 9, ay + 7))
