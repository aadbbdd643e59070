"""The checker finds what it is there to find: a good arrangement, spoiled in one way at a time."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from lorafig.layered import Arrangement, Box, Cluster, Edge, Route, arrange
from tests.layered.geometry import faults
from tests.layered.graphs import GAPS

BOXES = [Box(name, 14, 8) for name in "abcde"]
EDGES = [Edge("a", "b", (6, 4)), Edge("a", "c"), Edge("b", "d"), Edge("c", "d"), Edge("e", "d")]
CLUSTERS = [Cluster("frame", ("b", "d"), (10, 4))]
GOOD = arrange(BOXES, EDGES, CLUSTERS, "right", GAPS)


def found(arrangement: Arrangement) -> list[str]:
    return list(faults(arrangement, BOXES, EDGES, CLUSTERS, "right", GAPS))


def with_route(number: int, route: Route) -> Arrangement:
    return replace(GOOD, edges=(*GOOD.edges[:number], route, *GOOD.edges[number + 1 :]))


def test_the_good_one_is_good() -> None:
    assert found(GOOD) == []


@pytest.mark.parametrize(
    ("spoiled", "fault"),
    [
        (
            replace(GOOD, boxes={**GOOD.boxes, "a": GOOD.boxes["c"]}),
            "boxes a and c are nearer than the gap",
        ),
        (with_route(0, replace(GOOD.edges[0], label=GOOD.boxes["b"])), "label 0 is on box b"),
        (
            with_route(0, replace(GOOD.edges[0], label=GOOD.edges[1].points[1])),
            "edge 1 runs through label 0",
        ),
        (
            with_route(1, Route((GOOD.edges[1].points[0], GOOD.edges[4].points[-1]))),
            "edge 1 does not end on its head's outline",
        ),
        (with_route(2, Route(GOOD.edges[2].points[::-1])), "edge 2 does not begin on its tail's outline"),
        (with_route(4, Route(GOOD.edges[2].points)), "edge 4 does not begin on its tail's outline"),
        (
            replace(GOOD, clusters={"frame": (0.0, 0.0, *GOOD.size)}),
            "cluster frame overlaps a",
        ),
        (replace(GOOD, clusters={"frame": (0.0, 0.0, 1.0, 1.0)}), "b is not inside its cluster frame"),
        (replace(GOOD, titles={"frame": GOOD.boxes["b"]}), "the title of frame is on b"),
        (replace(GOOD, size=(1.0, 1.0)), "the size is not that of what is there"),
    ],
)
def test_a_spoiled_one_is_not(spoiled: Arrangement, fault: str) -> None:
    assert fault in found(spoiled)
