"""Random figures for the properties: any edges, sizes, labels and nested clusters."""

from __future__ import annotations

from hypothesis import strategies as st

from lorafig.layered import Box, Cluster, Edge, Gaps

GAPS = Gaps(layer=10, box=6, edge=2, pad=3)
Figure = tuple[tuple[Box, ...], tuple[Edge, ...], tuple[Cluster, ...]]

lengths = st.integers(4, 24).map(float)
outlines = st.sampled_from(["rectangle", "rectangle", "ellipse", "diamond"])


@st.composite
def figures(draw: st.DrawFn, most: int = 9, clustered: bool = True, titled: bool = True) -> Figure:
    count = draw(st.integers(1, most))
    levels = st.sampled_from(["", "", "a", "b"])
    boxes = tuple(
        Box(f"n{n}", draw(lengths), draw(lengths), draw(outlines), draw(levels)) for n in range(count)
    )
    ends = st.integers(0, count - 1)
    sizes = st.none() | st.tuples(lengths, lengths)
    edges = tuple(
        Edge(f"n{tail}", f"n{head}", label, paired=draw(st.booleans()))
        for tail, head, label in draw(st.lists(st.tuples(ends, ends, sizes), max_size=2 * most))
    )
    clusters: list[Cluster] = []
    if clustered:
        free = [box.name for box in boxes]
        for number in range(draw(st.integers(0, 4))):
            if not free:
                break
            some = draw(st.lists(st.sampled_from(free), min_size=1, max_size=4, unique=True))
            free = [name for name in free if name not in some]
            free.append(f"c{number}")
            clusters.append(Cluster(f"c{number}", tuple(some), draw(sizes) if titled else None))
    return boxes, edges, tuple(clusters)
