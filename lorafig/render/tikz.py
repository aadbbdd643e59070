"""Scene to TikZ, written the way a careful author would: names, styles, relations, no magic numbers.

This module decides what is said (which node stands where, by which named length); the template
`figure.tikz.j2` how it is laid out. Every name in the output carries a prefix, and everything is
defined inside the picture's group, so that a document may hold many figures, or one of them twice.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, assert_never

from lorafig.render import forms, limits, routes, wires
from lorafig.render.lines import curve, fold, turn, wrap
from lorafig.render.looks import Looks
from lorafig.render.names import Lengths, alt_text, ascii_text, mm, node, number, one_line
from lorafig.render.order import placed_first
from lorafig.render.places import Places
from lorafig.resources import folder
from lorafig.scene import Anchor, Arrow, Brace, Group, Icon, Item, Label, Length, Part, Scene, Shape, walk

if TYPE_CHECKING:
    from jinja2 import Template

# Commands that plain LaTeX lacks, and the package that has them.
PACKAGES: Mapping[str, str] = {
    "mathbb": "amssymb", "mathfrak": "amssymb", "lesssim": "amssymb", "gtrsim": "amssymb",
    "text": "amsmath", "operatorname": "amsmath", "dfrac": "amsmath", "tfrac": "amsmath", "lVert": "amsmath",
    "rVert": "amsmath", "lvert": "amsmath", "rvert": "amsmath", "boldsymbol": "amsmath", "bm": "bm",
}  # fmt: skip


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
    """A fragment for `\\input`, or a whole document that compiles by itself.

    Raises LorafigError of kind 'limit' for a picture that TeX, or a page of PDF, cannot hold.
    """
    limits.demand_size(scene, "PDF" if standalone else "TeX")
    writer = _Writer(scene)
    width, height = ("picture width", scene.width), ("picture height", scene.height)
    edges = writer.lengths.macro(*width), writer.lengths.macro(*height)
    statements = list(writer.statements(scene.items))
    styles = writer.looks.styles()
    tex = " ".join(line.tex for label in writer.labels for line in label.lines)
    commands = re.findall(r"\\([A-Za-z]+)", tex)
    packages = {PACKAGES[command]: command for command in commands if command in PACKAGES}
    libraries = sorted(writer.libraries | ({"positioning"} if writer.places.positioning else set()))
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
                    # `\\` would take a bracket at the start of the next line for its argument.
                    lines = [re.sub(r"^(?=[\[*])", "{}", line.tex) for line in item.lines]
                    yield self._node(item, self._ink(item), r" \\ ".join(lines))
                case Arrow():
                    yield from self._arrow(item)
                case Brace():
                    yield from self._brace(item)
                case _:
                    assert_never(item)
            self.places.drawn(item)

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
                self.places.edge(name, "west", first, -0.5), self.places.edge(name, "east", second, -0.5),
                self.places.edge(name, "east", second, 0.5), self.places.edge(name, "west", first, 0.5),
            )  # fmt: skip
        return (
            self.places.edge(name, "south", first, -0.5), self.places.edge(name, "south", first, 0.5),
            self.places.edge(name, "north", second, 0.5), self.places.edge(name, "north", second, -0.5),
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
        start = self.places.end(arrow.start, arrow.points[0])
        marks = self.places.marks(arrow.name)
        if len(points) > 1:
            if arrow.head or arrow.tail:
                self.libraries.add("arrows.meta")
            look = self.looks.line(arrow.role), *self.looks.heads(arrow.head, arrow.tail)
            line = self.scene.styles[arrow.role].line
            way = routes.Route(points, wires.cuts(points, arrow, self.scene.arrow_head, line), start,
                               self.places.end(arrow.end, arrow.points[-1]))  # fmt: skip
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
            shape, name = self.places.known(brace.of), node(brace.of)
            sides = shape.sides if isinstance(shape, Shape) else None
        if sides is None:
            start, end = self.places.point(name, west, (), gap), self.places.point(name, east, (), gap)
        else:
            side = sides[1] if over else sides[0]
            start, end = (
                self.places.edge(name, middle, side, -0.5, gap),
                self.places.edge(name, middle, side, 0.5, gap),
            )
        tip = ""
        if brace.name in self.places.referred:
            reach = self.lengths.sum(((sign, brace.amplitude),))
            tip = f" coordinate[midway, yshift={reach}] ({node(brace.name)})"
        style = f"{self.looks.brace(brace.side)}={self.lengths.macro(brace.amplitude)}"
        yield Statement("draw", f"{start} --{tip} {end}", (self.looks.line(brace.role), style))

    def _part(self, brace: Brace, part: Part) -> Iterator[Statement]:
        """Two unseen nodes: one that ends where the part ends, and in it the part. TeX measures them."""
        label = self.places.known(part.label)
        if not isinstance(label, Label):
            raise ValueError(f"{part.label!r} is not a label")
        whole, name, ink = node(part.label), node(brace.name), self._ink(label)
        yield Statement("comment", f"Part of {whole} by itself, so that TeX measures it")
        upto = rf"\phantom{{${part.before}{part.part}$}}"
        yield Statement("node", upto, (*ink, "anchor=base west"), f"{name}-upto", f"({whole}.base west)")
        alone = rf"\phantom{{${part.part}$}}"
        yield Statement("node", alone, (*ink, "anchor=base east"), f"{name}-part", f"({name}-upto.base east)")

    # -- where it stands, how it looks -----------------------------------------------------

    def _node(self, item: Label | Shape | Icon, options: tuple[str, ...], text: str) -> Statement:
        where, at = self.places.node(item)
        return Statement("node", text, (*options, *where), node(item.name), at)

    def _ink(self, label: Label) -> tuple[str, ...]:
        """The options of a label's node that are its look."""
        own_size = () if label.size == self.scene.font_size else (f"font={self.looks.size(label.size)}",)
        return self.looks.ink(label.role), *own_size


def _corners(middle: Anchor) -> tuple[Anchor, Anchor]:
    return ("north west", "north east") if middle == "north" else ("south west", "south east")


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
