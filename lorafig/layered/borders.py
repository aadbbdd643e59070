"""The borders of clusters as vertices: two in each layer of a cluster's span, around what it holds there."""

from __future__ import annotations

from collections.abc import Sequence

from lorafig.layered.grid import Grid, Kind


def add_borders(grid: Grid, parents: Sequence[int]) -> list[tuple[list[int], list[int]]]:
    """Puts borders into `grid.layers`; for each cluster its first and its second border by layer."""
    chains: list[tuple[list[int], list[int]]] = [([], []) for _ in parents]
    if not parents:
        return chains

    def path(cluster: int) -> list[int]:
        result = []
        while cluster >= 0:
            result.append(cluster)
            cluster = parents[cluster]
        return result[::-1]

    for number, layer in enumerate(grid.layers):
        bordered: list[int] = []
        around: list[int] = []

        for vertex in [*layer, None]:
            wanted = [] if vertex is None else path(grid.cluster[vertex])
            common = 0
            while common < min(len(wanted), len(around)) and wanted[common] == around[common]:
                common += 1
            while len(around) > common:
                cluster = around.pop()
                border = grid.add(Kind.BOTTOM, number, cluster, cluster)
                chains[cluster][1].append(border)
                bordered.append(border)
            for cluster in wanted[common:]:
                around.append(cluster)
                border = grid.add(Kind.TOP, number, cluster, cluster)
                chains[cluster][0].append(border)
                bordered.append(border)
            if vertex is not None and grid.kinds[vertex] is not Kind.HOLD:
                bordered.append(vertex)
        grid.layers[number] = bordered
    return chains
