"""What a layout is given is looked at before anything is placed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import isfinite

from lorafig.errors import LorafigError, Problem
from lorafig.layered.model import Box, Cluster, Edge, Gaps


def check(
    boxes: Sequence[Box], edges: Sequence[Edge], clusters: Sequence[Cluster], gaps: Gaps
) -> tuple[list[int], list[int]]:
    """For each cluster the number of the one around it, for each box that of its innermost; -1 for none."""
    problems: list[Problem] = []

    def say(what: str, hint: str | None = None) -> None:
        problems.append(Problem(what, hint=hint))

    number: dict[str, int] = {}
    for place, name in enumerate([*(box.name for box in boxes), *(cluster.name for cluster in clusters)]):
        if name in number:
            say(f"the name '{name}' is given twice", "give each box and each cluster a name of its own")
        number.setdefault(name, place)
    for box in boxes:
        _lengths(say, f"box '{box.name}'", (box.width, box.height))
    for edge in edges:
        for end in (edge.tail, edge.head):
            if number.get(end, len(boxes)) >= len(boxes):
                say(f"the edge from '{edge.tail}' to '{edge.head}' ends at '{end}', which is not a box")
        if edge.label is not None:
            _lengths(say, f"the label of the edge from '{edge.tail}' to '{edge.head}'", edge.label)
    _lengths(say, "the gaps", (gaps.layer, gaps.box, gaps.edge, gaps.pad))
    if gaps.edge == 0 or gaps.layer == 0:
        say("the gaps between layers and between lines must be more than 0")
    parents = [-1] * len(clusters)
    inside = [-1] * len(boxes)
    for place, cluster in enumerate(clusters):
        if not cluster.members:
            say(f"cluster '{cluster.name}' has no members", "leave it out, or name what it goes around")
        if cluster.title is not None:
            _lengths(say, f"the title of cluster '{cluster.name}'", cluster.title)
        for name in cluster.members:
            member = number.get(name)
            if member is None:
                say(f"cluster '{cluster.name}' goes around '{name}', which is neither box nor cluster")
                continue
            around = inside if member < len(boxes) else parents
            member -= 0 if member < len(boxes) else len(boxes)
            if around[member] >= 0:
                names = f"cluster '{clusters[around[member]].name}' and in cluster '{cluster.name}'"
                say(f"'{name}' is in {names}", "frames may not overlap")
            around[member] = place
    for place, cluster in enumerate(clusters):
        seen = {place}
        above = parents[place]
        while above >= 0 and above not in seen:
            seen.add(above)
            above = parents[above]
        if above == place:
            say(f"cluster '{cluster.name}' is inside itself")
    if problems:
        raise LorafigError(tuple(problems))
    return parents, inside


def _lengths(say: Callable[[str, str | None], None], what: str, lengths: Sequence[float]) -> None:
    for length in lengths:
        if not isfinite(length) or length < 0:
            say(f"{what} has a length of {length:g}", "lengths are in mm, finite and not negative")
            return
