"""Scene to TikZ, written the way a careful author would: names, styles, relations, no magic numbers.

This module decides what is said (which node stands where, by which named length); the template
`figure.tikz.j2` how it is laid out. Every name in the output carries a prefix, and everything is
defined inside the picture's group, so that a document may hold many figures, or one of them twice.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from math import atan2, degrees, dist, hypot
from typing import TYPE_CHECKING, assert_never

from lorafig.render import forms, routes, wires
from lorafig.render.lines import curve, fold, turn, wrap
from lorafig.render.looks import Looks
from lorafig.render.names import Lengths, alt_text, ascii_text, mm, node, number, one_line
from lorafig.resources import folder
from lorafig.scene import (
    Anchor,
    Arrow,
    Brace,
    End,
    Group,
    Icon,
    Item,
    Label,
    Length,
    Part,
    Place,
    Point,
    Scene,
    Shape,
    walk,
)

if TYPE_CHECKING:
    from jinja2 import Template

# What a relation is called by the positioning library: (my anchor, its anchor) -> key, sign of the shift.
POSITIONS: Mapping[tuple[Anchor, Anchor], tuple[str, float]] = {
    ("south", "north"): ("above", 1.0),
    ("north", "south"): ("below", -1.0),
    ("west", "east"): ("right", 1.0),
    ("east", "west"): ("left", -1.0),
}
# Commands that plain LaTeX lacks, and the package that has them.
PACKAGES: Mapping[str, str] = {
    "mathbb": "amssymb", "mathfrak": "amssymb", "lesssim": "amssymb", "gtrsim": "amssymb",
    "text": "amsmath", "operatorname": "amsmath", "dfrac": "amsmath", "tfrac": "amsmath", "lVert": "amsmath",
    "rVert": "amsmath", "lvert": "amsmath", "rvert": "amsmath", "boldsymbol": "amsmath", "bm": "bm",
}  # fmt: skip
NEAR = 1e-2  # mm: what the rounding of lengths and points comes to


@dataclass(frozen=True, slots=True)
class Statement:
    """One line of the picture: a `comment`, a `node`, or a path (`draw`, `path`, `fill`).

    `text` is what the line says: the words of a comment, a node's text, a path's points.
    """

    kind: str
    text: str
    options: tuple[str, ...] = ()
    name: str = ""
    at: str = ""


def render(scene: Scene, *, standalone: bool = False) -> str:
    """A fragment for `\\input`, or a whole document that compiles by itself."""
    writer = _Writer(scene)
    width, height = ("picture width", scene.width), ("picture height", scene.height)
    edges = writer.lengths.macro(*width), writer.lengths.macro(*height)
    statements = list(writer.statements(scene.items))
    styles = writer.looks.styles()
    tex = " ".join(line.tex for label in writer.labels for line in label.lines)
    commands = re.findall(r"\\([A-Za-z]+)", tex)
    packages = {PACKAGES[command]: command for command in commands if command in PACKAGES}
    libraries = sorted(writer.libraries)
    needs = [("tikzpicture", r"\usepackage{tikz}")]
    needs += [(packages[package], rf"\usepackage{{{package}}}") for package in sorted(packages)]
    needs += [(f"tikz@library@{library}@loaded", rf"\usetikzlibrary{{{library}}}") for library in libraries]
    foreign = re.search(r"\\lorafigCJK\{(.)", tex)
    return _template().render(
        standalone=standalone,
        cjk=None if foreign is None else f"{ord(foreign[1]):X}",
        unverified=scene.unverified,
        id=ascii_text(scene.id),
        title=one_line(scene.title),
        alt=alt_text(f"{scene.title}. {scene.description}"),
        width=scene.width,
        height=scene.height,
        prefix=node(scene.id) + "-",
        packages=["tikz", *sorted(packages)],
        libraries=libraries,
        needs=needs,
        colours=[(name, value.removeprefix("#").upper()) for name, value in writer.looks.colours()],
        lengths=writer.lengths.used(),
        sizes=writer.looks.sizes(),
        styles=styles,
        pics=writer.looks.pics(),
        edges=edges,
        background=None if scene.background is None else writer.looks.colour(scene.background),
        statements=statements,
    )


class _Writer:
    """Turns items into statements, and remembers which names, colours and lengths they used."""

    def __init__(self, scene: Scene) -> None:
        items = tuple(walk(scene.items))
        self.scene = scene
        self.lengths = Lengths(scene.lengths)
        self.labels = tuple(item for item in items if isinstance(item, Label))
        self.looks = Looks(scene, self.lengths, self.labels)
        self.libraries: set[str] = set()
        self._known: dict[str, Item] = {}
        placed = [item for item in items if isinstance(item, Label | Shape | Icon)]
        self._referred = {item.place.of for item in placed}
        arrows = {item.name for item in items if isinstance(item, Arrow)}
        self._marks: dict[str, dict[Point, str]] = {name: {} for name in arrows & self._referred}
        for item in placed:
            if item.place.of in self._marks:
                marks, stem = self._marks[item.place.of], node(item.place.of)
                marks.setdefault(self._mark(item), f"{stem}-{len(marks) + 1}" if marks else stem)

    # -- what is said ----------------------------------------------------------------------

    def statements(self, items: Iterable[Item]) -> Iterator[Statement]:
        for item in items:
            match item:
                case Group():
                    yield Statement("comment", one_line(item.comment) or item.name)
                    yield from self.statements(item.items)
                case Shape():
                    yield from self._shape(item)
                case Icon():
                    yield from self._icon(item)
                case Label():
                    # `\\` would take a bracket at the start of the next line for its argument.
                    lines = [re.sub(r"^(?=[\[*])", "{}", line.tex) for line in item.lines]
                    yield self._node(item, self._ink(item), r" \\ ".join(lines))
                case Arrow():
                    yield from self._arrow(item)
                case Brace():
                    yield from self._brace(item)
                case _:
                    assert_never(item)
            self._known[item.name] = item

    def _shape(self, shape: Shape) -> Iterator[Statement]:
        look = self.looks.shape(shape.role)
        size = tuple(
            f"minimum {side}={self.lengths.sum(length)}"
            for side, length in (("width", shape.width), ("height", shape.height))
        )
        if shape.sides is not None:
            # A trapezoid: a node of its size to refer to, and its outline drawn from that node's edges.
            yield self._node(shape, (self.looks.form("box"), *size), "")
            yield Statement("path", " -- ".join((*self._corners(shape, shape.sides), "cycle")), (look,))
            return
        form = self.looks.form(shape.form)
        match shape.form:
            case "rounded":
                form += f"={self.lengths.macro('corner', round(forms.corner(shape), 4))}"
            case "stadium":
                x0, y0, x1, y1 = shape.box
                form += f"={self.lengths.sum(shape.height if x1 - x0 >= y1 - y0 else shape.width)}"
            case "circle":
                form, size = f"{form}={self.lengths.sum(shape.width)}", ()
            case "diamond":
                self.libraries.add("shapes.geometric")
            case "box":
                pass
            case _:
                assert_never(shape.form)
        yield self._node(shape, (form, look, *size), "")

    def _corners(self, shape: Shape, sides: tuple[Length, Length]) -> tuple[str, ...]:
        """The corners of a trapezoid, from the middles of its two parallel edges."""
        name, (first, second) = node(shape.name), sides
        if shape.turned:
            return (
                self._edge(name, "west", first, -0.5), self._edge(name, "east", second, -0.5),
                self._edge(name, "east", second, 0.5), self._edge(name, "west", first, 0.5),
            )  # fmt: skip
        return (
            self._edge(name, "south", first, -0.5), self._edge(name, "south", first, 0.5),
            self._edge(name, "north", second, 0.5), self._edge(name, "north", second, -0.5),
        )  # fmt: skip

    def _icon(self, icon: Icon) -> Iterator[Statement]:
        """A node of its size to refer to, and the picture in it."""
        size = self.lengths.macro("icon", round(icon.size, 4))
        square = f"minimum width={size}", f"minimum height={size}"
        yield self._node(icon, (self.looks.form("box"), *square), "")
        options = self.looks.icon(icon.role), f"x={size}", f"y={size}"
        name = node(icon.name)
        yield Statement("pic", self.looks.pic(icon), options, at=f"({name}.south west)")

    def _arrow(self, arrow: Arrow) -> Iterator[Statement]:
        points = wires.route(arrow.points)
        start = self._end(arrow.start, arrow.points[0])
        marks = dict(self._marks.get(arrow.name, {}))
        if len(points) > 1:
            if arrow.head or arrow.tail:
                self.libraries.add("arrows.meta")
            look = self.looks.line(arrow.role), *self.looks.heads(arrow.head, arrow.tail)
            line = self.scene.styles[arrow.role].line
            way = routes.Route(points, wires.cuts(points, arrow, self.scene.arrow_head, line), start,
                               self._end(arrow.end, arrow.points[-1]))  # fmt: skip
            on_it = {at: name for at, name in marks.items() if way.meets(at)}
            text, options = way.path(on_it, self.lengths)
            yield Statement("draw", text, (*look, *options))
            marks = {at: name for at, name in marks.items() if at not in on_it}
        for at, name in marks.items():  # beside the line
            yield Statement("path", f"{start} {routes.move(points[0], at, self.lengths)} coordinate ({name})")

    def _brace(self, brace: Brace) -> Iterator[Statement]:
        self.libraries.add("decorations.pathreplacing")
        over = brace.side == "over"
        sign = 1.0 if over else -1.0
        gap: Length = ((sign, brace.gap),)
        middle: Anchor = "north" if over else "south"
        west, east = _corners(middle)
        if isinstance(brace.of, Part):
            yield from self._part(brace, brace.of)
            name, sides = f"{node(brace.name)}-part", None
        else:
            self._must_stand(brace.of)
            shape, name = self._known[brace.of], node(brace.of)
            sides = shape.sides if isinstance(shape, Shape) else None
        if sides is None:
            start, end = self._point(name, west, (), gap), self._point(name, east, (), gap)
        else:
            side = sides[1] if over else sides[0]
            start, end = self._edge(name, middle, side, -0.5, gap), self._edge(name, middle, side, 0.5, gap)
        tip = ""
        if brace.name in self._referred:
            reach = self.lengths.sum(((sign, brace.amplitude),))
            tip = f" coordinate[midway, yshift={reach}] ({node(brace.name)})"
        style = f"{self.looks.brace(brace.side)}={self.lengths.macro(brace.amplitude)}"
        yield Statement("draw", f"{start} --{tip} {end}", (self.looks.line(brace.role), style))

    def _part(self, brace: Brace, part: Part) -> Iterator[Statement]:
        """Two unseen nodes: one that ends where the part ends, and in it the part. TeX measures them."""
        self._must_stand(part.label)
        label = self._known[part.label]
        if not isinstance(label, Label):
            raise ValueError(f"{part.label!r} is not a label")
        whole, name, ink = node(part.label), node(brace.name), self._ink(label)
        yield Statement("comment", f"Part of {whole} by itself, so that TeX measures it")
        upto = rf"\phantom{{${part.before}{part.part}$}}"
        yield Statement("node", upto, (*ink, "anchor=base west"), f"{name}-upto", f"({whole}.base west)")
        alone = rf"\phantom{{${part.part}$}}"
        yield Statement("node", alone, (*ink, "anchor=base east"), f"{name}-part", f"({name}-upto.base east)")

    # -- where it stands -------------------------------------------------------------------

    def _node(self, item: Label | Shape | Icon, options: tuple[str, ...], text: str) -> Statement:
        """A node in its place: `above=… of …` where there is a word for it, else by an anchor."""
        place, name = self._nodes_place(item), node(item.name)
        anchor = () if place.anchor == "center" else (f"anchor={place.anchor}",)
        if place.of is None:
            x, y = forms.box_anchor(_box(item), place.anchor)
            at = f"({self.lengths.macro('origin x', x)}, {self.lengths.macro('origin y', y)})"
            return Statement("node", text, (*options, *anchor), name, at)
        of = self._referent(item, place.of)
        if (place.anchor, place.at) in POSITIONS:
            word, sign = POSITIONS[place.anchor, place.at]
            along, across = (place.up, place.right) if word in ("above", "below") else (place.right, place.up)
            if not across:
                self.libraries.add("positioning")
                by = self.lengths.sum(tuple((sign * amount, length) for amount, length in along))
                return Statement("node", text, (*options, f"{word}={by} of {of}"), name)
        at = self._point(of, place.at, place.right, place.up)
        return Statement("node", text, (*options, *anchor), name, at)

    def _nodes_place(self, item: Label | Shape | Icon) -> Place:
        """An item's place by anchors of nodes: a circle and a diamond have none at their boxes' corners."""
        place = item.place
        anchor, at, right, up = place.anchor, place.at, place.right, place.up
        if isinstance(item, Shape) and _lacks(item, anchor):
            right, up = (
                (*right, *_half(item.width, anchor, "west")),
                (*up, *_half(item.height, anchor, "south")),
            )
            anchor = "center"
        other = None if place.of is None else self._known.get(place.of)
        if isinstance(other, Shape) and _lacks(other, at):
            right = *right, *_half(other.width, at, "east")
            up = *up, *_half(other.height, at, "north")
            at = "center"
        return Place(anchor, place.of, at, right, up)

    def _referent(self, item: Label | Shape | Icon, name: str) -> str:
        """The node that an item's place refers to. A brace is known by its point, a line by one on it."""
        self._must_stand(name)
        if name in self._marks:
            return self._marks[name][self._mark(item)]
        other = self._known[name]
        if isinstance(other, Brace) and item.place.at != ("north" if other.side == "over" else "south"):
            raise ValueError(f"{name!r} is a brace: only its point can be referred to")
        return node(name)

    def _mark(self, item: Label | Shape | Icon) -> Point:
        """The point that an item stands at, before it is moved."""
        x, y = forms.box_anchor(_box(item), item.place.anchor)
        right, up = self._mm(item.place.right), self._mm(item.place.up)
        return round(x - right, 3), round(y - up, 3)

    def _mm(self, length: Length) -> float:
        return sum(amount * self.scene.lengths[name] for amount, name in length)

    def _must_stand(self, name: str) -> None:
        if name not in self._known:
            raise ValueError(f"{name!r} is referred to before it is drawn")

    def _end(self, end: End, point: Point) -> str:
        """An end of a line: by its anchor; by an angle on a circle; or from the middle.

        Where `point` is, is true; an anchor is taken where it says the same.
        """
        self._must_stand(end.of)
        shape, name = self._known[end.of], node(end.of)
        middle = f"{name}.center"  # without it TikZ would stop at the node's border
        if not isinstance(shape, Shape):
            return self._point(middle if end.at == "center" else name, end.at, end.right, end.up)
        x, y = forms.node_anchor(shape, end.at)
        if dist((x + self._mm(end.right), y + self._mm(end.up)), point) <= NEAR:
            return self._point(middle if end.at == "center" else name, end.at, end.right, end.up)
        x, y = forms.box_anchor(shape.box, "center")
        x, y = point[0] - x, point[1] - y
        if shape.form == "circle" and abs(2 * hypot(x, y) - self._mm(shape.width)) <= 2 * NEAR:
            return f"({name}.{number(degrees(atan2(y, x)) % 360)})"
        right = self._offset(shape, x, shape.width, "end right")
        return self._point(middle, "center", right, self._offset(shape, y, shape.height, "end up"))

    def _offset(self, shape: Shape, by: float, size: Length, name: str) -> Length:
        """A length from the middle of a shape: as a part of its size, as a mean of its sides, or its own."""
        if abs(by) <= NEAR:
            return ()
        sign = 1.0 if by > 0 else -1.0
        if shape.form == "diamond":  # PGF's own angles are up to a degree wrong on it
            return tuple((amount * by / self._mm(size), of) for amount, of in size)
        if shape.sides is not None:
            mean = tuple((sign * amount / 4, side) for sides in shape.sides for amount, side in sides)
            if abs(self._mm(mean) - by) <= NEAR:
                return mean
        return ((sign, self.lengths.own(name, round(abs(by), 4))),)

    def _edge(self, name: str, anchor: Anchor, side: Length, factor: float, up: Length = ()) -> str:
        """A point on an edge of a node: a part of a side from its middle, to the right or upwards."""
        part = tuple((amount * factor, of) for amount, of in side)
        return self._point(name, anchor, *(((), part) if anchor in ("west", "east") else (part, up)))

    def _point(self, name: str, anchor: Anchor, right: Length, up: Length) -> str:
        shifts = [f"{key}={self.lengths.sum(by)}" for key, by in (("xshift", right), ("yshift", up)) if by]
        where = name if anchor == "center" else f"{name}.{anchor}"
        return f"([{', '.join(shifts)}]{where})" if shifts else f"({where})"

    def _ink(self, label: Label) -> tuple[str, ...]:
        """The options of a label's node that are its look."""
        own_size = () if label.size == self.scene.font_size else (f"font={self.looks.size(label.size)}",)
        return self.looks.ink(label.role), *own_size


def _corners(middle: Anchor) -> tuple[Anchor, Anchor]:
    return ("north west", "north east") if middle == "north" else ("south west", "south east")


def _lacks(shape: Shape, anchor: Anchor) -> bool:
    """Whether the node of a shape has this anchor elsewhere than its box has it."""
    return forms.node_anchor(shape, anchor) != forms.box_anchor(shape.box, anchor)


def _half(length: Length, anchor: Anchor, towards: str) -> Length:
    """Half of a length, forwards where the anchor is that one."""
    return tuple((0.5 * amount if towards in anchor else -0.5 * amount, name) for amount, name in length)


def _box(item: Label | Shape | Icon) -> tuple[float, float, float, float]:
    if isinstance(item, Shape):
        return item.box
    (x, y) = item.centre
    w, h = (item.size, item.size) if isinstance(item, Icon) else (item.width, item.height)
    return x - w / 2, y - h / 2, x + w / 2, y + h / 2


@cache
def _template() -> Template:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(folder("templates")), undefined=StrictUndefined, keep_trailing_newline=True,
        block_start_string="<%", block_end_string="%>",  # Jinja's own break on TeX's braces
        variable_start_string="<{", variable_end_string="}>",
        comment_start_string="<#", comment_end_string="#>",
    )  # fmt: skip
    environment.filters |= {
        "number": number,
        "mm": mm,
        "turn": turn,
        "fold": fold,
        "wrap": wrap,
        "curve": curve,
    }
    return environment.get_template("figure.tikz.j2")
