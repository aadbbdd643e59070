"""Errors of a layout's input, by their full text."""

from __future__ import annotations

import pytest

from lorafig.errors import LorafigError
from lorafig.layered import Box, Cluster, Edge, Gaps, arrange

A, B = Box("a", 10, 8), Box("b", 10, 8)


@pytest.mark.parametrize(
    ("boxes", "edges", "clusters", "text"),
    [
        (
            [A, A],
            [],
            [],
            "the name 'a' is given twice\n  hint: give each box and each cluster a name of its own",
        ),
        ([A], [Edge("a", "z")], [], "the edge from 'a' to 'z' ends at 'z', which is not a box"),
        (
            [A],
            [Edge("a", "c")],
            [Cluster("c", ("a",))],
            "the edge from 'a' to 'c' ends at 'c', which is not a box",
        ),
        (
            [Box("a", float("nan"), 8)],
            [],
            [],
            "box 'a' has a length of nan\n  hint: lengths are in mm, finite and not negative",
        ),
        (
            [A],
            [Edge("a", "a", (-1, 2))],
            [],
            "the label of the edge from 'a' to 'a' has a length of -1"
            "\n  hint: lengths are in mm, finite and not negative",
        ),
        (
            [A],
            [],
            [Cluster("c", ())],
            "cluster 'c' has no members\n  hint: leave it out, or name what it goes around",
        ),
        ([A], [], [Cluster("c", ("z",))], "cluster 'c' goes around 'z', which is neither box nor cluster"),
        (
            [A],
            [],
            [Cluster("c", ("a",)), Cluster("e", ("a",))],
            "'a' is in cluster 'c' and in cluster 'e'\n  hint: frames may not overlap",
        ),
        (
            [A],
            [],
            [Cluster("c", ("e",)), Cluster("e", ("c",))],
            "cluster 'c' is inside itself\ncluster 'e' is inside itself",
        ),
    ],
)
def test_what_does_not_fit_is_said(
    boxes: list[Box], edges: list[Edge], clusters: list[Cluster], text: str
) -> None:
    with pytest.raises(LorafigError) as caught:
        arrange(boxes, edges, clusters)
    assert str(caught.value) == text


def test_gaps_are_looked_at() -> None:
    with pytest.raises(LorafigError) as caught:
        arrange([A, B], [], (), "right", Gaps(edge=0))
    assert str(caught.value) == "the gaps between layers and between lines must be more than 0"
