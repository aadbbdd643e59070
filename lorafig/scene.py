"""What a backend sees: seven frozen primitives in absolute coordinates.

Lengths are millimetres, y points up, the origin is the lower left corner of the picture. Colours
are resolved: a style names colours of the scene's own palette. Positions are absolute, and each
also says by which relation it came about (`Place`), so that TikZ can be written the way a careful
author writes it: this node above that one, by a length that has a name.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Literal, TypeAlias

from msgspec import Struct
from msgspec.structs import replace

Point: TypeAlias = tuple[float, float]
Anchor: TypeAlias = Literal[
    "center", "north", "south", "east", "west", "north east", "north west", "south east", "south west"
]
Side: TypeAlias = Literal["over", "under", "left", "right"]
Box: TypeAlias = tuple[float, float, float, float]  # x0, y0, x1, y1
# A length as a sum of multiples of the scene's named lengths: ((1.0, 'gap'), (-0.5, 'd')).
Length: TypeAlias = tuple[tuple[float, str], ...]


class Place(Struct, frozen=True, gc=False):
    """My `anchor` lies at the `at` anchor of the item named `of`, moved by (right, up).

    `of` is None for the first item of the picture: then the position stands as it is.
    """

    anchor: Anchor
    of: str | None = None
    at: Anchor = "center"
    right: Length = ()
    up: Length = ()


Dash: TypeAlias = Literal["", "dashed", "dotted"]  # of a line; solid where it is empty


class Style(Struct, frozen=True, gc=False):
    """How a role looks. Colours are names in `Scene.palette`; `line` is a line width in mm, `ink` the colour
    of text, `icon` that of icons: the ink where it is None."""

    fill: str | None
    stroke: str | None
    ink: str
    line: float
    dash: Dash = ""
    icon: str | None = None

    @property
    def mark(self) -> str:
        """The colour of icons."""
        return self.ink if self.icon is None else self.icon


class Glyph(Struct, frozen=True, gc=False, array_like=True):
    """One glyph of a label, at (x, y) from the label's baseline start, in em of `Line.size`.

    `key` names its outline in `Scene.outlines`; `scale` is its size as a part of the em, and
    `stretch` how much wider than its outline it is drawn. `char` is the character or characters
    that it shows, for live text.
    """

    key: str
    char: str
    x: float
    y: float
    scale: float = 1.0
    stretch: float = 1.0


class Rule(Struct, frozen=True, gc=False, array_like=True):
    """A filled bar of a label (a fraction's line), in em: lower left corner, width, height."""

    x: float
    y: float
    width: float
    height: float


class Line(Struct, frozen=True, gc=False):
    """One line of a label, typeset.

    `origin` is the start of its baseline in mm; `width`, `height` (above the baseline) and `depth`
    (below it) are in mm, `size` (the em) in mm too. `tex` is the line as TeX, `plain` as text.
    """

    origin: Point
    width: float
    height: float
    depth: float
    size: float
    glyphs: tuple[Glyph, ...]
    rules: tuple[Rule, ...]
    tex: str
    plain: str


class Label(Struct, frozen=True, gc=False):
    """Text of one or more centred lines. `centre` is the middle of its box; `size` in points."""

    name: str
    role: str  # its ink is the role's
    centre: Point
    width: float
    height: float
    size: float
    leading: float  # mm from baseline to baseline
    lines: tuple[Line, ...]
    place: Place

    @property
    def box(self) -> Box:
        return _around(self.centre, self.width, self.height)


Form: TypeAlias = Literal["box", "rounded", "stadium", "circle", "diamond", "hexagon"]
SLANT = 0.25  # of a hexagon's height: how far its tips stand out at the left and the right


class Shape(Struct, frozen=True, gc=False):
    """A filled outline.

    `points` go counter-clockwise from the lower left corner (a diamond's from its lower tip, a
    hexagon's six from the left end of its lower side); for
    `rounded`, `stadium` and `circle` they are the corners of the bounding box, and `corner` is the
    radius in mm with which they are rounded (half of the shorter side for a stadium and a circle;
    a circle is as wide as it is high). A trapezoid is a `box` whose corners are rounded likewise.
    `width` and `height` are those of the bounding box, also as lengths with names. `sides` gives the
    names of the lengths of a trapezoid's two parallel edges where they differ: the lower and the upper
    one or, where it is `turned`, the left and the right.
    """

    name: str
    role: str
    points: tuple[Point, ...]
    place: Place
    width: Length
    height: Length
    sides: tuple[Length, Length] | None = None
    form: Form = "box"
    corner: float = 0.0
    turned: bool = False

    @property
    def box(self) -> Box:
        xs = [x for x, _ in self.points]
        ys = [y for _, y in self.points]
        return min(xs), min(ys), max(xs), max(ys)


class End(Struct, frozen=True, gc=False):
    """An end of an arrow: at an anchor of a named shape, moved sideways along its edge."""

    of: str
    at: Anchor
    right: Length = ()
    up: Length = ()


class Arrow(Struct, frozen=True, gc=False):
    """A line from `start` to `end`, straight from point to point, with a head in its own colour at its
    end where `head`, at its start where `tail`. A head's tip is the outermost point.

    Bends (every point but the first and last) are rounded with the radius `corner` in mm, or with
    half of the shorter neighbouring segment where that is less; next to a head, with what the head
    leaves of its segment.
    """

    name: str
    role: str
    points: tuple[Point, ...]
    start: End
    end: End
    head: bool = True
    tail: bool = False
    corner: float = 0.0


class Icon(Struct, frozen=True, gc=False):
    """A small picture: filled outlines of one colour, that of icons in its role.

    `key` names its outline in `Scene.outlines` (1000 units are `size` mm, y up, origin at the lower
    left corner of its square); `meaning` is what it says, in a word ('frozen').
    """

    name: str
    role: str
    key: str
    meaning: str
    centre: Point
    size: float
    place: Place

    @property
    def box(self) -> Box:
        return _around(self.centre, self.size, self.size)


class Part(Struct, frozen=True, gc=False):
    """What a brace spans inside a label: from `start` to `end` of the line, as TeX pieces."""

    label: str  # name of the Label
    before: str  # TeX of what stands before the part
    part: str  # TeX of the part itself
    after: str


class Brace(Struct, frozen=True, gc=False):
    """A curly brace, its point up ('over') or down ('under') with `start` at its left end, or to the 'left'
    or 'right' with `start` at its lower end.

    It measures an edge of the shape `of` (the upper one for 'over'), or a part of a label.
    `gap` is the length between what it measures and its two ends, `amplitude` from these to its point.
    """

    name: str
    role: str
    start: Point
    end: Point
    side: Side
    of: str | Part
    gap: str
    amplitude: str


class Wedge(Struct, frozen=True, gc=False):
    """What opens a shape into another: the area between the `side` of the shape `of` and the opposite side of
    the shape `to`. It lies beneath everything. `points` are the two corners of `of`, and the two of `to`."""

    name: str
    role: str
    points: tuple[Point, ...]
    of: str
    to: str
    side: Side


class Group(Struct, frozen=True, gc=False):
    """Items that belong together: a panel, the equations, a cluster of a flow. `comment` heads it in
    written output."""

    name: str
    comment: str
    items: tuple[Item, ...]


# Where on the side of a brace lies what it measures, and which way its point goes.
OUTWARDS: Mapping[Side, tuple[float, float]] = {
    "over": (0.0, 1.0), "under": (0.0, -1.0), "left": (-1.0, 0.0), "right": (1.0, 0.0),
}  # fmt: skip
OPPOSITE: Mapping[Side, Side] = {"over": "under", "under": "over", "left": "right", "right": "left"}
TIPS: Mapping[Side, Anchor] = {"over": "north", "under": "south", "left": "west", "right": "east"}

Placed: TypeAlias = Label | Shape | Icon  # what has a box, and a place of its own
Drawn: TypeAlias = Placed | Arrow | Brace | Wedge
Item: TypeAlias = Drawn | Group


class Scene(Struct, frozen=True, gc=False):
    """A whole picture. `font_size` in points (72.27 an inch); `arrow_head` is (length, width) in mm.

    `outlines` maps a glyph's key to its outline in em: a string of SVG path commands with absolute
    coordinates, y up, numbers as integers in 1/1000 em (`M 0 0 L 500 0 C … Z`).
    `background` names the palette colour behind the picture, or is None for none. `font` is that of
    words; `font_asked` says that the author asked for it, so that a document has to follow. `night`
    has the palette and the styles that an SVG takes on dark pages, if it is to follow the page. `scripts`
    are text sizes whose scripts, and scripts of these, have other sizes than LaTeX gives them.
    """

    id: str
    title: str
    description: str
    width: float
    height: float
    font_size: float
    arrow_head: tuple[float, float]
    lengths: Mapping[str, float]
    palette: Mapping[str, str]
    styles: Mapping[str, Style]
    outlines: Mapping[str, str]
    items: tuple[Item, ...]
    background: str | None = None
    unverified: bool = False
    font: Literal["serif", "sans"] = "serif"
    font_asked: bool = False
    night: tuple[Mapping[str, str], Mapping[str, Style]] | None = None
    scripts: tuple[tuple[float, float, float], ...] = ()


def _around(centre: Point, width: float, height: float) -> Box:
    (x, y), right, up = centre, width / 2, height / 2
    return x - right, y - up, x + right, y + up


def walk(items: tuple[Item, ...]) -> Iterator[Drawn]:
    """All items, in drawing order, groups opened."""
    for item in items:
        if isinstance(item, Group):
            yield from walk(item.items)
        else:
            yield item


def lines_of(items: Iterable[Drawn]) -> list[Arrow]:
    """The lines between things, but for those that part the cells of one."""
    return [item for item in items if isinstance(item, Arrow) and not item.role.endswith(" grid")]


def on_paper(scene: Scene) -> Scene:
    """The scene on white where it has no ground of its own."""
    if scene.background is not None:
        return scene
    return replace(scene, background="paper white", palette={**scene.palette, "paper white": "#FFFFFF"})
