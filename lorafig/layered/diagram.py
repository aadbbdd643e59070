"""What goes into a layered layout and what comes out. Lengths are in mm, y points up."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

Direction = Literal["right", "down", "left", "up"]
Outline = Literal["rectangle", "ellipse", "diamond"]
Point = tuple[float, float]
Size = tuple[float, float]


class Box(Struct, frozen=True):
    """A thing to place: its bounding box with all that hangs on it. Edges end on its outline.

    Boxes of one `level` lie in one layer, unless one of them leads to another. What passes one that is `open`
    does so before it along its layer rather than behind it: at its left in a figure that runs down. `core` is
    how long the sides are that edges leave and enter, if something hangs beside them."""

    name: str
    width: float
    height: float
    outline: Outline = "rectangle"
    level: str = ""
    open: bool = False
    core: float | None = None


class Edge(Struct, frozen=True):
    """An arrow from one box to another, or to the same; `label` is the width and height of its label.

    Edges of different `kind`, lines of different colours say, share no part of their way. A `weak` one leads
    back where it would close a circle of the others. One that leads back and is `paired` runs straight to
    where it leads, beside an edge that leads the other way; else all that leads back goes round. One that is
    led to a `side` of its head afterwards, or of its tail, leaves the middle there to the others. One that is
    not `drawn` keeps room, and has no place of its own at a box.
    """

    tail: str
    head: str
    label: Size | None = None
    kind: str = ""
    weak: bool = False
    side: Literal["head", "tail"] | None = None
    paired: bool = False
    drawn: bool = True


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
    """Least distances: between layers, between neighbours in a layer, between lines, inside a frame; and how
    much further layers are apart where lines turn between them."""

    layer: float = 10.0
    box: float = 6.0
    edge: float = 2.0
    pad: float = 3.0
    turn: float = 0.0


class Route(Struct, frozen=True):
    """An edge as drawn: straight pieces from the tail's outline to the head's, and its label's centre.

    One that is `turned` leads back beside another: it leaves where its tail is entered, and enters where its
    head is left.
    """

    points: tuple[Point, ...]
    label: Point | None = None
    turned: bool = False


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

    def moved(self, x: Callable[[float], float], y: Callable[[float], float]) -> Arrangement:
        """All of it with other coordinates, and of the same size."""

        def at(point: Point) -> Point:
            return x(point[0]), y(point[1])

        return replace(
            self,
            boxes={name: at(point) for name, point in self.boxes.items()},
            edges=tuple(
                replace(
                    way,
                    points=tuple(map(at, way.points)),
                    label=None if way.label is None else at(way.label),
                )
                for way in self.edges
            ),
            clusters={name: (*at(box[:2]), *at(box[2:])) for name, box in self.clusters.items()},
            titles={name: at(point) for name, point in self.titles.items()},
        )
