"""First orders of the vertices of a layered graph: depth first, so that what hangs together lies together."""

from __future__ import annotations

from lorafig.layered.grid import Grid


def search(grid: Grid, start: int) -> list[int]:
    """Vertices depth first along pieces and turns, so that what hangs together lies together.

    Ways are taken as the author wrote them, then the other way round, then in mixed order.
    """
    links: list[list[int]] = [[] for _ in grid.kinds]
    for piece in grid.pieces:
        links[piece.left].append(piece.right)
        links[piece.right].append(piece.left)
    for turn in grid.turns:
        links[turn.box].append(turn.lane)
        links[turn.lane].append(turn.box)
    if start in (2, 3):
        links = [near[::-1] for near in links]
    elif start >= 4:
        from random import Random  # loads hashlib, and most figures need none of it

        mix = Random(start)
        for near in links:
            mix.shuffle(near)
    sign = -1 if start % 2 == 1 else 1
    starts = sorted(range(len(grid.kinds)), key=lambda vertex: sign * grid.layer[vertex])
    seen = [False] * len(grid.kinds)
    order: list[int] = []
    for first in starts:
        if seen[first]:
            continue
        seen[first] = True
        order.append(first)
        way = [iter(links[first])]
        while way:
            for vertex in way[-1]:
                if not seen[vertex]:
                    seen[vertex] = True
                    order.append(vertex)
                    way.append(iter(links[vertex]))
                    break
            else:
                way.pop()
    return order
