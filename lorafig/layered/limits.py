"""How much a layout may take, looked at before anything is ordered or routed.

All later work grows with what is counted here, or is cut off by a count of its own (`WORK` in `ranks`,
`order` and `coordinates`), so that a flow within these limits is laid out in two seconds.
"""

from __future__ import annotations

from collections.abc import Sequence

from lorafig.errors import LorafigError, Place, Problem
from lorafig.layered.grid import Grid, Task, reach

LAYERS = 20_000  # that edges, or frames, pass through, all added up
DEPTH = 40  # frames around each other


def check_depth(parents: Sequence[int], where: Place | None) -> None:
    """Refuses clusters that lie too deep in each other; `parents` are the clusters around each, or -1."""
    depth = {-1: 0}
    for innermost in range(len(parents)):
        cluster, path = innermost, []
        while cluster not in depth:
            path.append(cluster)
            cluster = parents[cluster]
        for inner in reversed(path):
            depth[inner] = depth[parents[inner]] + 1
    hint = "leave out groups that hold a single group"
    _demand(max(depth.values()), DEPTH, "the flow's groups lie {:,} deep in each other", where, hint)


def check_work(tasks: Sequence[tuple[Task, Sequence[int]]], where: Place | None) -> None:
    """Refuses parts, each with the ranks of its boxes, that would take too long to lay out."""
    boxes, edges, frames, passed, framed = 0, 0, 0, 0, 0
    for task, ranks in tasks:
        boxes, edges, frames = boxes + len(ranks), edges + len(task.edges), frames + len(task.clusters)
        passed += sum(max(1, abs(ranks[head] - ranks[tail])) for tail, head in task.edges)
        framed += sum(last - first + 1 for first, last in reach(task, ranks))
    what = f"the flow's {edges:,} edges between {boxes:,} nodes pass {{:,}} layers in all"
    hint = "leave out edges, above all long ones, or draw parts of it as figures of their own"
    _demand(passed, LAYERS, what, where, hint)
    what = f"the frames of the flow's {frames:,} groups pass {{:,}} layers in all"
    _demand(framed, LAYERS, what, where, "leave out groups, or put nodes in one that follow each other")


def check_size(grid: Grid, most: float, where: Place | None) -> None:
    """Refuses a part whose boxes and lines alone are longer than `most`, in mm, whatever their order."""
    breadths = [max([grid.breadth[vertex] for vertex in layer], default=0.0) for layer in grid.layers]
    along = sum(breadths) + grid.gaps.layer / 2 * (len(breadths) - 1)
    across = 0.0
    for layer in grid.layers:
        reach = sum([grid.before[vertex] + grid.after[vertex] for vertex in layer])
        across = max(across, reach + min(grid.gaps.edge, grid.gaps.box) * (len(layer) - 1))
    wide, high = (across, along) if grid.task.title_first else (along, across)
    for length, way in ((wide, "wide"), (high, "high")):
        if length > most:
            what = f"the flow is at least {length / 1000:.2f} m {way}; the limit is {most / 1000:.1f} m"
            raise LorafigError(Problem(what, where, "draw parts of it as figures of their own"), "limit")


def _demand(count: int, most: int, what: str, where: Place | None, hint: str) -> None:
    if count > most:
        raise LorafigError(Problem(f"{what.format(count)}; the limit is {most:,}", where, hint), "limit")
