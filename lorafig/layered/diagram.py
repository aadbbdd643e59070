"""What goes into a layered layout and what comes out. Lengths are in mm, y points up."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from msgspec import Struct

Direction = Literal["right", "down", "left", "up"]
Outline = Literal["rectangle", "ellipse", "diamond"]
Point = tuple[float, float]
Size = tuple[float, float]


class Box(Struct, frozen=True):
    """A thing to place: its bounding box with all that hangs on it. Edges end on its outline."""

    name: str
    width: float
    height: float
    outline: Outline = "rectangle"


class Edge(Struct, frozen=True):
    """An arrow from one box to another, or to the same; `label` is the width and height of its label.

    Edges of different `kind`, lines of different colours say, share no part of their way. A `weak` one leads
    back where it would close a circle of the others. One that is led to a `side` of its head afterwards, or
    of its tail, leaves the middle there to the others.
    """

    tail: str
    head: str
    label: Size | None = None
    kind: str = ""
    weak: bool = False
    side: Literal["head", "tail"] | None = None


class Cluster(Struct, frozen=True):
    """A frame around boxes and other clusters, by name; `title` is the width and height of its title.
    Clusters in an `ordered` one stand in the order of the list; a `bare` one has no frame that is drawn; the
    boxes of a `level` one lie in one layer."""

    name: str
    members: tuple[str, ...]
    title: Size | None = None
    ordered: bool = False
    bare: bool = False
    level: bool = False


class Gaps(Struct, frozen=True):
    """Least distances: between layers, between neighbours in a layer, between lines, inside a frame."""

    layer: float = 10.0
    box: float = 6.0
    edge: float = 2.0
    pad: float = 3.0


class Route(Struct, frozen=True):
    """An edge as drawn: straight pieces from the tail's outline to the head's, and its label's centre."""

    points: tuple[Point, ...]
    label: Point | None = None


class Arrangement(Struct, frozen=True):
    """Centres of boxes, routes in the order of the edges, frames as (x0, y0, x1, y1), centres of titles.

    The origin is the lower left corner of the whole. `crossings` counts pairs of edge pieces that cross
    between two layers, the number that dot calls by the same name; edges that share a trunk cross less.
    """

    boxes: Mapping[str, Point]
    edges: tuple[Route, ...]
    clusters: Mapping[str, tuple[float, float, float, float]]
    titles: Mapping[str, Point]
    size: Size
    crossings: int
