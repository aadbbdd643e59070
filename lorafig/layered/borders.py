"""The borders of clusters as vertices: two in each layer of a cluster's span, around what it holds there."""

from __future__ import annotations

from lorafig.layered.grid import Grid, Kind


def add_borders(grid: Grid) -> None:
    """Puts borders into the layers, and gives every vertex its position."""
    grid.borders = [([], []) for _ in grid.task.clusters]
    for number, layer in enumerate(grid.layers):
        bordered: list[int] = []
        around: tuple[int, ...] = ()
        for vertex in [*layer, None]:
            wanted = () if vertex is None else grid.path(grid.cluster[vertex])
            common = 0
            while common < min(len(wanted), len(around)) and wanted[common] == around[common]:
                common += 1
            ending = [(Kind.BOTTOM, cluster) for cluster in reversed(around[common:])]
            for kind, cluster in ending + [(Kind.TOP, cluster) for cluster in wanted[common:]]:
                border = grid.add(kind, number, cluster, cluster)
                grid.borders[cluster][kind is Kind.BOTTOM].append(border)
                bordered.append(border)
            around = wanted
            if vertex is not None and grid.kinds[vertex] is not Kind.HOLD:
                bordered.append(vertex)
        grid.layers[number] = bordered
    grid.position = [0] * len(grid.kinds)
    for layer in grid.layers:
        for place, vertex in enumerate(layer):
            grid.position[vertex] = place
