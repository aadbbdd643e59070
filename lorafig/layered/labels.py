"""On which side of their lines labels stand: on the outer one."""

from __future__ import annotations

from lorafig.layered.grid import Grid, Kind
from lorafig.layered.twins import apart


def outwards(grid: Grid) -> None:
    """Moves labels behind their lines, of lines that part or join the last ones; the middle one of three too.

    So stand those of two lines that run side by side, one each way: between them a label would push them
    apart. Other labels stand before their lines, and all those of copies alike; those of lines to the end of
    a row keep these away from what is beside it.
    """
    task = grid.task
    behind = {
        max(pair, key=lambda edge: grid.position[grid.chains[edge][1]]) for pair in apart(task).values()
    }
    leaving: dict[int, list[tuple[int, int]]] = {}  # box -> where its edges come to next, and which they are
    entering: dict[int, list[tuple[int, int]]] = {}
    for edge, chain in enumerate(grid.chains):
        if not grid.back[edge]:
            leaving.setdefault(chain[0], []).append((grid.position[chain[1]], edge))
            entering.setdefault(chain[-1], []).append((grid.position[chain[-2]], edge))
    for edge, (chain, label) in enumerate(zip(grid.chains, task.labels, strict=True)):
        if label is None or grid.back[edge]:
            continue
        out, into = leaving[chain[0]], entering[chain[-1]]
        ends = sorted(out if len(out) >= len(into) else into)
        place = [own for _, own in ends].index(edge)
        last = len(ends) > 1 and 2 * place >= len(ends) - 1
        if edge in behind or (last and task.side[edge] is None and not _copied(grid, edge)):
            vertex = next(vertex for vertex in chain if grid.kinds[vertex] is Kind.LABEL)
            grid.before[vertex], grid.after[vertex] = grid.after[vertex], grid.before[vertex]


def _copied(grid: Grid, edge: int) -> bool:
    """Whether an edge is one of several alike, to copies or from them."""
    inside = [cluster for end in grid.task.edges[edge] for cluster in grid.path(grid.task.inside[end])]
    return any(grid.task.ordered[cluster] for cluster in inside)
