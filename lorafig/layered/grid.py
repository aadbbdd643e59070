"""The proper layered graph: every piece of an edge joins two neighbouring layers.

Inside the layout u runs from layer to layer and v along a layer, both growing in reading order; for a
figure that runs right u is x and v is -y, for one that runs down u is -y and v is x.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum
from itertools import pairwise
from typing import Literal

from msgspec import Struct

from lorafig.layered.bypass import find_bypasses
from lorafig.layered.diagram import Gaps, Outline

Sides = tuple[float, float]  # lengths along u and along v


class Kind(Enum):
    """What a vertex of the layered graph stands for."""

    BOX = "box"
    LANE = "lane"  # a long edge on its way through a layer
    LABEL = "label"  # a lane with the edge's label beside it
    HOLD = "hold"  # keeps a cluster's place in a layer where it has nothing else
    TOP = "top"  # the first border of a cluster along v
    BOTTOM = "bottom"


class Task(Struct, frozen=True):
    """One connected part of a drawing. Nodes, edges and clusters are numbered as the author wrote them.

    `clusters` holds the number of the enclosing cluster or -1, an enclosing one always before those in it;
    `inside` the innermost cluster of each node. `titles` are room for titles along u and v.
    """

    sizes: Sequence[Sides]
    outlines: Sequence[Outline]
    levels: Sequence[str]
    open: Sequence[bool]
    cores: Sequence[float]  # of each box, the length along v of the sides that edges leave and enter
    edges: Sequence[tuple[int, int]]
    labels: Sequence[Sides | None]
    shared: Sequence[str]  # edges of one kind alone share parts of their way
    clusters: Sequence[int]
    inside: Sequence[int]
    titles: Sequence[Sides | None]
    stands: Sequence[int]  # for each box the first one of those that lie in one layer with it
    bare: Sequence[bool]  # of each cluster, whether no frame is drawn around it
    rows: Sequence[bool]  # of each cluster, whether it is a row of cells without gaps
    ordered: Sequence[bool]  # of each cluster, whether those in it keep their order
    weak: Sequence[bool]
    side: Sequence[Literal["head", "tail"] | None]  # where edges leave the middle to others
    paired: Sequence[bool]
    drawn: Sequence[bool]
    before: Sequence[tuple[int, int]]  # what lies before what, without an edge that is drawn
    title_first: bool  # a title takes room along u, as in a figure that runs down; else along v

    def pad(self, cluster: int, gaps: Gaps) -> float:
        """What a cluster keeps free within its frame."""
        return 0.0 if self.bare[cluster] else gaps.pad

    def beside(self, cluster: int, gaps: Gaps) -> float:
        """What a cluster keeps free at its ends along v: outer cells of a row reach half a gap further."""
        return gaps.box / 2 if self.rows[cluster] else self.pad(cluster, gaps)


class Piece(Struct, frozen=True):
    """A part of an edge between a vertex and one in the next layer.

    `span` is the edge's length in ranks; 1 too for a longer edge that is not a way round something else.
    """

    left: int
    right: int
    edge: int
    span: int


class Turn(Struct, frozen=True):
    """Where an edge that leads back turns round: from a box to a lane in the box's own layer.

    At its tail it does so in the channel after the layer (`after`), at its head in the one before.
    """

    box: int
    lane: int
    edge: int
    after: bool


class Grid(Struct):
    """Vertices by number, first the boxes; their layers in order; the pieces between them."""

    task: Task
    gaps: Gaps
    kinds: list[Kind]
    layer: list[int]
    owner: list[int]  # a box, an edge or a cluster, by kind
    cluster: list[int]
    before: list[float]  # how far a vertex reaches along v before and after its line
    after: list[float]
    breadth: list[float]  # and how far along u, in all
    layers: list[list[int]]
    labelled: list[bool]  # whether a layer was put in for labels alone
    pieces: list[Piece] = []
    turns: list[Turn] = []
    chains: list[list[int]] = []  # vertices of each edge, by layer
    back: list[bool] = []
    spans: list[tuple[int, int]] = []  # first and last layer of each cluster
    borders: list[tuple[list[int], list[int]]] = []  # first and second border of each cluster, by layer
    position: list[int] = []  # of each vertex in its layer

    def add(
        self, kind: Kind, layer: int, owner: int, cluster: int, v: Sides = (0.0, 0.0), u: float = 0.0
    ) -> int:
        self.kinds.append(kind)
        self.layer.append(layer)
        self.owner.append(owner)
        self.cluster.append(cluster)
        self.before.append(v[0])
        self.after.append(v[1])
        self.breadth.append(u)
        return len(self.kinds) - 1

    def path(self, cluster: int) -> tuple[int, ...]:
        """The clusters around what is in this one, from the outside in; none for -1."""
        return () if cluster < 0 else (*self.path(self.task.clusters[cluster]), cluster)

    def neighbours(self) -> tuple[list[list[int]], list[list[int]]]:
        """For each vertex those it has pieces to, in the layer before and in the one after."""
        into: list[list[int]] = [[] for _ in self.kinds]
        out: list[list[int]] = [[] for _ in self.kinds]
        for piece in self.pieces:
            into[piece.right].append(piece.left)
            out[piece.left].append(piece.right)
        return into, out


def build(task: Task, gaps: Gaps, ranks: Sequence[int], back: Sequence[bool]) -> Grid:
    """The layered graph of a part: a layer per rank, one more where a short edge has a label, lanes."""
    layer_of, labelled = _spread(task, ranks, back)
    count = len(task.sizes)
    grid = Grid(
        task,
        gaps,
        kinds=[Kind.BOX] * count,
        layer=[layer_of[value] for value in ranks],
        owner=list(range(count)),
        cluster=list(task.inside),
        before=[v / 2 for _, v in task.sizes],
        after=[v / 2 for _, v in task.sizes],
        breadth=[u for u, _ in task.sizes],
        layers=[[] for _ in labelled],
        labelled=labelled,
        back=list(back),
    )
    grid.spans = reach(task, grid.layer)
    bypasses = find_bypasses(task.edges, ranks, back)
    for edge, (tail, head) in enumerate(task.edges):
        _chain(grid, edge, tail, head, bypasses.get(edge, 1))
    for vertex, layer in enumerate(grid.layer):
        grid.layers[layer].append(vertex)
    _hold(grid)
    return grid


def _spread(task: Task, ranks: Sequence[int], back: Sequence[bool]) -> tuple[list[int], list[bool]]:
    """The layer of each rank, and which layers are for labels: those of edges one rank long."""
    wanted = [False] * (max(ranks) + 1)
    for (tail, head), label, leads_back in zip(task.edges, task.labels, back, strict=True):
        if label is not None and not leads_back and ranks[head] == ranks[tail] + 1:
            wanted[ranks[tail]] = True
    layer_of: list[int] = []
    labelled: list[bool] = []
    for want in wanted:
        layer_of.append(len(labelled))
        labelled.append(False)
        if want:
            labelled.append(True)
    return layer_of, labelled


def reach(task: Task, layers: Sequence[int]) -> list[tuple[int, int]]:
    """The first and the last layer of each cluster, by the layers (or ranks) of the nodes."""
    first = [max(layers)] * len(task.clusters)
    last = [-1] * len(task.clusters)
    for node, innermost in enumerate(task.inside):
        cluster = innermost
        while cluster >= 0:
            first[cluster] = min(first[cluster], layers[node])
            last[cluster] = max(last[cluster], layers[node])
            cluster = task.clusters[cluster]
    return list(zip(first, last, strict=True))


def _chain(grid: Grid, edge: int, tail: int, head: int, span: int) -> None:
    """Adds the lanes and pieces of one edge. One that leads back has lanes beside both of its ends too."""
    leads_back = grid.back[edge]
    if leads_back:
        first, last = head, tail
        layers = range(grid.layer[head], grid.layer[tail] + 1)
    else:
        first, last = tail, head
        layers = range(grid.layer[tail] + 1, grid.layer[head])
    label = grid.task.labels[edge]
    at = None
    if label is not None:
        own = [layer for layer in layers if grid.labelled[layer]] or list(layers)
        middle = (layers[0] + layers[-1]) / 2
        at = min(own, key=lambda layer: abs(layer - middle))
    chain = [] if leads_back else [tail]
    for layer in layers:
        cluster = _lane_cluster(grid, first, last, layer)
        if layer == at and label is not None:
            sides = (label[1] + grid.gaps.edge / 2, 0.0)
            chain.append(grid.add(Kind.LABEL, layer, edge, cluster, sides, label[0]))
        else:
            chain.append(grid.add(Kind.LANE, layer, edge, cluster))
    if leads_back:
        grid.turns.append(Turn(tail, chain[-1], edge, True))
        grid.turns.append(Turn(head, chain[0], edge, False))
    else:
        chain.append(head)
    for left, right in pairwise(chain):
        grid.pieces.append(Piece(left, right, edge, span))
    grid.chains.append(chain)


def _lane_cluster(grid: Grid, first: int, last: int, layer: int) -> int:
    """The innermost cluster of either end that reaches this layer: lanes stay inside as long as they can."""
    for node in (first, last):
        cluster = grid.task.inside[node]
        while cluster >= 0:
            if grid.spans[cluster][0] <= layer <= grid.spans[cluster][1]:
                return cluster
            cluster = grid.task.clusters[cluster]
    return -1


def _hold(grid: Grid) -> None:
    """A cluster is in every layer of its span, if only by a vertex that holds its place."""
    parents = grid.task.clusters
    there = set()
    for vertex in range(len(grid.kinds)):
        cluster, layer = grid.cluster[vertex], grid.layer[vertex]
        while cluster >= 0:
            there.add((cluster, layer))
            cluster = parents[cluster]
    # From the inside out, so that one vertex serves all clusters around it.
    for cluster in reversed(range(len(parents))):
        first, last = grid.spans[cluster]
        for layer in range(first, last + 1):
            if (cluster, layer) not in there:
                grid.layers[layer].append(grid.add(Kind.HOLD, layer, cluster, cluster))
                around = cluster
                while around >= 0:
                    there.add((around, layer))
                    around = parents[around]
