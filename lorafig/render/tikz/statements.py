"""Items to statements of TikZ: which node stands where, by which named length."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import assert_never

from msgspec import Struct
from msgspec.structs import replace

from lorafig.render import shapes, wires
from lorafig.render.tikz import ways
from lorafig.render.tikz.ascii import one_line
from lorafig.render.tikz.names import Lengths, node
from lorafig.render.tikz.order import placed_first
from lorafig.render.tikz.places import Places
from lorafig.render.tikz.styles import Styles
from lorafig.scene import (
    OPPOSITE,
    OUTWARDS,
    SLANT,
    Anchor,
    Arrow,
    Brace,
    Group,
    Icon,
    Item,
    Label,
    Length,
    Part,
    Placed,
    Scene,
    Shape,
    Side,
    Wedge,
    walk,
)

# The edge that a brace measures, and its corners from the start of the brace to its end.
EDGES: Mapping[Side, tuple[Anchor, Anchor, Anchor]] = {
    "under": ("south", "south west", "south east"),
    "over": ("north", "north west", "north east"),
    "left": ("west", "south west", "north west"),
    "right": ("east", "south east", "north east"),
}


class Statement(Struct, frozen=True):
    """One line of the picture: a `comment`, a `node`, or a path (`draw`, `path`, `fill`).

    `text` is what the line says: the words of a comment, a node's text, a path's points.
    """

    kind: str
    text: str
    options: tuple[str, ...] = ()
    name: str = ""
    at: str = ""


class Writer:
    """Turns items into statements, and remembers which names, colours and lengths they used."""

    def __init__(self, scene: Scene) -> None:
        items = tuple(walk(scene.items))
        self.scene = scene
        self.lengths = Lengths(scene.lengths)
        self.labels = tuple(item for item in items if isinstance(item, Label))
        placed = [item.place for item in items if isinstance(item, Shape | Label | Icon)]
        self.ends = {(place.of, place.at) for place in placed}  # of labels and shapes that something hangs on
        self.styles = Styles(scene, self.lengths, self.labels)
        self.places = Places(scene, self.lengths)
        self.libraries: set[str] = set()

    # -- what is said ----------------------------------------------------------------------

    def statements(self, items: Sequence[Item]) -> Iterator[Statement]:
        for item in placed_first(items):
            match item:
                case Group():
                    yield Statement("comment", one_line(item.comment) or item.name)
                    yield from self.statements(item.items)
                case Shape():
                    yield from self._shape(item)
                case Icon():
                    yield from self._icon(item)
                case Label():
                    yield from self._label(item)
                case Arrow():
                    yield from self._arrow(item)
                case Wedge():
                    yield self._wedge(item)
                case Brace():
                    yield from self._brace(item)
                case _:
                    assert_never(item)
            self.places.drawn(item)

    def _shape(self, shape: Shape) -> Iterator[Statement]:
        look = self.styles.shape(shape.role)
        size = tuple(
            f"minimum {side}={self.lengths.sum(length)}"
            for side, length in (("width", shape.width), ("height", shape.height))
        )
        if shape.sides is not None:
            # A trapezoid: a node of its size to refer to, and its outline drawn from that node's edges.
            yield self._node(shape, size, "")
            corners = self._corners(shape, shape.sides)
            if shapes.is_rounded_trapezoid(shape):
                yield self._rounded(shape, look, corners)
            else:
                yield Statement("path", " -- ".join((*corners, "cycle")), (look,))
            return
        if shape.form == "hexagon":
            yield self._node(shape, size, "")
            yield Statement("path", " -- ".join((*self._tips(shape), "cycle")), (look,))
            return
        options = look, *size
        match shape.form:
            case "rounded":
                corner = self.lengths.macro("corner", round(shapes.corner(shape), 4))
                options = f"{self.styles.form('rounded')}={corner}", *options
            case "stadium":
                x0, y0, x1, y1 = shape.box
                wide = self.lengths.sum(shape.height if x1 - x0 >= y1 - y0 else shape.width)
                options = f"{self.styles.form('stadium')}={wide}", *options
            case "circle":
                options = f"{self.styles.form('circle')}={self.lengths.sum(shape.width)}", look
            case "diamond":
                self.libraries.add("shapes.geometric")
                options = self.styles.form("diamond"), *options
            case "box":
                pass
            case _:
                assert_never(shape.form)
        yield self._node(shape, options, "")

    def _corners(self, shape: Shape, sides: tuple[Length, Length]) -> tuple[str, ...]:
        """The corners of a trapezoid counter-clockwise, from the middles of its two parallel edges."""
        name = node(shape.name)
        edges: tuple[Anchor, Anchor] = ("west", "east") if shape.turned else ("south", "north")
        first, second = [
            [self.places.edge(name, edge, side, part) for part in (-0.5, 0.5)]
            for edge, side in zip(edges, sides, strict=True)
        ]
        if shape.turned:
            return first[0], second[0], second[1], first[1]
        return first[0], first[1], second[1], second[0]

    def _tips(self, shape: Shape) -> Iterator[str]:
        """The corners of a hexagon counter-clockwise, from the corners and the sides of its box."""
        name = node(shape.name)
        slant = tuple((SLANT * amount, of) for amount, of in shape.height)
        back = tuple((-amount, of) for amount, of in slant)
        yield self.places.point(name, "south west", slant, ())
        yield self.places.point(name, "south east", back, ())
        yield self.places.point(name, "east", (), ())
        yield self.places.point(name, "north east", back, ())
        yield self.places.point(name, "north west", slant, ())
        yield self.places.point(name, "west", (), ())

    def _rounded(self, shape: Shape, look: str, corners: tuple[str, ...]) -> Statement:
        """The outline of a trapezoid. What rounds a corner is said before the way there, so the first
        corner's is said before the way back to it; acute and obtuse corners differ."""
        cuts = [round(cut, 4) for cut in shapes.insets(shape.points, shape.corner)]
        options = [f"rounded corners={self.lengths.macro('corner', cut)}" for cut in cuts]
        path = corners[0]
        for before, option, to in zip(
            options, (*options[1:], options[0]), (*corners[1:], "cycle"), strict=True
        ):
            path += (f" [{option}]" if option != before else "") + f" -- {to}"
        return Statement("path", path, (look, options[0]))

    def _label(self, label: Label) -> Iterator[Statement]:
        """A node of its text; of several lines, a node of their size to refer to, and one for each line. What
        makes HTML of TeX for arXiv cannot set lines within one node."""
        if len(label.lines) == 1:
            line, anchor = label.lines[0], label.place.anchor
            words = self.styles.words(line, anchor, self._holds(label))
            if anchor == "center":
                words += self.styles.level(line)
            yield self._node(label, (*self._ink(label), *words), _unbroken(line.tex))
            return
        size = tuple(
            f"minimum {side}={self.lengths.macro(f'label {side}', round(amount, 3))}"
            for side, amount in (("width", label.width), ("height", label.height))
        )
        yield self._node(label, size, "")
        for line in label.lines:
            up = round(line.origin[1] - label.centre[1], 3)
            shift = "-" if up < 0 else ""
            at = f"([yshift={shift}{self.lengths.macro('baseline', abs(up))}]{node(label.name)}.center)"
            options = *self._ink(label), *self.styles.words(line, "center"), "anchor=base"
            yield Statement("node", _unbroken(line.tex), options, at=at)

    def _holds(self, label: Label) -> bool:
        """Whether something hangs on an end of a label, where its letters end: words or a badge."""
        return (label.name, "west") in self.ends or (label.name, "east") in self.ends

    def _icon(self, icon: Icon) -> Iterator[Statement]:
        """A node of its size to refer to, and the picture in it."""
        size = self.lengths.macro("icon", round(icon.size, 4))
        square = f"minimum width={size}", f"minimum height={size}"
        yield self._node(icon, square, "")
        options = self.styles.icon(icon.role), f"x={size}", f"y={size}"
        name = node(icon.name)
        yield Statement("pic", self.styles.pic(icon), options, at=f"({name}.south west)")

    def _arrow(self, arrow: Arrow) -> Iterator[Statement]:
        points = wires.route(arrow.points)
        start = self.places.end(arrow.start, arrow.points[0])
        marks = self.places.marks(arrow.name)
        if len(points) > 1:
            if arrow.head or arrow.tail:
                self.libraries.add("arrows.meta")
            look = self.styles.line(arrow.role), *self.styles.heads(arrow.head, arrow.tail)
            line = self.scene.styles[arrow.role].line
            way = ways.Way(points, wires.cuts(points, arrow, self.scene.arrow_head, line), start,
                               self.places.end(arrow.end, arrow.points[-1]))  # fmt: skip
            on_it = {at: name for at, name in marks.items() if way.meets(at)}
            text, options = way.path(on_it, self.lengths)
            yield Statement("draw", text, (*look, *options))
            marks = {at: name for at, name in marks.items() if at not in on_it}
        for at, name in marks.items():  # beside the line
            yield Statement("path", f"{start} {ways.move(points[0], at, self.lengths)} coordinate ({name})")

    def _wedge(self, wedge: Wedge) -> Statement:
        """Beneath everything, between two shapes that have to be there first."""
        self.libraries.add("backgrounds")
        _, *ends = EDGES[wedge.side]
        _, *others = EDGES[OPPOSITE[wedge.side]]
        corners = [f"({node(wedge.of)}.{at})" for at in ends]
        corners += [f"({node(wedge.to)}.{at})" for at in reversed(others)]
        return Statement("beneath", " -- ".join((*corners, "cycle")), (self.styles.shape(wedge.role),))

    def _brace(self, brace: Brace) -> Iterator[Statement]:
        self.libraries.add("decorations.pathreplacing")
        right, up = OUTWARDS[brace.side]
        shape = None if isinstance(brace.of, Part) else self.places.known(brace.of)
        if isinstance(brace.of, Part):
            yield from self._part(brace, brace.of)
            name = f"{node(brace.name)}-part"
        else:
            name = node(brace.of)
        edge, *corners = EDGES[brace.side]
        by = _along(right, brace.gap), _along(up, brace.gap)
        if isinstance(shape, Shape) and shape.sides is not None and brace.side in ("over", "under"):
            side = shape.sides[1 if brace.side == "over" else 0]
            start, end = (self.places.edge(name, edge, side, part, by[1]) for part in (-0.5, 0.5))
        else:
            start, end = (self.places.point(name, corner, *by) for corner in corners)
        tip = ""
        if brace.name in self.places.referred:
            shift = "xshift" if right else "yshift"
            reach = self.lengths.sum(_along(right + up, brace.amplitude))
            tip = f" coordinate[midway, {shift}={reach}] ({node(brace.name)})"
        # A decoration is on the left of its path: over what runs to the right, and left of what runs upwards.
        style = self.styles.brace("over" if brace.side in ("over", "left") else "under")
        style = f"{style}={self.lengths.macro(brace.amplitude)}"
        yield Statement("draw", f"{start} --{tip} {end}", (self.styles.line(brace.role), style))

    def _part(self, brace: Brace, part: Part) -> Iterator[Statement]:
        """Two unseen nodes: one that ends where the part ends, and in it the part. TeX measures them."""
        label = self.places.known(part.label)
        if not isinstance(label, Label):
            raise ValueError(f"{part.label!r} is not a label")
        whole, name, ink = node(part.label), node(brace.name), self._ink(label)
        line = label.lines[0]
        wide, room = (
            self.styles.room("formula", (brace.end[0] - start) / line.size)
            for start in (line.origin[0], brace.start[0])
        )
        yield Statement("comment", f"Part of {whole} by itself, so that TeX measures it")
        upto = rf"\phantom{{${part.before}{part.part}$}}"
        yield Statement(
            "node", upto, (*ink, wide, "anchor=base west"), f"{name}-upto", f"({whole}.base west)"
        )
        alone = rf"\phantom{{${part.part}$}}"
        at = f"({name}-upto.base east)"
        yield Statement("node", alone, (*ink, room, "anchor=base east"), f"{name}-part", at)

    # -- where it stands, how it looks -----------------------------------------------------

    def _node(self, item: Placed, options: tuple[str, ...], text: str) -> Statement:
        where, at = self.places.node(item)
        return Statement("node", text, (*options, *where), node(item.name), at)

    def _ink(self, label: Label) -> tuple[str, ...]:
        """The options of a label's node that are its look."""
        size = self.styles.size(label.size)
        return self.styles.ink(label.role), *((f"lorafig/{size.lower()}",) if size else ())


def together(statements: Iterable[Statement]) -> Iterator[Statement]:
    """Lines of one look without heads that follow one another, a grid's, as one path: LaTeXML takes a fifth
    of a second for each."""
    last: Statement | None = None
    for statement in statements:
        plain = (
            statement.kind == "draw" and len(statement.options) == 1 and " coordinate" not in statement.text
        )
        if last is not None and plain and statement.options == last.options:
            last = replace(last, text=f"{last.text}\n    {statement.text}")
            continue
        if last is not None:
            yield last
        last = statement if plain else None
        if last is None:
            yield statement
    if last is not None:
        yield last


def _unbroken(tex: str) -> str:
    """A line of text whose words HTML does not set on lines of their own, where its letters are wider."""
    parts = re.split(r"(\$[^$]*\$)", tex)
    parts[::2] = [re.sub(r"(\\[A-Za-z]+ |\\.)| ", lambda found: found[1] or "~", part) for part in parts[::2]]
    return "".join(parts)


def _along(way: float, length: str) -> Length:
    return ((way, length),) if way != 0 else ()
